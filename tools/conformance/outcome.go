package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// outcome is what came out of a suite.
type outcome struct {
	suite    string
	passed   int
	total    int
	required int // fewer passed cases fail the run
	failures []failure
	notRun   string // why it did not run, which fails it too
	notes    []string
	took     time.Duration
}

// failure is a case that failed.
type failure struct{ name, reason string }

func (o *outcome) fail(name, reason string) {
	o.failures = append(o.failures, failure{name, strings.Join(strings.Fields(reason), " ")})
}

// check counts a case.
func (o *outcome) check(name, reason string) {
	o.total++
	if reason == "" {
		o.passed++
		return
	}
	o.fail(name, reason)
}

func (o *outcome) ok() bool { return o.notRun == "" && o.passed >= o.required && o.total > 0 }

func (o *outcome) verdict() string {
	switch {
	case o.notRun != "":
		return "NOT RUN"
	case o.ok():
		return "ok"
	}
	return "FAILED"
}

// printed prints the table and returns an error if a suite is not ok.
func printed(out io.Writer, all []*outcome) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SUITE\tPASSED\tOF\tREQUIRED\tSECONDS\t")
	wrong := 0
	for _, o := range all {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%.1f\t%s\n", o.suite, o.passed, o.total, o.required, o.took.Seconds(), o.verdict())
		if !o.ok() {
			wrong++
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, o := range all {
		o.details(out)
	}
	switch {
	case len(all) == 0:
		return errors.New("nothing was run")
	case wrong > 0:
		return fmt.Errorf("%d of %d suites are not ok", wrong, len(all))
	}
	return nil
}

func (o *outcome) details(out io.Writer) {
	if o.notRun != "" {
		fmt.Fprintf(out, "\n%s: not run: %s\n", o.suite, o.notRun)
	}
	if len(o.notes) > 0 {
		fmt.Fprintf(out, "\n%s:\n  %s\n", o.suite, strings.Join(o.notes, "\n  "))
	}
	if len(o.failures) > 0 {
		fmt.Fprintf(out, "\n%s, failed:\n", o.suite)
	}
	for _, f := range o.failures {
		fmt.Fprintf(out, "  %s\n      %s\n", f.name, f.reason)
	}
}
