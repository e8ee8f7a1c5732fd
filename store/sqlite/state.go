package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"net/netip"
	"time"

	"github.com/weirnode/weir/event"
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
	defer rows.Close() //nolint:errcheck // read to the end
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

type lists struct{ s *Store }

func (l lists) Since(ctx context.Context, revision int64) ([]iplist.Entry, error) {
	return since(ctx, l.s, "SELECT id, revision, kind, prefix, application, reason, author, added, until, deleted FROM list_entry WHERE revision > ? ORDER BY revision",
		revision, func(rows *sql.Rows) (e iplist.Entry, err error) {
			var prefix string
			var added, until int64
			if err := rows.Scan(&e.ID, &e.Revision, &e.Kind, &prefix, &e.Application, &e.Reason, &e.Author, &added, &until, &e.Deleted); err != nil {
				return e, err
			}
			e.Added, e.Until = fromNanos(added), fromNanos(until)
			e.Prefix, err = netip.ParsePrefix(prefix)
			return e, err
		})
}

func (l lists) Put(ctx context.Context, e iplist.Entry) (iplist.Entry, error) {
	err := l.s.change(ctx, func(tx *sql.Tx, revision int64) error {
		e.Revision = revision
		return tx.QueryRowContext(ctx, `INSERT INTO list_entry (revision, kind, prefix, application, reason, author, added, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (kind, prefix, application) WHERE deleted = 0 DO UPDATE SET revision = excluded.revision, reason = excluded.reason,
			author = excluded.author, added = excluded.added, until = excluded.until RETURNING id`,
			revision, e.Kind, e.Prefix.String(), e.Application, e.Reason, e.Author, nanos(e.Added), nanos(e.Until)).Scan(&e.ID)
	})
	return e, err
}

func (l lists) Delete(ctx context.Context, id int64, author string) error {
	return l.s.change(ctx, func(tx *sql.Tx, revision int64) error {
		result, err := tx.ExecContext(ctx, "UPDATE list_entry SET deleted = 1, revision = ?, author = ? WHERE id = ? AND deleted = 0", revision, author, id)
		return affected(result, err, iplist.ErrNotFound)
	})
}

type rules struct{ s *Store }

func (r rules) Since(ctx context.Context, revision int64) ([]rule.Rule, error) {
	return since(ctx, r.s, "SELECT id, revision, kind, application, host, path, methods, mode, comment, author, created, disabled, deleted FROM rule WHERE revision > ? ORDER BY revision",
		revision, func(rows *sql.Rows) (out rule.Rule, err error) {
			var methods, mode string
			var created int64
			if err := rows.Scan(&out.ID, &out.Revision, &out.Kind, &out.Application, &out.Host, &out.Path, &methods, &mode, &out.Comment, &out.Author,
				&created, &out.Disabled, &out.Deleted); err != nil {
				return out, err
			}
			out.Created = fromNanos(created)
			return out, errors.Join(json.Unmarshal([]byte(methods), &out.Methods), out.Mode.UnmarshalText([]byte(mode)))
		})
}

func (r rules) Put(ctx context.Context, in rule.Rule) (rule.Rule, error) {
	methods, err := json.Marshal(in.Methods)
	if err != nil {
		return in, err
	}
	err = r.s.change(ctx, func(tx *sql.Tx, revision int64) error {
		in.Revision = revision
		args := []any{revision, in.Kind, in.Application, in.Host, in.Path, string(methods), in.Mode.String(), in.Comment, in.Author, nanos(in.Created), in.Disabled}
		if in.ID == 0 {
			return tx.QueryRowContext(ctx, `INSERT INTO rule (revision, kind, application, host, path, methods, mode, comment, author, created, disabled)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, args...).Scan(&in.ID)
		}
		result, err := tx.ExecContext(ctx, `UPDATE rule SET revision = ?, kind = ?, application = ?, host = ?, path = ?, methods = ?, mode = ?, comment = ?,
			author = ?, created = ?, disabled = ? WHERE id = ? AND deleted = 0`, append(args, in.ID)...)
		return affected(result, err, rule.ErrNotFound)
	})
	return in, err
}

func (r rules) Delete(ctx context.Context, id int64, author string) error {
	return r.s.change(ctx, func(tx *sql.Tx, revision int64) error {
		result, err := tx.ExecContext(ctx, "UPDATE rule SET deleted = 1, revision = ?, author = ? WHERE id = ? AND deleted = 0", revision, author, id)
		return affected(result, err, rule.ErrNotFound)
	})
}

type blocked struct{ s *Store }

func (b blocked) Since(ctx context.Context, revision int64) ([]session.Block, error) {
	return since(ctx, b.s, "SELECT id, revision, why, author, added, until, deleted FROM blocked_session WHERE revision > ? ORDER BY revision",
		revision, func(rows *sql.Rows) (out session.Block, err error) {
			var id []byte
			var added, until int64
			err = rows.Scan(&id, &out.Revision, &out.Why, &out.Author, &added, &until, &out.Deleted)
			copy(out.Session[:], id)
			out.Added, out.Until = fromNanos(added), fromNanos(until)
			return out, err
		})
}

func (b blocked) Put(ctx context.Context, in session.Block) (session.Block, error) {
	err := b.s.change(ctx, func(tx *sql.Tx, revision int64) error {
		in.Revision = revision
		_, err := tx.ExecContext(ctx, `INSERT INTO blocked_session (id, revision, why, author, added, until) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, why = excluded.why, author = excluded.author, added = excluded.added,
			until = excluded.until, deleted = 0`, in.Session[:], revision, in.Why, in.Author, nanos(in.Added), nanos(in.Until))
		return err
	})
	return in, err
}

func (b blocked) Delete(ctx context.Context, id event.Session, author string) error {
	return b.s.change(ctx, func(tx *sql.Tx, revision int64) error {
		result, err := tx.ExecContext(ctx, "UPDATE blocked_session SET deleted = 1, revision = ?, author = ? WHERE id = ? AND deleted = 0", revision, author, id[:])
		return affected(result, err, session.ErrNotBlocked)
	})
}
