package store

import "testing"

func TestRoleText(t *testing.T) {
	for r := ReadOnly; r <= Administrator; r++ {
		text, _ := r.MarshalText()
		var back Role
		if err := back.UnmarshalText(text); err != nil || back != r {
			t.Errorf("%s came back as %s: %v", text, back, err)
		}
	}
	for _, bad := range []string{"", "nobody", "Administrator", "root"} {
		r := Nobody
		if err := r.UnmarshalText([]byte(bad)); err == nil || r != Nobody {
			t.Errorf("%q is read as %s", bad, r)
		}
	}
}
