package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/weirnode/weir/event"
)

// Bounds of the requests that are packed into one row.
const (
	maxChunk      = 4096
	maxChunkTexts = 16 << 20 // bytes
)

// Append keeps a batch in one transaction. A batch given again changes nothing: it is
// known by its first request and its first tally, hits and changes by their ids.
func (s *Store) Append(ctx context.Context, b *event.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.catchUp(ctx, s.write); err != nil {
		return err
	}
	var newest int64
	err := s.writing(ctx, func(w *writer) (err error) {
		if err := s.notice(w); err != nil {
			return err
		}
		if newest, err = s.appendRequests(w, b.Requests); err != nil {
			return fmt.Errorf("append requests: %w", err)
		}
		if err := s.appendHits(w, b); err != nil {
			return fmt.Errorf("append hits: %w", err)
		}
		return appendChanges(w, b.Changes)
	})
	if err != nil {
		clear(s.groups) // they may tell of rows that were rolled back
		s.unsure = true
		return explainDamage(s.path, err)
	}
	if newest > 0 && !s.unsure { // else they are read together with those of others
		s.summarize(b.Requests)
		s.folded = newest
	}
	s.foldIfDue(ctx)
	return nil
}

// appendRequests packs requests into chunks and returns the id of the last, 0 if they
// are kept already.
func (s *Store) appendRequests(w *writer, records []event.Request) (newest int64, err error) {
	if len(records) == 0 {
		return 0, nil
	}
	if fresh, err := w.fresh(records[0].ID, records[0].Time); err != nil || !fresh {
		return 0, err
	}
	for len(records) > 0 {
		n := chunkLength(records)
		if newest, err = s.insertChunk(w, records[:n]); err != nil {
			return 0, err
		}
		records = records[n:]
	}
	return newest, nil
}

// chunkLength returns how many of the records fit into one chunk, at least one.
func chunkLength(records []event.Request) int {
	size := 0
	for i := range records {
		r := &records[i]
		size += len(r.Method) + len(r.Host) + len(r.Path) + len(r.Agent) + len(r.Reason) + len(r.Types)
		if i > 0 && (i == maxChunk || size > maxChunkTexts) {
			return i
		}
	}
	return len(records)
}

func (s *Store) insertChunk(w *writer, records []event.Request) (int64, error) {
	first, last := bounds(records)
	result, err := w.exec(s.put.chunk, first, last, len(records), packSums(sumsOf(records)))
	if err != nil {
		return 0, err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return 0, err
	}
	s.packed = s.packer.EncodeAll(s.packing.pack(records), s.packed[:0])
	_, err = w.exec(s.put.chunkData, id, sessionPrefixes(records), s.packed)
	return id, err
}

func appendChanges(w *writer, changes []event.Change) error {
	for i := range changes {
		c := &changes[i]
		if _, err := w.exec(w.put.change, c.ID[:], c.Time, c.Actor, c.Verb, c.Noun, c.Subject, c.Detail, addressBytes(c.Address)); err != nil {
			return fmt.Errorf("append changes: %w", err)
		}
	}
	return nil
}

// statements are prepared once for the writing connection.
type statements struct {
	version, mark, seen, chunk, chunkData, change                   *sql.Stmt
	hit, raw, tally, payload, findAttack, attack, addSource, source *sql.Stmt
	updateAttack, session, sessionTypes                             *sql.Stmt
}

func (s *Store) prepare(ctx context.Context) error {
	p := &s.put
	for _, one := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&p.version, "PRAGMA data_version"},
		{&p.mark, "SELECT value FROM mark WHERE name = ?"},
		{&p.seen, "INSERT OR IGNORE INTO seen (id, time) VALUES (?, ?)"},
		{&p.chunk, "INSERT INTO chunk (first, last, n, sums) VALUES (?, ?, ?, ?)"},
		{&p.chunkData, "INSERT OR REPLACE INTO chunk_data (id, sessions, data) VALUES (?, ?, ?)"},
		{&p.change, "INSERT OR IGNORE INTO change (id, time, actor, verb, noun, subject, detail, address) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
		{&p.hit, `INSERT OR IGNORE INTO hit (uid, time, attack, address, session, request, status, score, blocked, method, payload, before, length, stamps,
			mode, reason, context, agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&p.raw, "INSERT INTO raw (hit, data) VALUES (?, ?)"},
		{&p.tally, `INSERT INTO tally (attack, slot, hits, blocked) VALUES (?, ?, ?, ?)
			ON CONFLICT (attack, slot) DO UPDATE SET hits = hits + excluded.hits, blocked = blocked + excluded.blocked`},
		{&p.payload, "INSERT OR IGNORE INTO attack_payload (attack, hash) VALUES (?, ?)"},
		{&p.findAttack, `SELECT id, last, payloads, sources, top_source, top_hits FROM attack
			WHERE key = ? AND application = ? AND type = ? AND host = ? AND path = ? AND point = ? ORDER BY last DESC LIMIT 1`},
		{&p.attack, `INSERT INTO attack (key, type, application, host, path, point, method, first, last, hits, blocked, kept, score, status, payloads, sources,
			top_source, top_hits) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, x'', 0)`},
		{&p.addSource, "UPDATE attack_source SET hits = hits + ? WHERE attack = ? AND address = ? RETURNING hits"},
		{&p.source, "INSERT INTO attack_source (attack, address, hits) VALUES (?, ?, ?)"},
		{&p.updateAttack, `UPDATE attack SET hits = hits + ?, blocked = blocked + ?, kept = kept + ?, first = min(first, ?), last = max(last, ?),
			score = max(score, ?), status = ?, payloads = ?, sources = ?, top_source = ?, top_hits = ? WHERE id = ?`},
		{&p.session, upsertSession},
		{&p.sessionTypes, "SELECT types FROM session WHERE id = ?"},
	} {
		var err error
		if *one.stmt, err = s.write.PrepareContext(ctx, one.text); err != nil { //nolint:sqlclosecheck // closed with the database
			return err
		}
	}
	return nil
}

// writer runs prepared statements in one transaction.
type writer struct {
	ctx  context.Context // of the call that the transaction is for
	tx   *sql.Tx
	put  *statements
	mine map[*sql.Stmt]*sql.Stmt // bound to the transaction
}

// writing runs work in a transaction. The mutex is held.
func (s *Store) writing(ctx context.Context, work func(*writer) error) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		return work(&writer{ctx, tx, &s.put, map[*sql.Stmt]*sql.Stmt{}})
	})
}

func (w *writer) bound(stmt *sql.Stmt) *sql.Stmt {
	own := w.mine[stmt]
	if own == nil {
		own = w.tx.StmtContext(w.ctx, stmt)
		w.mine[stmt] = own
	}
	return own
}

func (w *writer) exec(stmt *sql.Stmt, args ...any) (sql.Result, error) {
	return w.bound(stmt).ExecContext(w.ctx, args...) //nolint:sqlclosecheck // closed with the transaction
}

func (w *writer) row(stmt *sql.Stmt, args ...any) *sql.Row {
	return w.bound(stmt).QueryRowContext(w.ctx, args...) //nolint:sqlclosecheck // closed with the transaction
}

// fresh notes the first record of a batch and reports whether it is new.
func (w *writer) fresh(id event.ID, at int64) (bool, error) {
	return changed(w.exec(w.put.seen, id[:], at))
}

// changed reports whether a statement changed a row.
func changed(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// seenFor is how long a batch is known: the stream tries again within seconds.
const seenFor = 24 * time.Hour
