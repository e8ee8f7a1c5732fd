package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"

	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/rule"
	"github.com/weirnode/weir/session"
	"github.com/weirnode/weir/store"
)

// Lists returns the store of list entries.
func (s *Store) Lists() iplist.Store { return lists{s} }

// Rules returns the store of rules.
func (s *Store) Rules() rule.Store { return rules{s} }

// Blocked returns the store of blocked sessions.
func (s *Store) Blocked() session.Store { return blocked{s} }

// Accounts returns the store of accounts and tokens.
func (s *Store) Accounts() store.Accounts { return accounts{s} }

// Secret returns n random bytes kept under a name.
func (s *Store) Secret(ctx context.Context, name string, n int) (value []byte, err error) {
	fresh := make([]byte, n)
	_, _ = rand.Read(fresh) // never fails: crypto/rand
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO secret (name, value) VALUES (?, ?)", name, fresh); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT value FROM secret WHERE name = ?", name).Scan(&value)
	})
	return value, err
}

// change runs work in a transaction that has a new revision.
func (s *Store) change(ctx context.Context, work func(tx *sql.Tx, revision int64) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.transact(ctx, func(tx *sql.Tx) error {
		var revision int64
		if err := tx.QueryRowContext(ctx, "UPDATE revision SET value = value + 1 RETURNING value").Scan(&revision); err != nil {
			return err
		}
		return work(tx, revision)
	})
}

// since reads rows that changed after a revision.
func since[T any](ctx context.Context, s *Store, text string, revision int64, scan func(*sql.Rows) (T, error)) ([]T, error) {
	return queryAll(ctx, s, text, []any{revision}, scan)
}

func queryAll[T any](ctx context.Context, s *Store, text string, args []any, scan func(*sql.Rows) (T, error)) ([]T, error) {
	rows, err := s.read.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, rows.Err()
}

// oblivion is how long what ended or was deleted is told by Since, so that other
// nodes get to know of it.
const oblivion = 24 * time.Hour

// forget drops rows of a table that ended or were deleted long ago. A deleted row
// has the time of its deletion as its end.
func forget(ctx context.Context, tx *sql.Tx, text string) error {
	_, err := tx.ExecContext(ctx, text, time.Now().Add(-oblivion).UnixNano())
	return err
}

// nanos is a time as a number, 0 for the zero time.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromNanos(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n)
}

// affected returns missing unless the statement changed a row.
func affected(result sql.Result, err, missing error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return missing
	}
	return err
}
