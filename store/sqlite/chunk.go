package sqlite

import (
	"encoding/binary"
	"errors"
	"net/netip"

	"github.com/weirnode/weir/event"
)

// A packed chunk is, before compression: a format number, the number of records, the
// texts, sessions and addresses that its records share, then a column for each field.
// Numbers are varints; a text, a session or an address is its index.

const (
	format      = 1
	minRecord   = 26        // bytes of the smallest record
	maxUnpacked = 64 << 20  // bytes of a chunk before compression
	packWindow  = 512 << 10 // bytes that the compressor looks back; it keeps twice as many, of 4 MiB if not told
)

// Columns of a record, in the order in which they are packed.
var (
	numberColumns = [...]struct {
		get func(*event.Request) int64
		set func(*event.Request, int64)
	}{
		{func(r *event.Request) int64 { return r.Time - idTime(r) }, func(r *event.Request, n int64) { r.Time = n + idTime(r) }},
		{func(r *event.Request) int64 { return r.Duration }, func(r *event.Request, n int64) { r.Duration = n }},
		{func(r *event.Request) int64 { return r.RequestBytes }, func(r *event.Request, n int64) { r.RequestBytes = n }},
		{func(r *event.Request) int64 { return r.ResponseBytes }, func(r *event.Request, n int64) { r.ResponseBytes = n }},
		{func(r *event.Request) int64 { return int64(r.Application) }, func(r *event.Request, n int64) { r.Application = int32(n) }},
		{func(r *event.Request) int64 { return int64(r.Status) }, func(r *event.Request, n int64) { r.Status = uint16(n) }},
		{func(r *event.Request) int64 { return int64(r.Score) }, func(r *event.Request, n int64) { r.Score = uint8(n) }},
	}
	textColumns = [...]func(*event.Request) *string{
		func(r *event.Request) *string { return &r.Method },
		func(r *event.Request) *string { return &r.Host },
		func(r *event.Request) *string { return &r.Path },
		func(r *event.Request) *string { return &r.Agent },
		func(r *event.Request) *string { return &r.Mode },
		func(r *event.Request) *string { return &r.Action },
		func(r *event.Request) *string { return &r.Reason },
		func(r *event.Request) *string { return &r.Types },
	}
)

// idTime returns the time in a record's id, which is its time to the millisecond.
func idTime(r *event.Request) int64 {
	return int64(binary.BigEndian.Uint64(r.ID[:8])>>16) * 1_000_000
}

// packing packs chunks; its memory is used again. The zero packing is ready.
type packing struct {
	texts     dictionary[string]
	sessions  dictionary[event.Session]
	addresses dictionary[netip.Addr]
	columns   []byte
	out       []byte
}

// dictionary numbers the different values of a chunk.
type dictionary[T comparable] struct {
	index  map[T]uint64
	values []T
}

func (d *dictionary[T]) number(v T) uint64 {
	n, ok := d.index[v]
	if !ok {
		if d.index == nil {
			d.index = map[T]uint64{}
		}
		n = uint64(len(d.values))
		d.index[v] = n
		d.values = append(d.values, v)
	}
	return n
}

func (d *dictionary[T]) reset() {
	clear(d.index)
	clear(d.values)
	d.values = d.values[:0]
}

// pack returns the records as bytes, not yet compressed, valid until the next call.
func (p *packing) pack(records []event.Request) []byte {
	p.pillars(records)
	out := append(p.out[:0], format)
	out = binary.AppendUvarint(out, uint64(len(records)))
	out = binary.AppendUvarint(out, uint64(len(p.texts.values)))
	for _, s := range p.texts.values {
		out = appendText(out, s)
	}
	out = binary.AppendUvarint(out, uint64(len(p.sessions.values)))
	for i := range p.sessions.values {
		out = append(out, p.sessions.values[i][:]...)
	}
	out = binary.AppendUvarint(out, uint64(len(p.addresses.values)))
	for _, a := range p.addresses.values {
		text, _ := a.MarshalBinary() // never fails
		out = appendText(out, text)
	}
	p.out = append(out, p.columns...)
	p.texts.reset()
	p.sessions.reset()
	p.addresses.reset()
	return p.out
}

func appendText[T string | []byte](out []byte, s T) []byte {
	return append(binary.AppendUvarint(out, uint64(len(s))), s...)
}

// pillars packs the columns and collects what they refer to.
func (p *packing) pillars(records []event.Request) {
	out := p.columns[:0]
	last := int64(0)
	for i := range records {
		head := int64(binary.BigEndian.Uint64(records[i].ID[:8]))
		out = binary.AppendVarint(out, head-last)
		last = head
	}
	for i := range records {
		out = append(out, records[i].ID[8:]...)
	}
	for _, column := range &numberColumns {
		for i := range records {
			out = binary.AppendVarint(out, column.get(&records[i]))
		}
	}
	for i := range records {
		out = binary.AppendUvarint(out, p.sessions.number(records[i].Session))
		out = binary.AppendUvarint(out, p.addresses.number(records[i].Address))
	}
	for _, column := range &textColumns {
		for i := range records {
			out = binary.AppendUvarint(out, p.texts.number(*column(&records[i])))
		}
	}
	p.columns = out
}

var errChunk = errors.New("a chunk of requests is damaged")

// unpacking reads what packing wrote. After a mistake all reads return zero.
type unpacking struct {
	in  []byte
	bad bool
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

// count reads how many things of at least size bytes follow.
func (u *unpacking) count(size int) int {
	n := u.uvarint()
	if n > uint64(len(u.in)/size) {
		u.bad, u.in = true, nil
		return 0
	}
	return int(n)
}

// pick reads an index and returns that value.
func pick[T any](u *unpacking, values []T) (v T) {
	i := u.uvarint()
	if i >= uint64(len(values)) {
		u.bad = true
		return v
	}
	return values[i]
}

// unpack returns the records that pack was given.
func unpack(data []byte) ([]event.Request, error) {
	u := unpacking{in: data}
	if first := u.bytes(1); u.bad || first[0] != format {
		return nil, errChunk
	}
	n := u.count(minRecord)
	texts := make([]string, u.count(1))
	for i := range texts {
		texts[i] = string(u.bytes(u.uvarint()))
	}
	sessions := make([]event.Session, u.count(len(event.Session{})))
	for i := range sessions {
		copy(sessions[i][:], u.bytes(uint64(len(sessions[i]))))
	}
	addresses := make([]netip.Addr, u.count(1))
	for i := range addresses {
		if addresses[i].UnmarshalBinary(u.bytes(u.uvarint())) != nil {
			u.bad = true
		}
	}
	if n > len(u.in)/minRecord {
		u.bad = true
	}
	if u.bad {
		return nil, errChunk
	}
	records := make([]event.Request, n)
	u.pillars(records, texts, sessions, addresses)
	if u.bad || len(u.in) > 0 {
		return nil, errChunk
	}
	return records, nil
}

func (u *unpacking) pillars(records []event.Request, texts []string, sessions []event.Session, addresses []netip.Addr) {
	last := int64(0)
	for i := range records {
		last += u.number()
		binary.BigEndian.PutUint64(records[i].ID[:8], uint64(last))
	}
	for i := range records {
		copy(records[i].ID[8:], u.bytes(8))
	}
	for _, column := range &numberColumns {
		for i := range records {
			column.set(&records[i], u.number())
		}
	}
	for i := range records {
		records[i].Session = pick(u, sessions)
		records[i].Address = pick(u, addresses)
	}
	for _, column := range &textColumns {
		for i := range records {
			*column(&records[i]) = pick(u, texts)
		}
	}
}
