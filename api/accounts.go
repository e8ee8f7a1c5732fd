package api

import (
	"net/http"
	"time"

	"github.com/weirnode/weir/access"
	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/store"
)

// login trades name and password for a session cookie.
func (a *api) login(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name     string `json:"name"`
		Password string `json:"password"`
	}
	if err := decode(r, &in); err != nil {
		problem(w, err)
		return
	}
	token, expires, err := a.manage.Login(r.Context(), in.Name, in.Password, access.Address(r), r.UserAgent())
	if err != nil {
		problem(w, err)
		return
	}
	a.gate.SignIn(w, r, token, expires)
	answer(w, http.StatusOK, map[string]any{"expires": expires})
}

func me(_ *api, actor manage.Actor, _ *http.Request) (any, error) {
	return map[string]string{"name": actor.Name, "role": actor.Role.String()}, nil
}

func logout(a *api, actor manage.Actor, r *http.Request) (any, error) {
	return nil, a.manage.Logout(r.Context(), actor)
}

func setPassword(a *api, actor manage.Actor, r *http.Request) (any, error) {
	var in struct {
		Old string `json:"old"`
		New string `json:"new"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	return nil, a.manage.SetPassword(r.Context(), actor, in.Old, in.New)
}

func accounts(a *api, actor manage.Actor, r *http.Request) (any, error) {
	all, err := a.manage.Accounts(r.Context(), actor)
	return listOf(store.Page[store.Account]{Items: all}, err, toAccount)
}

func createAccount(a *api, actor manage.Actor, r *http.Request) (any, error) {
	var in struct {
		Name     string     `json:"name"`
		Role     store.Role `json:"role"`
		Password string     `json:"password"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	created, err := a.manage.CreateAccount(r.Context(), actor, in.Name, in.Role, in.Password)
	return toAccount(created), err
}

func deleteAccount(a *api, actor manage.Actor, r *http.Request) (any, error) {
	id, err := number(r)
	if err != nil {
		return nil, err
	}
	return nil, a.manage.DeleteAccount(r.Context(), actor, id)
}

type tokenJSON struct {
	ID      int64     `json:"id"`
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Token   string    `json:"token,omitempty"` // only in the answer that creates it
}

func toToken(t store.Token) tokenJSON {
	return tokenJSON{ID: t.ID, Name: t.Name, Created: t.Created, Expires: t.Expires}
}

func tokens(a *api, actor manage.Actor, r *http.Request) (any, error) {
	all, err := a.manage.Tokens(r.Context(), actor)
	return listOf(store.Page[store.Token]{Items: all}, err, toToken)
}

func createToken(a *api, actor manage.Actor, r *http.Request) (any, error) {
	in := struct {
		Name string `json:"name"`
		For  span   `json:"for"`
	}{For: span(90 * 24 * time.Hour)}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	secret, t, err := a.manage.CreateToken(r.Context(), actor, in.Name, time.Duration(in.For))
	out := toToken(t)
	out.Token = secret
	return out, err
}

func deleteToken(a *api, actor manage.Actor, r *http.Request) (any, error) {
	id, err := number(r)
	if err != nil {
		return nil, err
	}
	return nil, a.manage.DeleteToken(r.Context(), actor, id)
}
