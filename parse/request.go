package parse

import (
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Field is one header field as received: no folding, no case change, no trim
// beyond the optional white space around the value.
type Field struct{ Name, Value []byte }

// Request is a view of one request: every slice borrows the memory of whoever
// filled it and is valid until the exchange ends.
type Request struct {
	Method  []byte
	Target  []byte // request target as received, never normalised
	Proto   []byte // HTTP/1.1
	Host    []byte // the authority that is forwarded
	Fields  []Field
	Body    []byte // the beginning of the body, as much as is inspected
	BodyCut bool   // the body is longer than Body
}

// Field returns the value of the first field of a name, nil if there is none.
// The name must be given in lower case.
func (r *Request) Field(name string) []byte {
	for i := range r.Fields {
		if lex.Equal(r.Fields[i].Name, name) {
			return r.Fields[i].Value
		}
	}
	return nil
}

// Limits bound the work on one request. A zero field means its default.
type Limits struct {
	Depth   int // decodings between the wire and a value: 8
	Values  int // values of a request: 4096
	Nesting int // levels of one structured document: 64
	Decoded int // bytes decoded for one request: 4 times its body and 1 MiB, at most 16 MiB
}

// Options say how to take a request apart.
type Options struct {
	Limits Limits
	Off    ParserSet // parsers that are not applied

	// OffAt says which parsers are not applied at a point; nil: none. It is asked
	// once for each parser whose gate a value passes and must not keep the tree.
	OffAt func(tree *point.Tree, ref point.Ref) ParserSet

	// Lean leaves out of JSON documents what no detector reads: numbers, true, false,
	// null, and short strings of letters and digits.
	Lean bool

	// Memo says which header fields need not be read again; nil: all are read.
	Memo *Memo
}

// Overrun says which limit ended the walk early; what was found before stands.
type Overrun uint8

// The overruns.
const (
	Within Overrun = iota
	TooDeep
	TooMany
	TooNested
	TooLarge
)

var overrunCodes = [...]string{"", "too_deep", "too_many", "too_nested", "too_large"}

// String returns the overrun's text code.
func (o Overrun) String() string { return overrunCodes[o] }
