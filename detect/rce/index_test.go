package rce

import (
	"math/rand/v2"
	stdslices "slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// TestIndexFindsAllWords holds the index to a look at every place for every word.
func TestIndexFindsAllWords(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for range 300 {
		var data []byte
		for n := r.IntN(40); n > 0; n-- {
			word := codeIndex.words[r.IntN(len(codeIndex.words))].text
			if r.IntN(3) == 0 {
				word = word[r.IntN(len(word)):]
			}
			data = append(data, word...)
			data = append(data, "  a'\n"[:r.IntN(5)]...)
		}
		var want []place
		for i := range data {
			for w := range codeIndex.words {
				if lex.HasPrefix(data[i:], codeIndex.words[w].text) {
					want = append(want, placeOf(i, w))
				}
			}
		}
		stdslices.Sort(want)
		want = first(want)
		var pairs point.Pairs
		pairs.Count(data)
		f := codeIndex.all(data, &pairs)
		if f.n != len(want) {
			t.Fatalf("%q: %d words, want %d", data, f.n, len(want))
		}
		for i, p := range want {
			if f.places[i] != p {
				t.Fatalf("%q: word %d at %d, want %d at %d", data, f.places[i].word(), f.places[i].at(), p.word(), p.at())
			}
			if !lex.HasPrefix(data[p.at():], codeIndex.words[p.word()].text) {
				t.Fatalf("place %d is none of word %d in %q", p.at(), p.word(), data)
			}
		}
	}
}

// first returns the places that are weighed: of one word the first ones.
func first(places []place) (kept []place) {
	seen := map[int]int{}
	for _, p := range places {
		if seen[p.word()]++; seen[p.word()] <= maxAlike && len(kept) < maxIndexed {
			kept = append(kept, p)
		}
	}
	return kept
}

// TestIndexFlood: a text full of one word hides no other.
func TestIndexFlood(t *testing.T) {
	text := strings.Repeat("require ", 200) + `${"id".execute().text}`
	if got := detector.Read(text, point.Text); got.Score() < 8 {
		t.Errorf("scores %d", got.Score())
	}
}
