package netfilter

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/iplist"
)

func prefixes(text string) (list []netip.Prefix) {
	for p := range strings.FieldsSeq(text) {
		list = append(list, netip.MustParsePrefix(p))
	}
	return list
}

func said(list []rule) string {
	var words []string
	for _, r := range list {
		word := "stop "
		if r.pass {
			word = "pass "
		}
		words = append(words, word+r.prefix.String())
	}
	return strings.Join(words, ", ")
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		name, deny, allow string
		most              int
		v4, v6            string
		left              int
	}{
		{"nothing", "", "10.0.0.0/24", 9, "", "", 0},
		{"both families", "192.0.2.7/32 2001:db8::/32", "", 9, "stop 192.0.2.7/32", "stop 2001:db8::/32", 0},
		{"allowed as a whole", "192.0.2.7/32 198.51.100.0/24", "192.0.2.0/24", 9, "stop 198.51.100.0/24", "", 0},
		{"the same", "192.0.2.7/32", "192.0.2.7/32", 9, "", "", 0},
		{
			"allowed in parts", "192.0.2.0/24", "192.0.2.8/29 192.0.2.9/32 192.0.2.200/32 192.0.3.1/32", 9,
			"pass 192.0.2.8/29, pass 192.0.2.200/32, stop 192.0.2.0/24", "", 0,
		},
		{"denied twice", "192.0.2.7/32 192.0.2.0/24 192.0.2.7/32 192.0.2.0/24", "", 9, "stop 192.0.2.0/24", "", 0},
		{"first come, first served", "203.0.113.9/32 192.0.2.1/32 192.0.2.3/32", "", 2, "stop 203.0.113.9/32, stop 192.0.2.1/32", "", 1},
		{"never without its pass", "192.0.2.0/24 203.0.113.9/32", "192.0.2.1/32 192.0.2.3/32", 2, "stop 203.0.113.9/32", "", 1},
		{"mapped is not mixed up", "2001:db8::/64", "0.0.0.0/0", 9, "", "stop 2001:db8::/64", 0},
	} {
		v4, v6, left := rules(prefixes(c.deny), prefixes(c.allow), c.most)
		if said(v4) != c.v4 || said(v6) != c.v6 || left != c.left {
			t.Errorf("%s: %q, %q, %d left; want %q, %q, %d", c.name, said(v4), said(v6), left, c.v4, c.v6, c.left)
		}
	}
}

func TestSources(t *testing.T) {
	var entries []iplist.Entry
	add := func(kind iplist.Kind, prefix string, application int32) {
		entries = append(entries, iplist.Entry{Kind: kind, Prefix: netip.MustParsePrefix(prefix), Application: application})
	}
	add(iplist.Deny, "192.0.2.1/32", 0)
	add(iplist.Deny, "192.0.2.2/32", 7)
	add(iplist.Deny, "0.0.0.0/0", 0)
	add(iplist.Gray, "192.0.2.3/32", 0)
	add(iplist.Allow, "192.0.2.4/32", 7)
	add(iplist.Allow, "192.0.2.5/32", 0)
	deny, allow := sources(entries)
	if !slices.Equal(deny, prefixes("192.0.2.1/32")) || !slices.Equal(allow, prefixes("192.0.2.4/32 192.0.2.5/32")) {
		t.Errorf("deny %v, allow %v", deny, allow)
	}
}

func TestDiff(t *testing.T) {
	a, b, c := rule{netip.MustParsePrefix("192.0.2.1/32"), false}, rule{netip.MustParsePrefix("192.0.2.2/32"), false}, rule{netip.MustParsePrefix("192.0.2.1/32"), true}
	for _, d := range []struct{ have, want, missing, surplus []rule }{
		{nil, nil, nil, nil},
		{nil, []rule{a, b}, []rule{a, b}, nil},
		{[]rule{a, b}, nil, nil, []rule{a, b}},
		{[]rule{a, b}, []rule{b, c}, []rule{c}, []rule{a}},
	} {
		missing, surplus := diff(d.have, d.want)
		if !slices.Equal(missing, d.missing) || !slices.Equal(surplus, d.surplus) {
			t.Errorf("%v to %v: missing %v, surplus %v", d.have, d.want, missing, surplus)
		}
	}
}

// random returns prefixes of a small world, so that many hold each other.
func random(r *rand.Rand, n int) (list []netip.Prefix) {
	for range r.IntN(n + 1) {
		p := netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(r.IntN(64))}), 26+r.IntN(7))
		list = append(list, p.Masked())
	}
	return list
}

func anyHolds(list []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
}

// TestConvergingLikeATwin goes from one random pair of lists to the next. In the end
// exactly those are stopped whom a plain search finds denied and not allowed; at no
// step is anybody stopped who was and is allowed.
func TestConvergingLikeATwin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	l := &layout{"filter", "INPUT", "WEIR", "DROP", []int{80, 443}}
	k := newFake()
	var before []netip.Prefix
	stopped := 0
	for round := range 200 {
		deny, allow := random(r, 12), random(r, 6)
		want, _, _ := rules(deny, allow, 1000)
		chain, _ := k.Rules("WEIR")
		parent, _ := k.Rules("INPUT")
		steps, foreign := l.converge(chain, parent, want)
		if foreign {
			t.Fatalf("round %d: own rules are taken for foreign ones: %v", round, chain)
		}
		for _, s := range steps {
			if err := k.Do(s); err != nil {
				t.Fatalf("round %d: %v: %v", round, s, err)
			}
			for i := range 64 {
				a := netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})
				if k.stops(a, 80) && anyHolds(allow, a) && (anyHolds(before, a) || round == 0) {
					t.Fatalf("round %d: %v stops %s, which is allowed", round, s, a)
				}
			}
		}
		for i := range 64 {
			a := netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})
			if got, want := k.stops(a, 443), anyHolds(deny, a) && !anyHolds(allow, a); got != want {
				t.Fatalf("round %d: %s stopped: %v, want %v; deny %v, allow %v, chain %v", round, a, got, want, deny, allow, k.chains["WEIR"])
			} else if got {
				stopped++
			}
		}
		before = allow
	}
	if stopped < 1000 {
		t.Errorf("only %d addresses were stopped: the world is too small", stopped)
	}
}
