package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// silent returns a logger for servers that may repeat bytes of clients.
func silent() *log.Logger { return log.New(io.Discard, "", 0) }

// relation is how weir's view of an input stands to another reader's.
type relation string

// The relations.
const (
	equal    relation = "equal"
	stricter relation = "weir stricter" // weir took the same requests, and then none where the other took more
	looser   relation = "weir looser"   // weir took the same requests and more
	apart    relation = "apart"         // they took different requests
	onward   relation = "onward"        // what weir forwarded, taken by the other: not as weir took it
	refused  relation = "onward, refused"
)

// difference is one input that weir and another reader did not take alike.
type difference struct {
	input       []byte
	reader      string
	how         relation
	weir, other view
	at          int    // first request in which they differ
	fault       string // of what weir took, by the letter
}

// compare returns how two views stand to each other, and the first request in which
// they differ.
func compare(weir, other []*seen) (how relation, at int) {
	for at < len(weir) && at < len(other) && weir[at].same(other[at]) {
		at++
	}
	switch {
	case at == len(weir) && at == len(other):
		return equal, at
	case at == len(weir):
		return stricter, at
	case at == len(other):
		return looser, at
	}
	return apart, at
}

// trial is a run over inputs.
type trial struct {
	strict      bool // what is faulty must not be taken, whatever the others do
	weir        *front
	others      []*front
	seed        uint64
	inputs      int
	next        atomic.Int64
	differences // guarded by mu
	mu          sync.Mutex
	failed      error
	accepted    int // inputs of which weir forwarded something
}

// differences are what came out of a trial.
type differences struct {
	counts   map[*class]map[string]int // by reader
	examples map[*class]*difference    // the shortest
	unknown  []*difference             // without a class
}

const (
	differAtOnce = 8 // inputs that are on their way at once
	lenientShare = 4 // a listener that is lenient gets one input of so many
)

// runDiffer shows the same bytes to weir, net/http and nginx and classes how they
// differ.
func runDiffer(ctx context.Context, o *options, s *stage) []*outcome {
	others, about, err := s.readers(ctx, o.nginx)
	if err != nil {
		return []*outcome{{suite: "differ", required: o.inputs, notRun: err.Error()}}
	}
	strict := &trial{weir: &front{"weir", s.plain, &s.recorder.ledger}, strict: true, others: others, seed: o.seed, inputs: o.inputs}
	lenient := &trial{weir: &front{"weir", s.lenient, &s.recorder.ledger}, others: others, seed: o.seed, inputs: o.inputs / lenientShare}
	outcomes := []*outcome{strict.run(ctx, "differ", o.verbose), lenient.run(ctx, "differ, framing: lenient", o.verbose)}
	if o.write != "" && outcomes[0].ok() && outcomes[1].ok() {
		if err := write(o.write, about, strict, lenient); err != nil {
			outcomes[0].notRun = err.Error()
		}
	}
	return outcomes
}

// readers starts the servers that weir is compared with, and says which they are.
func (s *stage) readers(ctx context.Context, nginx string) (list []*front, about string, err error) {
	goServer, err := s.serveNetHTTP()
	if err != nil {
		return nil, "", err
	}
	proxy, version, err := s.serveNginx(ctx, nginx)
	if err != nil {
		return nil, "", err
	}
	return []*front{goServer, proxy}, fmt.Sprintf("net/http of %s and %s", runtime.Version(), version), nil
}

func (t *trial) run(ctx context.Context, suite string, verbose bool) *outcome {
	begun := time.Now()
	t.counts, t.examples = map[*class]map[string]int{}, map[*class]*difference{}
	var workers sync.WaitGroup
	for i := range differAtOnce {
		workers.Go(func() { t.work(ctx, &addresses{worker: i + 1}) })
	}
	workers.Wait()
	out := &outcome{suite: suite, required: t.inputs, took: time.Since(begun)}
	t.report(out, verbose)
	return out
}

// work shows inputs until there are no more.
func (t *trial) work(ctx context.Context, from *addresses) {
	for ctx.Err() == nil {
		n := int(t.next.Add(1)) - 1
		if n >= t.inputs {
			return
		}
		if err := t.one(ctx, from, input(t.seed, n)); err != nil {
			t.mu.Lock()
			t.failed = errors.Join(t.failed, fmt.Errorf("input %d: %w", n, err))
			t.mu.Unlock()
			return
		}
	}
}

// one shows an input to all fronts, and what weir forwarded of it to the others.
func (t *trial) one(ctx context.Context, from *addresses, input []byte) error {
	bytes := append(slices.Clone(input), ending...)
	weir, err := t.weir.show(ctx, from, bytes)
	if err != nil {
		return err
	}
	onwardBytes := forwarded(weir.requests)
	for _, f := range t.others {
		other, err := f.show(ctx, from, bytes)
		if err != nil {
			return err
		}
		how, at := compare(weir.requests, other.requests)
		t.add(&difference{input: input, reader: f.name, how: how, weir: weir, other: other, at: at})
		if onwardBytes == nil {
			continue
		}
		if other, err = f.show(ctx, from, onwardBytes); err != nil {
			return err
		}
		t.add(t.onward(f, input, weir, other))
	}
	if d := t.byTheLetter(input, weir); d != nil {
		t.add(d)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(onwardBytes) > 0 {
		t.accepted++
	}
	if weir.hung {
		t.unknown = append(t.unknown, &difference{input: input, reader: "nobody", how: "weir hung", weir: weir})
	}
	return nil
}

// theLetter is the reader that refuses all that is not to the letter.
const theLetter = "the letter"

// byTheLetter looks whether weir took a request that is faulty, as other readers may.
func (t *trial) byTheLetter(input []byte, weir view) *difference {
	for at := range weir.requests {
		d := &difference{input: input, reader: theLetter, how: looser, weir: weir, at: at}
		if d.fault = fault(d.here()); t.strict && d.fault != "" {
			return d
		}
	}
	return nil
}

// forwarded returns what weir forwarded but for the ending, with the ending as it
// was, nil if that is nothing.
func forwarded(list []*seen) (bytes []byte) {
	for _, s := range list {
		if s.target != "/end" {
			bytes = append(bytes, s.raw...)
		}
	}
	if bytes == nil {
		return nil
	}
	return append(bytes, ending...)
}

// onward compares weir's view with that of a reader of what weir forwarded.
func (t *trial) onward(f *front, input []byte, weir, other view) *difference {
	want := slices.DeleteFunc(slices.Clone(weir.requests), func(s *seen) bool { return s.target == "/end" })
	end := &seen{method: http.MethodGet, target: "/end", host: "end.example"}
	end.body(nil)
	d := &difference{input: input, reader: f.name, weir: view{requests: append(want, end)}, other: other}
	if d.how, d.at = compare(d.weir.requests, other.requests); d.how == looser {
		d.how = refused
	} else if d.how != equal {
		d.how = onward
	}
	return d
}

// add classes and counts a difference.
func (t *trial) add(d *difference) {
	if d.how == equal {
		return
	}
	c := classify(d)
	t.mu.Lock()
	defer t.mu.Unlock()
	if c == nil {
		t.unknown = append(t.unknown, d)
		return
	}
	if t.counts[c] == nil {
		t.counts[c] = map[string]int{}
	}
	t.counts[c][d.reader]++
	if e := t.examples[c]; e == nil || len(d.input) < len(e.input) {
		t.examples[c] = d
	}
}

// String describes a difference.
func (d *difference) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s %s\n      bytes %q\n", d.reader, d.how, d.fault, d.input)
	for _, v := range []struct {
		who  string
		view view
	}{{"weir", d.weir}, {d.reader, d.other}} {
		fmt.Fprintf(&b, "      %s took %d:", v.who, len(v.view.requests))
		for _, s := range v.view.requests {
			fmt.Fprintf(&b, " [%s]", s)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
