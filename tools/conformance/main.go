// Command conformance holds `weir serve` against what others say about the wire.
// Linux; loopback only.
//
//  1. It starts upstreams within itself and one `weir serve`, with listeners for
//     HTTP/1, HTTP/2 without encryption and TLS, on free ports.
//  2. grpc: the interop client of gRPC talks to its interop server through weir.
//     h2spec: the cases of summerwind/h2spec. h1: a table of HTTP/1 of our own
//     (h1.txt). differ: the same bytes to weir, net/http and nginx (differ.go).
//  3. It prints a row for each suite, what failed and why, and ends with 1 when a
//     suite is below its gate or did not run.
//
// What it started has ended when it ends.
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
	"syscall"
)

type options struct {
	weir, suites string
	nginx        string
	write        string
	seed         uint64
	inputs       int
	verbose      bool
}

func main() {
	o := options{}
	flag.StringVar(&o.weir, "weir", "bin/weir", "the program to hold")
	flag.StringVar(&o.suites, "suites", "grpc,h2spec,h1,differ", "what to run")
	flag.StringVar(&o.nginx, "nginx", "nginx", "nginx to compare with")
	flag.StringVar(&o.write, "write", "", "file for the table of differences, as Markdown")
	flag.Uint64Var(&o.seed, "seed", 1, "of the inputs of differ")
	flag.IntVar(&o.inputs, "inputs", 20_000, "inputs of differ")
	flag.BoolVar(&o.verbose, "v", false, "an example of each difference")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := o.run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

// suites are what can be run, in this order.
var suites = []struct {
	name string
	run  func(context.Context, *options, *stage) []*outcome
}{{"grpc", runGRPC}, {"h2spec", runH2spec}, {"h1", runH1}, {"differ", runDiffer}}

func (o *options) run(ctx context.Context, out io.Writer) error {
	chosen, err := o.chosen()
	if err != nil {
		return err
	}
	s, err := start(ctx, o.weir)
	defer s.stop()
	if err != nil {
		return err
	}
	var all []*outcome
	for _, suite := range suites {
		if chosen[suite.name] && ctx.Err() == nil {
			all = append(all, suite.run(ctx, o, s)...)
		}
	}
	err = printed(out, all)
	if !s.weir.runs() {
		err = errors.Join(err, errors.New("weir did not survive"))
	}
	return errors.Join(err, ctx.Err())
}

func (o *options) chosen() (map[string]bool, error) {
	known, chosen := map[string]bool{}, map[string]bool{}
	for _, s := range suites {
		known[s.name] = true
	}
	for name := range strings.SplitSeq(o.suites, ",") {
		if !known[name] {
			return nil, fmt.Errorf("there is no suite %q", name)
		}
		chosen[name] = true
	}
	return chosen, nil
}
