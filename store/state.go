package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/rule"
	"github.com/weirnode/weir/session"
)

// State keeps what is few and edited.
type State interface {
	Lists() iplist.Store
	Rules() rule.Store
	Blocked() session.Store
	Accounts() Accounts
	// Secret returns n random bytes kept under a name: made once, then the same.
	Secret(ctx context.Context, name string, n int) ([]byte, error)
}

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
	Created time.Time
	Expires time.Time
}

// ErrTaken is returned for an account name that is in use.
var ErrTaken = errors.New("an account of this name exists")

// Accounts keeps accounts and tokens. Tokens go with their account.
type Accounts interface {
	All(ctx context.Context) ([]Account, error)
	Get(ctx context.Context, id int64) (Account, error)         // ErrNotFound
	ByName(ctx context.Context, name string) (Account, error)   // ErrNotFound; case is ignored
	Put(ctx context.Context, a Account) (Account, error)        // ErrTaken; ID 0 adds one
	Delete(ctx context.Context, id int64) error                 // ErrNotFound
	Tokens(ctx context.Context, account int64) ([]Token, error) // newest first
	Token(ctx context.Context, hash [32]byte) (Token, error)    // ErrNotFound, also for ended ones
	PutToken(ctx context.Context, t Token) (Token, error)       // always adds one
	DeleteToken(ctx context.Context, id, account int64) error   // ErrNotFound
	DeleteTokens(ctx context.Context, account int64) error      // all of an account
}
