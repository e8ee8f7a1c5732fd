package mass

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t)
	f(&privileged, point.Key, "user[is_admin]", "user[admins_note]")
}

// TestNeverAnAttackAlone checks the weight: without a baseline it stays a hint.
func TestNeverAnAttackAlone(t *testing.T) {
	for _, name := range []string{"role", "user[role]", "account.is_admin", "isAdmin", "profile[permissions][]"} {
		if got := detector.Read(name, point.JSONKey); got.Score() != 3 {
			t.Errorf("%s scores %d", name, got.Score())
		}
	}
	if Privileged([]byte("name")) || Privileged([]byte("a-very-long-name-of-a-field-with-role")) || !Privileged([]byte("IS-ADMIN")) {
		t.Error("Privileged")
	}
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Key, "[", "a[", "_", ".")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Key, "user[role]", "isAdmin", "a.b.role")
}
