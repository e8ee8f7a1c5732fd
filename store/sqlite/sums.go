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
// beginning at a whole multiple of the step. Conditions on fields that requests do not
// have are left out.
func (s *Store) Series(ctx context.Context, q store.Query, step time.Duration) ([]store.Bucket, error) {
	if q.To.IsZero() {
		q.To = time.Now()
	}
	bad := &store.ValueError{Value: step.String(), Want: "a step that fits the time range"}
	if q.From.IsZero() || step <= 0 || q.To.Before(q.From) {
		return nil, bad
	}
	q.From = q.From.Truncate(step)
	n := max(1, int((q.To.Sub(q.From)+step-1)/step))
	if n > maxBuckets {
		return nil, bad
	}
	buckets := make([]store.Bucket, n)
	for i := range buckets {
		buckets[i].Time = q.From.Add(time.Duration(i) * step)
	}
	from := q.From.UnixNano()
	err := s.sum(ctx, q, int64(step)%sumStep == 0, func(at int64, n sum) {
		if i := (at - from) / int64(step); at >= from && i < int64(len(buckets)) {
			buckets[i].Requests += n.requests
			buckets[i].Attacks += n.attacked
			buckets[i].Blocked += n.blocked
		}
	})
	return buckets, err
}

// Totals returns the sums over the query's time range. Conditions on fields that a kind
// of record does not have are left out for it. Hits that sampling has dropped are
// counted where all conditions are on fields that the hits of an attack share.
func (s *Store) Totals(ctx context.Context, q store.Query) (t store.Totals, err error) {
	if err := s.refresh(ctx); err != nil {
		return t, err
	}
	if err := s.sum(ctx, q, true, func(_ int64, n sum) {
		t.Requests += n.requests
		t.Attacked += n.attacked
		t.Blocked += n.blocked
	}); err != nil {
		return t, err
	}
	if t.Hits, err = s.countHits(ctx, q.Known(store.Hits)); err != nil {
		return t, err
	}
	attacks := newWhere(store.Attacks, q.Known(store.Attacks))
	attacks.overlap(q)
	if t.Attacks, err = s.count(ctx, "SELECT count(*) FROM attack", attacks); err != nil {
		return t, err
	}
	sessions := newWhere(store.Sessions, q.Known(store.Sessions))
	sessions.overlap(q)
	t.Sessions, err = s.count(ctx, "SELECT count(*) FROM session", sessions)
	return t, err
}

func (s *Store) countHits(ctx context.Context, q store.Query) (int64, error) {
	hits := newWhere(store.Hits, q)
	hits.between("hit.time", q)
	table := "hit"
	if len(q.Where) > 0 {
		table = byAnything
	}
	n, err := s.count(ctx, "SELECT count(*) FROM "+table, hits)
	if err != nil {
		return 0, err
	}
	for _, c := range q.Where {
		if !ofAttack(c.Field) {
			return n, nil
		}
	}
	tallies := newWhere(store.Attacks, q)
	tallies.slots(q)
	more, err := s.count(ctx, "SELECT coalesce(sum(tally.hits), 0) FROM tally JOIN attack ON attack.id = tally.attack", tallies)
	return n + more, err
}

// slots keeps tallies whose ten seconds begin in the query's range.
func (w *where) slots(q store.Query) {
	if !q.From.IsZero() {
		w.term("tally.slot >= ?", slotFrom(q.From))
	}
	if !q.To.IsZero() {
		w.term("tally.slot < ?", slotFrom(q.To))
	}
}

// slotFrom returns the first slot that begins at or after a time.
func slotFrom(t time.Time) int64 { return (t.UnixNano() + sumStep - 1) / sumStep }

func (s *Store) count(ctx context.Context, text string, w *where) (n int64, err error) {
	if w.err != nil {
		return 0, w.err
	}
	err = s.read.QueryRowContext(ctx, text+w.text(), w.args...).Scan(&n)
	return n, err
}

// sum adds up requests: from the sums of chunks that lie wholly in the time range
// where there are no conditions, else from their requests.
func (s *Store) sum(ctx context.Context, q store.Query, coarse bool, add func(at int64, n sum)) error {
	q = q.Known(store.Requests)
	q.Cursor = ""
	m, err := newMatcher(q)
	if err != nil {
		return err
	}
	return s.snapshot(ctx, func(tx *sql.Tx) error {
		whole, err := m.sumParts(ctx, tx, coarse && len(m.conditions) == 0, add)
		if err != nil {
			return err
		}
		for _, id := range whole {
			records, err := s.chunk(ctx, tx, id, m.session)
			if err != nil {
				return err
			}
			m.sumRecords(records, add)
		}
		return nil
	})
}

// sumParts adds the sums of chunks and returns those whose requests must be looked at.
func (m *matcher) sumParts(ctx context.Context, tx *sql.Tx, coarse bool, add func(at int64, n sum)) (whole []int64, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT id, first, last, sums FROM chunk WHERE last >= ? AND first < ?", m.from, m.to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, first, last int64
		var sums sql.RawBytes
		if err := rows.Scan(&id, &first, &last, &sums); err != nil {
			return nil, err
		}
		if !coarse || first < m.from || last >= m.to {
			whole = append(whole, id)
			continue
		}
		for _, n := range unpackSums(sums) {
			add(n.slot*sumStep, n)
		}
	}
	return whole, rows.Err()
}

func (m *matcher) sumRecords(records []event.Request, add func(at int64, n sum)) {
	for i := range records {
		if r := &records[i]; m.matches(r) {
			var one sum
			one.add(r)
			add(r.Time, one)
		}
	}
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
	st.Damaged = s.damaged.Load()
	return st, err
}
