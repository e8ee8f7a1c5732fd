package main

import (
	lib "github.com/corazawaf/libinjection-go"

	"github.com/weirnode/weir/eval"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/point"
)

// libinjection asks libinjection's Go port about every value that a client fills in:
// path, query, body and cookies, decoded by weir's parsers. It knows SQL injection and
// cross-site scripting only.
type libinjection struct{}

// Name implements eval.Engine.
func (libinjection) Name() string { return "libinjection" }

// Load implements eval.Engine. Taking the request apart is not counted.
func (libinjection) Load(raw []byte) (eval.Request, error) {
	var (
		parsed parse.Request
		points parse.Points
	)
	if err := parse.ReadRequest(raw, &parsed); err != nil {
		return nil, err
	}
	points.Head(&parsed, &parse.Options{})
	points.Body(&parsed, &parse.Options{})
	r := &libinjectionRequest{}
	for i := range points.Values {
		v := &points.Values[i]
		path := points.Tree.Path(v.Ref)
		if path[0].Tag == point.URI || path[0].Tag == point.Header && path[0].Name != "COOKIE" {
			continue
		}
		r.values, r.points = append(r.values, string(v.Data)), append(r.points, path)
	}
	return r, nil
}

type libinjectionRequest struct {
	values []string
	points []point.Path
}

// Inspect implements eval.Request.
func (r *libinjectionRequest) Inspect() bool {
	for _, v := range r.values {
		if found, _ := lib.IsSQLi(v); found || lib.IsXSS(v) {
			return true
		}
	}
	return false
}

// Explain implements eval.Request.
func (r *libinjectionRequest) Explain() eval.Evidence {
	for i, v := range r.values {
		sql, _ := lib.IsSQLi(v)
		switch {
		case sql:
			return eval.Evidence{Types: []string{"sqli"}, Score: 1, Point: r.points[i].String(), Payload: v}
		case lib.IsXSS(v):
			return eval.Evidence{Types: []string{"xss"}, Score: 1, Point: r.points[i].String(), Payload: v}
		}
	}
	return eval.Evidence{}
}
