package iplist

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// Kind is one of the three lists.
type Kind uint8

// The lists. The zero Kind is none.
const (
	None  Kind = iota
	Allow      // never inspected, never blocked
	Deny       // blocked in every mode but off
	Gray       // its attacks are blocked in safe_blocking
)

var kinds = [...]string{"none", "allow", "deny", "gray"}

// String returns the list's text code.
func (k Kind) String() string { return kinds[k&3] }

// Kinds returns all lists.
func Kinds() []Kind { return []Kind{Allow, Deny, Gray} }

// ParseKind reads a list's text code.
func ParseKind(code string) (Kind, error) {
	for _, k := range Kinds() {
		if kinds[k] == code {
			return k, nil
		}
	}
	return None, fmt.Errorf("unknown list %q: use allow, deny or gray", code)
}

// Entry is one address or subnet on one list.
type Entry struct {
	ID          int64 // negative for entries of the configuration file
	Revision    int64
	Kind        Kind
	Prefix      netip.Prefix // masked; not of an IPv4 address written as an IPv6 one
	Application int32        // 0: all
	Reason      string
	Author      string // account name, "config" or "node"
	Added       time.Time
	Until       time.Time // zero: for ever
	Deleted     bool      // only in what Store.Since returns
}

// Store keeps entries. Revisions grow with every change. An entry that ended or
// was deleted more than a day ago may be forgotten.
type Store interface {
	// Since returns entries that changed or were deleted after a revision, in
	// order of their revision.
	Since(ctx context.Context, revision int64) ([]Entry, error)
	// Put adds an entry, or replaces the one of the same list, prefix and application.
	Put(ctx context.Context, e Entry) (Entry, error)
	Delete(ctx context.Context, id int64, author string) error
}

// ErrNotFound is returned for an entry that is not there.
var ErrNotFound = errors.New("no such list entry")

// Bounds of entries.
const (
	minHold = 5 * time.Minute
	min4    = 12 // shortest IPv4 prefix: a larger subnet is a mistake
	min6    = 32 // shortest IPv6 prefix: what a provider is given
)

// plain returns a prefix masked, and one of IPv4 addresses written as IPv6 ones
// (::ffff:192.0.2.0/120) as what it means: addresses are looked up unmapped.
func plain(p netip.Prefix) netip.Prefix {
	if a := p.Addr(); a.Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(a.Unmap(), p.Bits()-96)
	}
	return p.Masked()
}

// problem says why an entry is refused, "" if it is not.
func (e *Entry) problem(now time.Time) string {
	switch {
	case e.Kind == None || e.Kind > Gray:
		return "name a list: allow, deny or gray"
	case !e.Prefix.IsValid():
		return "name an address or a subnet"
	case e.Prefix.Addr().Is4() && e.Prefix.Bits() < min4:
		return fmt.Sprintf("%s is too large: subnets go up to /%d", e.Prefix, min4)
	case e.Prefix.Addr().Is6() && e.Prefix.Bits() < min6:
		return fmt.Sprintf("%s is too large: IPv6 subnets go up to /%d", e.Prefix, min6)
	case !e.Until.IsZero() && e.Until.Before(now.Add(minHold-time.Second)):
		return fmt.Sprintf("an entry holds for at least %s, or for ever", minHold)
	default:
		return ""
	}
}
