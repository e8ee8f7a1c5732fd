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
				if short, long := slower(&table[i], piece, kind); long > 200*time.Microsecond && long > growth*short {
					t.Errorf("%s takes %v for 8 KB and %v for 32 KB of %q as kind %d", table[i].Type, short, long, piece, kind)
				}
			}
		}
	}
}

// slower times 8 KB and 32 KB, again and more patiently when a look is out of bounds:
// others may use the processor.
func slower(d *Detector, piece string, kind point.Kind) (short, long time.Duration) {
	one, four := repeatedly(piece, 8<<10, kind), repeatedly(piece, 32<<10, kind)
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
