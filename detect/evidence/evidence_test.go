package evidence

import (
	"testing"

	"github.com/weirnode/weir/attack"
)

// TestStrongerTakesThePlaceOfWeaker adds signs in the order in which an attacker would like them:
// a weak one in front, of those that count once or twice.
func TestStrongerTakesThePlaceOfWeaker(t *testing.T) {
	once, twice := Sign{Stamp: 1, Weight: 5}, Sign{Stamp: 2, Weight: 3, Max: 2}
	f := func(want int, add func(*Tally)) {
		t.Helper()
		var tally Tally
		tally.Reset(attack.XSS, Raw)
		add(&tally)
		if tally.Score() != want {
			t.Errorf("score %d, want %d: %+v", tally.Score(), want, tally.Marks[:tally.N])
		}
	}
	f(5, func(t *Tally) { t.AddWeight(&once, 2, 0, 1); t.Add(&once, 7, 1) })
	f(5, func(t *Tally) { t.Add(&once, 0, 1); t.AddWeight(&once, 2, 7, 1) })
	f(5, func(t *Tally) { t.AddWeight(&once, -1, 0, 1); t.Add(&once, 7, 1) })
	f(6, func(t *Tally) {
		t.Add(&twice, 0, 1)
		t.AddWeight(&twice, 1, 1, 1)
		t.Add(&twice, 2, 1)
		t.Add(&twice, 3, 1)
	})
	f(9, func(t *Tally) {
		t.Add(&twice, 0, 1)
		t.AddWeight(&once, 3, 1, 1)
		t.Add(&twice, 2, 1)
		t.AddWeight(&once, 3, 3, 1)
	})

	var tally Tally
	tally.Reset(attack.XSS, Raw)
	tally.AddWeight(&once, 2, 0, 1)
	tally.Add(&once, 7, 3)
	if off, length := tally.Span(); off != 7 || length != 3 {
		t.Errorf("the mark stands at %d, %d bytes: not where the stronger sign is", off, length)
	}
}

// TestSumsDoNotOverflow adds a sign that finds no room among the marks more often than a score can be counted.
func TestSumsDoNotOverflow(t *testing.T) {
	var tally Tally
	for i := range Stamp(len(tally.Marks)) {
		tally.Add(&Sign{Stamp: 1 + i, Weight: 3, Max: 1}, int(i), 1)
	}
	for i := range 20_000 {
		tally.Add(&Sign{Stamp: 100, Weight: 3, Max: 1}, i, 1)
	}
	if tally.Score() != 20 {
		t.Errorf("score %d of a flood, want 20", tally.Score())
	}
}
