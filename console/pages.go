package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/store"
)

type dashboardPage struct {
	Totals                store.Totals
	Chart                 chart
	Types, Sources, Paths []store.Count
	Status                manage.Status
	Warnings              []string
}

func (c *console) dashboard(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	v, ctx := viewOf(r, time.Now()), r.Context()
	var p dashboardPage
	var err error
	if p.Totals, err = c.manage.Totals(ctx, actor, v.query); err != nil {
		return c.searched(v, err)
	}
	to := v.query.To
	if to.IsZero() {
		to = time.Now()
	}
	if v.query.From.IsZero() {
		v.query.From = to.Add(-24 * time.Hour)
	}
	step := stepFor(to.Sub(v.query.From))
	buckets, err := c.manage.Series(ctx, actor, v.query, step)
	if err != nil {
		return c.searched(v, err)
	}
	p.Chart = newChart(buckets, step)
	for field, list := range map[store.Field]*[]store.Count{store.FieldType: &p.Types, store.FieldAddress: &p.Sources, store.FieldPath: &p.Paths} {
		if *list, err = c.manage.Top(ctx, actor, v.query, field, 8); err != nil {
			return c.searched(v, err)
		}
	}
	if p.Status, err = c.manage.Status(ctx, actor); err != nil {
		return err
	}
	p.Warnings = warnings(p.Status)
	return c.show(w, actor, "dashboard", frame{Title: "Dashboard", Nav: "Dashboard", View: v, Body: p})
}

// warnings says what an operator should look at.
func warnings(s manage.Status) (list []string) {
	if s.ReloadFailed != "" {
		list = append(list, "The last reload was refused, the configuration before it is in force: "+s.ReloadFailed)
	}
	if n := s.Dropped(); n > 0 {
		list = append(list, fmt.Sprintf("%d events were lost because the store could not keep up.", n))
	}
	return list
}

// searched turns a refusal of a search into an error page that says what to change.
func (c *console) searched(v *view, err error) error {
	var field *store.FieldError
	var value *store.ValueError
	if errors.As(err, &field) || errors.As(err, &value) {
		return &manage.InvalidError{Text: "Search " + strconv.Quote(v.Search) + ": " + err.Error()}
	}
	return err
}

func (c *console) attacks(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	v := viewOf(r, time.Now())
	p, err := c.manage.Attacks(r.Context(), actor, v.query)
	if err != nil {
		return c.searched(v, err)
	}
	return c.show(w, actor, "attacks", frame{Title: "Attacks", Nav: "Attacks", View: v, Body: listPage[store.Attack]{p.Items, v.older(p.Next)}})
}

// listPage is a page of a list and the address of the next one.
type listPage[T any] struct {
	Items []T
	Next  string
}

// older returns the address of the page behind a cursor, "" at the end.
func (v *view) older(cursor string) string {
	if cursor == "" {
		return ""
	}
	return v.Next(cursor)
}

// parts is a payload cut around its evidence.
type parts struct{ Left, Evidence, Right string }

// shownHit is a hit with its payload in parts.
type shownHit struct{ store.Hit }

// Parts cuts the payload around its evidence.
func (h shownHit) Parts() parts {
	start := max(0, min(h.Before, len(h.Payload)))
	end := max(start, min(start+h.Length, len(h.Payload)))
	return parts{h.Payload[:start], h.Payload[start:end], h.Payload[end:]}
}

func shown(hits []store.Hit) []shownHit {
	list := make([]shownHit, len(hits))
	for i, h := range hits {
		list[i] = shownHit{h}
	}
	return list
}

type attackPage struct {
	Attack store.Attack
	Hits   []shownHit
	Next   string
	Cursor string
	Back   string
}

func (c *console) attack(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return manage.ErrNotFound
	}
	a, err := c.manage.Attack(r.Context(), actor, id)
	if err != nil {
		return err
	}
	q := store.Query{Where: []store.Condition{{Field: store.FieldAttack, Values: []string{strconv.FormatInt(id, 10)}}}, Limit: 20, Cursor: r.URL.Query().Get("cursor")}
	hits, err := c.manage.Hits(r.Context(), actor, q)
	if err != nil {
		return err
	}
	p := attackPage{Attack: a, Hits: shown(hits.Items), Cursor: q.Cursor, Back: r.URL.Path}
	if hits.Next != "" {
		p.Next = (&view{Path: r.URL.Path, Range: defaultRange}).Next(hits.Next)
	}
	return c.show(w, actor, "attack", frame{Title: a.Type, Nav: "Attacks", Body: p})
}

type requestPage struct {
	ID      event.ID
	Request *event.Request // nil when it is no longer kept
	Hits    []shownHit
	Raw     string
}

func (c *console) request(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	id, err := event.ParseID(r.PathValue("id"))
	if err != nil {
		return manage.ErrNotFound
	}
	p, err := c.requestPage(r.Context(), actor, id)
	if err != nil {
		return err
	}
	return c.show(w, actor, "request", frame{Title: "Request", Nav: "Attacks", Body: p})
}

// requestPage gathers what is still kept of a request: requests, hits and raw texts
// are kept for different times.
func (c *console) requestPage(ctx context.Context, actor manage.Actor, id event.ID) (requestPage, error) {
	p := requestPage{ID: id}
	request, err := c.manage.Request(ctx, actor, id)
	switch {
	case err == nil:
		p.Request = &request
	case !errors.Is(err, manage.ErrNotFound):
		return p, err
	}
	hits, err := c.manage.Hits(ctx, actor, store.Query{Where: []store.Condition{{Field: store.FieldRequest, Values: []string{id.String()}}}})
	if err != nil {
		return p, err
	}
	p.Hits = shown(hits.Items)
	if p.Raw, err = c.manage.Raw(ctx, actor, id); err != nil && !errors.Is(err, manage.ErrNotFound) {
		return p, err
	}
	if p.Request == nil && len(p.Hits) == 0 {
		return p, manage.ErrNotFound
	}
	return p, nil
}

func (c *console) sessions(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	v := viewOf(r, time.Now())
	p, err := c.manage.Sessions(r.Context(), actor, v.query)
	if err != nil {
		return c.searched(v, err)
	}
	return c.show(w, actor, "sessions", frame{Title: "Sessions", Nav: "Sessions", View: v, Body: listPage[store.Session]{p.Items, v.older(p.Next)}})
}

type sessionPage struct {
	Session store.Session
	Blocked bool
	Items   []event.Request
	Next    string
	Back    string
}

func (c *console) session(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	var id event.Session
	if err := id.UnmarshalText([]byte(r.PathValue("id"))); err != nil {
		return manage.ErrNotFound
	}
	s, err := c.manage.Session(r.Context(), actor, id)
	if err != nil {
		return err
	}
	v := viewOf(r, time.Now())
	q := v.query
	q.Where = append(q.Where, store.Condition{Field: store.FieldSession, Values: []string{id.String()}})
	p, err := c.manage.Requests(r.Context(), actor, q)
	if err != nil {
		return c.searched(v, err)
	}
	return c.show(w, actor, "session", frame{Title: "Session", Nav: "Sessions", View: v, Body: sessionPage{
		Session: s, Blocked: c.manage.SessionBlocked(id), Items: p.Items, Next: v.older(p.Next), Back: r.URL.RequestURI(),
	}})
}

func (c *console) blockSession(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	return c.onSession(w, r, func(id event.Session) error {
		hold, err := manage.ParseHold(r.PostFormValue("for"))
		if err != nil {
			return err
		}
		return c.manage.BlockSession(r.Context(), actor, id, hold, "blocked in the console")
	})
}

func (c *console) unblockSession(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	return c.onSession(w, r, func(id event.Session) error { return c.manage.UnblockSession(r.Context(), actor, id) })
}

// onSession does something to the session of the path and goes back to its page.
func (c *console) onSession(w http.ResponseWriter, r *http.Request, do func(event.Session) error) error {
	var id event.Session
	if err := id.UnmarshalText([]byte(r.PathValue("id"))); err != nil {
		return manage.ErrNotFound
	}
	if err := do(id); err != nil {
		return err
	}
	http.Redirect(w, r, "/sessions/"+id.String(), http.StatusSeeOther)
	return nil
}
