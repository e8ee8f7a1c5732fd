package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/weirnode/weir/rule"
)

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
