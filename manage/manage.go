// Package manage is what people may do with a node: every operation of the API and
// the console, with its role check and its audit record.
//
// Each operation takes the [Actor] who asks. It returns [ErrForbidden] when the
// actor's role does not allow it; nothing else checks roles. Whatever changes
// something leaves an [event.Change]. The API and the console only translate.
package manage

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/rule"
	"github.com/weirnode/weir/session"
	"github.com/weirnode/weir/store"
)

// Errors that callers tell apart.
var (
	ErrForbidden    = errors.New("your role does not allow this")
	ErrUnauthorized = errors.New("sign in first")
	ErrNotFound     = store.ErrNotFound
)

// InvalidError says what is wrong with what was asked, in words for people.
type InvalidError struct{ Text string }

func (e *InvalidError) Error() string { return e.Text }

// Actor is who asks.
type Actor struct {
	Name    string
	Role    store.Role
	Account int64
	Address netip.Addr
	Token   int64 // id of the token the actor came with
}

// Status is the state of the node as the dashboard and the API show it.
type Status struct {
	Version      string
	Started      time.Time
	Mode         config.Mode
	Override     config.Override
	ConfigFile   string // empty when started with --upstream
	Generation   int64
	LastReload   time.Time
	ReloadFailed string // text of the last failed reload, empty after a good one
	Stream       event.Stats
	Store        store.Stats
}

// Node is what manage asks of the running node.
type Node interface {
	// Reload reads the configuration again and puts it in force, or leaves the
	// node as it was and says why.
	Reload(ctx context.Context) error
	// Rebuild compiles stored rules again after one has changed.
	Rebuild(ctx context.Context) error
	// Status tells the node's state.
	Status(ctx context.Context) (Status, error)
}

// Switch is the kill switch of the filter.
type Switch interface {
	SetBypass(on bool)
	Bypass() bool
}

// Options are what manage works with; all are required but Logger.
type Options struct {
	Events store.Reader
	State  store.State
	Lists  *iplist.List
	Table  *session.Table
	Stream *event.Stream
	Node   Node
	Switch Switch
	Config func() *config.Config // the configuration in force
	Rules  func() *rule.Set      // the compiled rules in force
	Logger *zap.Logger
}

// Manage carries out operations. It is safe for concurrent use.
type Manage struct {
	Options
	logins  throttle
	hashing chan struct{} // as many as may hash passwords at once
}

const hashers = 4

// New returns a Manage.
func New(o Options) *Manage {
	if o.Logger == nil {
		o.Logger = zap.NewNop()
	}
	return &Manage{Options: o, hashing: make(chan struct{}, hashers)}
}

// may returns ErrForbidden unless the actor has at least the role.
func may(a Actor, least store.Role) error {
	if a.Role < least {
		return ErrForbidden
	}
	return nil
}

// changed records what an actor did.
func (m *Manage) changed(a Actor, verb, noun, subject, detail string) {
	now := time.Now()
	m.Stream.Change(event.Change{
		ID: event.NewID(now), Time: now.UnixNano(), Actor: a.Name, Verb: verb, Noun: noun,
		Subject: subject, Detail: detail, Address: a.Address,
	})
	m.Logger.Info("change", zap.String("actor", a.Name), zap.String("verb", verb), zap.String("noun", noun),
		zap.String("subject", subject), zap.String("detail", detail))
}

// asInvalid turns refusals of the packages below into errors for people.
func asInvalid(err error) error {
	var entry *iplist.InvalidError
	switch {
	case errors.As(err, &entry), errors.Is(err, store.ErrTaken), errors.Is(err, session.ErrNotBlocked):
		return &InvalidError{err.Error()}
	case errors.Is(err, iplist.ErrNotFound), errors.Is(err, rule.ErrNotFound):
		return ErrNotFound
	default:
		return err
	}
}

// Dropped returns the events lost since the start.
func (s Status) Dropped() int64 {
	return s.Stream.Requests.Dropped + s.Stream.Hits.Dropped + s.Stream.Changes.Dropped
}

// Status tells the node's state.
func (m *Manage) Status(ctx context.Context, a Actor) (Status, error) {
	if err := may(a, store.ReadOnly); err != nil {
		return Status{}, err
	}
	return m.Node.Status(ctx)
}

// Reload reads the configuration again.
func (m *Manage) Reload(ctx context.Context, a Actor) error {
	if err := may(a, store.Administrator); err != nil {
		return err
	}
	err := m.Node.Reload(ctx)
	detail := "in force"
	if err != nil {
		detail = "refused: " + err.Error()
	}
	m.changed(a, "reload", "config", "", detail)
	return err
}
