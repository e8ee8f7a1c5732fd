package parse

import (
	"bytes"

	"github.com/weirnode/weir/internal/arena"
	"github.com/weirnode/weir/point"
)

// Default limits.
const (
	defaultDepth   = 8
	defaultValues  = 4096
	defaultNesting = 64
	defaultDecoded = 16 << 20
)

// What an idle Points keeps of its memory.
const (
	keptValues = 8192
	keptNodes  = 8192
)

// maxAnomalies bounds the anomalies kept of one request.
const maxAnomalies = 32

// Points are the values of one request and where they were found. The zero Points
// is ready. Everything in it borrows the request's memory or its own and is valid
// until Reset.
type Points struct {
	Tree      point.Tree
	Values    []point.Value
	Anomalies []Anomaly
	Overrun   Overrun

	arena   arena.Arena
	limits  Limits
	off     ParserSet
	cookies []cookie
}

type cookie struct{ name, value []byte }

// Reset forgets everything and keeps a bounded part of the memory.
func (p *Points) Reset() {
	if p.Tree.Len() > keptNodes {
		p.Tree = point.Tree{}
	}
	p.Tree.Reset()
	if cap(p.Values) > keptValues {
		p.Values = nil
	}
	clear(p.Values)
	p.Values, p.Anomalies, p.Overrun = p.Values[:0], p.Anomalies[:0], Within
	clear(p.cookies)
	p.cookies = p.cookies[:0]
	p.arena.Reset()
}

func (p *Points) use(o *Options) {
	p.limits, p.off = o.Limits, o.Off
	orElse(&p.limits.Depth, defaultDepth)
	orElse(&p.limits.Values, defaultValues)
	orElse(&p.limits.Nesting, defaultNesting)
	orElse(&p.limits.Decoded, defaultDecoded)
}

func orElse(n *int, missing int) {
	if *n == 0 {
		*n = missing
	}
}

func (p *Points) on(s ParserSet) bool { return p.off&s == 0 }

func (p *Points) anomaly(ref point.Ref, r Reason) {
	if len(p.Anomalies) < maxAnomalies {
		p.Anomalies = append(p.Anomalies, Anomaly{ref, r})
	}
}

// room reports whether another value may be kept and n bytes be decoded.
func (p *Points) room(n int) bool {
	switch {
	case len(p.Values) >= p.limits.Values:
		p.Overrun = TooMany
	case p.arena.Size()+n > p.limits.Decoded:
		p.Overrun = TooLarge
	default:
		return true
	}
	return false
}

// place says where a value stands.
type place struct {
	ref   point.Ref
	kind  point.Kind
	layer uint8
	flags point.Flags
}

func (at place) deeper(ref point.Ref, flags point.Flags) place {
	at.ref, at.layer, at.flags = ref, at.layer+1, at.flags|flags
	return at
}

// value keeps a value and applies every parser that fits it.
func (p *Points) value(data []byte, at place) {
	if !p.room(0) {
		return
	}
	classes := point.Classify(data)
	p.Values = append(p.Values, point.Value{Data: data, Ref: at.ref, Classes: classes, Flags: at.flags, Kind: at.kind, Layer: at.layer})
	if classes&^plain == 0 && len(data) < minBase64 {
		return
	}
	p.nested(data, classes, at)
}

// plain are the classes of values in which nothing can be nested but base64.
const plain = point.Alpha | point.Digit | point.Dash | point.Dot | point.Plus | point.Equal | point.Colon | point.Space | point.Slash

// nested applies the parsers whose gate a value passes.
func (p *Points) nested(data []byte, classes point.Classes, at place) {
	if int(at.layer) >= p.limits.Depth {
		if classes&(point.PercentSign|point.Brace|point.Bracket) != 0 {
			p.Overrun = TooDeep
		}
		return
	}
	if classes&point.PercentSign != 0 && p.on(PercentParser) {
		p.percent(data, at)
	}
	if classes&point.High != 0 {
		p.fold(data, at)
	}
	if classes&(point.Brace|point.Bracket) != 0 && p.on(JSONParser) {
		p.maybeJSON(data, at)
	}
	if classes&^base64Classes == 0 && p.on(Base64Parser) {
		p.base64(data, at)
	}
}

// key keeps a name that could carry an attack.
func (p *Points) key(name []byte, at place) {
	if point.Classify(name)&^(point.Alpha|point.Digit|point.Dash|point.Dot) != 0 || bytes.HasPrefix(name, []byte("__proto")) {
		at.kind = point.Key
		p.value(name, at)
	}
}

// Cookie returns the value of the first cookie of a name, as received.
func (p *Points) Cookie(name []byte) ([]byte, bool) {
	for i := range p.cookies {
		if bytes.Equal(p.cookies[i].name, name) {
			return p.cookies[i].value, true
		}
	}
	return nil, false
}
