package filter

import (
	"fmt"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/point"
)

// gqlLimit is one bound of GraphQL documents.
type gqlLimit struct {
	typ  attack.Type
	most int
	of   func(*parse.GQL) int
	text string // of what is bounded
}

func gqlLimits(c config.GraphQL) []gqlLimit {
	limits := []gqlLimit{
		{attack.GQLDepth, c.Depth, func(g *parse.GQL) int { return g.Depth }, "levels"},
		{attack.GQLAliases, c.Aliases, func(g *parse.GQL) int { return g.Aliases }, "aliases"},
		{attack.GQLBatch, c.Documents, func(g *parse.GQL) int { return g.Documents }, "documents"},
		{attack.GQLDocSize, int(c.DocumentBytes), func(g *parse.GQL) int { return g.DocumentBytes }, "bytes in a document"},
		{attack.GQLValueSize, int(c.ValueBytes), func(g *parse.GQL) int { return g.ValueBytes }, "bytes in a value"},
	}
	kept := limits[:0]
	for _, l := range limits {
		if l.most > 0 {
			kept = append(kept, l)
		}
	}
	if c.Introspection {
		kept = append(kept, gqlLimit{attack.GQLIntrospect, 0, func(g *parse.GQL) int { return g.Disguised }, "questions for the schema that no tool asks"})
	} else {
		kept = append(kept, gqlLimit{attack.GQLIntrospect, 0, func(g *parse.GQL) int { return g.Introspections }, "questions for the schema"})
	}
	return kept
}

// assess adds the attacks that lie in how the request is made rather than in a value.
func (f *Filter) assess(ex *Exchange) {
	off := ex.snapshot.detect.Off
	for _, a := range ex.points.Anomalies {
		if t := a.Reason.Attack(); t != attack.None && !off.Has(t) {
			ex.whole = ex.whole.With(t)
		}
	}
	if g := &ex.points.GQL; g.Documents > 0 {
		for i := range ex.snapshot.graphql {
			if l := &ex.snapshot.graphql[i]; l.of(g) > l.most && !off.Has(l.typ) {
				ex.whole = ex.whole.With(l.typ)
			}
		}
	}
	if probes(ex.Request.Method) && !off.Has(attack.Scanner) {
		ex.whole = ex.whole.With(attack.Scanner)
	}
	ex.facts.attack = ex.facts.attack || ex.whole != 0
}

// probes reports whether a method is one with which only scanners come: it has a server send the
// request back, or debug.
func probes(method []byte) bool {
	switch string(method) {
	case "TRACE", "TRACK", "DEBUG":
		return true
	}
	return false
}

// wholeHit returns the hit of a type that is about no value by itself.
func (ex *Exchange) wholeHit(t attack.Type) event.Hit {
	h := event.Hit{Type: t.String(), Score: 20, Context: evidence.Wire.String(), Point: "[uri]"}
	switch t {
	case attack.InvalidRequest:
		h.Point, h.Payload = "[proto]", ex.Fault.String()
	case attack.BlockedSource:
		h.Point, h.Payload = "[remote_addr]", ex.list.Reason
	case attack.Scanner:
		h.Point, h.Payload = "[method]", string(ex.Request.Method)
	case attack.OverlimitRes:
		h.Payload = ex.limit
	default:
		h.Point, h.Payload = ex.wholeEvidence(t)
	}
	h.Length = len(h.Payload)
	return h
}

// wholeEvidence says where and what the anomaly or the exceeded limit is.
func (ex *Exchange) wholeEvidence(t attack.Type) (at, text string) {
	for _, a := range ex.points.Anomalies {
		if a.Reason.Attack() == t {
			return ex.points.Tree.Path(a.Ref).String(), a.Reason.String()
		}
	}
	for i := range ex.snapshot.graphql {
		if l := &ex.snapshot.graphql[i]; l.typ == t {
			if t == attack.GQLDepth && ex.points.GQL.Depth == parse.Endless {
				return ex.gqlPoint(), "fragments or fields that lead in a circle"
			}
			return ex.gqlPoint(), fmt.Sprintf("%d %s, at most %d", l.of(&ex.points.GQL), l.text, l.most)
		}
	}
	return "[uri]", ""
}

// gqlPoint returns the point of the first GraphQL document.
func (ex *Exchange) gqlPoint() string {
	for i := range ex.points.Values {
		if v := &ex.points.Values[i]; v.Kind == point.GQLDocument {
			return ex.points.Tree.Path(v.Ref).String()
		}
	}
	return "[post]"
}
