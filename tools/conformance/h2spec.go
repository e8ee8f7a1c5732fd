package main

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/summerwind/h2spec/config"
	"github.com/summerwind/h2spec/generic"
	"github.com/summerwind/h2spec/hpack"
	"github.com/summerwind/h2spec/http2"
	"github.com/summerwind/h2spec/spec"
)

// Of h2spec, on each listener.
const (
	h2specGate    = 142
	h2specAtOnce  = 4 // a case mostly waits
	h2specTimeout = 3 * time.Second
)

// runH2spec runs the cases of h2spec, those it calls strict too.
func runH2spec(ctx context.Context, _ *options, s *stage) []*outcome {
	return []*outcome{
		h2specOver(ctx, "h2spec, h2c", s.h2c, false),
		h2specOver(ctx, "h2spec, TLS", s.tls, true),
	}
}

func h2specOver(ctx context.Context, suite, address string, encrypted bool) *outcome {
	o := &outcome{suite: suite, required: h2specGate}
	begun := time.Now()
	defer func() { o.took = time.Since(begun) }()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		o.notRun = err.Error()
		return o
	}
	number, _ := strconv.Atoi(port) // of a listener
	c := &config.Config{Host: host, Port: number, Path: "/", Timeout: h2specTimeout, MaxHeaderLen: 4000, TLS: encrypted, Insecure: true, Strict: true}
	var cases []*h2case
	for _, group := range []*spec.TestGroup{generic.Spec(), http2.Spec(), hpack.Spec()} {
		cases = collected(cases, group)
	}
	runCases(ctx, c, cases)
	for _, one := range cases {
		o.check(one.name, one.reason)
	}
	return o
}

// h2case is one case of h2spec.
type h2case struct {
	*spec.TestCase
	name   string
	reason string // why it failed
}

// collected returns the cases of a group and those below it. h2spec's own runner
// prints as it goes and ends the process when a connection fails.
func collected(list []*h2case, group *spec.TestGroup) []*h2case {
	for i, tc := range append(append([]*spec.TestCase{}, group.Tests...), group.StrictTests...) {
		list = append(list, &h2case{TestCase: tc, name: fmt.Sprintf("%s/%d %s", group.ID(), i+1, tc.Desc)})
	}
	for _, below := range group.Groups {
		list = collected(list, below)
	}
	return list
}

func runCases(ctx context.Context, c *config.Config, cases []*h2case) {
	var workers sync.WaitGroup
	next := make(chan *h2case)
	for range h2specAtOnce {
		workers.Go(func() {
			for one := range next {
				one.reason = one.try(ctx, c)
			}
		})
	}
	for _, one := range cases {
		next <- one
	}
	close(next)
	workers.Wait()
}

func (one *h2case) try(ctx context.Context, c *config.Config) (reason string) {
	if ctx.Err() != nil {
		return "not run"
	}
	defer func() {
		if cause := recover(); cause != nil { // h2spec's, where an answer is none it knows
			reason = fmt.Sprintf("h2spec panicked: %v", cause)
		}
	}()
	conn, err := spec.Dial(c)
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	if err := one.Run(c, conn); err != nil {
		return err.Error()
	}
	return ""
}
