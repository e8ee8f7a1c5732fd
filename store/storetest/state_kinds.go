package storetest

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/rule"
	"github.com/weirnode/weir/session"
	"github.com/weirnode/weir/store"
)

func entry(kind iplist.Kind, prefix string, application int32) iplist.Entry {
	return iplist.Entry{
		Kind: kind, Prefix: netip.MustParsePrefix(prefix), Application: application, Reason: "why", Author: "me",
		Added: moment(0), Until: moment(time.Hour),
	}
}

func entriesOf(s store.State) *ledger {
	return ledgerOf(s.Lists().Since, func(e iplist.Entry) revised {
		return revised{fmt.Sprintf("%s %s %d", e.Kind, e.Prefix, e.Application), e.Revision, e.Deleted}
	})
}

func sameEntry(a, b iplist.Entry) bool {
	same := a.Added.Equal(b.Added) && a.Until.Equal(b.Until)
	a.Added, a.Until, b.Added, b.Until = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	return same && a == b
}

func lists(t *testing.T, s store.State) {
	t.Helper()
	l, kept := entriesOf(s), s.Lists()
	l.expect(t)
	first := must(kept.Put(t.Context(), entry(iplist.Deny, "192.0.2.0/24", 0)))(t)
	must(kept.Put(t.Context(), entry(iplist.Deny, "192.0.2.0/24", 1)))(t)
	must(kept.Put(t.Context(), entry(iplist.Gray, "2001:db8::/32", 0)))(t)
	l.expect(t, "deny 192.0.2.0/24 0", "deny 192.0.2.0/24 1", "gray 2001:db8::/32 0")

	changed := entry(iplist.Deny, "192.0.2.0/24", 0)
	changed.Reason, changed.Until = "another", time.Time{}
	again := must(kept.Put(t.Context(), changed))(t)
	if again.ID != first.ID || again.Revision <= first.Revision {
		t.Errorf("replaced %+v by %+v", first, again)
	}
	all := must(kept.Since(t.Context(), l.last))(t)
	if len(all) != 1 || !sameEntry(all[0], again) || all[0].Reason != "another" {
		t.Errorf("kept %+v, want %+v", all, again)
	}
	l.expect(t, "deny 192.0.2.0/24 0")

	if err := kept.Delete(t.Context(), first.ID, "you"); err != nil {
		t.Fatal(err)
	}
	l.expect(t, "-deny 192.0.2.0/24 0")
	for _, id := range []int64{first.ID, 1 << 40, -1} {
		if err := kept.Delete(t.Context(), id, "you"); !errors.Is(err, iplist.ErrNotFound) {
			t.Errorf("delete entry %d: %v", id, err)
		}
	}
	if back := must(kept.Put(t.Context(), changed))(t); back.ID == first.ID {
		t.Error("an entry that was deleted came back under its old number")
	}
	l.expect(t, "deny 192.0.2.0/24 0")
}

func rulesOf(s store.State) *ledger {
	return ledgerOf(s.Rules().Since, func(r rule.Rule) revised { return revised{r.Comment, r.Revision, r.Deleted} })
}

func rules(t *testing.T, s store.State) {
	t.Helper()
	l, kept := rulesOf(s), s.Rules()
	one := rule.Rule{
		Kind: rule.KindMode, Application: 3, Host: "*.example.com", Path: `~ ^/a\.b$`, Methods: []string{"GET", "PUT"}, Mode: config.SafeBlocking,
		Comment: "one", Author: "me", Created: moment(0),
	}
	one = must(kept.Put(t.Context(), one))(t)
	two := must(kept.Put(t.Context(), rule.Rule{Kind: rule.KindMode, Comment: "two", Disabled: true}))(t)
	if one.ID == 0 || two.ID == 0 || one.ID == two.ID {
		t.Fatalf("ids %d and %d", one.ID, two.ID)
	}
	got := must(kept.Since(t.Context(), 0))(t)
	if len(got) != 2 || !got[0].Created.Equal(one.Created) || !got[1].Created.IsZero() || !got[1].Disabled || got[1].Methods != nil {
		t.Fatalf("kept %+v", got)
	}
	if got[0].Created = one.Created; !reflect.DeepEqual(got[0], one) {
		t.Errorf("kept %+v, want %+v", got[0], one)
	}
	l.expect(t, "one", "two")

	one.Comment, one.Mode, one.Methods = "changed", config.Off, nil
	one = must(kept.Put(t.Context(), one))(t)
	l.expect(t, "changed")
	if err := kept.Delete(t.Context(), one.ID, "you"); err != nil {
		t.Fatal(err)
	}
	l.expect(t, "-changed")
	if _, err := kept.Put(t.Context(), one); !errors.Is(err, rule.ErrNotFound) {
		t.Errorf("change a deleted rule: %v", err)
	}
	if err := kept.Delete(t.Context(), one.ID, "you"); !errors.Is(err, rule.ErrNotFound) {
		t.Errorf("delete it again: %v", err)
	}
	l.expect(t)
	if left := must(rule.Load(t.Context(), kept))(t); len(left) != 1 || left[0].ID != two.ID {
		t.Errorf("left %+v", left)
	}
}

func blocksOf(s store.State) *ledger {
	return ledgerOf(s.Blocked().Since, func(b session.Block) revised { return revised{b.Why, b.Revision, b.Deleted} })
}

func blocked(t *testing.T, s store.State) {
	t.Helper()
	l, kept := blocksOf(s), s.Blocked()
	id := event.Session{0, 1, 0xff, 15: 7}
	b := session.Block{Session: id, Why: "one", Author: "me", Added: moment(0), Until: moment(time.Hour)}
	must(kept.Put(t.Context(), b))(t)
	must(kept.Put(t.Context(), session.Block{Session: event.Session{9}, Why: "two"}))(t)
	got := must(kept.Since(t.Context(), 0))(t)
	if len(got) != 2 || got[0].Session != id || !got[0].Until.Equal(b.Until) || !got[0].Added.Equal(b.Added) || got[0].Author != "me" || !got[1].Until.IsZero() {
		t.Fatalf("kept %+v", got)
	}
	l.expect(t, "one", "two")
	b.Why = "longer"
	must(kept.Put(t.Context(), b))(t)
	l.expect(t, "longer")
	if err := kept.Delete(t.Context(), id, "you"); err != nil {
		t.Fatal(err)
	}
	l.expect(t, "-longer")
	if err := kept.Delete(t.Context(), id, "you"); !errors.Is(err, session.ErrNotBlocked) {
		t.Errorf("unblock twice: %v", err)
	}
	b.Why, b.Until = "again", time.Time{}
	must(kept.Put(t.Context(), b))(t)
	l.expect(t, "again")
}

func hostileText(t *testing.T, s store.State) {
	t.Helper()
	for i, text := range hostile {
		e := entry(iplist.Deny, fmt.Sprintf("192.0.2.%d/32", i), 0)
		e.Reason, e.Author = text, text
		must(s.Lists().Put(t.Context(), e))(t)
		r := rule.Rule{Kind: text, Host: text, Path: text, Comment: text, Author: text, Mode: config.Block}
		must(s.Rules().Put(t.Context(), r))(t)
		must(s.Blocked().Put(t.Context(), session.Block{Session: event.Session{byte(i)}, Why: text, Author: text}))(t)
	}
	entries, rules := must(s.Lists().Since(t.Context(), 0))(t), must(s.Rules().Since(t.Context(), 0))(t)
	blocks := must(s.Blocked().Since(t.Context(), 0))(t)
	if len(entries) != len(hostile) || len(rules) != len(hostile) || len(blocks) != len(hostile) {
		t.Fatalf("%d entries, %d rules, %d blocks of %d", len(entries), len(rules), len(blocks), len(hostile))
	}
	for i, want := range hostile {
		e, r, b := entries[i], rules[i], blocks[i]
		for _, got := range []string{e.Reason, e.Author, r.Kind, r.Host, r.Path, r.Comment, r.Author, b.Why, b.Author} {
			if got != want {
				t.Errorf("%.40q came back as %.40q", want, got)
			}
		}
	}
}

// manyHands puts and deletes at once: nothing is lost, and no two changes share a
// revision.
func manyHands(t *testing.T, s store.State) {
	t.Helper()
	const hands, rounds = 6, 12
	var working sync.WaitGroup
	for h := range hands {
		working.Go(func() {
			for i := range rounds {
				e, err := s.Lists().Put(t.Context(), entry(iplist.Deny, fmt.Sprintf("192.0.%d.%d/32", h, i), 0))
				if err == nil && i%3 == 0 {
					err = s.Lists().Delete(t.Context(), e.ID, "me")
				}
				if err != nil {
					t.Error(err)
				}
				if _, err := s.Rules().Put(t.Context(), rule.Rule{Kind: rule.KindMode, Comment: "x"}); err != nil {
					t.Error(err)
				}
				if _, err := s.Lists().Since(t.Context(), 0); err != nil {
					t.Error(err)
				}
			}
		})
	}
	working.Wait()
	seen := map[int64]bool{}
	deleted := 0
	for _, l := range []*ledger{entriesOf(s), rulesOf(s)} {
		for _, r := range l.read(t) {
			if seen[r.revision] {
				t.Errorf("two changes have revision %d", r.revision)
			}
			seen[r.revision] = true
			if r.deleted {
				deleted++
			}
		}
	}
	if len(seen) != 2*hands*rounds || deleted != hands*rounds/3 {
		t.Errorf("%d rows, %d deleted", len(seen), deleted)
	}
}

// canceled: work that is called off says so and changes nothing.
func canceled(t *testing.T, s store.State) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Lists().Put(ctx, entry(iplist.Deny, "192.0.2.0/24", 0)); err == nil {
		t.Error("put in a canceled context")
	}
	if _, err := s.Lists().Since(ctx, 0); err == nil {
		t.Error("read in a canceled context")
	}
	entriesOf(s).expect(t)
	must(s.Lists().Put(t.Context(), entry(iplist.Deny, "192.0.2.0/24", 0)))(t)
}

// reopen closes and opens again: all is as it was, and revisions go on.
func reopen(t *testing.T, open OpenState) {
	t.Helper()
	dir := t.TempDir()
	s, done := open(t, dir)
	secret := must(s.Secret(t.Context(), "a", 16))(t)
	kept := must(s.Lists().Put(t.Context(), entry(iplist.Deny, "192.0.2.0/24", 7)))(t)
	gone := must(s.Lists().Put(t.Context(), entry(iplist.Allow, "192.0.2.1/32", 0)))(t)
	if err := s.Lists().Delete(t.Context(), gone.ID, "me"); err != nil {
		t.Fatal(err)
	}
	must(s.Rules().Put(t.Context(), rule.Rule{Kind: rule.KindMode, Comment: "rule"}))(t)
	must(s.Blocked().Put(t.Context(), session.Block{Session: event.Session{1}, Why: "block"}))(t)
	account := must(s.Accounts().Put(t.Context(), store.Account{Name: "ann", Role: store.Analyst, Password: "p", Created: moment(0)}))(t)
	before := entriesOf(s)
	before.read(t)
	done()

	s, done = open(t, dir)
	defer done()
	if again := must(s.Secret(t.Context(), "a", 16))(t); string(again) != string(secret) {
		t.Error("another secret")
	}
	if all := must(s.Lists().Since(t.Context(), 0))(t); len(all) != 2 || !sameEntry(all[0], kept) || !all[1].Deleted {
		t.Errorf("entries %+v", all)
	}
	rulesOf(s).expect(t, "rule")
	blocksOf(s).expect(t, "block")
	if a := must(s.Accounts().ByName(t.Context(), "ann"))(t); a.ID != account.ID || a.Role != store.Analyst || a.Password != "p" {
		t.Errorf("account %+v", a)
	}
	before.since = entriesOf(s).since
	before.expect(t)
	must(s.Lists().Put(t.Context(), entry(iplist.Gray, "192.0.2.9/32", 0)))(t)
	before.expect(t, "gray 192.0.2.9/32 0")
}
