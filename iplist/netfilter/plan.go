package netfilter

import (
	"net/netip"
	"slices"

	"github.com/weirnode/weir/iplist"
)

// rule is one rule of the node's chain: let a source pass, or stop it.
type rule struct {
	prefix netip.Prefix
	pass   bool
}

// rules returns what the chains of both address families hold, rules that let pass
// first, and how many denied prefixes did not fit into the most rules there may be:
// the first ones are served first. A prefix inside a wider one needs no rule, and
// what the allowlist holds is never stopped, however narrow the entry that denies it.
func rules(deny, allow []netip.Prefix, most int) (v4, v6 []rule, left int) {
	outer, passed := outermost(deny), outermost(allow)
	var pass, stop []rule
	for _, p := range deny {
		i, mine := slices.BinarySearchFunc(outer, p, netip.Prefix.Compare)
		if !mine || covered(passed, p) {
			continue
		}
		outer = slices.Delete(outer, i, i+1) // said twice, it is served once
		inside := within(passed, p)
		if len(pass)+len(stop)+len(inside)+1 > most {
			left++
			continue
		}
		for _, q := range inside {
			pass = append(pass, rule{q, true})
		}
		stop = append(stop, rule{p, false})
	}
	for _, r := range append(pass, stop...) {
		if r.prefix.Addr().Is4() {
			v4 = append(v4, r)
		} else {
			v6 = append(v6, r)
		}
	}
	return v4, v6, left
}

// outermost returns the prefixes that no other one holds, sorted.
func outermost(list []netip.Prefix) []netip.Prefix {
	sorted := slices.SortedFunc(slices.Values(list), netip.Prefix.Compare)
	out := sorted[:0]
	for _, p := range sorted {
		if len(out) == 0 || !holds(out[len(out)-1], p) {
			out = append(out, p)
		}
	}
	return out
}

// holds reports whether every address of inner is one of outer.
func holds(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// covered reports whether one of the outermost prefixes holds p.
func covered(outermost []netip.Prefix, p netip.Prefix) bool {
	i, same := slices.BinarySearchFunc(outermost, p, netip.Prefix.Compare)
	return same || i > 0 && holds(outermost[i-1], p)
}

// within returns those of the outermost prefixes that p holds: they stand together.
func within(outermost []netip.Prefix, p netip.Prefix) []netip.Prefix {
	from, _ := slices.BinarySearchFunc(outermost, p, netip.Prefix.Compare)
	to := from
	for to < len(outermost) && holds(p, outermost[to]) {
		to++
	}
	return outermost[from:to]
}

// sources returns the prefixes that are denied for all applications, in the order of
// the entries, and those that are allowed for any. To deny everybody is left to the
// node: it is hardly meant, and would leave nobody a block page to see why.
func sources(entries []iplist.Entry) (deny, allow []netip.Prefix) {
	for i := range entries {
		switch e := &entries[i]; {
		case !e.Prefix.IsValid() || e.Prefix.Addr().Is4In6():
		case e.Kind == iplist.Allow:
			allow = append(allow, e.Prefix)
		case e.Kind == iplist.Deny && e.Application == 0 && e.Prefix.Bits() > 0:
			deny = append(deny, e.Prefix)
		}
	}
	return deny, allow
}

// diff returns the rules that are wanted and not there, and those that are there and
// not wanted.
func diff(have, want []rule) (missing, surplus []rule) {
	return without(want, have), without(have, want)
}

func without(list, others []rule) (rest []rule) {
	known := make(map[rule]bool, len(others))
	for _, r := range others {
		known[r] = true
	}
	for _, r := range list {
		if !known[r] {
			rest = append(rest, r)
		}
	}
	return rest
}
