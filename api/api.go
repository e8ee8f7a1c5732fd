// Package api is the JSON face of manage.
//
// All routes stand in one table with the least role they need; openapi.yaml
// describes them and a test holds the two together. Answers are JSON objects;
// lists are {"items": [...], "next": "cursor"}. Errors are problem details
// (RFC 9457) with a text that says what to do.
package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/weirnode/weir/access"
	"github.com/weirnode/weir/internal/inert"
	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/store"
)

// Ops are what the routes outside /api/v1 need.
type Ops struct {
	Gatherer prometheus.Gatherer
	Ready    func() bool
}

type api struct {
	gate   *access.Gate
	manage *manage.Manage
	ops    Ops
}

// handler answers a request of an actor with a value, or nil for no content.
type handler func(a *api, actor manage.Actor, r *http.Request) (any, error)

// route is one operation. Routes with the role nobody are open to all.
type route struct {
	pattern string
	role    store.Role
	handle  handler
}

// routes is the whole API under /api/v1.
var routes = []route{
	{"GET /api/v1/me", store.ReadOnly, me},
	{"POST /api/v1/logout", store.ReadOnly, logout},
	{"GET /api/v1/status", store.ReadOnly, status},
	{"GET /api/v1/attacks", store.ReadOnly, attacks},
	{"GET /api/v1/attacks/{id}", store.ReadOnly, oneAttack},
	{"GET /api/v1/hits", store.ReadOnly, hits},
	{"GET /api/v1/hits/{id}", store.ReadOnly, oneHit},
	{"GET /api/v1/requests", store.ReadOnly, requests},
	{"GET /api/v1/requests/{id}", store.ReadOnly, oneRequest},
	{"GET /api/v1/requests/{id}/raw", store.ReadOnly, rawRequest},
	{"GET /api/v1/sessions", store.ReadOnly, sessions},
	{"GET /api/v1/sessions/{id}", store.ReadOnly, oneSession},
	{"PUT /api/v1/sessions/{id}/block", store.Analyst, blockSession},
	{"DELETE /api/v1/sessions/{id}/block", store.Analyst, unblockSession},
	{"GET /api/v1/totals", store.ReadOnly, totals},
	{"GET /api/v1/series", store.ReadOnly, series},
	{"GET /api/v1/top/{field}", store.ReadOnly, top},
	{"GET /api/v1/lists", store.ReadOnly, entries},
	{"POST /api/v1/lists/{kind}", store.Analyst, putEntry},
	{"DELETE /api/v1/lists/entries/{id}", store.Analyst, deleteEntry},
	{"GET /api/v1/rules", store.ReadOnly, rules},
	{"POST /api/v1/rules", store.Administrator, putRule},
	{"DELETE /api/v1/rules/{id}", store.Administrator, deleteRule},
	{"GET /api/v1/changes", store.Administrator, changes},
	{"GET /api/v1/accounts", store.Administrator, accounts},
	{"POST /api/v1/accounts", store.Administrator, createAccount},
	{"DELETE /api/v1/accounts/{id}", store.Administrator, deleteAccount},
	{"PUT /api/v1/me/password", store.ReadOnly, setPassword},
	{"GET /api/v1/tokens", store.ReadOnly, tokens},
	{"POST /api/v1/tokens", store.ReadOnly, createToken},
	{"DELETE /api/v1/tokens/{id}", store.ReadOnly, deleteToken},
	{"GET /api/v1/bypass", store.ReadOnly, bypass},
	{"PUT /api/v1/bypass", store.Administrator, setBypass},
	{"POST /-/reload", store.Administrator, reload},
}

// Register adds the API to a mux. The mux must stand behind gate.Protect.
func Register(mux *http.ServeMux, gate *access.Gate, m *manage.Manage, ops Ops) {
	a := &api{gate, m, ops}
	for _, r := range routes {
		mux.HandleFunc(r.pattern, a.serve(r))
	}
	mux.HandleFunc("POST /api/v1/login", a.login)
	mux.HandleFunc("GET /api/v1/openapi.yaml", serveSpec)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) { problem(w, manage.ErrNotFound) })
	mux.HandleFunc("GET /live", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "live") })
	mux.HandleFunc("GET /ready", a.ready)
	mux.Handle("GET /metrics", a.metrics())
}

// serve checks the actor's role and translates the answer.
func (a *api) serve(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		actor, err := a.gate.Actor(r)
		if err != nil {
			problem(w, err)
			return
		}
		if actor.Role < rt.role {
			problem(w, manage.ErrForbidden)
			return
		}
		v, err := rt.handle(a, actor, r)
		switch {
		case err != nil:
			problem(w, err)
		case v == nil:
			w.WriteHeader(http.StatusNoContent)
		default:
			answer(w, http.StatusOK, v)
		}
	}
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(inert.JSON(w)).Encode(v) // the client may be gone
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n")) // the client may be gone
}

// problem writes an error. What went wrong inside is logged by manage and not told.
func problem(w http.ResponseWriter, err error) {
	status := access.Status(err)
	detail := err.Error()
	if status == http.StatusInternalServerError {
		detail = "the node could not do this; its log says why"
	}
	if wait, ok := errors.AsType[*manage.WaitError](err); ok {
		w.Header().Set("Retry-After", wait.Seconds())
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(inert.JSON(w)).Encode(map[string]any{"title": http.StatusText(status), "status": status, "detail": detail})
}

// decode reads a JSON body strictly.
func decode(r *http.Request, v any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return err
		}
		return &manage.InvalidError{Text: "body: " + err.Error()}
	}
	return nil
}
