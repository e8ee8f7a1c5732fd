package detect

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// TestBare reads values without the blanks that mean nothing.
func TestBare(t *testing.T) {
	long, line := strings.Repeat(" ", 20), strings.Repeat("\r\n", 20)
	for text, want := range map[string]string{
		"a b":                        "",
		" a b\r\n":                   "a b",
		"a" + long + "b":             "a  b",
		long + "a" + long + "b\t":    "a  b",
		"a" + line + "b":             "a\n\r\nb",
		"a" + line + long + "b":      "a\n\r\n        b",
		"a\n" + long + "b":           "a\n        b",
		"a\n" + long + "\nb":         "a\nb",
		"a" + long[:longRun-1] + "b": "",
		"a" + long[:longRun] + "b":   "a  b",
		"ab" + long + "c\n" + long + "d" + strings.Repeat("\t\v\f", 300) + "e": "ab  c\n        d\t\ve",
		"\n" + long: "",
	} {
		v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text))}
		var b bare
		got := ""
		if b.of(&v) {
			got = string(b.Data)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestBareMarks holds findings behind such blanks to the place where they are.
func TestBareMarks(t *testing.T) {
	const attempt = "union select password from users"
	for _, text := range []string{"  9 ", "9" + strings.Repeat(" ", 900), " 9" + strings.Repeat("\t", 100) + "or 1=1" + strings.Repeat("\r\n", 100)} {
		text += attempt
		found := find(text, point.Text)
		if len(found) != 1 || found[0].Type != attack.SQLi {
			t.Fatalf("%q: %+v", text, found)
		}
		m := mark(&found[0].Tally, "union")
		if got := text[m.Off : m.Off+m.Len]; !strings.HasPrefix(got, "union") {
			t.Errorf("%q: the mark is at %q", text, got)
		}
	}
}

// mark returns the first mark of a sign with a word in its name.
func mark(t *evidence.Tally, word string) (m evidence.Mark) {
	for _, m := range t.Marks[:t.N] {
		if strings.Contains(Default().Sign(m.Stamp).Name, word) {
			return m
		}
	}
	return m
}
