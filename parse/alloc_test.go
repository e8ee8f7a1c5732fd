//go:build !race

package parse

import "testing"

func TestCleanRequestsDoNotAllocate(t *testing.T) {
	for name, raw := range map[string]string{"web": web, "json": order(13)} {
		var r Request
		if err := ReadRequest([]byte(raw), &r); err != nil {
			t.Fatal(err)
		}
		var p Points
		o := &Options{}
		if n := testing.AllocsPerRun(100, func() {
			p.Head(&r, o)
			p.Body(&r, o)
			p.Reset()
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
