// Command compare shows the requests that `weir eval` reads to other engines and
// writes what they made of them, for `weir eval --compare-with`: the OWASP Core Rule
// Set on Coraza at its paranoia levels 1 to 4, and libinjection. Engines run in the
// process, request phases only; nothing is sent anywhere.
//
// It is a module of its own so that none of this becomes a dependency of the node.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"time"

	"github.com/weirnode/weir/eval"
)

type options struct {
	engines, out, label, by string
	sample, workers, timed  int
	seed                    uint64
}

func main() {
	var o options
	flag.StringVar(&o.engines, "engines", "libinjection,crs-pl1,crs-pl1-attacks,crs-pl2,crs-pl3,crs-pl4", "engines to run; crs-pl1-attacks is crs-pl1 without its rules on methods and protocol")
	flag.StringVar(&o.out, "out", "peers.jsonl", "file for the outcome of every request, for weir eval --compare-with")
	flag.StringVar(&o.label, "label", "", "attack or legit: label of requests that bring none")
	flag.StringVar(&o.by, "by", "file", "what rows are grouped by: file, class, place, or a list of these")
	flag.IntVar(&o.sample, "sample", 2000, "at most so many attacks and so many legitimate requests of each file; 0: all")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of -sample")
	flag.IntVar(&o.workers, "workers", 0, "requests at once (default: the number of processors)")
	flag.IntVar(&o.timed, "timed", 300, "requests to time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := o.run(ctx, flag.Args(), os.Stdout)
	stop()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "compare:", err)
	if errors.Is(err, eval.ErrBadInput) {
		os.Exit(2)
	}
	os.Exit(1)
}

func (o *options) run(ctx context.Context, paths []string, out io.Writer) error {
	label, err := eval.ParseLabel(o.label)
	if err != nil {
		return err
	}
	by, err := eval.ParseDimensions(o.by)
	if err != nil {
		return err
	}
	corpus, err := eval.Read(paths, eval.ReadOptions{Label: label, Sample: o.sample, Seed: o.seed})
	if err != nil {
		return err
	}
	runs, err := o.judge(ctx, corpus.Samples)
	if err != nil {
		return err
	}
	if err := write(o.out, corpus.Samples, runs); err != nil {
		return err
	}
	return eval.Summarize(corpus.Samples, runs, by).WriteTable(out)
}

// judge shows all samples to one engine after another.
func (o *options) judge(ctx context.Context, samples []eval.Sample) ([]*eval.Run, error) {
	var runs []*eval.Run
	for name := range strings.SplitSeq(o.engines, ",") {
		engine, err := open(name)
		if err != nil {
			return nil, err
		}
		run, err := eval.Judge(ctx, engine, samples, o.workers, tell(name))
		if err != nil {
			return nil, err
		}
		run.Cost = eval.Measure(ctx, engine, samples, o.timed, o.seed)
		runs = append(runs, run)
	}
	return runs, nil
}

// open returns an engine by its name.
func open(name string) (eval.Engine, error) {
	switch name {
	case "crs-pl1", "crs-pl2", "crs-pl3", "crs-pl4":
		return openCRS(name, name[len("crs-pl"):], "")
	case "crs-pl1-attacks":
		return openCRS(name, "1", policy)
	case "libinjection":
		return libinjection{}, nil
	}
	return nil, fmt.Errorf("there is no engine %q", name)
}

// tell prints every ten seconds how far an engine is.
func tell(engine string) eval.Progress {
	var next atomic.Int64
	next.Store(time.Now().Add(10 * time.Second).UnixNano())
	return func(done, all int) {
		now, due := time.Now().UnixNano(), next.Load()
		if now > due && next.CompareAndSwap(due, now+int64(10*time.Second)) {
			fmt.Fprintf(os.Stderr, "  %s: %d of %d requests\n", engine, done, all)
		}
	}
}

func write(name string, samples []eval.Sample, runs []*eval.Run) (err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // the user names it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for _, run := range runs {
		if err := eval.WriteResults(f, samples, run); err != nil {
			return err
		}
	}
	return nil
}
