package netfilter

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// layout is where the rules of a node stand.
type layout struct {
	table, parent, chain, target string
	ports                        []int
}

func (l *layout) equal(o *layout) bool {
	return l.table == o.table && l.parent == o.parent && l.chain == o.chain && l.target == o.target && slices.Equal(l.ports, o.ports)
}

// verb is what a step does.
type verb uint8

const (
	create       verb  = iota // a chain
	flush                     // all rules of a chain
	destroy                   // an empty chain
	insert                    // a rule at the head of a chain
	appendTo                  // a rule at the end of a chain
	remove                    // a rule
	sourcesAStep = 400        // a rule with several sources stands for as many rules
)

// step is one change of the packet filter.
type step struct {
	verb  verb
	chain string
	spec  []string
}

// converge returns the steps from what the two chains hold, as listed, to the rules
// that are wanted. At no step is a source stopped that may pass: rules that let pass
// come before those that stop, and go after them. The parent jumps to the chain when
// all is in place.
func (l *layout) converge(chain, parent []string, want []rule) (steps []step, foreign bool) {
	have, ours := l.listed(chain)
	switch {
	case chain == nil:
		steps = append(steps, step{create, l.chain, nil})
	case !ours:
		steps, have = append(steps, step{flush, l.chain, nil}), nil
	}
	missing, surplus := diff(have, want)
	steps = l.change(steps, insert, missing, true)
	steps = l.change(steps, appendTo, missing, false)
	steps = l.change(steps, remove, surplus, false)
	steps = l.change(steps, remove, surplus, true)
	jumps := l.jumps(parent)
	for _, port := range l.ports {
		if i := slices.Index(jumps, port); i >= 0 {
			jumps = slices.Delete(jumps, i, i+1)
		} else {
			steps = append(steps, step{insert, l.parent, l.jump(port)})
		}
	}
	return l.unjump(steps, jumps), !ours
}

// clear returns the steps that leave nothing of the node behind.
func (l *layout) clear(chain, parent []string) []step {
	steps := l.unjump(nil, l.jumps(parent))
	if chain != nil {
		steps = append(steps, step{flush, l.chain, nil}, step{destroy, l.chain, nil})
	}
	return steps
}

// change appends steps that do the same to all rules that let pass, or that stop.
func (l *layout) change(steps []step, v verb, list []rule, pass bool) []step {
	target := l.target
	if pass {
		target = "RETURN"
	}
	var prefixes []string
	for _, r := range list {
		if r.pass == pass {
			prefixes = append(prefixes, r.prefix.String())
		}
	}
	for batch := range slices.Chunk(prefixes, sourcesAStep) {
		steps = append(steps, step{v, l.chain, []string{"-s", strings.Join(batch, ","), "-j", target}})
	}
	return steps
}

func (l *layout) unjump(steps []step, ports []int) []step {
	for _, port := range ports {
		steps = append(steps, step{remove, l.parent, l.jump(port)})
	}
	return steps
}

// jump sends new connections to a port into the chain. Later packets do not walk
// through its rules, each of which costs time: the node itself denies what comes on
// connections that were open before.
func (l *layout) jump(port int) []string {
	return []string{"-p", "tcp", "-m", "tcp", "--dport", strconv.Itoa(port), "--syn", "-j", l.chain}
}

// jumps returns the ports of the listed rules that the node has made. Other rules
// that jump to the chain are let alone.
func (l *layout) jumps(parent []string) (ports []int) {
	for _, line := range parent {
		f := strings.Fields(line)
		if len(f) < 4 || f[0] != "-A" || f[len(f)-2] != "-j" || f[len(f)-1] != l.chain {
			continue
		}
		i := slices.Index(f, "--dport")
		if i < 0 || !sameWords(f[2:], l.jump(0)) {
			continue
		}
		if port, err := strconv.ParseUint(f[i+1], 10, 16); err == nil {
			ports = append(ports, int(port))
		}
	}
	return ports
}

// sameWords reports whether a listed rule has the form of ours, whatever its port:
// --syn is listed as the flags that it stands for.
func sameWords(listed, ours []string) bool {
	text := strings.Replace(strings.Join(listed, " "), "--tcp-flags FIN,SYN,RST,ACK SYN", "--syn", 1)
	words := strings.Fields(text)
	if len(words) != len(ours) {
		return false
	}
	for i, w := range words {
		if w != ours[i] && (i == 0 || words[i-1] != "--dport") {
			return false
		}
	}
	return true
}

// listed reads the rules of the chain. They are ours when each has the form that the
// node gives, is there once, and those that let pass come first.
func (l *layout) listed(lines []string) (list []rule, ours bool) {
	seen, stopped := map[rule]bool{}, false
	for _, line := range lines {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] != "-A" {
			continue // -N CHAIN, or a remark
		}
		r, ok := l.parse(words)
		if !ok || seen[r] || r.pass && stopped {
			return nil, false
		}
		seen[r], stopped = true, stopped || !r.pass
		list = append(list, r)
	}
	return list, true
}

// parse reads one rule: -A CHAIN [-s PREFIX] -j TARGET, and what REJECT adds.
func (l *layout) parse(words []string) (r rule, ok bool) {
	if len(words) != 6 && (len(words) != 8 || words[6] != "--reject-with") || words[1] != l.chain || words[2] != "-s" || words[4] != "-j" {
		return r, false
	}
	prefix, err := netip.ParsePrefix(words[3])
	r = rule{prefix, words[5] == "RETURN"}
	return r, err == nil && (r.pass || words[5] == l.target)
}
