package sqli

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

func TestBegins(t *testing.T) {
	f := func(text string, begins bool) {
		t.Helper()
		first, second, rest, ok := lex.TwoWords([]byte(text))
		if !ok || Begins(first, second, rest) != begins {
			t.Errorf("%q: %v, want %v", text, !begins, begins)
		}
	}
	f("oak desk or 2 is 2", false)
	f("oak and pine or desk", false)
	f("with a for an end", false)
	f("SELECT pin from clerks", true)
	f("oak union selections", true)
	f("oak oorr pine", true)
	f("7 or 7", true)
	f("pine or oak like oak", true)
	f("oak and pine, or desk", true)
}

// TestBeginsIsExact reads texts of words that join others and begin nothing, which must come to nothing.
func TestBeginsIsExact(t *testing.T) {
	words := strings.Fields(joining + " " + operatorWords + " k l the desk of oorr user date json empty of zone mode uniunionon 7 12 KEY")
	r := rand.New(rand.NewPCG(1, 2026))
	for range 200_000 {
		var text []byte
		before := opens
		for range 2 + r.IntN(7) {
			word := []byte(words[r.IntN(len(words))])
			now := meaningOf(word)
			if now == nothingMeant && before == nothingMeant { // which is told from the first two
				continue
			}
			text, before = append(append(text, word...), ' '), now
		}
		first, second, rest, ok := lex.TwoWords(text)
		if !ok || Begins(first, second, rest) {
			continue
		}
		v := point.Value{Data: text, Classes: point.Classify(text), Kind: point.Text}
		var best evidence.Tally
		best.Reset(attack.SQLi, evidence.Raw)
		if Scan(&v, &point.Tree{}, &best); best.N > 0 {
			t.Fatalf("%q begins nothing and scores %d: %+v", text, best.Score(), best.Marks[:best.N])
		}
	}
}

// TestAhead reads tokens of text from each of its bytes on, with what was seen before and without.
func TestAhead(t *testing.T) {
	pieces := strings.Split(`'|"|''|""|\'|\|x|=|1|(|)|/*|*/|--|`+"\n"+`| |[|]|{d |}|@a|$a$|union|un/**/ion|long long text to reach over the end of what is short and more of it`, "|")
	r := rand.New(rand.NewPCG(2, 2026))
	for range 20_000 {
		var text []byte
		for range 1 + r.IntN(30) {
			text = append(text, pieces[r.IntN(len(pieces))]...)
		}
		a := newAhead()
		for range 20 {
			from := r.IntN(len(text) + 1)
			plain, seen := lexer{data: text, pos: from}, lexer{data: text, pos: from, ahead: a}
			for range 1 + r.IntN(20) {
				if want, got := plain.next(), seen.next(); got != want || plain.pos != seen.pos || plain.mode != seen.mode {
					t.Fatalf("from %d of %q: %v, %d, %x, want %v, %d, %x", from, text, got, seen.pos, seen.mode, want, plain.pos, plain.mode)
				}
			}
		}
		aheads.Put(a)
	}
}
