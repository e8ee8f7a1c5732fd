package sqlite

import (
	"context"
	"database/sql"
	"net/netip"
	"time"

	"github.com/weirnode/weir/iplist"
)

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
		if err := forget(ctx, tx, "DELETE FROM list_entry WHERE until > 0 AND until < ?"); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `INSERT INTO list_entry (revision, kind, prefix, application, reason, author, added, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (kind, prefix, application) WHERE deleted = 0 DO UPDATE SET revision = excluded.revision, reason = excluded.reason,
			author = excluded.author, added = excluded.added, until = excluded.until RETURNING id`,
			revision, e.Kind, e.Prefix.String(), e.Application, e.Reason, e.Author, nanos(e.Added), nanos(e.Until)).Scan(&e.ID)
	})
	return e, err
}

func (l lists) Delete(ctx context.Context, id int64, author string) error {
	return l.s.change(ctx, func(tx *sql.Tx, revision int64) error {
		result, err := tx.ExecContext(ctx, "UPDATE list_entry SET deleted = 1, until = ?, revision = ?, author = ? WHERE id = ? AND deleted = 0",
			time.Now().UnixNano(), revision, author, id)
		return affected(result, err, iplist.ErrNotFound)
	})
}
