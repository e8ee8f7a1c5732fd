package iplist

import (
	"maps"
	"net/netip"
	"time"

	"github.com/gaissmai/bart"
)

// tables is one generation of all lists, immutable once it is published.
type tables struct {
	kinds [4]kindTable
	count int  // entries, for a quick no
	draft bool // not published: changed in place
}

// bulk is the number of changes from which copying everything once is cheaper than
// copying the way to each.
const bulk = 256

// prepare returns tables for n changes.
func (t *tables) prepare(n int) *tables {
	if n < bulk {
		return t
	}
	draft := &tables{count: t.count, draft: true}
	for i, k := range t.kinds {
		if k.all != nil {
			draft.kinds[i].all = k.all.Clone()
		}
		draft.kinds[i].apps = make(map[int32]*table, len(k.apps))
		for id, app := range k.apps {
			draft.kinds[i].apps[id] = app.Clone()
		}
	}
	return draft
}

// kindTable is one list: entries for all applications, and those for one.
type kindTable struct {
	all  *table
	apps map[int32]*table
}

type table = bart.Table[*held]

// held is an entry among those of the same list, prefix and application: the file
// may say what is stored too, and either must outlive the other.
type held struct {
	Entry
	next *held
}

func (t *tables) lookup(addr netip.Addr, application int32) Match {
	if t.count == 0 || !addr.IsValid() {
		return Match{}
	}
	addr = addr.Unmap()
	for k := Allow; k <= Gray; k++ {
		if e := t.kinds[k].find(addr, application); e != nil {
			return Match{e.Kind, e.ID, e.Reason}
		}
	}
	return Match{}
}

// find returns an entry that holds for the address and the application.
func (k *kindTable) find(addr netip.Addr, application int32) *Entry {
	if e := holding(k.all, addr); e != nil {
		return e
	}
	if k.apps == nil {
		return nil
	}
	return holding(k.apps[application], addr)
}

// holding returns an entry of the longest prefix that has one which has not ended.
func holding(t *table, addr netip.Addr) *Entry {
	if t == nil {
		return nil
	}
	h, ok := t.Lookup(addr)
	if !ok {
		return nil
	}
	if e := h.holds(); e != nil {
		return e
	}
	for _, wider := range t.Supernets(netip.PrefixFrom(addr, addr.BitLen())) {
		if e := wider.holds(); e != nil {
			return e
		}
	}
	return nil
}

// holds returns the first entry that has not ended. The clock is read only for
// entries that end.
func (h *held) holds() *Entry {
	for ; h != nil; h = h.next {
		if h.Until.IsZero() || time.Now().Before(h.Until) {
			return &h.Entry
		}
	}
	return nil
}

// with returns tables that hold e too.
func (t *tables) with(e Entry) *tables {
	return t.change(&e, +1, func(h *held) *held { return &held{e, h} })
}

// without returns tables that do not hold e, which they held.
func (t *tables) without(e Entry) *tables {
	return t.change(&e, -1, func(h *held) *held { return h.without(e.ID) })
}

// without returns the entries but the one of an ID.
func (h *held) without(id int64) *held {
	switch {
	case h == nil:
		return nil
	case h.ID == id:
		return h.next
	default:
		return &held{h.Entry, h.next.without(id)}
	}
}

// change returns tables in which the entries of e's list, prefix and application
// are replaced. Unless t is a draft it stays as it is, and what is not on the way to
// the entries is shared.
func (t *tables) change(e *Entry, more int, replace func(*held) *held) *tables {
	next := t
	if !t.draft {
		next = new(*t)
	}
	next.count += more
	k := &next.kinds[e.Kind]
	if e.Application == 0 {
		k.all = changed(k.all, e.Prefix, replace, t.draft)
		return next
	}
	if !t.draft {
		k.apps = maps.Clone(k.apps)
	}
	if k.apps == nil {
		k.apps = map[int32]*table{}
	}
	app := changed(k.apps[e.Application], e.Prefix, replace, t.draft)
	if app == nil {
		delete(k.apps, e.Application)
	} else {
		k.apps[e.Application] = app
	}
	return next
}

// changed returns t with the entries of a prefix replaced, nil when none is left.
func changed(t *table, p netip.Prefix, replace func(*held) *held, inPlace bool) *table {
	if t == nil {
		t, inPlace = &table{}, true
	}
	replaced := func(h *held, _ bool) (*held, bool) {
		h = replace(h)
		return h, h == nil
	}
	if inPlace {
		t.Modify(p, replaced)
	} else {
		t = t.ModifyPersist(p, replaced)
	}
	if t.Size() == 0 {
		return nil
	}
	return t
}
