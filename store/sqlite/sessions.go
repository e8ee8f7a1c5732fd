package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	sqlite "modernc.org/sqlite"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

// Sums of sessions become rows after foldEvery, or when maxPending sessions have some,
// or when they are asked for: a row costs ten times what packing a request does.
const (
	foldEvery  = 10 * time.Second
	maxPending = 50_000
)

// summary is what requests that are not yet in a session's row add to it.
type summary struct {
	first, last                                int64
	requests, attacks, blocked, errors, octets int64
	application                                int32
	address                                    netip.Addr
	agent, host, path                          string
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
			sum = &summary{first: r.Time, last: r.Time}
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
		m.last, m.application, m.address = r.Time, r.Application, r.Address
		m.agent, m.host, m.path = keep(m.agent, r.Agent), keep(m.host, r.Host), keep(m.path, r.Path)
	}
}

// keep returns a copy of text, which is old if they are the same: texts of a batch
// share memory that should not stay for one of them.
func keep(old, text string) string {
	if old == text {
		return old
	}
	return strings.Clone(text)
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

const upsertSession = `INSERT INTO session (id, first, last, requests, attacks, blocked, errors, bytes, application, address, agent, host, path, types)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
	first = min(first, excluded.first), last = max(last, excluded.last), requests = requests + excluded.requests, attacks = attacks + excluded.attacks,
	blocked = blocked + excluded.blocked, errors = errors + excluded.errors, bytes = bytes + excluded.bytes,
	application = iif(excluded.last >= last, excluded.application, application), address = iif(excluded.last >= last, excluded.address, address),
	agent = iif(excluded.last >= last, excluded.agent, agent), host = iif(excluded.last >= last, excluded.host, host),
	path = iif(excluded.last >= last, excluded.path, path), types = iif(excluded.types = '', types, excluded.types)`

// foldIfDue folds from time to time. What fails is tried again later: the requests are
// kept all the same.
func (s *Store) foldIfDue(ctx context.Context) {
	if len(s.sessions) < maxPending && time.Since(s.foldedAt) < foldEvery {
		return
	}
	s.foldedAt = time.Now()
	_ = s.foldPending(ctx)
}

// fold writes the pending summaries into session rows.
func (s *Store) fold(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.foldPending(ctx)
}

// foldPending writes the pending summaries into session rows, and how far it has come
// in the same transaction. The mutex is held.
func (s *Store) foldPending(ctx context.Context) error {
	if err := s.catchUp(ctx, s.write); err != nil {
		return err
	}
	if s.marked == s.folded {
		return nil
	}
	err := s.writing(ctx, func(w *writer) error {
		if err := s.notice(w); err != nil {
			return err
		}
		if err := s.catchUp(ctx, w.tx); err != nil {
			return err
		}
		for id, m := range s.sessions {
			if err := m.save(w, id); err != nil {
				return err
			}
		}
		_, err := w.tx.ExecContext(ctx, "INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", mark, s.folded)
		return err
	})
	if err == nil {
		clear(s.sessions)
		s.marked, s.foldedAt = s.folded, time.Now()
	}
	return err
}

func (m *summary) save(w *writer, id event.Session) error {
	types := m.types
	if types != "" {
		var had string
		if err := w.row(w.put.sessionTypes, id[:]).Scan(&had); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		types = joinTypes(had, types)
	}
	_, err := w.exec(w.put.session, id[:], m.first, m.last, m.requests, m.attacks, m.blocked, m.errors, m.octets, m.application,
		addressBytes(m.address), m.agent, m.host, m.path, types)
	return err
}

// resume adds the requests of chunks that were not folded before the last end.
func (s *Store) resume(ctx context.Context) error {
	err := s.write.QueryRowContext(ctx, "SELECT value FROM mark WHERE name = ?", mark).Scan(&s.folded)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	s.marked, s.unsure = s.folded, true
	return s.fold(ctx)
}

// querier is the writing connection, within a transaction or not.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// catchUp summarizes chunks that were committed without our knowing: before the last
// end, by a commit that reported an error, or by another process. The mutex is held.
func (s *Store) catchUp(ctx context.Context, q querier) error {
	for s.unsure {
		var id int64
		var data []byte
		err := q.QueryRowContext(ctx, "SELECT id, data FROM chunk_data WHERE id > ? ORDER BY id LIMIT 1", s.folded).Scan(&id, &data)
		if errors.Is(err, sql.ErrNoRows) {
			s.unsure = false
			return nil
		}
		if err != nil {
			return err
		}
		if records, err := s.unpackChunk(data); err == nil { // a damaged one is lost, not all that follow
			s.summarize(records)
		}
		s.folded = id
	}
	return nil
}

// refresh makes session rows tell of all that was appended. Where the disk is full
// they stay as they were: then they are better than nothing.
func (s *Store) refresh(ctx context.Context) error {
	err := s.fold(ctx)
	if cause, ok := errors.AsType[*sqlite.Error](err); ok {
		switch cause.Code() & 0xff {
		case 8, 10, 13: // SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL
			return nil
		}
	}
	return err
}

const sessionColumns = "id, first, last, requests, attacks, blocked, errors, bytes, application, address, agent, host, path, types"

func scanSession(row scanner) (out store.Session, err error) {
	var id, address []byte
	var first, last int64
	err = row.Scan(&id, &first, &last, &out.Requests, &out.Attacks, &out.Blocked, &out.Errors, &out.Bytes, &out.Application,
		&address, &out.Agent, &out.Host, &out.Path, &out.Types)
	copy(out.ID[:], id)
	out.First, out.Last, out.Address = timeOf(first), timeOf(last), addressText(addressOf(address))
	return out, err
}

// Sessions returns sessions that had a request in the time range, newest first.
func (s *Store) Sessions(ctx context.Context, q store.Query) (store.Page[store.Session], error) {
	if err := s.refresh(ctx); err != nil {
		return store.Page[store.Session]{}, err
	}
	w := newWhere(store.Sessions, q)
	w.overlap(q)
	w.after(q.Cursor, "last", "id", true)
	return page(ctx, s, w, limitOf(q), "SELECT "+sessionColumns+" FROM session"+w.text()+" ORDER BY last DESC, id DESC LIMIT ?",
		func(rows scanner) (store.Session, int64, any, error) {
			out, err := scanSession(rows)
			return out, out.Last.UnixNano(), out.ID[:], err
		})
}

// Session returns one session.
func (s *Store) Session(ctx context.Context, id event.Session) (store.Session, error) {
	if err := s.refresh(ctx); err != nil {
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
