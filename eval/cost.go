package eval

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"
)

// Cost is what inspection takes, on one worker, without loading the request.
type Cost struct {
	Requests int     `json:"requests"` // that were timed
	P50      float64 `json:"p50_us"`   // of the quickest of three inspections each, in microseconds
	P99      float64 `json:"p99_us"`
	CPU      float64 `json:"cpu_us"` // a request, of the whole process, garbage collection included; 0: not known
	Allocs   float64 `json:"allocs"` // a request
}

// passes is how often each timed request is inspected.
const passes = 3

// Measure times inspection of at most n samples (0: 2000), drawn evenly. Nothing else
// should run in the process.
func Measure(ctx context.Context, e Engine, samples []Sample, n int, seed uint64) Cost {
	if n <= 0 {
		n = 2000
	}
	loaded := load(e, samples, n, seed)
	quickest := make([]time.Duration, 0, len(loaded))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	cpu := cpuTime()
	for _, r := range loaded {
		if ctx.Err() != nil {
			break
		}
		quickest = append(quickest, timed(r))
	}
	cpu = cpuTime() - cpu
	runtime.ReadMemStats(&after)
	if len(quickest) == 0 {
		return Cost{}
	}
	inspections := float64(len(quickest) * passes)
	slices.Sort(quickest)
	return Cost{
		Requests: len(quickest), P50: micros(quantile(quickest, .5)), P99: micros(quantile(quickest, .99)),
		CPU: micros(cpu) / inspections, Allocs: float64(after.Mallocs-before.Mallocs) / inspections,
	}
}

func load(e Engine, samples []Sample, n int, seed uint64) []Request {
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a draw that can be repeated
	var loaded []Request
	for _, i := range random.Perm(len(samples)) {
		if len(loaded) == n {
			break
		}
		if r, err := e.Load(samples[i].Raw); err == nil {
			loaded = append(loaded, r)
		}
	}
	return loaded
}

func timed(r Request) time.Duration {
	best := time.Duration(1<<63 - 1)
	for range passes {
		start := time.Now()
		r.Inspect()
		best = min(best, time.Since(start))
	}
	return best
}

// quantile returns the smallest value that a part q of sorted values does not exceed.
func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[max(0, min(len(sorted)-1, int(q*float64(len(sorted))+.999999)-1))]
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
