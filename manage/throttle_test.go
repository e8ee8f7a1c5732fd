package manage

import (
	"testing"
	"time"
)

func TestThrottle(t *testing.T) {
	var th throttle
	now := time.Unix(1000, 0)
	for range freeFailures - 1 {
		th.failed(now, "a", "b")
	}
	if w := th.wait(now, "a"); w > 0 {
		t.Errorf("waits %s after %d failures", w, freeFailures-1)
	}
	th.failed(now, "a")
	if w := th.wait(now, "a", "b"); w != firstWait {
		t.Errorf("waits %s, want %s", w, firstWait)
	}
	for range 50 {
		th.failed(now, "a")
	}
	if w := th.wait(now, "a"); w != maxWait {
		t.Errorf("waits %s, want %s", w, maxWait)
	}
	if w := th.wait(now.Add(maxWait), "a"); w > 0 {
		t.Errorf("still waits %s", w)
	}
	th.passed("a")
	if w := th.wait(now, "a"); w > 0 {
		t.Errorf("waits %s after a success", w)
	}
}

func TestPasswordHash(t *testing.T) {
	h := hashPassword("correct horse")
	if !checkPassword(h, "correct horse") {
		t.Error("the right password is refused")
	}
	for _, bad := range []struct{ hash, password string }{
		{h, "wrong horse"},
		{h, ""},
		{"", ""},
		{h[:len(h)-1], "correct horse"},
		{"$argon2id$v=19$m=99999999,t=2,p=1$AAAA$AAAA", "x"},
		{"$argon2id$v=19$m=19456,t=2,p=1$AAAA$", ""},
	} {
		if checkPassword(bad.hash, bad.password) {
			t.Errorf("%q matches %q", bad.password, bad.hash)
		}
	}
	if h == hashPassword("correct horse") {
		t.Error("two hashes of one password are the same")
	}
}
