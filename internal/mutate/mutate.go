// Package mutate rewrites attacks into attacks that mean the same to the application
// but are spelled otherwise, so that tests can ask whether evidence rests on syntax or
// on spelling. It is used by tests only.
package mutate

import (
	"math/rand/v2"
	"strings"
)

// Mutator is one way to spell a text otherwise.
type Mutator struct {
	Name  string
	Apply func(r *rand.Rand, s string) string
}

// Chain applies up to most mutators of a list in a random order. What comes out
// depends on the source of randomness only.
func Chain(r *rand.Rand, list []Mutator, s string, most int) string {
	for range 1 + r.IntN(most) {
		s = list[r.IntN(len(list))].Apply(r, s)
	}
	return s
}

// pick returns one of the texts.
func pick(r *rand.Rand, texts ...string) string { return texts[r.IntN(len(texts))] }

// swapCase turns the case of letters at random.
func swapCase(r *rand.Rand, s string) string {
	b := []byte(s)
	for i, c := range b {
		if (c|0x20 >= 'a' && c|0x20 <= 'z') && r.IntN(2) == 0 {
			b[i] = c ^ 0x20
		}
	}
	return string(b)
}

// replaceSome replaces about half of the places at which old stands, at least one.
func replaceSome(r *rand.Rand, s, old string, with func() string) string {
	parts := strings.Split(s, old)
	if len(parts) < 2 {
		return s
	}
	must := r.IntN(len(parts) - 1)
	var b strings.Builder
	for i, p := range parts {
		b.WriteString(p)
		switch {
		case i == len(parts)-1:
		case i == must || r.IntN(2) == 0:
			b.WriteString(with())
		default:
			b.WriteString(old)
		}
	}
	return b.String()
}

// outside applies a change to the parts of a text that stand outside of quotes.
func outside(s string, change func(string) string) string {
	var b strings.Builder
	for len(s) > 0 {
		i := strings.IndexAny(s, `'"`)
		if i < 0 {
			b.WriteString(change(s))
			break
		}
		b.WriteString(change(s[:i]))
		j := strings.IndexByte(s[i+1:], s[i])
		if j < 0 { // the quote that breaks out
			b.WriteByte(s[i])
			s = s[i+1:]
			continue
		}
		if inner := s[i : i+j+2]; strings.ContainsAny(inner, " (") { // code between two quotes that break out
			b.WriteByte(s[i])
			s = s[i+1:]
			continue
		}
		b.WriteString(s[i : i+j+2])
		s = s[i+j+2:]
	}
	return b.String()
}
