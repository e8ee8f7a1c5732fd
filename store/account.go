package store

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// Role says what an account may do, least first. The zero Role may do nothing.
type Role uint8

// The roles.
const (
	Nobody        Role = iota
	ReadOnly           // sees everything but accounts and the audit log
	Analyst            // and changes lists and sessions
	Administrator      // and rules, configuration and accounts
)

var roles = [...]string{"nobody", "read_only", "analyst", "administrator"}

// String returns the role's text code.
func (r Role) String() string { return roles[r&3] }

// MarshalText writes the text code.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a text code.
func (r *Role) UnmarshalText(b []byte) error {
	for known := ReadOnly; known <= Administrator; known++ {
		if string(b) == known.String() {
			*r = known
			return nil
		}
	}
	return fmt.Errorf("unknown role %q: use administrator, analyst or read_only", b)
}

// Account is somebody who may sign in.
type Account struct {
	ID        int64
	Name      string
	Role      Role
	Password  string // argon2id hash in PHC format; empty: none is set
	Disabled  bool   // may not sign in, and its tokens stand for nobody
	Created   time.Time
	LastLogin time.Time
}

// TokenKind says what a token is for.
type TokenKind string

// The kinds of tokens.
const (
	BrowserToken TokenKind = "browser" // a signed-in browser
	APIToken     TokenKind = "api"     // a program
	LinkToken    TokenKind = "link"    // a link that signs in once
)

// Token stands for an account for a while. Only the hash of its secret is kept.
type Token struct {
	ID      int64
	Kind    TokenKind
	Hash    [32]byte
	Account int64
	Name    string
	Address netip.Addr // that signed in; the zero Addr if that is not known
	Agent   string     // User-Agent that signed in
	Created time.Time
	Expires time.Time // in the future
	Used    time.Time // lately, as Touch was told
}

// ErrExpired is returned for a token that would have ended when it is made.
var ErrExpired = errors.New("a token must end in the future")

// ErrTaken is returned for an account name that is in use.
var ErrTaken = errors.New("an account of this name exists")

// Accounts keeps accounts and tokens. Tokens go with their account; those that have
// ended are forgotten.
type Accounts interface {
	All(ctx context.Context) ([]Account, error)                   // in order of their names
	Get(ctx context.Context, id int64) (Account, error)           // ErrNotFound
	ByName(ctx context.Context, name string) (Account, error)     // ErrNotFound; ASCII case is ignored
	Put(ctx context.Context, a Account) (Account, error)          // ErrTaken, ErrNotFound; ID 0 adds one; Created stays as it was
	Delete(ctx context.Context, id int64) error                   // ErrNotFound
	Tokens(ctx context.Context, account int64) ([]Token, error)   // newest first
	Token(ctx context.Context, hash [32]byte) (Token, error)      // ErrNotFound
	PutToken(ctx context.Context, t Token) (Token, error)         // ErrExpired, ErrNotFound for no such account; always adds one
	Touch(ctx context.Context, token int64, used time.Time) error // ErrNotFound
	// DeleteToken returns ErrNotFound if the token is gone: of those who use up a
	// link at once, one gets nil.
	DeleteToken(ctx context.Context, id, account int64) error
	DeleteTokens(ctx context.Context, account int64) error // all of an account
}
