//go:build !race

package detect

import (
	"testing"
	"time"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// growth bounds how much longer a value four times as long may take: 4 is linear, 16
// quadratic. The room between is for a busy machine.
const growth = 9

// patience bounds the looks at one value, for each that is meant.
const patience = 10 * time.Millisecond

// TestWorstCasesAreLinear times every detector on what could send it back and forth.
func TestWorstCasesAreLinear(t *testing.T) {
	for i := range table {
		for _, piece := range worstPieces {
			for _, kind := range []point.Kind{point.Text, point.WholePath} {
				if short, long := slower(&table[i], piece, "", kind); long > 200*time.Microsecond && long > growth*short {
					t.Errorf("%s takes %v for 8 KB and %v for 32 KB of %q as kind %d", table[i].Type, short, long, piece, kind)
				}
			}
		}
		for _, ends := range worstEnds {
			if short, long := slower(&table[i], ends[0], ends[1], point.Text); long > 200*time.Microsecond && long > growth*short {
				t.Errorf("%s takes %v for 8 KB and %v for 32 KB of %q and %q behind", table[i].Type, short, long, ends[0], ends[1])
			}
		}
	}
}

// worstEnds are pieces of which the first fills one half of a text and the second the other: whoever asks at each of
// the first what is left behind it must not read all of the second.
var worstEnds = [][2]string{{"open(", " "}, {"open(", "\n"}, {"../", "."}, {"{{", " "}, {"in.i", "';sleep("}, {"econ", "file$.w`"}, {"\n", "sh|"}, {"&", "rd;"}, {"[& ", "\"$where\":\t"}}

// slower times 8 KB and 32 KB, again and more patiently when a look is out of bounds:
// others may use the processor.
func slower(d *Detector, piece, end string, kind point.Kind) (short, long time.Duration) {
	one, four := ended(piece, end, 8<<10, kind), ended(piece, end, 32<<10, kind)
	if !d.Gate(&four) {
		return 0, 0
	}
	for _, times := range []int{2, 20, 50, 100, 200} {
		if short, long = quickest(d, &one, times), quickest(d, &four, times); long <= growth*short {
			break
		}
	}
	return short, long
}

// ended is a piece repeated, in the first half of a text if there is one for the other.
func ended(piece, end string, size int, kind point.Kind) point.Value {
	if end == "" {
		return repeatedly(piece, size, kind)
	}
	data := append(repeatedly(piece, size/2, kind).Data, repeatedly(end, size/2, kind).Data...)
	return point.Value{Data: data, Classes: point.Classify(data), Kind: kind}
}

func quickest(d *Detector, v *point.Value, times int) time.Duration {
	best := time.Hour
	for began, most := time.Now(), time.Duration(times)*patience; times > 0 && time.Since(began) < most; times-- {
		var t evidence.Tally
		start := time.Now()
		t.Reset(d.Type, evidence.Raw)
		d.Scan(v, &point.Tree{}, &t)
		best = min(best, time.Since(start))
	}
	return best
}
