package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync/atomic"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/filter"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/point"
)

// evalEngine shows requests to weir's filter. It implements eval.Engine.
type evalEngine struct {
	filter *filter.Filter
	doubt  *filter.Filter // takes the faintest evidence for an attack: tells how close a miss was

	strangers atomic.Uint64
}

func (f *evalFlags) engine() (*evalEngine, error) {
	cfg, err := inspectConfig(f.file, config.Block.String())
	if err != nil {
		return nil, err
	}
	if f.sensitivity != "" {
		if err := cfg.Detect.Sensitivity.UnmarshalText([]byte(f.sensitivity)); err != nil {
			return nil, invalidError{fmt.Errorf("--sensitivity: %w", err)}
		}
	}
	snapshot, err := filter.Compile(cfg, nil, make([]byte, 16))
	if err != nil {
		return nil, invalidError{err}
	}
	engine := detect.Default()
	return &evalEngine{
		filter: filter.New(filter.Options{Snapshot: snapshot, Detectors: engine}),
		doubt:  filter.New(filter.Options{Snapshot: snapshot.AtScore(1), Detectors: engine}),
	}, nil
}

// errNoSite says why a request was not inspected.
var errNoSite = errors.New("no site of the configuration is for its host")

// evalRequest is one loaded request. It implements eval.Request.
type evalRequest struct {
	engine *evalEngine
	parsed parse.Request
	fault  parse.Fault // the wire refuses it
}

// exchange takes the request through a filter as the proxy does and hands what came of
// it to use before the exchange ends.
func (r *evalRequest) exchange(f *filter.Filter, use func(*filter.Exchange)) filter.Decision {
	ex := f.Acquire()
	fields := append(ex.Request.Fields[:0], r.parsed.Fields...)
	ex.Request = r.parsed
	ex.Request.Fields = fields
	ex.Client = r.engine.stranger()
	d := f.Begin(ex)
	if d.Action == filter.Undecided {
		d = f.Request(ex)
	}
	if use != nil {
		use(ex)
	}
	f.End(ex)
	return d
}

// stranger returns an address that no request has come from yet, so that each is judged
// alone: in 2001:db8::/32, which is for documentation and on nobody's list.
func (e *evalEngine) stranger() netip.Addr {
	address := [16]byte{0x20, 0x01, 0x0d, 0xb8}
	binary.BigEndian.PutUint64(address[8:], e.strangers.Add(1))
	return netip.AddrFrom16(address)
}

func recorded(d filter.Decision) bool {
	return d.Reason == filter.Attack || d.Reason == filter.VirtualPatch
}

// strongest returns the finding of the highest score, nil if there is none.
func strongest(ex *filter.Exchange) *detect.Finding {
	findings := ex.Findings()
	if len(findings) == 0 {
		return nil
	}
	best := &findings[0]
	for i := range findings {
		if findings[i].Score() > best.Score() {
			best = &findings[i]
		}
	}
	return best
}

// likeliest returns the value of the exchange that looks least like a word or a number:
// where people should look first when nothing was found.
func likeliest(ex *filter.Exchange) *point.Value {
	var best *point.Value
	most := 0
	values := ex.Points().Values
	for i := range values {
		if fromClient(ex, values[i].Ref) {
			if n := odd(values[i].Data); n > most {
				best, most = &values[i], n
			}
		}
	}
	return best
}

// fromClient reports whether a point lies in what a person or a program fills in, rather
// than in header fields or the target as a whole.
func fromClient(ex *filter.Exchange, r point.Ref) bool {
	tree := &ex.Points().Tree
	for tree.Parent(r) != 0 {
		r = tree.Parent(r)
	}
	return tree.Tag(r) != point.Header && tree.Tag(r) != point.URI
}

// odd counts the kinds of bytes that are neither letter, digit nor blank.
func odd(data []byte) int {
	var seen []byte
	for _, c := range data {
		plain := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == ' ' || c >= 0x80
		if !plain && !bytes.Contains(seen, []byte{c}) {
			seen = append(seen, c)
		}
	}
	return len(seen)
}

// typesOf returns the types found, strongest first, each once.
func typesOf(findings []detect.Finding) []string {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b detect.Finding) int { return b.Score() - a.Score() })
	var set attack.Set
	var names []string
	for i := range sorted {
		if t := sorted[i].Type; !set.Has(t) {
			set = set.With(t)
			names = append(names, t.String())
		}
	}
	return names
}
