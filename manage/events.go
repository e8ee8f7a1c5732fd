package manage

import (
	"context"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

// Attacks returns attacks, newest first.
func (m *Manage) Attacks(ctx context.Context, a Actor, q store.Query) (store.Page[store.Attack], error) {
	return read(ctx, m, a, q, m.Events.Attacks)
}

// Attack returns one attack.
func (m *Manage) Attack(ctx context.Context, a Actor, id int64) (store.Attack, error) {
	return read(ctx, m, a, id, m.Events.Attack)
}

// Hits returns hits, newest first.
func (m *Manage) Hits(ctx context.Context, a Actor, q store.Query) (store.Page[store.Hit], error) {
	return read(ctx, m, a, q, m.Events.Hits)
}

// Hit returns one hit.
func (m *Manage) Hit(ctx context.Context, a Actor, id event.ID) (store.Hit, error) {
	return read(ctx, m, a, id, m.Events.Hit)
}

// Raw returns the masked raw request of a request in which an attack was found.
func (m *Manage) Raw(ctx context.Context, a Actor, request event.ID) (string, error) {
	return read(ctx, m, a, request, m.Events.Raw)
}

// Sessions returns sessions, newest first.
func (m *Manage) Sessions(ctx context.Context, a Actor, q store.Query) (store.Page[store.Session], error) {
	return read(ctx, m, a, q, m.Events.Sessions)
}

// Session returns one session.
func (m *Manage) Session(ctx context.Context, a Actor, id event.Session) (store.Session, error) {
	return read(ctx, m, a, id, m.Events.Session)
}

// Requests returns requests, newest first.
func (m *Manage) Requests(ctx context.Context, a Actor, q store.Query) (store.Page[event.Request], error) {
	return read(ctx, m, a, q, m.Events.Requests)
}

// Request returns one request.
func (m *Manage) Request(ctx context.Context, a Actor, id event.ID) (event.Request, error) {
	return read(ctx, m, a, id, m.Events.Request)
}

// Totals returns sums over a time range.
func (m *Manage) Totals(ctx context.Context, a Actor, q store.Query) (store.Totals, error) {
	return read(ctx, m, a, q, m.Events.Totals)
}

// Changes returns the audit log, newest first. It shows who did what, so it takes
// an administrator.
func (m *Manage) Changes(ctx context.Context, a Actor, q store.Query) (store.Page[event.Change], error) {
	if err := may(a, store.Administrator); err != nil {
		return store.Page[event.Change]{}, err
	}
	return read(ctx, m, a, q, m.Events.Changes)
}

// Series returns the requests of a time range by steps.
func (m *Manage) Series(ctx context.Context, a Actor, q store.Query, step time.Duration) ([]store.Bucket, error) {
	return read(ctx, m, a, q, func(ctx context.Context, q store.Query) ([]store.Bucket, error) {
		return m.Events.Series(ctx, q, step)
	})
}

// Top returns the most frequent values of a field among hits.
func (m *Manage) Top(ctx context.Context, a Actor, q store.Query, field store.Field, n int) ([]store.Count, error) {
	return read(ctx, m, a, q, func(ctx context.Context, q store.Query) ([]store.Count, error) {
		return m.Events.Top(ctx, q, field, n)
	})
}

// read asks the store on behalf of anyone with an account. What was published
// before is flushed first, so that a request is found as soon as it was answered.
func read[Q, R any](ctx context.Context, m *Manage, a Actor, q Q, ask func(context.Context, Q) (R, error)) (R, error) {
	if err := may(a, store.ReadOnly); err != nil {
		var none R
		return none, err
	}
	wait, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_ = m.Stream.Flush(wait) // late events are no reason to show nothing
	return ask(ctx, q)
}
