package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

func (s *Store) unpackChunk(data []byte) ([]event.Request, error) {
	plain, err := s.opener.DecodeAll(data, nil)
	if err != nil {
		s.damaged.Add(1)
		return nil, fmt.Errorf("%w: %w", errChunk, err)
	}
	records, err := unpack(plain)
	if err != nil {
		s.damaged.Add(1)
	}
	return records, err
}

// snapshot runs work that sees one state of the database, so that a request that
// merging moves to another chunk is seen once.
func (s *Store) snapshot(ctx context.Context, work func(*sql.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return work(tx)
}

// Requests returns requests, newest first. It reads chunks from the newest on and
// stops when the page is full.
func (s *Store) Requests(ctx context.Context, q store.Query) (out store.Page[event.Request], err error) {
	m, err := newMatcher(q)
	if err != nil {
		return out, err
	}
	if m.session != nil && *m.session != (event.Session{}) { // requests of no session have no row
		if err := s.narrow(ctx, m); err != nil {
			return out, err
		}
	}
	limit := limitOf(q)
	var found []event.Request
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		return s.chunks(ctx, tx, m, func(last int64, records []event.Request) bool {
			if len(found) > limit && found[limit].Time > last {
				return false // what follows is older than the whole page
			}
			found = m.newest(found, records, limit+1)
			return true
		})
	})
	if len(found) > limit {
		found = found[:limit]
		r := &found[limit-1]
		out.Next = cursor(r.Time, r.ID[:])
	}
	out.Items = found
	return out, err
}

// newest adds those of the records that fit and returns the newest n of all.
func (m *matcher) newest(found, records []event.Request, n int) []event.Request {
	for i := range records {
		if m.matches(&records[i]) {
			found = append(found, records[i])
		}
	}
	slices.SortFunc(found, newestFirst)
	return found[:min(n, len(found))]
}

func newestFirst(a, b event.Request) int {
	if a.Time != b.Time {
		if a.Time > b.Time {
			return -1
		}
		return 1
	}
	return bytes.Compare(b.ID[:], a.ID[:])
}

// narrow cuts the time range to that of the wanted session.
func (s *Store) narrow(ctx context.Context, m *matcher) error {
	found, err := s.Session(ctx, *m.session)
	if errors.Is(err, store.ErrNotFound) {
		m.to = math.MinInt64 // no request has it
		return nil
	}
	m.from, m.to = max(m.from, found.First.UnixNano()), min(m.to, found.Last.UnixNano()+1)
	return err
}

// place is where a chunk stands in the order of chunks.
type place struct{ id, last int64 }

// placesAtOnce is how many chunks are looked up together.
const placesAtOnce = 256

// chunks reads the chunks that can hold what a matcher wants, by their latest
// request, newest first, until visit returns false. Damaged ones are left out.
func (s *Store) chunks(ctx context.Context, tx *sql.Tx, m *matcher, visit func(last int64, records []event.Request) bool) error {
	next := place{math.MaxInt64, math.MaxInt64}
	for {
		places, err := m.places(ctx, tx, next)
		if err != nil || len(places) == 0 {
			return err
		}
		for _, p := range places {
			records, err := s.chunk(ctx, tx, p.id, m.session)
			if err != nil {
				return err
			}
			if !visit(p.last, records) {
				return nil
			}
		}
		next = places[len(places)-1]
	}
}

// places returns the chunks before one in the order newest first.
func (m *matcher) places(ctx context.Context, tx *sql.Tx, before place) (list []place, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT id, last FROM chunk WHERE last >= ? AND first < ? AND (last, id) < (?, ?) ORDER BY last DESC, id DESC LIMIT ?",
		m.from, m.to, before.last, before.id, placesAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.id, &p.last); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// chunk returns the requests of a chunk; none if it cannot hold a session that is wanted.
func (s *Store) chunk(ctx context.Context, tx *sql.Tx, id int64, session *event.Session) ([]event.Request, error) {
	var sessions, data []byte
	if session != nil {
		if err := tx.QueryRowContext(ctx, "SELECT sessions FROM chunk_data WHERE id = ?", id).Scan(&sessions); err != nil || !holdsSession(sessions, *session) {
			return nil, err
		}
	}
	if err := tx.QueryRowContext(ctx, "SELECT data FROM chunk_data WHERE id = ?", id).Scan(&data); err != nil {
		return nil, err
	}
	records, err := s.unpackChunk(data)
	if err != nil {
		return nil, nil //nolint:nilerr // it is counted, and the others are still good
	}
	return records, nil
}

// Request returns one request. Its id tells when it was.
func (s *Store) Request(ctx context.Context, id event.ID) (event.Request, error) {
	q := store.Query{From: id.Time(), To: id.Time().Add(time.Millisecond), Where: []store.Condition{{Field: store.FieldRequest, Values: []string{id.String()}}}, Limit: 1}
	p, err := s.Requests(ctx, q)
	if err == nil && len(p.Items) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return event.Request{}, err
	}
	return p.Items[0], nil
}
