//go:build !race

package detect

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/point"
)

// Two lengths of one text, in bytes, and how much longer the second may take where it takes long: 8 is
// linear, 64 quadratic.
const (
	short, longer = 32 << 10, 256 << 10
	mayGrow       = 14
	quick         = 3 * time.Millisecond
	tooLong       = 20 * time.Millisecond
	growing       = 500 // texts a run looks at
)

// BenchmarkGrowth looks for readings that begin again and again: texts of words of attacks and of the
// detectors' own sources with marks between, other ones in each run, with each detector. One piece fills a text, or two
// fill its halves. What it names belongs to worstPieces and worstEnds. `-benchtime 100x` looks at 50,000 texts.
func BenchmarkGrowth(b *testing.B) {
	words := append(spread(b, "testdata/hit/*.txt", 2000), literals(b)...)
	seed := uint64(time.Now().UnixNano())
	b.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	worst := 0.0
	for b.Loop() {
		for range growing {
			piece, before, halves := wordsOf(r, words), "", r.IntN(2) == 0
			if halves || r.IntN(3) == 0 {
				before = wordsOf(r, words)
			}
			for i := range table {
				var less, more time.Duration
				for _, looks := range []int{2, 30} { // others may use the processor
					less, more = reads(&table[i], before, piece, halves, short, looks), reads(&table[i], before, piece, halves, longer, looks)
					if more < quick || more < mayGrow*less && more < tooLong {
						break
					}
				}
				if more < quick {
					continue
				}
				if worst = max(worst, float64(more)/float64(less)); more > mayGrow*less || more > tooLong {
					b.Logf("%v: %v for 32 KB, %v for 256 KB of %q behind %q (halves: %v)", table[i].Type, less, more, piece, before, halves)
				}
			}
		}
	}
	b.ReportMetric(worst, "worst-growth")
}

// blanks are what stands for one to a reader and not to every search for one.
var blanks = [...]string{" ", " ", " ", "\t", "\n", "\r", "\v", "\f", "\x01", "\xa0", "\u3000", "/**/"}

// wordsOf joins a mark and pieces of up to three words, most with another behind, with blanks of one kind.
func wordsOf(r *rand.Rand, words []string) string {
	const marks = " ;|&(){}$`'\"<>/\\.:=\n-[],%@!#~*"
	text := []byte{marks[r.IntN(len(marks))]}
	for range r.IntN(4) {
		word := words[r.IntN(len(words))]
		from := r.IntN(len(word) + 1)
		text = append(text, word[from:min(len(word), from+1+r.IntN(20))]...)
		if n := r.IntN(2 * len(marks)); n < len(marks) {
			text = append(text, marks[n])
		}
	}
	return strings.ReplaceAll(string(text), " ", blanks[r.IntN(len(blanks))])
}

// reads returns how long a detector takes for a text of a size, the quickest of some looks: a piece again and again
// behind what stands before it, or behind that again and again.
func reads(d *Detector, before, piece string, halves bool, size, looks int) time.Duration {
	v := repeatedly(piece, size, point.Text)
	if halves {
		v = ended(before, piece, size, point.Text)
	} else {
		v.Data = append([]byte(before), v.Data...)
		v.Classes = point.Classify(v.Data)
	}
	var pairs point.Pairs
	pairs.Count(v.Data)
	v.Pairs = &pairs
	if !d.Gate(&v) {
		return 0
	}
	return quickest(d, &v, looks)
}
