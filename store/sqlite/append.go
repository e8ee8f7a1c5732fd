package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"maps"
	"net/netip"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/weirnode/weir/event"
)

// Append keeps a batch in one transaction. A batch given again changes nothing.
func (s *Store) Append(ctx context.Context, b *event.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var chunk int64
	err := s.transact(ctx, func(tx *sql.Tx) (err error) {
		if chunk, err = s.appendRequests(ctx, tx, b.Requests); err != nil {
			return fmt.Errorf("append requests: %w", err)
		}
		if err := s.appendHits(ctx, tx, b); err != nil {
			return fmt.Errorf("append hits: %w", err)
		}
		return appendChanges(ctx, tx, b.Changes)
	})
	if err != nil {
		clear(s.groups) // they may tell of rows that were rolled back
		return err
	}
	if chunk > 0 {
		s.summarize(b.Requests)
		s.folded = chunk
	}
	return nil
}

// appendRequests packs requests into a chunk and returns its id, 0 if it was there.
func (s *Store) appendRequests(ctx context.Context, tx *sql.Tx, records []event.Request) (int64, error) {
	if len(records) == 0 {
		return 0, nil
	}
	first, last := bounds(records)
	result, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO chunk (head, first, last, n, sessions, sums, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
		records[0].ID[:], first, last, len(records), sessionPrefixes(records), packSums(sumsOf(records)), s.packer.EncodeAll(pack(records), nil))
	if err != nil {
		return 0, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return 0, err
	}
	return result.LastInsertId()
}

// group is an attack that further hits may join.
type group struct{ id, last int64 }

// attackGap is how long after its last hit an attack still takes new ones.
const attackGap = int64(time.Hour)

// maxGroups bounds the attacks remembered in memory.
const maxGroups = 50_000

// delta is what one batch adds to an attack.
type delta struct {
	hits, blocked, kept, last int64
	score, status             int64
	sources                   map[string]int64
	payloads                  map[int64]struct{}
}

// appendHits inserts hits and adds up what they and tallies bring their attacks.
func (s *Store) appendHits(ctx context.Context, tx *sql.Tx, b *event.Batch) error {
	if len(b.Hits) == 0 && len(b.Tallies) == 0 {
		return nil
	}
	deltas := map[int64]*delta{}
	for i := range b.Hits {
		if err := s.appendHit(ctx, tx, &b.Hits[i], deltas); err != nil {
			return err
		}
	}
	for i := range b.Tallies {
		if err := s.appendTally(ctx, tx, &b.Tallies[i], deltas); err != nil {
			return err
		}
	}
	for id, d := range deltas {
		if err := d.save(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) appendHit(ctx context.Context, tx *sql.Tx, h *event.Hit, deltas map[int64]*delta) error {
	id, err := s.attackOf(ctx, tx, h)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO hit (id, attack, request, session, time, type, application, host, path, point, method, address,
		status, score, blocked, mode, reason, context, agent, payload, before, length, stamps) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		h.ID[:], id, h.Request[:], h.Session[:], h.Time, h.Type, h.Application, h.Host, h.Path, h.Point, h.Method, addressText(h.Address),
		h.Status, h.Score, h.Blocked, h.Mode, h.Reason, h.Context, h.Agent, []byte(h.Payload), h.Before, h.Length, packStamps(h.Stamps))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	d := deltaOf(deltas, id)
	d.add(h, 1, btoi(h.Blocked))
	d.kept++
	d.payloads[int64(xxhash.Sum64String(h.Payload))] = struct{}{}
	if h.Raw == "" {
		return nil
	}
	_, err = tx.ExecContext(ctx, "INSERT OR IGNORE INTO raw (request, data) VALUES (?, ?)", h.Request[:], s.packer.EncodeAll([]byte(h.Raw), nil))
	return err
}

func (s *Store) appendTally(ctx context.Context, tx *sql.Tx, t *event.Tally, deltas map[int64]*delta) error {
	id, err := s.attackOf(ctx, tx, &t.Hit)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO tally (id, attack, time, hits, blocked) VALUES (?, ?, ?, ?, ?)",
		t.Hit.ID[:], id, t.Hit.Time, t.Hits, t.Blocked)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	deltaOf(deltas, id).add(&t.Hit, t.Hits, t.Blocked)
	return nil
}

// attackOf returns the attack that a hit joins, making it if there is none.
func (s *Store) attackOf(ctx context.Context, tx *sql.Tx, h *event.Hit) (int64, error) {
	g, ok := s.groups[h.Attack]
	if !ok {
		err := tx.QueryRowContext(ctx, "SELECT id, last FROM attack WHERE key = ? ORDER BY last DESC LIMIT 1", int64(h.Attack)).Scan(&g.id, &g.last)
		if err != nil && err != sql.ErrNoRows {
			return 0, err
		}
	}
	if g.id == 0 || h.Time-g.last > attackGap {
		result, err := tx.ExecContext(ctx, `INSERT INTO attack (key, type, application, host, path, point, method, first, last, hits, blocked, kept, score, status)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0)`, int64(h.Attack), h.Type, h.Application, h.Host, h.Path, h.Point, h.Method, h.Time, h.Time)
		if err != nil {
			return 0, err
		}
		if g.id, err = result.LastInsertId(); err != nil {
			return 0, err
		}
	}
	g.last = max(g.last, h.Time)
	if len(s.groups) >= maxGroups {
		clear(s.groups)
	}
	s.groups[h.Attack] = g
	return g.id, nil
}

func deltaOf(deltas map[int64]*delta, id int64) *delta {
	d := deltas[id]
	if d == nil {
		d = &delta{sources: map[string]int64{}, payloads: map[int64]struct{}{}}
		deltas[id] = d
	}
	return d
}

func (d *delta) add(h *event.Hit, hits, blocked int64) {
	d.hits += hits
	d.blocked += blocked
	d.last = max(d.last, h.Time)
	d.score = max(d.score, int64(h.Score))
	d.status = int64(h.Status)
	d.sources[addressText(h.Address)] += hits
}

// Sources and payloads are counted up to these numbers for each attack.
const (
	maxSources  = 1000
	maxPayloads = 1000
)

// save adds a delta to its attack.
func (d *delta) save(ctx context.Context, tx *sql.Tx, id int64) error {
	if _, err := tx.ExecContext(ctx, `UPDATE attack SET hits = hits + ?, blocked = blocked + ?, kept = kept + ?, last = max(last, ?), score = max(score, ?), status = ? WHERE id = ?`,
		d.hits, d.blocked, d.kept, d.last, d.score, d.status, id); err != nil {
		return err
	}
	for address, hits := range d.sources {
		if _, err := tx.ExecContext(ctx, `INSERT INTO attack_source SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM (SELECT 1 FROM attack_source WHERE attack = ?1 LIMIT ?4)) < ?4
			OR EXISTS (SELECT 1 FROM attack_source WHERE attack = ?1 AND address = ?2)
			ON CONFLICT (attack, address) DO UPDATE SET hits = hits + excluded.hits`, id, address, hits, maxSources); err != nil {
			return err
		}
	}
	for hash := range maps.Keys(d.payloads) {
		if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO attack_payload SELECT ?1, ?2 WHERE (SELECT count(*) FROM (SELECT 1 FROM attack_payload WHERE attack = ?1 LIMIT ?3)) < ?3`,
			id, hash, maxPayloads); err != nil {
			return err
		}
	}
	return nil
}

func appendChanges(ctx context.Context, tx *sql.Tx, changes []event.Change) error {
	for i := range changes {
		c := &changes[i]
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO change (id, time, actor, verb, noun, subject, detail, address) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			c.ID[:], c.Time, c.Actor, c.Verb, c.Noun, c.Subject, c.Detail, addressText(c.Address)); err != nil {
			return fmt.Errorf("append changes: %w", err)
		}
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

// addressText returns the text of an address, "" for none.
func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}
