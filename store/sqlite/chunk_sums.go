package sqlite

import (
	"bytes"
	"encoding/binary"
	"slices"
	"time"

	"github.com/weirnode/weir/event"
)

// sumStep is the length of time that one sum of a chunk or a tally covers.
const sumStep = int64(10 * time.Second)

// sum counts the requests of ten seconds.
type sum struct {
	slot                        int64 // time divided by sumStep
	requests, attacked, blocked int64
}

// sumsOf returns the sums of records, by time.
func sumsOf(records []event.Request) []sum {
	index := map[int64]int{}
	var sums []sum
	at, slot := -1, int64(0)
	for i := range records {
		r := &records[i]
		if next := r.Time / sumStep; at < 0 || next != slot {
			known, ok := index[next]
			if !ok {
				known = len(sums)
				index[next] = known
				sums = append(sums, sum{slot: next})
			}
			at, slot = known, next
		}
		sums[at].add(r)
	}
	slices.SortFunc(sums, func(a, b sum) int { return int(min(1, max(-1, a.slot-b.slot))) })
	return sums
}

func (s *sum) add(r *event.Request) {
	s.requests++
	if r.Types != "" {
		s.attacked++
	}
	if r.Action == "blocked" {
		s.blocked++
	}
}

func packSums(sums []sum) []byte {
	b := make([]byte, 0, 16*len(sums))
	for _, s := range sums {
		for _, n := range [...]int64{s.slot, s.requests, s.attacked, s.blocked} {
			b = binary.AppendVarint(b, n)
		}
	}
	return b
}

func unpackSums(data []byte) []sum {
	u := unpacking{in: data}
	var sums []sum
	for len(u.in) > 0 {
		s := sum{u.number(), u.number(), u.number(), u.number()}
		if u.bad {
			break
		}
		sums = append(sums, s)
	}
	return sums
}

// sessionPrefixes returns the first four bytes of each session, sorted.
func sessionPrefixes(records []event.Request) []byte {
	list := make([]uint32, 0, len(records))
	last := uint32(0)
	for i := range records {
		if p := binary.BigEndian.Uint32(records[i].Session[:4]); i == 0 || p != last {
			list = append(list, p)
			last = p
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	b := make([]byte, 0, 4*len(list))
	for _, p := range list {
		b = binary.BigEndian.AppendUint32(b, p)
	}
	return b
}

// holdsSession reports whether sorted prefixes hold that of a session.
func holdsSession(prefixes []byte, id event.Session) bool {
	lo, hi := 0, len(prefixes)/4
	for lo < hi {
		mid := (lo + hi) / 2
		switch bytes.Compare(prefixes[4*mid:4*mid+4], id[:4]) {
		case 0:
			return true
		case -1:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return false
}

// bounds returns the earliest and the latest time of records.
func bounds(records []event.Request) (first, last int64) {
	first, last = records[0].Time, records[0].Time
	for i := range records {
		first, last = min(first, records[i].Time), max(last, records[i].Time)
	}
	return first, last
}
