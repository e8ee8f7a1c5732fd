package api

import (
	"net/http"

	"github.com/weirnode/weir/manage"
)

type bypassJSON struct {
	On bool `json:"on"`
}

func bypass(a *api, actor manage.Actor, _ *http.Request) (any, error) {
	on, err := a.manage.Bypass(actor)
	return bypassJSON{on}, err
}

func setBypass(a *api, actor manage.Actor, r *http.Request) (any, error) {
	in := struct {
		On *bool `json:"on"`
	}{}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if in.On == nil {
		return nil, &manage.InvalidError{Text: `say {"on": true} or {"on": false}`}
	}
	return bypassJSON{*in.On}, a.manage.SetBypass(actor, *in.On)
}
