package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/weirnode/weir/store"
)

type accounts struct{ s *Store }

type scanner interface{ Scan(values ...any) error }

const accountColumns = "id, name, role, password, disabled, created, last_login"

func scanAccount(row scanner) (a store.Account, err error) {
	var created, last int64
	err = row.Scan(&a.ID, &a.Name, &a.Role, &a.Password, &a.Disabled, &created, &last)
	a.Created, a.LastLogin = fromNanos(created), fromNanos(last)
	return a, notFound(err)
}

func (a accounts) All(ctx context.Context) ([]store.Account, error) {
	return queryAll(ctx, a.s, "SELECT "+accountColumns+" FROM account ORDER BY name", nil,
		func(rows *sql.Rows) (store.Account, error) { return scanAccount(rows) })
}

func (a accounts) Get(ctx context.Context, id int64) (store.Account, error) {
	return scanAccount(a.s.read.QueryRowContext(ctx, "SELECT "+accountColumns+" FROM account WHERE id = ?", id))
}

func (a accounts) ByName(ctx context.Context, name string) (store.Account, error) {
	return scanAccount(a.s.read.QueryRowContext(ctx, "SELECT "+accountColumns+" FROM account WHERE name = ?", name))
}

// inTurn runs work in a transaction when nobody else writes.
func (a accounts) inTurn(ctx context.Context, work func(tx *sql.Tx) error) error {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return a.s.transact(ctx, work)
}

// exec runs one statement; missing is returned if it changes no row.
func (a accounts) exec(ctx context.Context, missing error, text string, args ...any) error {
	return a.inTurn(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, text, args...)
		return affected(result, err, missing)
	})
}

// refused returns reason for an error with an SQLite code, else the error.
func refused(err error, code int, reason error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == code {
		return reason
	}
	return err
}

func (a accounts) Put(ctx context.Context, in store.Account) (store.Account, error) {
	var id int64
	err := a.inTurn(ctx, func(tx *sql.Tx) error {
		text := `UPDATE account SET name = ?, role = ?, password = ?, disabled = ?, last_login = ? WHERE id = ? RETURNING id`
		last := in.ID
		if in.ID == 0 {
			text = `INSERT INTO account (name, role, password, disabled, last_login, created) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`
			last = nanos(in.Created)
		}
		return tx.QueryRowContext(ctx, text, in.Name, in.Role, in.Password, in.Disabled, nanos(in.LastLogin), last).Scan(&id)
	})
	if err != nil {
		return in, notFound(refused(err, sqlite3.SQLITE_CONSTRAINT_UNIQUE, store.ErrTaken))
	}
	return a.Get(ctx, id)
}

func (a accounts) Delete(ctx context.Context, id int64) error {
	return a.exec(ctx, store.ErrNotFound, "DELETE FROM account WHERE id = ?", id)
}

const tokenColumns = "id, kind, hash, account, name, address, agent, created, expires, used" //nolint:gosec // names of columns

func scanToken(row scanner) (t store.Token, err error) {
	var hash []byte
	var address string
	var created, expires, used int64
	if err = row.Scan(&t.ID, &t.Kind, &hash, &t.Account, &t.Name, &address, &t.Agent, &created, &expires, &used); err != nil {
		return t, notFound(err)
	}
	copy(t.Hash[:], hash)
	t.Created, t.Expires, t.Used = fromNanos(created), fromNanos(expires), fromNanos(used)
	return t, t.Address.UnmarshalText([]byte(address))
}

func (a accounts) Tokens(ctx context.Context, account int64) ([]store.Token, error) {
	return queryAll(ctx, a.s, "SELECT "+tokenColumns+" FROM token WHERE account = ? AND expires > ? ORDER BY id DESC",
		[]any{account, time.Now().UnixNano()}, func(rows *sql.Rows) (store.Token, error) { return scanToken(rows) })
}

func (a accounts) Token(ctx context.Context, hash [32]byte) (store.Token, error) {
	return scanToken(a.s.read.QueryRowContext(ctx, "SELECT "+tokenColumns+" FROM token WHERE hash = ? AND expires > ?", hash[:], time.Now().UnixNano()))
}

func (a accounts) PutToken(ctx context.Context, t store.Token) (store.Token, error) {
	now := time.Now()
	if !t.Expires.After(now) {
		return t, store.ErrExpired
	}
	err := a.inTurn(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM token WHERE expires <= ?", now.UnixNano()); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `INSERT INTO token (kind, hash, account, name, address, agent, created, expires, used)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, t.Kind, t.Hash[:], t.Account, t.Name, addressText(t.Address), t.Agent,
			nanos(t.Created), nanos(t.Expires), nanos(t.Used)).Scan(&t.ID)
	})
	return t, refused(err, sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, store.ErrNotFound)
}

func (a accounts) Touch(ctx context.Context, token int64, used time.Time) error {
	return a.exec(ctx, store.ErrNotFound, "UPDATE token SET used = ? WHERE id = ?", nanos(used), token)
}

func (a accounts) DeleteToken(ctx context.Context, id, account int64) error {
	return a.exec(ctx, store.ErrNotFound, "DELETE FROM token WHERE id = ? AND account = ?", id, account)
}

func (a accounts) DeleteTokens(ctx context.Context, account int64) error {
	return a.exec(ctx, nil, "DELETE FROM token WHERE account = ?", account)
}
