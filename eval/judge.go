package eval

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Progress is told now and then how many of all samples are done.
type Progress func(done, all int)

// Judge shows all samples to the engine on so many workers (0: as many as there are
// processors). It ends early, with the context's error, when ctx does.
func Judge(ctx context.Context, e Engine, samples []Sample, workers int, tell Progress) (*Run, error) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	run := &Run{Engine: e.Name(), Outcomes: make([]Outcome, len(samples))}
	var next, done atomic.Int64
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(samples) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				run.Outcomes[i] = judge(e, &samples[i])
				if n := int(done.Add(1)); tell != nil {
					tell(n, len(samples))
				}
			}
		})
	}
	all.Wait()
	return run, ctx.Err()
}

func judge(e Engine, s *Sample) Outcome {
	r, err := e.Load(s.Raw)
	if err != nil {
		return Outcome{Failed: err.Error()}
	}
	o := Outcome{Found: r.Inspect()}
	if o.Mistaken(s.Label) {
		o.Evidence = r.Explain()
	}
	return o
}
