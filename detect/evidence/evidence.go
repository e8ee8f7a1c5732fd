// Package evidence is what detectors report: stamps, their weights, and a score.
//
// A [Stamp] is the stable number of one sign of an attack, such as "a constant
// comparison behind OR". A detector adds stamps to a [Tally] while it reads a
// value in one context; the weights add up to a score on one scale for all attack
// types, 0 to 20, and a value is an attack at [Threshold]. Every hit can so
// explain itself: which signs, where, in which context, and what each counted.
package evidence

import "github.com/weirnode/weir/attack"

// Threshold is the score from which a value is an attack at default sensitivity.
// Low sensitivity asks for 10, high for 6; scores of 6 and 7 are gray.
const Threshold = 8

// Gray is the score from which evidence is kept as suspicion.
const Gray = 6

// Stamp is the stable number of one sign. Numbers are never used again for
// another sign. Each detector owns a block of a thousand.
type Stamp uint16

// First stamp of each detector's block.
const (
	SQLi     Stamp = 1000
	XSS      Stamp = 2000
	RCE      Stamp = 3000
	PTrav    Stamp = 4000
	NoSQLi   Stamp = 5000
	SSTI     Stamp = 6000
	LDAPi    Stamp = 7000
	XXE      Stamp = 8000
	Protocol Stamp = 9000
	Promoted Stamp = 9100 // suspicions taken for attacks
	SSRF     Stamp = 10000
	Redir    Stamp = 11000
	CRLF     Stamp = 12000
	Mail     Stamp = 13000
	SSI      Stamp = 14000
	Scanner  Stamp = 15000
	Upload   Stamp = 16000
	Mass     Stamp = 17000
)

// Sign says what a stamp means. Each detector exports a table of its signs.
type Sign struct {
	Stamp  Stamp
	Name   string // short and stable, lower case with dashes: union-select
	Text   string // one line for people: UNION SELECT with a plausible column list
	Weight int8   // usual weight; context may lower it
	Max    int8   // how often it counts in one context, at least 1
}

// Context is the syntactic position in which a value was read.
type Context uint8

// The contexts.
const (
	Raw           Context = iota // the value from its first byte
	SingleQuote                  // behind a closing '
	DoubleQuote                  // behind a closing "
	BackQuote                    // behind a closing backtick
	CloseBracket                 // behind a closing ]
	InComment                    // behind a closing */
	HTMLTag                      // inside HTML text
	HTMLAttr                     // behind a closed attribute value
	JSString                     // behind a closed JavaScript string
	URLScheme                    // as a URL
	ShellWord                    // as, or behind a separator in, a shell command
	Code                         // as program code
	PathContext                  // as a file path
	Wire                         // in the request's framing
	Template                     // inside a template's delimiters
	SearchFilter                 // as a filter of a directory search
	QueryObject                  // as a document database's query
	Markup                       // as XML markup
	HeaderLine                   // behind a line end, as a header line
	Agent                        // as the name of a client
	UploadName                   // as the name of an upload
	UploadContent                // as the content of an upload
	FieldName                    // as the name of a field
)

var contexts = [...]string{
	"raw", "'", `"`, "`", "]", "*/", "html", "attribute", "js", "url", "shell", "code", "path", "wire",
	"template", "filter", "query", "xml", "header-line", "agent", "upload-name", "upload", "name",
}

// String returns the context's text code.
func (c Context) String() string {
	if int(c) >= len(contexts) {
		return ""
	}
	return contexts[c]
}

// Mark is one stamp found at one place of the value.
type Mark struct {
	Stamp    Stamp
	Weight   int8
	Off, Len uint32 // bytes of the value
}

// Tally adds up the marks of one value in one context. The zero Tally is empty.
type Tally struct {
	Type    attack.Type
	Context Context
	N       uint8 // marks kept, at most len(Marks)
	score   int16
	Marks   [8]Mark
}

// Reset empties the tally for a context.
func (t *Tally) Reset(typ attack.Type, c Context) { *t = Tally{Type: typ, Context: c} }

// Add records a sign at a place with its usual weight. Where it has counted Max times already, it takes
// the place of a weaker one, so that a weak one in front hides nothing.
func (t *Tally) Add(s *Sign, off, length int) { t.AddWeight(s, s.Weight, off, length) }

// AddWeight is Add with a weight that the context has changed.
func (t *Tally) AddWeight(s *Sign, weight int8, off, length int) {
	count, weakest := 0, 0
	for i := range t.Marks[:t.N] {
		if t.Marks[i].Stamp != s.Stamp {
			continue
		}
		if count++; count == 1 || t.Marks[i].Weight < t.Marks[weakest].Weight {
			weakest = i
		}
	}
	m := Mark{s.Stamp, weight, uint32(off), uint32(length)}
	switch {
	case count < max(1, int(s.Max)):
		t.raise(int(weight))
		if int(t.N) < len(t.Marks) {
			t.Marks[t.N] = m
			t.N++
		}
	case t.Marks[weakest].Weight < weight:
		t.raise(int(weight) - int(t.Marks[weakest].Weight))
		t.Marks[weakest] = m
	}
}

// most bounds the sum of the weights: a sign that finds no room among the marks counts each time.
const most = 1 << 10

func (t *Tally) raise(by int) { t.score = int16(min(int(t.score)+by, most)) }

// Count returns how often a stamp is among the kept marks.
func (t *Tally) Count(s Stamp) int {
	n := 0
	for i := range t.N {
		if t.Marks[i].Stamp == s {
			n++
		}
	}
	return n
}

// Cap lowers the score to at most limit.
func (t *Tally) Cap(limit int) { t.score = min(t.score, int16(limit)) }

// Score returns the sum of the weights, 0 to 20.
func (t *Tally) Score() int { return max(0, min(20, int(t.score))) }

// Certain is a score that is an attack at every sensitivity: no more of a value is read.
const Certain = 13

// further is how far behind what is an attack at the usual sensitivity a stronger one is
// sought, in bytes.
const further = 8 << 10

// Settled reports whether nothing behind a place of the value needs to be read: what was
// found so far decides. It keeps floods of attacks from costing more than one.
func (t *Tally) Settled(at int) bool { return t.score >= Threshold && t.settled(at) }

func (t *Tally) settled(at int) bool {
	off, length := t.Span()
	return t.score >= Certain || at > off+length+further
}

// Span returns the smallest span of the value that holds all kept marks.
func (t *Tally) Span() (off, length int) {
	if t.N == 0 {
		return 0, 0
	}
	lo, hi := t.Marks[0].Off, t.Marks[0].Off+t.Marks[0].Len
	for _, m := range t.Marks[1:t.N] {
		lo, hi = min(lo, m.Off), max(hi, m.Off+m.Len)
	}
	return int(lo), int(hi - lo)
}
