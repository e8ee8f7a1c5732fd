package iplist

import (
	"net/netip"
	"time"

	"github.com/gaissmai/bart"
)

// tables is one immutable generation of all lists.
type tables struct {
	kinds [4]kindTable
	count int // entries, for a quick no
}

// kindTable is one list: entries for all applications, and those for one.
type kindTable struct {
	all  *bart.Table[*Entry]
	apps map[int32]*bart.Table[*Entry]
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

// holding returns the entry of the longest prefix that has not ended.
func holding(t *bart.Table[*Entry], addr netip.Addr) *Entry {
	if t == nil {
		return nil
	}
	e, ok := t.Lookup(addr)
	if !ok || e.Until.IsZero() {
		return e
	}
	now := time.Now()
	if !e.expired(now) {
		return e
	}
	for _, wider := range t.Supernets(netip.PrefixFrom(addr, addr.BitLen())) {
		if !wider.expired(now) {
			return wider
		}
	}
	return nil
}

// with returns tables that hold e too.
func (t *tables) with(e Entry) *tables { return t.change(e, true) }

// without returns tables that do not hold e.
func (t *tables) without(e Entry) *tables { return t.change(e, false) }

func (t *tables) change(e Entry, add bool) *tables {
	next := *t
	k := &next.kinds[e.Kind]
	if e.Application == 0 {
		k.all = changed(k.all, &e, add)
	} else {
		apps := make(map[int32]*bart.Table[*Entry], len(k.apps)+1)
		for id, table := range k.apps {
			apps[id] = table
		}
		apps[e.Application] = changed(apps[e.Application], &e, add)
		k.apps = apps
	}
	if add {
		next.count++
	} else {
		next.count--
	}
	return &next
}

func changed(t *bart.Table[*Entry], e *Entry, add bool) *bart.Table[*Entry] {
	switch {
	case t == nil && !add:
		return nil
	case t == nil:
		t = &bart.Table[*Entry]{}
	}
	if add {
		return t.InsertPersist(e.Prefix, e)
	}
	if held, ok := t.Get(e.Prefix); ok && held.ID == e.ID {
		return t.DeletePersist(e.Prefix)
	}
	return t
}
