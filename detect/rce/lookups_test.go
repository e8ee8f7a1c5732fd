package rce

import (
	"testing"

	"github.com/weirnode/weir/point"
)

// TestToldLookups reads lookups as texts about them have them, and such as find something behind one.
func TestToldLookups(t *testing.T) {
	for text, want := range map[string]bool{
		"${jndi:ldap} is looked up":                       false,
		"Log4Shell, ${jndi:ldap://...}, for my manager":   false,
		"lookups such as ${jndi:ldap://…} in names":       false,
		"${jndi:ldap://...}${jndi:ldap://k.example/a}":    true,
		"${jndi:ldap://.../a}":                            true,
		"${jndi:${lower:l}dap://k.example/a}":             true,
		"${jndi:ldap}${${lower:j}ndi:ldap://k.example/a}": true,
		"${jndi:dns://k.example}":                         true,
	} {
		best := detector.Read(text, point.Text)
		if got := best.Count(jndi.Stamp) > 0; got != want {
			t.Errorf("%s: found %v", text, got)
		}
	}
}
