// Command loadpair measures what weir costs against a plain fasthttp proxy, on one
// machine that need not be quiet. Linux; loopback only.
//
//  1. It starts an origin, the plain proxy (the floor) and `weir serve` in block mode on
//     free ports of the loopback, each a process of its own.
//  2. In each round both proxies get the same bytes in turn, the order changing, and
//     each one's own processor clock is read before and after. The ratio is taken
//     within the round, so that a slow minute of the machine counts for both; the
//     median over all rounds is reported.
//  3. Latency is measured apart, over one connection.
//  4. It ends what it started and fails if any answer was not a 2xx.
//
// Requests come from a fixed seed: the same bytes on every machine.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

type options struct {
	weir, workloads            string
	mode, profile, dump        string
	rounds, connections, alone int
	scale                      float64
}

func main() {
	if len(os.Args) > 1 && roles[os.Args[1]] != nil {
		fail(roles[os.Args[1]](os.Args[2:]))
		return
	}
	o := options{}
	flag.StringVar(&o.weir, "weir", "bin/weir", "the program to measure")
	flag.StringVar(&o.workloads, "w", "W1,W2,W3,W4,W5,W6,W7", "workloads")
	flag.StringVar(&o.mode, "mode", "block", "filtration mode; off leaves the proxy alone")
	flag.IntVar(&o.rounds, "rounds", 15, "rounds of each workload")
	flag.IntVar(&o.connections, "c", 16, "connections, one request in flight on each")
	flag.IntVar(&o.alone, "alone", 2000, "requests over one connection for the latency, 0 for none")
	flag.Float64Var(&o.scale, "scale", 1, "multiplies the number of requests in a round")
	flag.StringVar(&o.profile, "profile", "", "file for a CPU profile of weir over the whole run")
	flag.StringVar(&o.dump, "dump", "", "write the requests into this folder, for weir eval, and measure nothing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := o.run(ctx, os.Stdout)
	stop()
	fail(err)
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "loadpair:", err)
		os.Exit(1)
	}
}

func (o *options) run(ctx context.Context, out io.Writer) error {
	chosen, err := pick(strings.Split(o.workloads, ","))
	if err != nil {
		return err
	}
	if o.dump != "" {
		return dump(o.dump, chosen)
	}
	if o.rounds < 1 || o.connections < 1 || o.scale <= 0 {
		return errors.New("-rounds, -c and -scale are at least 1, 1 and above 0")
	}
	pair, err := start(ctx, o)
	defer pair.stop()
	if err != nil {
		return err
	}
	t := newTable(out, o)
	for _, w := range chosen {
		r, err := o.measure(ctx, pair, w)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		t.row(w, r)
	}
	return t.end()
}

// dump writes each request as a file below a folder that labels it for weir eval.
func dump(dir string, chosen []*workload) error {
	for _, w := range chosen {
		folder := filepath.Join(dir, "legit", w.name)
		if err := os.MkdirAll(folder, 0o750); err != nil {
			return err
		}
		for i, r := range w.requests {
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%02d.http", i)), r, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}
