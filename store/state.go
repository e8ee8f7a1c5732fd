package store

import (
	"context"

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
