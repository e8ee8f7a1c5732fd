package manage

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/rule"
	"github.com/weirnode/weir/store"
)

// Entry is a list entry as somebody asks for it.
type Entry struct {
	Kind        iplist.Kind
	Address     string // an address or a subnet
	Application int32  // 0 for all
	For         time.Duration
	Reason      string
}

// maxReason bounds what people write about an entry, in bytes.
const maxReason = 500

// Entries returns the entries of all lists.
func (m *Manage) Entries(_ context.Context, a Actor) ([]iplist.Entry, error) {
	if err := may(a, store.ReadOnly); err != nil {
		return nil, err
	}
	return m.Lists.All(), nil
}

// PutEntry adds an address or a subnet to a list, or changes the entry it has there.
func (m *Manage) PutEntry(ctx context.Context, a Actor, e Entry) (iplist.Entry, error) {
	if err := may(a, store.Analyst); err != nil {
		return iplist.Entry{}, err
	}
	prefix, err := ParsePrefix(e.Address)
	if err != nil {
		return iplist.Entry{}, err
	}
	if len(e.Reason) > maxReason {
		return iplist.Entry{}, &InvalidError{fmt.Sprintf("the reason is longer than %d bytes", maxReason)}
	}
	now := time.Now()
	entry := iplist.Entry{Kind: e.Kind, Prefix: prefix, Application: e.Application, Reason: e.Reason, Author: a.Name, Added: now}
	if e.For > 0 {
		entry.Until = now.Add(e.For)
	}
	if err := m.keepsOperatorIn(a, entry); err != nil {
		return iplist.Entry{}, err
	}
	put, err := m.Lists.Put(ctx, entry)
	if err != nil {
		return put, asInvalid(err)
	}
	m.changed(a, "put", "list_entry", fmt.Sprintf("%s %s", put.Kind, put.Prefix), put.Reason)
	return put, nil
}

// keepsOperatorIn refuses to deny the address from which the operator asks, unless
// it is the loopback: nobody should lock out themselves by a click.
func (m *Manage) keepsOperatorIn(a Actor, e iplist.Entry) error {
	if e.Kind == iplist.Deny && a.Address.IsValid() && !a.Address.IsLoopback() && e.Prefix.Contains(a.Address.Unmap()) {
		return &InvalidError{fmt.Sprintf("%s holds your own address %s; add a smaller subnet", e.Prefix, a.Address)}
	}
	return nil
}

// DeleteEntry takes an entry off its list.
func (m *Manage) DeleteEntry(ctx context.Context, a Actor, id int64) error {
	if err := may(a, store.Analyst); err != nil {
		return err
	}
	if err := m.Lists.Delete(ctx, id, a.Name); err != nil {
		return asInvalid(err)
	}
	m.changed(a, "delete", "list_entry", fmt.Sprintf("entry %d", id), "")
	return nil
}

// ParsePrefix reads an address or a subnet.
func ParsePrefix(s string) (netip.Prefix, error) {
	s = strings.TrimSpace(s)
	if addr, err := netip.ParseAddr(s); err == nil {
		addr = addr.Unmap().WithZone("")
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, &InvalidError{fmt.Sprintf("%q is neither an address such as 192.0.2.7 nor a subnet such as 192.0.2.0/24", s)}
	}
	return p.Masked(), nil
}

// BlockSession blocks a session for a while; zero is for ever.
func (m *Manage) BlockSession(ctx context.Context, a Actor, id event.Session, d time.Duration, why string) error {
	if err := may(a, store.Analyst); err != nil {
		return err
	}
	var until time.Time
	if d > 0 {
		until = time.Now().Add(d)
	}
	if err := m.Table.Block(ctx, id, until, why, a.Name); err != nil {
		return asInvalid(err)
	}
	m.changed(a, "put", "blocked_session", id.String(), why)
	return nil
}

// UnblockSession lifts the block of a session.
func (m *Manage) UnblockSession(ctx context.Context, a Actor, id event.Session) error {
	if err := may(a, store.Analyst); err != nil {
		return err
	}
	if err := m.Table.Unblock(ctx, id, a.Name); err != nil {
		return asInvalid(err)
	}
	m.changed(a, "delete", "blocked_session", id.String(), "")
	return nil
}

// StoredRules returns the stored rules.
func (m *Manage) StoredRules(ctx context.Context, a Actor) ([]rule.Rule, error) {
	if err := may(a, store.ReadOnly); err != nil {
		return nil, err
	}
	return rule.Load(ctx, m.State.Rules())
}

// PutRule adds a rule, or changes the one with its ID, and puts it in force.
func (m *Manage) PutRule(ctx context.Context, a Actor, r rule.Rule) (rule.Rule, error) {
	if err := may(a, store.Administrator); err != nil {
		return r, err
	}
	if err := r.Validate(); err != nil {
		return r, &InvalidError{err.Error()}
	}
	r.Author, r.Created = a.Name, time.Now()
	put, err := m.State.Rules().Put(ctx, r)
	if err != nil {
		return put, asInvalid(err)
	}
	m.changed(a, "put", "rule", fmt.Sprintf("rule %d", put.ID), fmt.Sprintf("%s %s%s", put.Mode, put.Host, put.Path))
	return put, m.Node.Rebuild(ctx)
}

// DeleteRule removes a rule and what it did.
func (m *Manage) DeleteRule(ctx context.Context, a Actor, id int64) error {
	if err := may(a, store.Administrator); err != nil {
		return err
	}
	if err := m.State.Rules().Delete(ctx, id, a.Name); err != nil {
		return asInvalid(err)
	}
	m.changed(a, "delete", "rule", fmt.Sprintf("rule %d", id), "")
	return m.Node.Rebuild(ctx)
}

// SessionBlocked reports whether a session is blocked now.
func (m *Manage) SessionBlocked(id event.Session) bool {
	return m.Table.Standing(id, time.Now()).Blocked
}
