package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/session"
)

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
		if err := forget(ctx, tx, "DELETE FROM blocked_session WHERE until > 0 AND until < ?"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO blocked_session (id, revision, why, author, added, until) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, why = excluded.why, author = excluded.author, added = excluded.added,
			until = excluded.until, deleted = 0`, in.Session[:], revision, in.Why, in.Author, nanos(in.Added), nanos(in.Until))
		return err
	})
	return in, err
}

func (b blocked) Delete(ctx context.Context, id event.Session, author string) error {
	return b.s.change(ctx, func(tx *sql.Tx, revision int64) error {
		result, err := tx.ExecContext(ctx, "UPDATE blocked_session SET deleted = 1, until = ?, revision = ?, author = ? WHERE id = ? AND deleted = 0",
			time.Now().UnixNano(), revision, author, id[:])
		return affected(result, err, session.ErrNotBlocked)
	})
}
