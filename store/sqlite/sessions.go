package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

// summary is what requests that are not yet in a session's row add to it.
type summary struct {
	first, last                                int64
	requests, attacks, blocked, errors, octets int64
	application                                int32
	address, agent, host, path                 string
	types                                      string
}

// summarize adds requests to the pending summaries. The mutex is held.
func (s *Store) summarize(records []event.Request) {
	for i := range records {
		r := &records[i]
		if r.Session == (event.Session{}) {
			continue
		}
		sum := s.sessions[r.Session]
		if sum == nil {
			sum = &summary{first: r.Time}
			s.sessions[r.Session] = sum
		}
		sum.add(r)
	}
}

func (m *summary) add(r *event.Request) {
	m.first = min(m.first, r.Time)
	m.requests++
	m.octets += r.ResponseBytes
	if r.Types != "" {
		m.attacks++
		m.types = joinTypes(m.types, r.Types)
	}
	if r.Action == "blocked" {
		m.blocked++
	}
	if r.Status >= 400 {
		m.errors++
	}
	if r.Time >= m.last {
		m.last, m.application, m.address, m.agent = r.Time, r.Application, addressText(r.Address), strings.Clone(r.Agent)
		m.host, m.path = strings.Clone(r.Host), strings.Clone(r.Path)
	}
}

// joinTypes returns the union of two comma-joined lists.
func joinTypes(a, b string) string {
	if a == b || b == "" {
		return a
	}
	if a == "" {
		return strings.Clone(b)
	}
	list := append(strings.Split(a, ","), strings.Split(b, ",")...)
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ",")
}

// mark names the row that tells the newest chunk whose requests are in session rows.
const mark = "sessions"

// fold writes the pending summaries into session rows, and how far it has come in
// the same transaction.
func (s *Store) fold(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sessions) == 0 {
		return nil
	}
	err := s.transact(ctx, func(tx *sql.Tx) error {
		stmt, err := tx.PrepareContext(ctx, `INSERT INTO session (id, first, last, requests, attacks, blocked, errors, bytes, application, address, agent, host, path, types)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
			first = min(first, excluded.first), requests = requests + excluded.requests, attacks = attacks + excluded.attacks,
			blocked = blocked + excluded.blocked, errors = errors + excluded.errors, bytes = bytes + excluded.bytes,
			application = excluded.application, address = excluded.address, agent = excluded.agent, host = excluded.host, path = excluded.path,
			types = excluded.types, last = max(last, excluded.last)`)
		if err != nil {
			return err
		}
		defer stmt.Close()
		for id, m := range s.sessions {
			types, err := typesWith(ctx, tx, id, m.types)
			if err != nil {
				return err
			}
			if _, err := stmt.ExecContext(ctx, id[:], m.first, m.last, m.requests, m.attacks, m.blocked, m.errors, m.octets, m.application,
				m.address, m.agent, m.host, m.path, types); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", mark, s.folded)
		return err
	})
	if err == nil {
		clear(s.sessions)
		s.marked = s.folded
	}
	return err
}

// typesWith returns the types that a session's row has, and more.
func typesWith(ctx context.Context, tx *sql.Tx, id event.Session, more string) (string, error) {
	var had string
	err := tx.QueryRowContext(ctx, "SELECT types FROM session WHERE id = ?", id[:]).Scan(&had)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	return joinTypes(had, more), nil
}

// resume adds the requests of chunks that were not folded before the last end.
func (s *Store) resume(ctx context.Context) error {
	err := s.write.QueryRowContext(ctx, "SELECT value FROM mark WHERE name = ?", mark).Scan(&s.folded)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	s.marked = s.folded
	for {
		var id int64
		var data []byte
		err := s.write.QueryRowContext(ctx, "SELECT id, data FROM chunk WHERE id > ? ORDER BY id LIMIT 1", s.folded).Scan(&id, &data)
		if errors.Is(err, sql.ErrNoRows) {
			return s.fold(ctx)
		}
		if err != nil {
			return err
		}
		records, err := s.unpackChunk(data)
		if err != nil {
			return err
		}
		s.summarize(records)
		s.folded = id
	}
}

const sessionColumns = "id, first, last, requests, attacks, blocked, errors, bytes, application, address, agent, host, path, types"

func scanSession(row interface{ Scan(...any) error }) (out store.Session, err error) {
	var id []byte
	var first, last int64
	err = row.Scan(&id, &first, &last, &out.Requests, &out.Attacks, &out.Blocked, &out.Errors, &out.Bytes, &out.Application,
		&out.Address, &out.Agent, &out.Host, &out.Path, &out.Types)
	copy(out.ID[:], id)
	out.First, out.Last = time.Unix(0, first), time.Unix(0, last)
	return out, err
}

// Sessions returns sessions that had a request in the time range, newest first.
func (s *Store) Sessions(ctx context.Context, q store.Query) (store.Page[store.Session], error) {
	if err := s.fold(ctx); err != nil {
		return store.Page[store.Session]{}, err
	}
	w := newWhere(sessionFields)
	w.overlap(q)
	return page(ctx, s, q, w, "SELECT "+sessionColumns+" FROM session", "last", "id", true,
		func(rows *sql.Rows) (store.Session, int64, any, error) {
			out, err := scanSession(rows)
			return out, out.Last.UnixNano(), out.ID[:], err
		})
}

// Session returns one session.
func (s *Store) Session(ctx context.Context, id event.Session) (store.Session, error) {
	if err := s.fold(ctx); err != nil {
		return store.Session{}, err
	}
	out, err := scanSession(s.read.QueryRowContext(ctx, "SELECT "+sessionColumns+" FROM session WHERE id = ?", id[:]))
	return out, notFound(err)
}

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
