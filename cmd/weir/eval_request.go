package main

import (
	"errors"
	"os"

	"github.com/weirnode/weir/eval"
	"github.com/weirnode/weir/filter"
	"github.com/weirnode/weir/internal/places"
	"github.com/weirnode/weir/parse"
)

// Name implements eval.Engine.
func (*evalEngine) Name() string { return "weir" }

// Load implements eval.Engine.
func (e *evalEngine) Load(raw []byte) (eval.Request, error) {
	r := &evalRequest{engine: e}
	if err := parse.ReadRequest(raw, &r.parsed); err != nil {
		return nil, err
	}
	r.fault = r.parsed.Refusal(raw)
	ex := e.filter.Acquire()
	defer e.filter.Release(ex)
	ex.Request.Method, ex.Request.Target, ex.Request.Host = r.parsed.Method, r.parsed.Target, r.parsed.Host
	if e.filter.Begin(ex).Reason == filter.NoSite {
		return nil, errNoSite
	}
	return r, nil
}

// Inspect implements eval.Request.
func (r *evalRequest) Inspect() bool {
	return recorded(r.exchange(r.engine.filter, nil)) || r.fault != parse.NoFault
}

// mostScore is the score of what is refused for its framing.
const mostScore = 20

// excerpt bounds the payload of a mistake, in bytes.
const excerpt = 300

// Explain implements eval.Request. For a request that was passed it tells the evidence
// that was too weak; score 0 with a payload means that nothing was seen at all.
func (r *evalRequest) Explain() (e eval.Evidence) {
	found := recorded(r.exchange(r.engine.filter, func(ex *filter.Exchange) { e = evidenceOf(ex) }))
	switch {
	case found:
	case r.fault != parse.NoFault:
		e = eval.Evidence{Types: []string{r.fault.String()}, Score: mostScore, Point: "[uri]", Payload: slice(r.parsed.Target, 0, excerpt)}
	default:
		r.exchange(r.engine.doubt, func(ex *filter.Exchange) { e = evidenceOf(ex) })
	}
	return e
}

func evidenceOf(ex *filter.Exchange) eval.Evidence {
	points := ex.Points()
	if f := strongest(ex); f != nil {
		return eval.Evidence{
			Types: typesOf(ex.Findings()), Score: f.Score(), Point: points.Tree.Path(f.Ref).String(),
			Payload: slice(points.Values[f.Value].Data, 0, excerpt),
		}
	}
	if v := likeliest(ex); v != nil {
		return eval.Evidence{Point: points.Tree.Path(v.Ref).String(), Payload: slice(v.Data, 0, excerpt)}
	}
	return eval.Evidence{Point: "[uri]", Payload: slice(ex.Request.Target, 0, excerpt)}
}

// value returns the value of an attack: where the strongest evidence is, however weak.
func (r *evalRequest) value() (data []byte) {
	r.exchange(r.engine.doubt, func(ex *filter.Exchange) {
		if f := strongest(ex); f != nil {
			data = append(data, ex.Points().Values[f.Value].Data...)
		} else if v := likeliest(ex); v != nil {
			data = append(data, v.Data...)
		}
	})
	return data
}

// inPlaces returns, instead of every attack, its value in every place.
func inPlaces(engine *evalEngine, samples []eval.Sample) []eval.Sample {
	all := places.All()
	var out []eval.Sample
	for i := range samples {
		s := &samples[i]
		loaded, err := engine.Load(s.Raw)
		if s.Label != eval.Attack || err != nil {
			out = append(out, *s)
			continue
		}
		value := loaded.(*evalRequest).value()
		for _, place := range all {
			out = append(out, eval.Sample{File: s.File, ID: s.ID + "@" + place.Name, Label: s.Label, Class: s.Class, Place: place.Name, Raw: place.Embed(value)})
		}
	}
	return out
}

func writeResults(name string, samples []eval.Sample, run *eval.Run) (err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // the user names it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return eval.WriteResults(f, samples, run)
}
