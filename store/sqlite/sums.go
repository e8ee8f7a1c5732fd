package sqlite

import (
	"context"
	"database/sql"
	"os"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

// maxBuckets bounds a series.
const maxBuckets = 10_000

// Series returns one bucket for each step of the query's time range, the first one
// beginning at a whole multiple of the step.
func (s *Store) Series(ctx context.Context, q store.Query, step time.Duration) ([]store.Bucket, error) {
	to := q.To
	if to.IsZero() {
		to = time.Now()
	}
	from := q.From.Truncate(step)
	n := int(to.Sub(from)/step) + 1
	if q.From.IsZero() || step <= 0 || n > maxBuckets {
		return nil, &store.ValueError{Value: step.String(), Want: "a step that fits the time range"}
	}
	buckets := make([]store.Bucket, n)
	for i := range buckets {
		buckets[i].Time = from.Add(time.Duration(i) * step)
	}
	q.From = from
	err := s.sum(ctx, q, int64(step)%sumStep == 0, func(at, requests, attacked, blocked int64) {
		if i := (at - from.UnixNano()) / int64(step); i >= 0 && i < int64(n) {
			buckets[i].Requests += requests
			buckets[i].Attacks += attacked
			buckets[i].Blocked += blocked
		}
	})
	return buckets, err
}

// Totals returns the sums over the query's time range.
func (s *Store) Totals(ctx context.Context, q store.Query) (t store.Totals, err error) {
	if err := s.fold(ctx); err != nil {
		return t, err
	}
	if err := s.sum(ctx, q, true, func(_, requests, attacked, blocked int64) {
		t.Requests += requests
		t.Attacked += attacked
		t.Blocked += blocked
	}); err != nil {
		return t, err
	}
	hits := newWhere(hitFields)
	hits.between(q)
	if t.Hits, err = s.count(ctx, "SELECT count(*) FROM hit", hits, q.Where); err != nil {
		return t, err
	}
	if len(q.Where) == 0 {
		tallies := newWhere(nil)
		tallies.between(q)
		more, err := s.count(ctx, "SELECT coalesce(sum(hits), 0) FROM tally", tallies, nil)
		if err != nil {
			return t, err
		}
		t.Hits += more
	}
	attacks := newWhere(attackFields)
	attacks.overlap(q)
	if t.Attacks, err = s.count(ctx, "SELECT count(*) FROM attack", attacks, q.Where); err != nil {
		return t, err
	}
	sessions := newWhere(sessionFields)
	sessions.overlap(q)
	t.Sessions, err = s.count(ctx, "SELECT count(*) FROM session", sessions, known(sessionFields, q.Where))
	return t, err
}

// known keeps the conditions on fields that a kind of record has.
func known(f fields, list []store.Condition) (kept []store.Condition) {
	for _, c := range list {
		if _, ok := f[c.Field]; ok {
			kept = append(kept, c)
		}
	}
	return kept
}

func (s *Store) count(ctx context.Context, text string, w *where, conditions []store.Condition) (n int64, err error) {
	w.conditions(conditions)
	if w.err != nil {
		return 0, w.err
	}
	err = s.read.QueryRowContext(ctx, text+w.text(), w.args...).Scan(&n)
	return n, err
}

// sum adds up requests: from the sums of chunks that lie wholly in the time range
// where there are no conditions, else from their requests.
func (s *Store) sum(ctx context.Context, q store.Query, coarse bool, add func(at, requests, attacked, blocked int64)) error {
	m, err := newMatcher(store.Query{From: q.From, To: q.To, Where: known(requestFields, q.Where)})
	if err != nil {
		return err
	}
	w := newWhere(nil)
	w.overlap(q)
	rows, err := s.read.QueryContext(ctx, "SELECT id, first, last, sums FROM chunk"+w.text(), w.args...) //nolint:gosec // values are parameters
	if err != nil {
		return err
	}
	defer rows.Close()
	var whole []int64 // chunks that must be unpacked
	for rows.Next() {
		var id, first, last int64
		var sums sql.RawBytes
		if err := rows.Scan(&id, &first, &last, &sums); err != nil {
			return err
		}
		if !coarse || len(m.conditions) > 0 || first < m.from || last >= m.to {
			whole = append(whole, id)
			continue
		}
		for _, n := range unpackSums(sums) {
			add(n.slot*sumStep, n.requests, n.attacked, n.blocked)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return s.sumWhole(ctx, whole, m, add)
}

func (s *Store) sumWhole(ctx context.Context, ids []int64, m *matcher, add func(at, requests, attacked, blocked int64)) error {
	for _, id := range ids {
		var data []byte
		if err := s.read.QueryRowContext(ctx, "SELECT data FROM chunk WHERE id = ?", id).Scan(&data); err != nil {
			if notFound(err) == store.ErrNotFound { //nolint:errorlint // returned bare
				continue // pruned or merged meanwhile
			}
			return err
		}
		records, err := s.unpackChunk(data)
		if err != nil {
			return err
		}
		for i := range records {
			if r := &records[i]; m.matches(r) {
				var one sum
				one.add(r)
				add(r.Time, one.requests, one.attacked, one.blocked)
			}
		}
	}
	return nil
}

// requestFields are the fields that conditions on requests can have.
var requestFields = fields{
	store.FieldHost: {}, store.FieldPath: {}, store.FieldMethod: {}, store.FieldAction: {}, store.FieldRequest: {}, store.FieldSession: {},
	store.FieldType: {}, store.FieldStatus: {}, store.FieldApplication: {}, store.FieldAddress: {},
}

// Stats tells what the store holds.
func (s *Store) Stats(ctx context.Context) (st store.Stats, err error) {
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(s.path + suffix); err == nil {
			st.Bytes += info.Size()
		}
	}
	var oldest int64
	err = s.read.QueryRowContext(ctx, `SELECT coalesce((SELECT min(first) FROM chunk), 0), coalesce((SELECT sum(n) FROM chunk), 0),
		(SELECT count(*) FROM hit), (SELECT count(*) FROM attack)`).Scan(&oldest, &st.Requests, &st.Hits, &st.Attacks)
	if oldest > 0 {
		st.Oldest = timeOf(oldest)
	}
	return st, err
}

// Prune drops what is older than asked, and packs small chunks together.
func (s *Store) Prune(ctx context.Context, requests, attacks time.Time) error {
	if err := s.fold(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	err := s.transact(ctx, func(tx *sql.Tx) error {
		for _, step := range []struct {
			text   string
			before time.Time
		}{
			{"DELETE FROM chunk WHERE last < ?", requests},
			{"DELETE FROM session WHERE last < ?", requests},
			{"DELETE FROM raw WHERE request IN (SELECT request FROM hit WHERE time < ?)", attacks},
			{"DELETE FROM hit WHERE time < ?", attacks},
			{"DELETE FROM tally WHERE time < ?", attacks},
			{"DELETE FROM attack_source WHERE attack IN (SELECT id FROM attack WHERE last < ?)", attacks},
			{"DELETE FROM attack_payload WHERE attack IN (SELECT id FROM attack WHERE last < ?)", attacks},
			{"DELETE FROM attack WHERE last < ?", attacks},
			{"DELETE FROM change WHERE time < ?", attacks},
		} {
			if _, err := tx.ExecContext(ctx, step.text, step.before.UnixNano()); err != nil {
				return err
			}
		}
		return nil
	})
	clear(s.groups)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return s.merge(ctx)
}

// Chunks of quiet times are merged until they hold mergeFull requests or span
// mergeSpan.
const (
	mergeFull = 4000
	mergeSpan = int64(10 * time.Minute)
)

// small is a chunk that may be merged.
type small struct{ id, first, last, n int64 }

// merge packs neighbouring small chunks together. Only chunks whose requests are in
// session rows are touched: the first keeps its id, so no request is counted twice.
func (s *Store) merge(ctx context.Context) error {
	list, err := queryAll(ctx, s, "SELECT id, first, last, n FROM chunk WHERE n < ? AND last < ? ORDER BY last",
		[]any{mergeFull / 2, time.Now().Add(-time.Minute).UnixNano()}, func(rows *sql.Rows) (c small, err error) {
			err = rows.Scan(&c.id, &c.first, &c.last, &c.n)
			return c, err
		})
	if err != nil {
		return err
	}
	for len(list) > 0 {
		n, total := 1, list[0].n
		for n < len(list) && total+list[n].n <= mergeFull && list[n].last-list[0].first <= mergeSpan {
			total += list[n].n
			n++
		}
		if n > 1 {
			if err := s.mergeRun(ctx, list[:n]); err != nil {
				return err
			}
		}
		list = list[n:]
	}
	return nil
}

func (s *Store) mergeRun(ctx context.Context, run []small) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.transact(ctx, func(tx *sql.Tx) error {
		var all []event.Request
		for _, c := range run {
			if c.id > s.marked {
				return nil
			}
			var data []byte
			if err := tx.QueryRowContext(ctx, "SELECT data FROM chunk WHERE id = ?", c.id).Scan(&data); err != nil {
				return notFound(err)
			}
			records, err := s.unpackChunk(data)
			if err != nil {
				return err
			}
			all = append(all, records...)
			if c.id != run[0].id {
				if _, err := tx.ExecContext(ctx, "DELETE FROM chunk WHERE id = ?", c.id); err != nil {
					return err
				}
			}
		}
		first, last := bounds(all)
		_, err := tx.ExecContext(ctx, "UPDATE chunk SET first = ?, last = ?, n = ?, sessions = ?, sums = ?, data = ? WHERE id = ?",
			first, last, len(all), sessionPrefixes(all), packSums(sumsOf(all)), s.packer.EncodeAll(pack(all), nil), run[0].id)
		return err
	})
}
