// Package storetest is what every store must pass.
package storetest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirnode/weir/store"
)

// OpenState opens the state kept under a folder, the same each time. Close ends it;
// the suite calls it once for every opening.
type OpenState func(t *testing.T, dir string) (s store.State, closeStore func())

// State is what a store of state must pass.
func State(t *testing.T, open OpenState) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, store.State){
		"Lists": lists, "Rules": rules, "Blocked": blocked, "Accounts": accounts, "Tokens": tokens, "LinksServeOnce": linksServeOnce,
		"Secrets": secrets, "HostileText": hostileText, "HostileAccounts": hostileAccounts, "ManyHands": manyHands, "Canceled": canceled,
	} {
		t.Run(name, func(t *testing.T) {
			s, done := open(t, t.TempDir())
			defer done()
			test(t, s)
		})
	}
	t.Run("Reopen", func(t *testing.T) { reopen(t, open) })
}

// hostile are texts that must come back as they went in.
var hostile = []string{
	"", "'; DROP TABLE account; --", "\x00", "a\x00b", "\xff\xfe invalid", "Zoë — 日本語 \U0001f9ff", strings.Repeat("ä", 5000), "%s ? :x @y $1", "\r\n\t\x1b[31m",
}

// revised is a row of a store with revisions.
type revised struct {
	key      string
	revision int64
	deleted  bool
}

// ledger checks what Since tells against what it told before.
type ledger struct {
	since func(context.Context, int64) ([]revised, error)
	last  int64
}

// read returns what changed since the last reading, oldest first, and fails unless
// revisions grow strictly.
func (l *ledger) read(t *testing.T) []revised {
	t.Helper()
	rows, err := l.since(t.Context(), l.last)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.revision <= l.last {
			t.Fatalf("revision %d of %q comes after %d", r.revision, r.key, l.last)
		}
		l.last = r.revision
	}
	return rows
}

// expect fails unless exactly these changed, "-" before the deleted ones.
func (l *ledger) expect(t *testing.T, want ...string) {
	t.Helper()
	read := l.read(t)
	got := make([]string, 0, len(read))
	for _, r := range read {
		if r.deleted {
			r.key = "-" + r.key
		}
		got = append(got, r.key)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("changed: %q, want %q", got, want)
	}
}

// ledgerOf turns a Since into a ledger.
func ledgerOf[T any](since func(context.Context, int64) ([]T, error), row func(T) revised) *ledger {
	return &ledger{since: func(ctx context.Context, revision int64) (rows []revised, err error) {
		all, err := since(ctx, revision)
		for _, item := range all {
			rows = append(rows, row(item))
		}
		return rows, err
	}}
}

// must returns v, and fails the test if there is an error.
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// moment is a time that every store can keep: without a monotonic clock.
func moment(after time.Duration) time.Time { return time.Now().Add(after).Round(0) }

func secrets(t *testing.T, s store.State) {
	t.Helper()
	var asking sync.WaitGroup
	answers := make([][]byte, 8)
	for i := range answers {
		asking.Go(func() {
			var err error
			if answers[i], err = s.Secret(t.Context(), "a", 16); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	for _, a := range answers {
		if len(a) != 16 || string(a) != string(answers[0]) {
			t.Fatalf("secrets %x", answers)
		}
	}
	if b := must(s.Secret(t.Context(), "b", 32))(t); len(b) != 32 || string(b[:16]) == string(answers[0]) {
		t.Errorf("another secret: %x", b)
	}
}
