package sqlite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"time"

	"github.com/weirnode/weir/event"
)

// A packed chunk is, before compression: the number of records, the texts that its
// records share, then the records. Numbers are varints; a text, an address or a
// session is its index among the texts. Times are differences to the record before.

// packing collects the texts of one chunk.
type packing struct {
	index map[string]uint64
	texts []byte
	out   []byte
}

func (p *packing) text(s string) {
	i, ok := p.index[s]
	if !ok {
		i = uint64(len(p.index))
		p.index[s] = i
		p.texts = binary.AppendUvarint(p.texts, uint64(len(s)))
		p.texts = append(p.texts, s...)
	}
	p.out = binary.AppendUvarint(p.out, i)
}

func (p *packing) number(n int64) { p.out = binary.AppendVarint(p.out, n) }

// pack returns the records as bytes, not yet compressed.
func pack(records []event.Request) []byte {
	p := packing{index: make(map[string]uint64, 64), out: make([]byte, 0, 48*len(records))}
	last := int64(0)
	for i := range records {
		r := &records[i]
		p.out = append(p.out, r.ID[:]...)
		p.number(r.Time - last)
		last = r.Time
		p.number(r.Duration)
		p.number(r.RequestBytes)
		p.number(r.ResponseBytes)
		p.number(int64(r.Application))
		p.number(int64(r.Status))
		p.number(int64(r.Score))
		p.text(string(r.Session[:]))
		addr, _ := r.Address.MarshalBinary() // never fails
		p.text(string(addr))
		for _, s := range [...]string{r.Method, r.Host, r.Path, r.Agent, r.Mode, r.Action, r.Reason, r.Types} {
			p.text(s)
		}
	}
	head := binary.AppendUvarint(nil, uint64(len(records)))
	head = binary.AppendUvarint(head, uint64(len(p.index)))
	return slices.Concat(head, p.texts, p.out)
}

var errChunk = errors.New("a chunk of requests is damaged")

// unpacking reads what packing wrote. After a mistake all reads return zero.
type unpacking struct {
	in    []byte
	texts []string
	bad   bool
}

func (u *unpacking) uvarint() uint64 {
	n, size := binary.Uvarint(u.in)
	if size <= 0 {
		u.bad, u.in = true, nil
		return 0
	}
	u.in = u.in[size:]
	return n
}

func (u *unpacking) number() int64 {
	n, size := binary.Varint(u.in)
	if size <= 0 {
		u.bad, u.in = true, nil
		return 0
	}
	u.in = u.in[size:]
	return n
}

func (u *unpacking) bytes(n uint64) []byte {
	if n > uint64(len(u.in)) {
		u.bad, u.in = true, nil
		return nil
	}
	b := u.in[:n]
	u.in = u.in[n:]
	return b
}

func (u *unpacking) text() string {
	i := u.uvarint()
	if i >= uint64(len(u.texts)) {
		u.bad = true
		return ""
	}
	return u.texts[i]
}

// unpack returns the records that pack was given.
func unpack(data []byte) ([]event.Request, error) {
	u := unpacking{in: data}
	n, texts := u.uvarint(), u.uvarint()
	if n > uint64(len(data)) || texts > uint64(len(data)) {
		return nil, errChunk
	}
	u.texts = make([]string, texts)
	for i := range u.texts {
		u.texts[i] = string(u.bytes(u.uvarint()))
	}
	records := make([]event.Request, n)
	last := int64(0)
	for i := range records {
		u.record(&records[i], &last)
		if u.bad {
			return nil, errChunk
		}
	}
	return records, nil
}

func (u *unpacking) record(r *event.Request, last *int64) {
	copy(r.ID[:], u.bytes(16))
	*last += u.number()
	r.Time = *last
	r.Duration, r.RequestBytes, r.ResponseBytes = u.number(), u.number(), u.number()
	r.Application, r.Status, r.Score = int32(u.number()), uint16(u.number()), uint8(u.number())
	copy(r.Session[:], u.text())
	var addr netip.Addr
	if addr.UnmarshalBinary([]byte(u.text())) == nil {
		r.Address = addr
	}
	for _, s := range [...]*string{&r.Method, &r.Host, &r.Path, &r.Agent, &r.Mode, &r.Action, &r.Reason, &r.Types} {
		*s = u.text()
	}
}

// sumStep is the length of time that one sum of a chunk covers.
const sumStep = int64(10 * time.Second)

// sum counts the requests of ten seconds.
type sum struct {
	slot                        int64 // time divided by sumStep
	requests, attacked, blocked int64
}

// sumsOf returns the sums of records, which need not be in order of time.
func sumsOf(records []event.Request) []sum {
	var sums []sum
	for i := range records {
		r := &records[i]
		slot := r.Time / sumStep
		at := slices.IndexFunc(sums, func(s sum) bool { return s.slot == slot })
		if at < 0 {
			at = len(sums)
			sums = append(sums, sum{slot: slot})
		}
		sums[at].add(r)
	}
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
	var b []byte
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
