package config

import (
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// chainForm is what iptables takes as the name of a chain, without its own words.
var chainForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]{0,27}$`)

// builtinChains are those that a packet on its way to the node can be stopped in.
var builtinChains = map[string][]string{
	"filter": {"INPUT", "FORWARD"},
	"mangle": {"PREROUTING", "INPUT", "FORWARD"},
	"raw":    {"PREROUTING"},
}

// reservedChains cannot name a chain of one's own.
var reservedChains = []string{
	"INPUT", "OUTPUT", "FORWARD", "PREROUTING", "POSTROUTING", "ACCEPT", "DROP", "REJECT", "RETURN", "QUEUE", "LOG", "MARK",
}

// maxPorts bounds the rules that jump to the node's chain.
const maxPorts = 64

func (v *validator) netfilter(c *Config) {
	const path = "lists.netfilter"
	n := c.Lists.Netfilter
	chains, known := builtinChains[n.Table]
	if !known {
		v.say(path+".table", "unknown table %q: use filter, mangle or raw", n.Table)
	}
	switch {
	case !chainForm.MatchString(n.Parent):
		v.say(path+".parent", "%q is not the name of a chain", n.Parent)
	case known && slices.Contains(reservedChains, n.Parent) && !slices.Contains(chains, n.Parent):
		v.say(path+".parent", "table %s has no incoming chain %s: use %s or one of your own", n.Table, n.Parent, strings.Join(chains, ", "))
	}
	switch {
	case !chainForm.MatchString(n.Chain) || slices.Contains(reservedChains, n.Chain):
		v.say(path+".chain", "%q cannot name a chain of the node's own: write up to 28 letters, digits, - and _", n.Chain)
	case n.Chain == n.Parent:
		v.say(path+".chain", "%s is the parent: the node's own chain is another one", n.Chain)
	}
	switch {
	case n.Target != "DROP" && n.Target != "REJECT":
		v.say(path+".target", "unknown target %q: use DROP or REJECT", n.Target)
	case n.Target == "REJECT" && known && n.Table != "filter":
		v.say(path+".target", "REJECT needs table filter; use DROP in %s", n.Table)
	}
	between(v, path+".max", n.Max, 1, 100_000)
	v.netfilterPorts(path+".ports", c)
}

// netfilterPorts keeps the port of console and API out of what is dropped.
func (v *validator) netfilterPorts(path string, c *Config) {
	n, manage := c.Lists.Netfilter, port(c.Manage.Address)
	if len(n.Ports) > maxPorts {
		v.say(path, "%d ports are more than %d", len(n.Ports), maxPorts)
	}
	for i, p := range n.Ports {
		item := fmt.Sprintf("%s[%d]", path, i)
		between(v, item, p, 1, 65535)
		if p == manage {
			v.say(item, "%d is the port of manage.address, from which nobody is dropped", p)
		}
	}
	if !n.Enabled || len(n.Ports) > 0 || manage == 0 {
		return
	}
	for i, l := range c.Listen {
		if port(l.Address) == manage {
			v.say(path, "listen[%d] has the port of manage.address, from which nobody is dropped: give console and API another port", i)
		}
	}
}

// port returns the port of an address, 0 when it has none.
func port(address string) int {
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(text)
	return n
}
