package ptrav

import (
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// scan reads one free value.
func scan(text string, kind point.Kind) (best evidence.Tally) {
	v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Kind: kind}
	if Gate(&v) {
		Scan(&v, nil, &best)
	}
	return best
}

// TestSigns holds every sign to a value that shows it and to one that nearly does.
func TestSigns(t *testing.T) {
	shown := map[evidence.Stamp]bool{}
	for _, c := range []struct {
		sign      *evidence.Sign
		hit, miss string
	}{
		{&upwards, `../../../etc/passwd`, `a/b/c`},
		{&farUp, `../../../../../x`, `../x`},
		{&sensitive, `../../etc/passwd`, `../../etc/x`},
		{&absolute, `/etc/passwd`, `/etc/app/x.conf`},
		{&obfuscated, `..%2f..%2fx`, `../../x`},
		{&wrapper, `php://filter/x`, `http://filter/x`},
		{&fileURL, `file:///etc/x`, `profile: x`},
		{&nulByte, "../../etc/passwd\u0000.png", `../../etc/passwd.png`},
		{&dataStream, `x.asp::$DATA`, `x::data`},
		{&ownFile, `../../config.php`, `../../app/config.js`},
		{&shareRoot, `\\host\c$\x`, `\\host\docs\x`},
	} {
		if got := scan(c.hit, point.Text); got.Count(c.sign.Stamp) == 0 {
			t.Errorf("%s: %q shows only %v with %d", c.sign.Name, c.hit, got.Marks[:got.N], got.Score())
		}
		if got := scan(c.miss, point.Text); got.Count(c.sign.Stamp) > 0 {
			t.Errorf("%s: %q shows it: %v", c.sign.Name, c.miss, got.Marks[:got.N])
		}
		shown[c.sign.Stamp] = true
	}
	if got := scan("../a.png", point.FileName); got.Count(badName.Stamp) == 0 {
		t.Errorf("%s is not shown", badName.Name)
	}
	shown[badName.Stamp] = true
	for _, s := range Signs {
		if !shown[s.Stamp] {
			t.Errorf("no value shows %s", s.Name)
		}
	}
}
