package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/store"
)

// list is the shape of every list.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// listOf translates a page.
func listOf[S, T any](p store.Page[S], err error, to func(S) T) (any, error) {
	if err != nil {
		return nil, err
	}
	l := list[T]{Items: make([]T, len(p.Items)), Next: p.Next}
	for i, item := range p.Items {
		l.Items[i] = to(item)
	}
	return l, nil
}

type attackJSON struct {
	ID          int64     `json:"id"`
	Type        string    `json:"type"`
	Application int32     `json:"application"`
	Host        string    `json:"host"`
	Path        string    `json:"path"`
	Method      string    `json:"method"`
	Point       string    `json:"point"`
	First       time.Time `json:"first"`
	Last        time.Time `json:"last"`
	Hits        int64     `json:"hits"`
	Blocked     int64     `json:"blocked"`
	Kept        int64     `json:"kept"`
	Payloads    int64     `json:"payloads"`
	Sources     int64     `json:"sources"`
	TopSource   string    `json:"top_source"`
	Score       int       `json:"score"`
	Status      int       `json:"status"`
	Outcome     string    `json:"outcome"`
}

func toAttack(a store.Attack) attackJSON {
	return attackJSON{
		ID: a.ID, Type: a.Type, Application: a.Application, Host: a.Host, Path: a.Path, Method: a.Method, Point: a.Point,
		First: a.First, Last: a.Last, Hits: a.Hits, Blocked: a.Blocked, Kept: a.Kept, Payloads: a.Payloads, Sources: a.Sources,
		TopSource: a.TopSource, Score: a.Score, Status: a.Status, Outcome: a.Outcome(),
	}
}

type stampJSON struct {
	Number uint16 `json:"number"`
	Weight int8   `json:"weight"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	Text   string `json:"text"`
}

type hitJSON struct {
	ID          event.ID      `json:"id"`
	Request     event.ID      `json:"request_id"`
	Session     event.Session `json:"session"`
	Attack      int64         `json:"attack"`
	Time        time.Time     `json:"time"`
	Type        string        `json:"type"`
	Application int32         `json:"application"`
	Address     string        `json:"address"`
	Method      string        `json:"method"`
	Host        string        `json:"host"`
	Path        string        `json:"path"`
	Point       string        `json:"point"`
	Context     string        `json:"context"`
	Agent       string        `json:"user_agent"`
	Mode        string        `json:"mode"`
	Reason      string        `json:"reason"`
	Blocked     bool          `json:"blocked"`
	Status      uint16        `json:"status"`
	Score       uint8         `json:"score"`
	Payload     string        `json:"payload"`
	Offset      int           `json:"evidence_offset"`
	Length      int           `json:"evidence_length"`
	Stamps      []stampJSON   `json:"stamps"`
}

func toHit(h store.Hit) hitJSON {
	out := hitJSON{
		ID: h.ID, Request: h.Request, Session: h.Session, Attack: h.AttackID, Time: time.Unix(0, h.Time), Type: h.Type,
		Application: h.Application, Address: h.Address.String(), Method: h.Method, Host: h.Host, Path: h.Path, Point: h.Point,
		Context: h.Context, Agent: h.Agent, Mode: h.Mode, Reason: h.Reason, Blocked: h.Blocked, Status: h.Status, Score: h.Score,
		Payload: h.Payload, Offset: h.Before, Length: h.Length, Stamps: make([]stampJSON, len(h.Stamps)),
	}
	for i, s := range h.Stamps {
		out.Stamps[i] = stampJSON{s.Number, s.Weight, s.Off, s.Len, s.Text}
	}
	return out
}

type requestJSON struct {
	ID           event.ID      `json:"id"`
	Session      event.Session `json:"session"`
	Time         time.Time     `json:"time"`
	Milliseconds float64       `json:"duration_ms"`
	Application  int32         `json:"application"`
	Address      string        `json:"address"`
	Method       string        `json:"method"`
	Host         string        `json:"host"`
	Path         string        `json:"path"`
	Agent        string        `json:"user_agent"`
	Status       uint16        `json:"status"`
	In           int64         `json:"request_bytes"`
	Out          int64         `json:"response_bytes"`
	Mode         string        `json:"mode"`
	Action       string        `json:"action"`
	Reason       string        `json:"reason"`
	Types        []string      `json:"types"`
}

func toRequest(r event.Request) requestJSON {
	return requestJSON{
		ID: r.ID, Session: r.Session, Time: time.Unix(0, r.Time), Milliseconds: float64(r.Duration) / 1e6, Application: r.Application,
		Address: r.Address.String(), Method: r.Method, Host: r.Host, Path: r.Path, Agent: r.Agent, Status: r.Status,
		In: r.RequestBytes, Out: r.ResponseBytes, Mode: r.Mode, Action: r.Action, Reason: r.Reason, Types: codes(r.Types),
	}
}

// codes splits joined attack type codes.
func codes(joined string) []string {
	if joined == "" {
		return []string{}
	}
	return strings.Split(joined, ",")
}

type sessionJSON struct {
	ID          event.Session `json:"id"`
	First       time.Time     `json:"first"`
	Last        time.Time     `json:"last"`
	Requests    int64         `json:"requests"`
	Attacks     int64         `json:"attacks"`
	Blocked     int64         `json:"blocked"`
	Errors      int64         `json:"errors"`
	Bytes       int64         `json:"response_bytes"`
	Application int32         `json:"application"`
	Address     string        `json:"address"`
	Agent       string        `json:"user_agent"`
	Host        string        `json:"host"`
	Path        string        `json:"path"`
	Types       []string      `json:"types"`
}

func toSession(s store.Session) sessionJSON {
	return sessionJSON{
		s.ID, s.First, s.Last, s.Requests, s.Attacks, s.Blocked, s.Errors, s.Bytes, s.Application,
		s.Address, s.Agent, s.Host, s.Path, codes(s.Types),
	}
}

func attacks(a *api, actor manage.Actor, r *http.Request) (any, error) {
	q, err := query(r)
	if err != nil {
		return nil, err
	}
	p, err := a.manage.Attacks(r.Context(), actor, q)
	return listOf(p, err, toAttack)
}

func oneAttack(a *api, actor manage.Actor, r *http.Request) (any, error) {
	id, err := number(r)
	if err != nil {
		return nil, err
	}
	found, err := a.manage.Attack(r.Context(), actor, id)
	return toAttack(found), err
}

func hits(a *api, actor manage.Actor, r *http.Request) (any, error) {
	q, err := query(r)
	if err != nil {
		return nil, err
	}
	p, err := a.manage.Hits(r.Context(), actor, q)
	return listOf(p, err, toHit)
}

func oneHit(a *api, actor manage.Actor, r *http.Request) (any, error) {
	id, err := recordID(r)
	if err != nil {
		return nil, err
	}
	found, err := a.manage.Hit(r.Context(), actor, id)
	return toHit(found), err
}

func requests(a *api, actor manage.Actor, r *http.Request) (any, error) {
	q, err := query(r)
	if err != nil {
		return nil, err
	}
	p, err := a.manage.Requests(r.Context(), actor, q)
	return listOf(p, err, toRequest)
}

func oneRequest(a *api, actor manage.Actor, r *http.Request) (any, error) {
	id, err := recordID(r)
	if err != nil {
		return nil, err
	}
	found, err := a.manage.Request(r.Context(), actor, id)
	return toRequest(found), err
}

func rawRequest(a *api, actor manage.Actor, r *http.Request) (any, error) {
	id, err := recordID(r)
	if err != nil {
		return nil, err
	}
	raw, err := a.manage.Raw(r.Context(), actor, id)
	return map[string]string{"raw": raw}, err
}

func sessions(a *api, actor manage.Actor, r *http.Request) (any, error) {
	q, err := query(r)
	if err != nil {
		return nil, err
	}
	p, err := a.manage.Sessions(r.Context(), actor, q)
	return listOf(p, err, toSession)
}

func oneSession(a *api, actor manage.Actor, r *http.Request) (any, error) {
	id, err := sessionID(r)
	if err != nil {
		return nil, err
	}
	found, err := a.manage.Session(r.Context(), actor, id)
	return toSession(found), err
}

func recordID(r *http.Request) (event.ID, error) {
	id, err := event.ParseID(r.PathValue("id"))
	if err != nil {
		return id, manage.ErrNotFound
	}
	return id, nil
}

func sessionID(r *http.Request) (event.Session, error) {
	id, err := recordID(r)
	return event.Session(id), err
}
