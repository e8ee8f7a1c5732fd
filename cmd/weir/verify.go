package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/internal/sample"
	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/node"
	"github.com/weirnode/weir/store"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// results is a table of expectations.
type results struct {
	rows   [][4]string
	failed int
}

func (r *results) add(what string, want, got any, ok bool) {
	mark := "ok"
	if !ok {
		mark = "FAILED"
		r.failed++
	}
	r.rows = append(r.rows, [4]string{what, fmt.Sprint(want), fmt.Sprint(got), mark})
}

func (r *results) print(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "  WHAT\tEXPECTED\tGOT\t")
	for _, row := range r.rows {
		fmt.Fprintln(table, "  "+strings.Join(row[:], "\t"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if r.failed > 0 {
		return fmt.Errorf("%d of %d checks failed", r.failed, len(r.rows))
	}
	return nil
}

// verify compares what the plan holds with what came back and what is in the store.
func verify(ctx context.Context, n *node.Node, plan sample.Plan, o sample.Outcome, out io.Writer) error {
	var r results
	r.add("requests answered", len(plan.Requests), len(plan.Requests)-o.Failed, o.Failed == 0)
	r.add("harmless requests answered as the shop itself does", o.Benign, o.Benign-o.Altered, o.Altered == 0)
	r.add("attacks blocked", o.Attacks, o.Blocked, o.Blocked == o.Attacks)
	err := r.stored(ctx, n, plan, o)
	if o.FirstFail != nil {
		fmt.Fprintf(out, "  first failure: %v\n", o.FirstFail)
	}
	return errors.Join(err, r.print(out))
}

// stored checks what can be seen in the console.
func (r *results) stored(ctx context.Context, n *node.Node, plan sample.Plan, o sample.Outcome) error {
	viewer := manage.Actor{Name: "demo", Role: store.ReadOnly}
	q := store.Query{From: time.Now().Add(-time.Hour), Limit: 500}
	totals, err := n.Manage().Totals(ctx, viewer, q)
	if err != nil {
		return err
	}
	r.add("requests kept", len(plan.Requests), totals.Requests, totals.Requests == int64(len(plan.Requests)))
	r.add("requests with an attack kept", o.Attacks, totals.Attacked, totals.Attacked == int64(o.Attacks))
	r.add("sessions", clients(plan), totals.Sessions, totals.Sessions == int64(clients(plan)))
	attacks, err := n.Manage().Attacks(ctx, viewer, q)
	if err != nil {
		return err
	}
	hits := map[string]int64{}
	for _, a := range attacks.Items {
		hits[a.Type] += a.Hits
	}
	for t := range attack.All() {
		if sent := o.ByType[t]; sent > 0 {
			r.add("hits of "+t.String(), fmt.Sprintf("%d or more", sent), hits[t.String()], hits[t.String()] >= int64(sent))
		}
	}
	r.add("attacks (groups of hits)", "4 or more", len(attacks.Items), len(attacks.Items) >= 4)
	return nil
}

// clients counts who sends the plan's requests.
func clients(plan sample.Plan) int {
	seen := map[string]bool{}
	for _, q := range plan.Requests {
		seen[q.Client] = true
	}
	return len(seen)
}
