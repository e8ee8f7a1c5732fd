package api

import (
	"net/http"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/rule"
	"github.com/weirnode/weir/store"
)

type entryJSON struct {
	ID          int64      `json:"id"`
	Kind        string     `json:"kind"`
	Address     string     `json:"address"`
	Application int32      `json:"application"`
	Reason      string     `json:"reason"`
	Author      string     `json:"author"`
	Added       time.Time  `json:"added"`
	Until       *time.Time `json:"until"` // null: for ever
}

func toEntry(e iplist.Entry) entryJSON {
	out := entryJSON{e.ID, e.Kind.String(), e.Prefix.String(), e.Application, e.Reason, e.Author, e.Added, nil}
	if !e.Until.IsZero() {
		out.Until = &e.Until
	}
	return out
}

func entries(a *api, actor manage.Actor, r *http.Request) (any, error) {
	all, err := a.manage.Entries(r.Context(), actor)
	return listOf(store.Page[iplist.Entry]{Items: all}, err, toEntry)
}

// span is how long something holds: "1h", "7d", "forever".
type span time.Duration

func (s *span) UnmarshalText(b []byte) error {
	if string(b) == "forever" {
		*s = 0
		return nil
	}
	return (*config.Duration)(s).UnmarshalText(b)
}

// defaultHold is how long a list entry or a block holds unless said otherwise.
const defaultHold = span(time.Hour)

func putEntry(a *api, actor manage.Actor, r *http.Request) (any, error) {
	in := struct {
		Address     string `json:"address"`
		Application int32  `json:"application"`
		For         span   `json:"for"`
		Reason      string `json:"reason"`
	}{For: defaultHold}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	kind, err := iplist.ParseKind(r.PathValue("kind"))
	if err != nil {
		return nil, manage.ErrNotFound
	}
	e, err := a.manage.PutEntry(r.Context(), actor, manage.Entry{
		Kind: kind, Address: in.Address, Application: in.Application, For: time.Duration(in.For), Reason: in.Reason,
	})
	return toEntry(e), err
}

func deleteEntry(a *api, actor manage.Actor, r *http.Request) (any, error) {
	id, err := number(r)
	if err != nil {
		return nil, err
	}
	return nil, a.manage.DeleteEntry(r.Context(), actor, id)
}

func blockSession(a *api, actor manage.Actor, r *http.Request) (any, error) {
	in := struct {
		For    span   `json:"for"`
		Reason string `json:"reason"`
	}{For: defaultHold}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	id, err := sessionID(r)
	if err != nil {
		return nil, err
	}
	return nil, a.manage.BlockSession(r.Context(), actor, id, time.Duration(in.For), in.Reason)
}

func unblockSession(a *api, actor manage.Actor, r *http.Request) (any, error) {
	id, err := sessionID(r)
	if err != nil {
		return nil, err
	}
	return nil, a.manage.UnblockSession(r.Context(), actor, id)
}

type ruleJSON struct {
	ID          int64     `json:"id"`
	Kind        string    `json:"kind"`
	Application int32     `json:"application"`
	Host        string    `json:"host"`
	Path        string    `json:"path"`
	Methods     []string  `json:"methods"`
	Mode        string    `json:"mode"`
	Comment     string    `json:"comment"`
	Author      string    `json:"author"`
	Created     time.Time `json:"created"`
	Disabled    bool      `json:"disabled"`
}

func toRule(r rule.Rule) ruleJSON {
	return ruleJSON{r.ID, r.Kind, r.Application, r.Host, r.Path, r.Methods, r.Mode.String(), r.Comment, r.Author, r.Created, r.Disabled}
}

func rules(a *api, actor manage.Actor, r *http.Request) (any, error) {
	all, err := a.manage.StoredRules(r.Context(), actor)
	return listOf(store.Page[rule.Rule]{Items: all}, err, toRule)
}

func putRule(a *api, actor manage.Actor, r *http.Request) (any, error) {
	var in struct {
		ID          int64       `json:"id"`
		Kind        string      `json:"kind"`
		Application int32       `json:"application"`
		Host        string      `json:"host"`
		Path        string      `json:"path"`
		Methods     []string    `json:"methods"`
		Mode        config.Mode `json:"mode"`
		Comment     string      `json:"comment"`
		Disabled    bool        `json:"disabled"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	put, err := a.manage.PutRule(r.Context(), actor, rule.Rule{
		ID: in.ID, Kind: in.Kind, Application: in.Application, Host: in.Host, Path: in.Path, Methods: in.Methods,
		Mode: in.Mode, Comment: in.Comment, Disabled: in.Disabled,
	})
	return toRule(put), err
}

func deleteRule(a *api, actor manage.Actor, r *http.Request) (any, error) {
	id, err := number(r)
	if err != nil {
		return nil, err
	}
	return nil, a.manage.DeleteRule(r.Context(), actor, id)
}
