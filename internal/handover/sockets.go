package handover

import (
	"fmt"
	"net"
	"slices"
	"sync"
)

// Sockets are what a process listens on. The zero Sockets have inherited nothing.
type Sockets struct {
	mu      sync.Mutex // guards all fields
	waiting []socket   // inherited and not asked for yet
	open    []socket
}

// socket is a listener with the address it is configured by, or systemd's name for it.
type socket struct {
	name     string
	listener *net.TCPListener
}

// Listen returns a listener on a TCP address: the inherited one if there is, else a
// new one.
func (s *Sockets) Listen(address string) (net.Listener, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.take(address)
	if l == nil {
		fresh, err := net.Listen("tcp", address) //nolint:noctx // opened once at the start
		if err != nil {
			return nil, err
		}
		l = fresh.(*net.TCPListener)
	}
	s.open = append(s.open, socket{address, l})
	return l, nil
}

// take removes the waiting socket of an address, by its name or by what it is bound to.
func (s *Sockets) take(address string) *net.TCPListener {
	i := slices.IndexFunc(s.waiting, func(w socket) bool { return w.name == address })
	if i < 0 {
		i = slices.IndexFunc(s.waiting, func(w socket) bool { return bound(w.listener, address) })
	}
	if i < 0 {
		return nil
	}
	l := s.waiting[i].listener
	s.waiting = slices.Delete(s.waiting, i, i+1)
	return l
}

// bound reports whether a listener is what listening on an address would give.
func bound(l *net.TCPListener, address string) bool {
	want, err := net.ResolveTCPAddr("tcp", address)
	if err != nil || want.Port == 0 {
		return false
	}
	have := l.Addr().(*net.TCPAddr)
	every := func(ip net.IP) bool { return ip == nil || ip.IsUnspecified() }
	return have.Port == want.Port && (have.IP.Equal(want.IP) || every(have.IP) && every(want.IP))
}

// Drop closes the inherited sockets that nobody has asked for and returns what they
// were.
func (s *Sockets) Drop() (dropped []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.waiting {
		dropped = append(dropped, fmt.Sprintf("%s (%q)", w.listener.Addr(), w.name))
		_ = w.listener.Close()
	}
	s.waiting = nil
	return dropped
}
