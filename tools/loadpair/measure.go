package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// result is what one workload took.
type result struct {
	ratios      []float64 // of weir to the floor, a round each
	floor, weir figures
	refused     int
	first       error // of the refusals
}

// figures are those of one proxy.
type figures struct {
	cpu      []time.Duration // a request, a round each
	alone    []time.Duration // latencies over one connection, sorted
	resident int64
}

// measure runs all rounds of a workload.
func (o *options) measure(ctx context.Context, p *pair, w *workload) (*result, error) {
	r := &result{}
	n := max(o.connections, int(float64(w.round)*o.scale))
	for round := range o.rounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var cost [2]time.Duration
		for i := range 2 {
			which := (i + round) % 2
			c, err := o.round([]*process{p.floor, p.weir}[which], w, n, r)
			if err != nil {
				return nil, err
			}
			cost[which] = c
		}
		r.floor.cpu, r.weir.cpu = append(r.floor.cpu, cost[0]), append(r.weir.cpu, cost[1])
		r.ratios = append(r.ratios, float64(cost[1])/float64(cost[0]))
	}
	r.floor.resident, r.weir.resident = residentOf(p.floor.cmd.Process.Pid), residentOf(p.weir.cmd.Process.Pid)
	return r, o.latencies(ctx, p, w, r)
}

// round sends one round to one proxy, behind a few that warm its connections, and
// returns the processor time a request.
func (o *options) round(p *process, w *workload, n int, r *result) (time.Duration, error) {
	if _, err := drive(p.address, w.requests, max(o.connections, n/10), o.connections); err != nil {
		return 0, err
	}
	before, err := cpuOf(p.cmd.Process.Pid)
	if err != nil {
		return 0, err
	}
	a, err := drive(p.address, w.requests, n, o.connections)
	if err != nil {
		return 0, err
	}
	r.refuse(p, &a)
	after, err := cpuOf(p.cmd.Process.Pid)
	return (after - before) / time.Duration(n), err
}

// refuse counts answers that were no 2xx.
func (r *result) refuse(p *process, a *answered) {
	r.refused += a.refused
	if r.first == nil && a.first != nil {
		r.first = fmt.Errorf("%s: %w", p.name, a.first)
	}
}

// latencies sends requests over one connection to both proxies in turn, in ten parts.
func (o *options) latencies(ctx context.Context, p *pair, w *workload, r *result) error {
	const parts = 10
	n := int(float64(o.alone)*min(1, float64(w.round)/2000)) / parts
	if o.alone == 0 {
		return nil
	}
	for range parts {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, one := range []struct {
			p *process
			f *figures
		}{{p.floor, &r.floor}, {p.weir, &r.weir}} {
			a, err := drive(one.p.address, w.requests, max(n, 2), 1)
			if err != nil {
				return err
			}
			r.refuse(one.p, &a)
			one.f.alone = append(one.f.alone, a.took[1:]...) // the first one opens the connection
		}
	}
	slices.Sort(r.floor.alone)
	slices.Sort(r.weir.alone)
	return nil
}

// median returns the middle of values, or the mean of the two in the middle.
func median[T float64 | time.Duration](values []T) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.SortedFunc(slices.Values(values), cmp.Compare[T])
	m := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[m]
	}
	return (sorted[m-1] + sorted[m]) / 2
}

// quantile returns the smallest value that a part q of sorted values does not exceed.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, min(len(sorted)-1, int(q*float64(len(sorted))+.999999)-1))]
}
