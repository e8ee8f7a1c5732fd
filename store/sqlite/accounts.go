package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/weirnode/weir/store"
)

type accounts struct{ s *Store }

const accountColumns = "id, name, role, password, created, last_login"

func scanAccount(row interface{ Scan(...any) error }) (a store.Account, err error) {
	var created, last int64
	err = row.Scan(&a.ID, &a.Name, &a.Role, &a.Password, &created, &last)
	a.Created, a.LastLogin = fromNanos(created), fromNanos(last)
	return a, notFound(err)
}

func (a accounts) All(ctx context.Context) ([]store.Account, error) {
	return queryAll(ctx, a.s, "SELECT "+accountColumns+" FROM account ORDER BY name", nil, func(rows *sql.Rows) (store.Account, error) { return scanAccount(rows) })
}

func (a accounts) Get(ctx context.Context, id int64) (store.Account, error) {
	return scanAccount(a.s.read.QueryRowContext(ctx, "SELECT "+accountColumns+" FROM account WHERE id = ?", id))
}

func (a accounts) ByName(ctx context.Context, name string) (store.Account, error) {
	return scanAccount(a.s.read.QueryRowContext(ctx, "SELECT "+accountColumns+" FROM account WHERE name = ?", name))
}

// exec runs one statement of the writing connection.
func (a accounts) exec(ctx context.Context, missing error, text string, args ...any) error {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	result, err := a.s.write.ExecContext(ctx, text, args...)
	if err != nil && strings.Contains(err.Error(), "UNIQUE constraint failed: account.name") {
		return store.ErrTaken
	}
	return affected(result, err, missing)
}

func (a accounts) Put(ctx context.Context, in store.Account) (store.Account, error) {
	if in.ID != 0 {
		return in, a.exec(ctx, store.ErrNotFound, "UPDATE account SET name = ?, role = ?, password = ?, last_login = ? WHERE id = ?",
			in.Name, in.Role, in.Password, nanos(in.LastLogin), in.ID)
	}
	if err := a.exec(ctx, nil, "INSERT INTO account (name, role, password, created, last_login) VALUES (?, ?, ?, ?, ?)",
		in.Name, in.Role, in.Password, nanos(in.Created), nanos(in.LastLogin)); err != nil {
		return in, err
	}
	return a.ByName(ctx, in.Name)
}

func (a accounts) Delete(ctx context.Context, id int64) error {
	return a.exec(ctx, store.ErrNotFound, "DELETE FROM account WHERE id = ?", id)
}

const tokenColumns = "id, kind, hash, account, name, created, expires"

func scanToken(row interface{ Scan(...any) error }) (t store.Token, err error) {
	var hash []byte
	var created, expires int64
	err = row.Scan(&t.ID, &t.Kind, &hash, &t.Account, &t.Name, &created, &expires)
	copy(t.Hash[:], hash)
	t.Created, t.Expires = fromNanos(created), fromNanos(expires)
	return t, notFound(err)
}

func (a accounts) Tokens(ctx context.Context, account int64) ([]store.Token, error) {
	return queryAll(ctx, a.s, "SELECT "+tokenColumns+" FROM token WHERE account = ? AND expires > ? ORDER BY id DESC", []any{account, time.Now().UnixNano()},
		func(rows *sql.Rows) (store.Token, error) { return scanToken(rows) })
}

func (a accounts) Token(ctx context.Context, hash [32]byte) (store.Token, error) {
	return scanToken(a.s.read.QueryRowContext(ctx, "SELECT "+tokenColumns+" FROM token WHERE hash = ? AND expires > ?", hash[:], time.Now().UnixNano()))
}

func (a accounts) PutToken(ctx context.Context, t store.Token) (store.Token, error) {
	if err := a.exec(ctx, nil, "DELETE FROM token WHERE expires <= ?", time.Now().UnixNano()); err != nil {
		return t, err
	}
	if err := a.exec(ctx, nil, "INSERT INTO token (kind, hash, account, name, created, expires) VALUES (?, ?, ?, ?, ?, ?)",
		t.Kind, t.Hash[:], t.Account, t.Name, nanos(t.Created), nanos(t.Expires)); err != nil {
		return t, err
	}
	return a.Token(ctx, t.Hash)
}

func (a accounts) DeleteToken(ctx context.Context, id, account int64) error {
	return a.exec(ctx, store.ErrNotFound, "DELETE FROM token WHERE id = ? AND account = ?", id, account)
}

func (a accounts) DeleteTokens(ctx context.Context, account int64) error {
	return a.exec(ctx, nil, "DELETE FROM token WHERE account = ?", account)
}
