package detect

import (
	"regexp"
	"strings"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/point"
)

// TestPadding puts what means nothing into known attacks, once and over and over: what is found with one is found
// with many, or a bound of a detector is there to be filled up.
func TestPadding(t *testing.T) {
	for _, c := range []struct {
		file  string
		typ   attack.Type
		where string // a pattern behind whose first match it is put
		lost  int    // of a hundred that may be lost: one piece may mean nothing where many do
		units []string
	}{
		{"rce", attack.RCE, `^[;|&]+ ?`, 10, []string{"echo a;", "true;", "a=1;", "cat a|", "echo a\n", "# a\n", "sudo ", "nohup ", ">a ", "''", "`a`;", "$@"}},
		{"rce", attack.RCE, `^[;|&]+ ?[a-z]+ `, 5, []string{" ", "\t", "''", `""`, "$@", "\\\n"}},
		{"sqli", attack.SQLi, ` `, 8, []string{" ", "\n", "/**/", "-- a\n", "#a\n"}},
		{"xss", attack.XSS, `<[a-z]+`, 3, []string{" a=b", " ", "\n", "/"}},
		{"xss", attack.XSS, `<script[^>]*>`, 3, []string{" ", "\n"}},
		{"xss", attack.XSS, `\{\{`, 3, []string{"a;", " "}},
		{"ssti", attack.SSTI, `\{\{|\$\{|#\{|<%=?`, 5, []string{" ", "\n", "\t"}},
		{"xxe", attack.XXE, `\[`, 0, []string{" ", "<!-- -->", "<!ELEMENT a ANY>", `<!ENTITY a "b">`, "<?a b?>"}},
		{"xxe", attack.XXE, `\?>`, 0, []string{"<!-- -->", "<?a b?>"}},
		{"ptrav", attack.PTrav, `[/\\]`, 6, []string{"./", "/"}},
		{"ssrf", attack.SSRF, `//`, 5, []string{"\t", "\n", "a@"}},
		{"nosqli", attack.NoSQLi, `[{,]`, 5, []string{" ", "\n"}},
		{"ldapi", attack.LDAPi, `[(&|]`, 5, []string{" "}},
	} {
		where := regexp.MustCompile(c.where)
		for _, unit := range c.units {
			found, lost := 0, 0
			for _, line := range lines(t, "testdata/hit/"+c.file+".txt") {
				text, kind := kindOf(line)
				at := where.FindStringIndex(text)
				if kind != point.Text || at == nil || !hits(text[:at[1]]+unit+text[at[1]:], c.typ) {
					continue
				}
				found++
				for _, n := range []int{8, 600} {
					if !hits(text[:at[1]]+strings.Repeat(unit, n)+text[at[1]:], c.typ) {
						lost++
						if testing.Verbose() {
							t.Logf("%q %d times: %q", unit, n, text[:at[1]]+"…"+text[at[1]:])
						}
						break
					}
				}
			}
			if found < 7 {
				t.Errorf("%s: only %d attacks have room for %q behind %s", c.file, found, unit, c.where)
			}
			if 100*lost > c.lost*found {
				t.Errorf("%s: %d of %d are lost behind many %q behind %s", c.file, lost, found, unit, c.where)
			}
		}
	}
}
