package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// table prints the results.
type table struct {
	out   *tabwriter.Writer
	wrong []error
}

func newTable(out io.Writer, o *options) *table {
	fmt.Fprintf(out, "%d rounds, %d connections; CPU µs a request (median), ratio of weir to the floor (median of rounds, min–max);\n"+
		"latency in µs over one connection; memory in MB after the workload\n\n", o.rounds, o.connections)
	t := &table{out: tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)}
	fmt.Fprintln(t.out, "WORKLOAD\tFLOOR\tWEIR\tADDED\tRATIO\tMIN–MAX\tAT MOST\t\tFLOOR p50/p99\tWEIR p50/p99\tMB\tREQUESTS")
	return t
}

func (t *table) row(w *workload, r *result) {
	ratio, floor, weir := median(r.ratios), median(r.floor.cpu), median(r.weir.cpu)
	mark := ""
	if w.atMost > 0 && ratio > w.atMost {
		mark = "over"
	}
	fmt.Fprintf(t.out, "%s\t%.1f\t%.1f\t%.1f\t%.2f\t%.2f–%.2f\t%s\t%s\t%s\t%s\t%d/%d\t%s\n", w.name, micros(floor), micros(weir), micros(weir-floor),
		ratio, slices.Min(r.ratios), slices.Max(r.ratios), bound(w.atMost), mark, both(r.floor.alone), both(r.weir.alone),
		r.floor.resident>>20, r.weir.resident>>20, w.about)
	if r.refused > 0 {
		t.wrong = append(t.wrong, fmt.Errorf("%s: %d answers were no 2xx, the first of %w", w.name, r.refused, r.first))
	}
	fmt.Fprintf(os.Stderr, "  %s done, ratio %.2f\n", w.name, ratio)
}

// end prints the table and fails if any answer was no 2xx: such figures mean nothing.
func (t *table) end() error { return errors.Join(t.out.Flush(), errors.Join(t.wrong...)) }

func bound(v float64) string {
	if v == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", v)
}

func both(sorted []time.Duration) string {
	return fmt.Sprintf("%.0f/%.0f", micros(quantile(sorted, .5)), micros(quantile(sorted, .99)))
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
