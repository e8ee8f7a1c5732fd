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
	long, line, word := strings.Repeat(" ", 20), strings.Repeat("\r\n", 20), strings.Repeat("k", minCondensed)
	for text, want := range map[string]string{
		"a b":                           "",
		" a b\r\n":                      "a b",
		"\n" + long:                     "",
		"a" + long + "b":                "",
		word + long + "b":               word + "  b",
		long + "a" + long + word + "\t": "a  " + word,
		word + line + "b":               word + "\n\r\nb",
		word + line + long + "b":        word + "\n\r\n        b",
		word + "\n" + long + "b":        word + "\n        b",
		word + "\n" + long + "\nb":      word + "\nb",
		word + long[:longRun-1] + "b":   "",
		word + long[:longRun] + "b":     word + "  b",
		word + long + "c\n" + long + "d" + strings.Repeat("\t\v\f", 300) + "e": word + "  c\n        d\t\ve",
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
