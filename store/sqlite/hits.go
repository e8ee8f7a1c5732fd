package sqlite

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"net/netip"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/weirnode/weir/event"
)

const (
	attackGap   = int64(time.Hour) // after its last hit, for which an attack still takes new ones
	maxGroups   = 20_000           // attacks remembered in memory
	maxSources  = 1000             // counted for each attack
	maxPayloads = 1000             // counted for each attack
)

// group is an attack that further hits may join, with what the batch at hand adds.
type group struct {
	id, last          int64
	payloads, sources int64
	topSource         []byte
	topHits           int64
	delta             *delta // nil when saved
}

// subject is what all hits of an attack share. The key alone does not do: who sends
// hits could make two keys collide.
type subject struct {
	key                    event.Key
	application            int32
	typ, host, path, point string
}

func subjectOf(h *event.Hit) subject {
	return subject{h.Attack, h.Application, h.Type, h.Host, h.Path, h.Point}
}

func (u subject) clone() subject {
	u.typ, u.host, u.path, u.point = strings.Clone(u.typ), strings.Clone(u.host), strings.Clone(u.path), strings.Clone(u.point)
	return u
}

// delta is what one batch adds to an attack.
type delta struct {
	hits, blocked, kept, first, last int64
	score, status                    int64
	sources                          map[netip.Addr]int64
}

// appendHits inserts hits and adds up what they and tallies bring their attacks.
func (s *Store) appendHits(w *writer, b *event.Batch) error {
	if len(s.groups) >= maxGroups {
		clear(s.groups)
	}
	var touched []*group
	for i := range b.Hits {
		g, err := s.groupOf(w, &b.Hits[i], &touched)
		if err == nil {
			err = s.appendHit(w, g, &b.Hits[i])
		}
		if err != nil {
			return err
		}
	}
	if len(b.Tallies) > 0 {
		if err := s.appendTallies(w, b.Tallies, &touched); err != nil {
			return err
		}
	}
	for _, g := range touched {
		if err := g.save(w); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) appendHit(w *writer, g *group, h *event.Hit) error {
	result, err := w.exec(w.put.hit, h.ID[:], h.Time, g.id, addressBytes(h.Address), h.Session[:], h.Request[:], h.Status, h.Score, h.Blocked, h.Method,
		[]byte(h.Payload), h.Before, h.Length, packStamps(h.Stamps), h.Mode, h.Reason, h.Context, h.Agent)
	if fresh, err := changed(result, err); err != nil || !fresh {
		return err
	}
	g.delta.add(h, 1, btoi(h.Blocked))
	g.delta.kept++
	if g.payloads < maxPayloads {
		fresh, err := changed(w.exec(w.put.payload, g.id, int64(xxhash.Sum64String(h.Payload))))
		if err != nil {
			return err
		}
		g.payloads += btoi(fresh)
	}
	if h.Raw == "" {
		return nil
	}
	row, err := result.LastInsertId()
	if err != nil {
		return err
	}
	s.packed = s.packer.EncodeAll([]byte(h.Raw), s.packed[:0])
	_, err = w.exec(w.put.raw, row, s.packed)
	return err
}

func (s *Store) appendTallies(w *writer, tallies []event.Tally, touched *[]*group) error {
	if fresh, err := w.fresh(tallies[0].Hit.ID, tallies[0].Hit.Time); err != nil || !fresh {
		return err
	}
	for i := range tallies {
		t := &tallies[i]
		g, err := s.groupOf(w, &t.Hit, touched)
		if err != nil {
			return err
		}
		if _, err := w.exec(w.put.tally, g.id, t.Hit.Time/sumStep, t.Hits, t.Blocked); err != nil {
			return err
		}
		g.delta.add(&t.Hit, t.Hits, t.Blocked)
	}
	return nil
}

// groupOf returns the attack that a hit joins, making it if there is none.
func (s *Store) groupOf(w *writer, h *event.Hit, touched *[]*group) (g *group, err error) {
	what := subjectOf(h)
	g = s.groups[what]
	if g == nil {
		if g, err = findGroup(w, h); err != nil {
			return nil, err
		}
		s.groups[what.clone()] = g
	}
	if g.id == 0 || h.Time-g.last > attackGap {
		if g.delta != nil { // its hits of this batch belong to the attack before
			before := *g
			(*touched)[indexOf(*touched, g)] = &before
		}
		*g = group{last: h.Time}
		if g.id, err = insertAttack(w, h); err != nil {
			return nil, err
		}
	}
	g.last = max(g.last, h.Time)
	if g.delta == nil {
		g.delta = &delta{first: h.Time, sources: map[netip.Addr]int64{}}
		*touched = append(*touched, g)
	}
	return g, nil
}

func indexOf(list []*group, g *group) int {
	for i := range list {
		if list[i] == g {
			return i
		}
	}
	panic("BUG: a group with a delta is not in the list of touched ones")
}

// findGroup reads the newest attack of a hit's subject; its id is 0 if there is none.
func findGroup(w *writer, h *event.Hit) (*group, error) {
	g := &group{}
	err := w.row(w.put.findAttack, int64(h.Attack), h.Application, h.Type, h.Host, h.Path, h.Point).
		Scan(&g.id, &g.last, &g.payloads, &g.sources, &g.topSource, &g.topHits)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return g, err
}

func insertAttack(w *writer, h *event.Hit) (int64, error) {
	result, err := w.exec(w.put.attack, int64(h.Attack), h.Type, h.Application, h.Host, h.Path, h.Point, h.Method, h.Time, h.Time)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

func (d *delta) add(h *event.Hit, hits, blocked int64) {
	d.hits += hits
	d.blocked += blocked
	d.first, d.last = min(d.first, h.Time), max(d.last, h.Time)
	d.score, d.status = max(d.score, int64(h.Score)), int64(h.Status)
	d.sources[h.Address] += hits
}

// save adds the delta to the attack's row.
func (g *group) save(w *writer) error {
	d := g.delta
	g.delta = nil
	if d.hits == 0 { // all its hits are kept already
		return nil
	}
	for address, hits := range d.sources {
		if err := g.addSource(w, addressBytes(address), hits); err != nil {
			return err
		}
	}
	_, err := w.exec(w.put.updateAttack, d.hits, d.blocked, d.kept, d.first, d.last, d.score, d.status, g.payloads, g.sources, notNil(g.topSource), g.topHits, g.id)
	return err
}

func (g *group) addSource(w *writer, address []byte, hits int64) error {
	total := hits
	err := w.row(w.put.addSource, hits, g.id, address).Scan(&total)
	switch {
	case errors.Is(err, sql.ErrNoRows) && g.sources >= maxSources:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		g.sources++
		if _, err := w.exec(w.put.source, g.id, address, hits); err != nil {
			return err
		}
	case err != nil:
		return err
	}
	if total > g.topHits {
		g.topSource, g.topHits = address, total
	}
	return nil
}

// packStamps packs the numbers of stamps; their texts are looked up when read.
func packStamps(stamps []event.Stamp) []byte {
	b := make([]byte, 0, 8*len(stamps)) // not nil, which would be NULL
	for _, st := range stamps {
		for _, n := range [...]int64{int64(st.Number), int64(st.Weight), int64(st.Off), int64(st.Len)} {
			b = binary.AppendVarint(b, n)
		}
	}
	return b
}

func (s *Store) unpackStamps(data []byte) []event.Stamp {
	u := unpacking{in: data}
	var stamps []event.Stamp
	for len(u.in) > 0 {
		st := event.Stamp{Number: uint16(u.number()), Weight: int8(u.number()), Off: int(u.number()), Len: int(u.number())}
		if u.bad {
			break
		}
		st.Text = s.options.StampText(st.Number)
		stamps = append(stamps, st)
	}
	return stamps
}

func btoi(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// addressBytes returns the 4 or 16 bytes of an address, none for no address.
func addressBytes(a netip.Addr) []byte { return notNil(a.Unmap().AsSlice()) }

func addressOf(b []byte) netip.Addr {
	a, _ := netip.AddrFromSlice(b) // the zero Addr for none
	return a
}

// addressText returns the text of an address, "" for none.
func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// notNil makes nil an empty blob; nil would be NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
