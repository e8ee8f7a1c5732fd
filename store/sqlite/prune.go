package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/weirnode/weir/event"
)

// pruneRows is how many rows one transaction of pruning drops, so that writing waits
// for tens of milliseconds, not for minutes.
const pruneRows = 5000

// Prune drops what is older than asked, and packs small chunks together.
func (s *Store) Prune(ctx context.Context, requests, attacks time.Time) error {
	if err := s.fold(ctx); err != nil {
		return err
	}
	req, att := requests.UnixNano(), attacks.UnixNano()
	for _, step := range []struct {
		text string
		arg  int64
	}{
		{"DELETE FROM chunk_data WHERE id IN (SELECT id FROM chunk WHERE last < ? AND id IN (SELECT id FROM chunk_data) LIMIT ?)", req},
		{"DELETE FROM chunk WHERE id IN (SELECT id FROM chunk WHERE last < ? LIMIT ?)", req},
		{"DELETE FROM session WHERE id IN (SELECT id FROM session WHERE last < ? LIMIT ?)", req},
		{"DELETE FROM raw WHERE hit IN (SELECT hit.id FROM hit JOIN raw ON raw.hit = hit.id WHERE hit.time < ? LIMIT ?)", att},
		{"DELETE FROM hit WHERE id IN (SELECT id FROM hit WHERE time < ? LIMIT ?)", att},
		{"DELETE FROM tally WHERE (attack, slot) IN (SELECT attack, slot FROM tally WHERE slot < ? LIMIT ?)", att / sumStep},
		{"DELETE FROM attack_source WHERE attack IN (SELECT id FROM attack WHERE last < ? AND id IN (SELECT attack FROM attack_source) LIMIT ?)", att},
		{"DELETE FROM attack_payload WHERE attack IN (SELECT id FROM attack WHERE last < ? AND id IN (SELECT attack FROM attack_payload) LIMIT ?)", att},
		{"DELETE FROM attack WHERE id IN (SELECT id FROM attack WHERE last < ? LIMIT ?)", att},
		{"DELETE FROM change WHERE id IN (SELECT id FROM change WHERE time < ? LIMIT ?)", att},
		{"DELETE FROM seen WHERE id IN (SELECT id FROM seen WHERE time < ? LIMIT ?)", time.Now().Add(-seenFor).UnixNano()},
	} {
		if err := s.pruneAll(ctx, step.text, step.arg); err != nil {
			return err
		}
	}
	if err := s.pruneStep(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE attack SET kept = (SELECT count(*) FROM hit WHERE hit.attack = attack.id) WHERE first < ?", att)
		return err
	}); err != nil {
		return err
	}
	return s.merge(ctx)
}

// pruneAll repeats a deletion of some rows until there are no more.
func (s *Store) pruneAll(ctx context.Context, text string, before int64) error {
	for more := true; more; {
		if err := s.pruneStep(ctx, func(tx *sql.Tx) (err error) {
			more, err = changed(tx.ExecContext(ctx, text, before, pruneRows))
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) pruneStep(ctx context.Context, work func(*sql.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.groups) // they may tell of attacks that are gone
	return s.transact(ctx, work)
}

// Chunks of quiet times are merged until they hold mergeFull requests or span
// mergeSpan.
const (
	mergeFull = 4000
	mergeSpan = int64(10 * time.Minute)
	mergeRest = time.Minute // how old chunks are that are merged
)

// small is a chunk that may be merged.
type small struct{ id, first, last, n int64 }

// merge packs neighbouring small chunks together. Only chunks whose requests are in
// session rows are touched: the first keeps its id, so no request is counted twice.
func (s *Store) merge(ctx context.Context) error {
	list, err := queryAll(ctx, s, "SELECT id, first, last, n FROM chunk WHERE n <= ? AND last < ? AND id <= (SELECT value FROM mark WHERE name = 'sessions') ORDER BY last, id",
		[]any{mergeFull / 2, time.Now().Add(-mergeRest).UnixNano()}, func(rows *sql.Rows) (c small, err error) {
			err = rows.Scan(&c.id, &c.first, &c.last, &c.n)
			return c, err
		})
	if err != nil {
		return err
	}
	for len(list) > 0 {
		run := nextRun(list)
		if len(run) > 1 {
			if err := s.mergeRun(ctx, run); err != nil {
				return err
			}
		}
		list = list[len(run):]
	}
	return nil
}

// nextRun returns the first chunks of a list that become one.
func nextRun(list []small) []small {
	first, last, total := list[0].first, list[0].last, list[0].n
	for i, c := range list[1:] {
		first, last, total = min(first, c.first), max(last, c.last), total+c.n
		if total > mergeFull || last-first > mergeSpan {
			return list[:i+1]
		}
	}
	return list
}

// mergeRun replaces chunks by one. One that is damaged keeps its run as it is.
func (s *Store) mergeRun(ctx context.Context, run []small) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.transact(ctx, func(tx *sql.Tx) error {
		var all []event.Request
		for _, c := range run {
			records, err := s.chunk(ctx, tx, c.id, nil)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			if int64(len(records)) != c.n {
				return nil
			}
			all = append(all, records...)
		}
		plain := s.packing.pack(all)
		if len(plain) > maxUnpacked/2 {
			return nil
		}
		s.packed = s.packer.EncodeAll(plain, s.packed[:0])
		return replaceChunks(ctx, tx, run, all, s.packed)
	})
}

func replaceChunks(ctx context.Context, tx *sql.Tx, run []small, all []event.Request, data []byte) error {
	for _, c := range run[1:] {
		for _, text := range []string{"DELETE FROM chunk WHERE id = ?", "DELETE FROM chunk_data WHERE id = ?"} {
			if _, err := tx.ExecContext(ctx, text, c.id); err != nil {
				return err
			}
		}
	}
	first, last := bounds(all)
	if _, err := tx.ExecContext(ctx, "UPDATE chunk SET first = ?, last = ?, n = ?, sums = ? WHERE id = ?",
		first, last, len(all), packSums(sumsOf(all)), run[0].id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "UPDATE chunk_data SET sessions = ?, data = ? WHERE id = ?", sessionPrefixes(all), data, run[0].id)
	return err
}
