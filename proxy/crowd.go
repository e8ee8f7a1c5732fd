package proxy

import (
	"net/netip"
	"sync"
)

// crowd counts the connections of every address and of all. IPv6 clients own whole
// networks, so a /64 counts as one address.
type crowd struct {
	most    int // of all; 0: no limit
	mostOne int // of one address; 0: no limit

	mu  sync.Mutex // guards the fields below
	all int
	of  map[netip.Addr]int
}

func newCrowd(most, mostOne int) *crowd {
	return &crowd{most: most, mostOne: mostOne, of: map[netip.Addr]int{}}
}

// place returns what an address is counted as.
func place(a netip.Addr) netip.Addr {
	if a = a.Unmap(); a.Is6() {
		p, err := a.WithZone("").Prefix(64)
		if err == nil {
			return p.Addr()
		}
	}
	return a
}

// enter counts a connection, or says which limit stands against it. Exempt addresses
// count only among all.
func (c *crowd) enter(a netip.Addr, exempt bool) (limit string) {
	a = place(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.most > 0 && c.all >= c.most:
		return "all"
	case c.mostOne > 0 && !exempt && c.of[a] >= c.mostOne:
		return "address"
	}
	c.all++
	c.of[a]++
	return ""
}

// leave uncounts a connection.
func (c *crowd) leave(a netip.Addr) {
	a = place(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if c.of[a]--; c.of[a] <= 0 {
		delete(c.of, a)
	}
}
