package event

import (
	"net/netip"
	"time"
)

// A flood is more than floodRate hits in a second. While it lasts, and for a while
// after, of identical hits only the first sampleKeep of an hour are kept, and the
// number of new attacks a batch is bounded.
const (
	floodRate   = 100
	floodLasts  = 10 * time.Second
	sampleKeep  = 5
	sampleSpan  = time.Hour
	maxSampled  = 20_000 // identities remembered
	maxNewKeys  = 50     // new attacks of one batch during a flood
	maxKnown    = 50_000 // attacks remembered
	multiplePin = "[multiple]"
)

// identity is what makes two hits identical.
type identity struct {
	key    Key
	addr   netip.Addr
	method string
	status uint16
}

// sampler decides which hits are kept. The zero sampler is ready; its memory is
// bounded.
type sampler struct {
	second  int64 // of the count
	count   int
	flood   int64 // Unix nanoseconds until which a flood is on
	seen    map[identity]int
	hour    int64 // when seen was begun
	known   map[Key]struct{}
	newKeys int
}

// flooding counts a hit and reports whether a flood is on.
func (s *sampler) flooding(now int64) bool {
	if second := now / int64(time.Second); second != s.second {
		s.second, s.count = second, 0
	}
	s.count++
	if s.count > floodRate {
		s.flood = now + int64(floodLasts)
	}
	return now < s.flood
}

// keep reports whether a hit is kept.
func (s *sampler) keep(h *Hit, key Key) bool {
	if h.Time >= s.flood {
		return true
	}
	if h.Time-s.hour > int64(sampleSpan) || len(s.seen) >= maxSampled {
		s.seen, s.hour = map[identity]int{}, h.Time
	}
	id := identity{key, h.Address, "", h.Status}
	switch h.Method {
	case "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS":
		id.method = constant(h.Method)
	}
	s.seen[id]++
	return s.seen[id] <= sampleKeep
}

// constant returns a copy of a method that borrows nothing.
func constant(method string) string {
	for _, m := range [...]string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"} {
		if m == method {
			return m
		}
	}
	return ""
}

// coarsen returns the key under which a hit is grouped: its own, or during a flood
// of ever new attacks that of its type, host and application only.
func (s *sampler) coarsen(h *Hit) Key {
	flood := s.flooding(h.Time)
	if s.known == nil || len(s.known) >= maxKnown {
		s.known = map[Key]struct{}{}
	}
	if _, ok := s.known[h.Attack]; ok {
		return h.Attack
	}
	if flood && s.newKeys >= maxNewKeys {
		return GroupKey(h.Application, h.Type, h.Host, multiplePin, multiplePin)
	}
	s.newKeys++
	s.known[h.Attack] = struct{}{}
	return h.Attack
}

func (s *sampler) nextBatch() { s.newKeys = 0 }

// coarse makes a hit one of an attack on many addresses.
func (h *Hit) coarse(key Key) { h.Attack, h.Path, h.Point = key, multiplePin, multiplePin }
