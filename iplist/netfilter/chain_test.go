package netfilter

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// fake is a packet filter that keeps rules as iptables lists them.
type fake struct {
	chains map[string][]string
	broken error
}

func newFake() *fake { return &fake{chains: map[string][]string{"INPUT": {}}} }

func (f *fake) Rules(chain string) ([]string, error) {
	list, ok := f.chains[chain]
	if f.broken != nil || !ok {
		return nil, f.broken
	}
	lines := []string{"-N " + chain}
	for _, r := range list {
		lines = append(lines, "-A "+chain+" "+strings.Replace(r, "--syn", "--tcp-flags FIN,SYN,RST,ACK SYN", 1))
	}
	return lines, nil
}

func (f *fake) Do(s step) error {
	list, ok := f.chains[s.chain]
	if ok == (s.verb == create) {
		return fmt.Errorf("chain %s is there: %v", s.chain, ok)
	}
	switch s.verb {
	case flush:
		f.chains[s.chain] = nil
	case create:
		f.chains[s.chain] = []string{}
	case destroy:
		if len(list) > 0 {
			return fmt.Errorf("chain %s is not empty", s.chain)
		}
		delete(f.chains, s.chain)
	case insert:
		f.chains[s.chain] = append(spread(s.spec), list...)
	case appendTo:
		f.chains[s.chain] = append(list, spread(s.spec)...)
	case remove:
		for _, r := range spread(s.spec) {
			i := slices.Index(f.chains[s.chain], r)
			if i < 0 {
				return fmt.Errorf("no rule %s in %s", r, s.chain)
			}
			f.chains[s.chain] = slices.Delete(slices.Clone(f.chains[s.chain]), i, i+1)
		}
	default:
		return fmt.Errorf("verb %d", s.verb)
	}
	return nil
}

// spread returns the rules that a rule with several sources stands for.
func spread(spec []string) (list []string) {
	if spec[0] != "-s" {
		return []string{strings.Join(spec, " ")}
	}
	for source := range strings.SplitSeq(spec[1], ",") {
		list = append(list, strings.Join(append([]string{"-s", source}, spec[2:]...), " "))
	}
	return list
}

// stops walks a packet through the chains.
func (f *fake) stops(source netip.Addr, port int) bool {
	for _, jump := range f.chains["INPUT"] {
		words := strings.Fields(jump)
		if i := slices.Index(words, "--dport"); i < 0 || words[i+1] != strconv.Itoa(port) {
			continue
		}
		for _, r := range f.chains[words[len(words)-1]] {
			if words := strings.Fields(r); netip.MustParsePrefix(words[1]).Contains(source) {
				return words[3] != "RETURN"
			}
		}
	}
	return false
}

func lines(text string) []string { return strings.Split(text, "\n") }

func TestListed(t *testing.T) {
	drop := &layout{"filter", "INPUT", "WEIR", "DROP", nil}
	reject := &layout{"filter", "INPUT", "WEIR", "REJECT", nil}
	for _, c := range []struct {
		name string
		l    *layout
		text string
		want string
		ours bool
	}{
		{"empty", drop, "-N WEIR", "", true},
		{"a remark", drop, "# Warning: legacy tables\n-N WEIR\n-A WEIR -s 192.0.2.1/32 -j DROP", "stop 192.0.2.1/32", true},
		{"both", drop, "-A WEIR -s 192.0.2.1/32 -j RETURN\n-A WEIR -s 192.0.2.0/24 -j DROP", "pass 192.0.2.1/32, stop 192.0.2.0/24", true},
		{"as glibc writes it", drop, "-A WEIR -s ::102:304/128 -j DROP\n-A WEIR -s ::1.2.3.5/128 -j DROP", "stop ::102:304/128, stop ::102:305/128", true},
		{"REJECT", reject, "-A WEIR -s 192.0.2.1/32 -j REJECT --reject-with icmp-port-unreachable", "stop 192.0.2.1/32", true},
		{"another target", drop, "-A WEIR -s 192.0.2.1/32 -j REJECT --reject-with icmp-port-unreachable", "", false},
		{"twice", drop, "-A WEIR -s 192.0.2.1/32 -j DROP\n-A WEIR -s 192.0.2.1/32 -j DROP", "", false},
		{"too late to pass", drop, "-A WEIR -s 192.0.2.0/24 -j DROP\n-A WEIR -s 192.0.2.1/32 -j RETURN", "", false},
		{"everybody", drop, "-A WEIR -j DROP", "", false},
		{"not a prefix", drop, "-A WEIR -s 192.0.2.1/255.0.255.0 -j DROP", "", false},
		{"not its source", drop, "-A WEIR -d 192.0.2.1/32 -j DROP", "", false},
		{"more than a source", drop, "-A WEIR -s 192.0.2.1/32 -p tcp -j DROP", "", false},
		{"others but", drop, "-A WEIR ! -s 192.0.2.1/32 -j DROP", "", false},
	} {
		list, ours := c.l.listed(lines(c.text))
		if said(list) != c.want || ours != c.ours {
			t.Errorf("%s: %q, ours %v; want %q, %v", c.name, said(list), ours, c.want, c.ours)
		}
	}
}

func TestTakingOver(t *testing.T) {
	l := &layout{"filter", "INPUT", "WEIR", "DROP", []int{443}}
	theirs := "-p udp -m udp --dport 53 -j WEIR"
	for _, c := range []struct {
		name, chain string
		foreign     bool
	}{
		{"what a killed node left", "-s 192.0.2.1/32 -j DROP", false},
		{"what somebody else put there", "-s 192.0.2.1/32 -j DROP\n-j DROP", true},
	} {
		k := newFake()
		k.chains["WEIR"] = lines(c.chain)
		jump := strings.Join(l.jump(80), " ")
		k.chains["INPUT"] = []string{jump, jump, "-j ACCEPT", theirs}
		chain, _ := k.Rules("WEIR")
		parent, _ := k.Rules("INPUT")
		steps, foreign := l.converge(chain, parent, []rule{{netip.MustParsePrefix("192.0.2.9/32"), false}})
		if err := do(k, steps); err != nil || foreign != c.foreign {
			t.Errorf("%s: foreign %v, %v", c.name, foreign, err)
		}
		if want := []string{strings.Join(l.jump(443), " "), "-j ACCEPT", theirs}; !slices.Equal(k.chains["INPUT"], want) {
			t.Errorf("%s: parent %q, want %q", c.name, k.chains["INPUT"], want)
		}
		if want := []string{"-s 192.0.2.9/32 -j DROP"}; !slices.Equal(k.chains["WEIR"], want) {
			t.Errorf("%s: chain %q, want %q", c.name, k.chains["WEIR"], want)
		}
	}
}

// TestBatches checks that many rules take few steps.
func TestBatches(t *testing.T) {
	var want []rule
	for i := range 1001 {
		want = append(want, rule{netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, byte(i >> 8), byte(i)}), 32), false})
	}
	l := &layout{"filter", "INPUT", "WEIR", "DROP", []int{443}}
	if steps, _ := l.converge(nil, []string{}, want); len(steps) != 1+3+1 {
		t.Errorf("%d steps", len(steps))
	}
}

func FuzzListed(f *testing.F) {
	f.Add("-N WEIR\n-A WEIR -s 192.0.2.1/32 -j RETURN\n-A WEIR -s 192.0.2.0/24 -j DROP")
	f.Add("-A INPUT -p tcp -m tcp --dport 80 --tcp-flags FIN,SYN,RST,ACK SYN -j WEIR")
	f.Add("-A INPUT --dport -j WEIR")
	l := &layout{"filter", "INPUT", "WEIR", "DROP", []int{443}}
	f.Fuzz(func(t *testing.T, text string) {
		all := lines(text)
		for _, port := range l.jumps(all) {
			if !strings.Contains(text, strconv.Itoa(port)) || port > 65535 {
				t.Fatalf("port %d of %q", port, text)
			}
		}
		list, ours := l.listed(all)
		if !ours && list != nil || len(list) > len(all) {
			t.Fatalf("%v, %v", list, ours)
		}
		steps, _ := l.converge(all, nil, list)
		for _, s := range steps {
			if ours && s.chain == l.chain {
				t.Fatalf("the chain is as wanted, and yet %v", s)
			}
		}
	})
}
