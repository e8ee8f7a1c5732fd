package detect

import (
	"math/bits"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Engine is a fixed set of detectors. It is immutable and safe for concurrent use.
type Engine struct {
	rows     []Detector
	always   rowSet        // rows that any class wakes
	worded   rowSet        // rows that know by two words what they need not read
	mailed   rowSet        // rows that read addresses of mail
	leading  rowSet        // rows to which blanks in front of a value mean something
	trailing rowSet        // and behind it
	words    point.Classes // of text that one of them is asked about
	byClass  [32]rowSet
	byKind   [32]rowSet
}

// rowSet is a set of rows: bit n holds row n.
type rowSet uint64

// New returns an engine of the given detectors, at most 64.
func New(rows ...Detector) *Engine {
	if len(rows) > 64 {
		panic("BUG: more detectors than bits of a rowSet")
	}
	e := &Engine{rows: rows}
	for i := range rows {
		e.index(i)
	}
	return e
}

// index notes what wakes a row.
func (e *Engine) index(i int) {
	bit := rowSet(1) << i
	if e.rows[i].Wakes == 0 {
		e.always |= bit
	}
	if e.rows[i].Begins != nil {
		e.worded |= bit
		e.words |= e.rows[i].Words
	}
	if e.rows[i].Mailboxes {
		e.mailed |= bit
	}
	if e.rows[i].Leading {
		e.leading |= bit
	}
	if e.rows[i].Trailing {
		e.trailing |= bit
	}
	for c := range e.byClass {
		if e.rows[i].Wakes&(1<<c) != 0 {
			e.byClass[c] |= bit
		}
	}
	for k := range e.byKind {
		if e.rows[i].Kinds == 0 && point.Kind(k) != point.FileHead || e.rows[i].Kinds&(1<<k) != 0 {
			e.byKind[k] |= bit
		}
	}
}

// awake returns the rows whose gates are to be asked about a value.
func (e *Engine) awake(v *point.Value) rowSet {
	set := e.always
	for c := uint32(v.Classes); c != 0; c &= c - 1 {
		set |= e.byClass[bits.TrailingZeros32(c)]
	}
	return set & e.byKind[v.Kind&31]
}

// prose returns the rows that need not read a value because of the two words that it begins
// with.
func (e *Engine) prose(v *point.Value, asked rowSet) (out rowSet) {
	first, second, rest, ok := lex.TwoWords(v.Data)
	if !ok {
		return 0
	}
	for ; asked != 0; asked &= asked - 1 {
		d := &e.rows[bits.TrailingZeros64(uint64(asked))]
		if v.Classes&^d.Words == 0 && !d.Begins(first, second, rest) {
			out |= asked & -asked
		}
	}
	return out
}

// Default returns the engine of all of weir's detectors.
func Default() *Engine { return New(table...) }

// Sign returns what a stamp means, nil if no detector owns it.
func (e *Engine) Sign(s evidence.Stamp) *evidence.Sign {
	for i := range e.rows {
		if sign := signOf(e.rows[i].Signs, s); sign != nil {
			return sign
		}
	}
	return signOf(promotions[:], s)
}

func signOf(signs []evidence.Sign, s evidence.Stamp) *evidence.Sign {
	for i := range signs {
		if signs[i].Stamp == s {
			return &signs[i]
		}
	}
	return nil
}

// Types returns the attack types the engine looks for.
func (e *Engine) Types() attack.Set {
	var s attack.Set
	for i := range e.rows {
		s = s.With(e.rows[i].Type)
	}
	return s
}

// Scanner holds the findings of one request and how far the scan has come. The
// zero Scanner is ready.
type Scanner struct {
	Findings   []Finding    // attacks, once graded
	Suspicions []Finding    // evidence that is not enough for an attack, once graded
	Exhausted  bool         // the work asked for was more than allowed; the rest was not scanned
	value      int          // next value
	row        int          // next detector on it
	work       int          // bytes that detectors have read
	text       point.Value  // a name that is read as a text too
	bare       bare         // one without the blanks that mean nothing
	pairs      *point.Pairs // of a long value, while it is read; nil until there is one
	best       evidence.Tally
}

// long is the length from which a value's pairs are counted, in bytes: many looks for what is not there
// cost more than counting once.
const long = 128

// sentences are the classes of texts whose pairs are counted from a greater length on: few detectors read
// them, and few marks tell what they read.
const sentences = point.Alpha | point.Digit | point.Space | point.Dot | point.Plus | point.Dash | point.Quote | point.Colon | point.Paren | point.Newline | point.Mark | point.Semicolon

// longSentences is that length, in bytes.
const longSentences = 4 << 10

// maxFindings bounds the findings kept of one request.
const maxFindings = 64

// Reset forgets the findings and starts over.
func (s *Scanner) Reset() {
	s.Findings, s.Suspicions = s.Findings[:0], s.Suspicions[:0]
	s.value, s.row, s.work, s.Exhausted = 0, 0, 0, false
}

// Scan reads values of a tree from where the scanner stands up to the value of index
// end. It may panic if a detector does; [Scanner.Skip] then steps over the culprit
// and Scan can be called again.
func (e *Engine) Scan(s *Scanner, tree *point.Tree, values []point.Value, end int, o *Options) {
	most := o.Work
	if most == 0 {
		most = defaultWork
	}
	for ; s.value < end; s.value++ {
		v := &values[s.value]
		if harmless(v) {
			continue
		}
		if s.work > most {
			s.Exhausted = true
			return
		}
		s.Exhausted = s.Exhausted || beyond(v)
		read, whole, asText := v, rowSet(0), rowSet(0)
		if v.Classes&(point.Space|point.Newline) != 0 && s.bare.of(v) {
			edges := e.trailing
			if s.bare.lead > 0 {
				edges |= e.leading
			}
			read, whole = &s.bare.Value, e.awake(v)&edges
		}
		set := e.awake(read)
		if read.Classes&^e.words == 0 && v.Flags == 0 {
			set &^= e.prose(read, set&e.worded)
		} else if mailbox(read) {
			set &= e.mailed
		}
		if len(v.Data) >= long && (v.Classes&^sentences != 0 || len(v.Data) >= longSentences) && v.Kind != point.FileHead {
			s.count(v)
			s.bare.Pairs = v.Pairs
		}
		if spokenName(v) {
			s.text = *v
			s.text.Kind = point.Text
			asText = e.awake(&s.text)
		}
		for set = (set | asText | whole) >> s.row << s.row; set != 0; set &= set - 1 {
			s.row = bits.TrailingZeros64(uint64(set))
			d := &e.rows[s.row]
			if o.Off.Has(d.Type) {
				continue
			}
			if whole>>s.row&1 != 0 && d.Gate(v) && s.apply(d, v, tree, o) >= evidence.Threshold {
				continue
			}
			if d.Gate(read) {
				s.apply(d, read, tree, o)
			}
			if asText>>s.row&1 != 0 && d.Gate(&s.text) {
				s.apply(d, &s.text, tree, o)
			}
		}
		s.row, v.Pairs = 0, nil
	}
}

// count counts the pairs of a long value.
func (s *Scanner) count(v *point.Value) {
	if s.pairs == nil {
		s.pairs = new(point.Pairs)
	}
	s.pairs.Count(v.Data)
	v.Pairs = s.pairs
}

// beyond reports whether a value is longer than what is read of it, and more than base64.
func beyond(v *point.Value) bool {
	const token = point.Alpha | point.Digit | point.Plus | point.Slash | point.Equal | point.Dash
	return len(v.Data) > point.MaxRead && v.Kind != point.FileHead && v.Classes&^token != 0
}

// apply reads a value with a detector and returns the score of what it finds.
func (s *Scanner) apply(d *Detector, v *point.Value, tree *point.Tree, o *Options) int {
	s.best.Reset(d.Type, evidence.Raw)
	s.work += len(v.Data)
	d.Scan(v, tree, &s.best)
	least := o.Score
	if least == 0 {
		least = evidence.Threshold
	}
	if s.best.Score() < least {
		return s.best.Score()
	}
	if doubt(v, tree, &s.best); s.best.Score() >= least {
		s.best.Type = d.Type
		if v == &s.bare.Value {
			s.bare.restore(&s.best)
		}
		s.keep(Finding{Tally: s.best, Ref: v.Ref, Value: int32(s.value)})
	}
	return s.best.Score()
}

// keep keeps a finding. Where there is no room it takes the place of the weakest, so
// that many weak ones cannot hide a strong one.
func (s *Scanner) keep(f Finding) {
	if len(s.Findings) < maxFindings {
		s.Findings = append(s.Findings, f)
		return
	}
	weakest := 0
	for i := range s.Findings {
		if s.Findings[i].Score() < s.Findings[weakest].Score() {
			weakest = i
		}
	}
	if s.Findings[weakest].Score() < f.Score() {
		s.Findings[weakest] = f
	}
}

// Skip steps over the detector at which a scan panicked and returns its row.
func (s *Scanner) Skip(e *Engine) *Detector {
	d := &e.rows[s.row]
	s.row++
	return d
}

// spokenName reports whether a name holds what names do not, so that it may be a value in
// a name's place and is read as one too.
func spokenName(v *point.Value) bool {
	const name = point.Alpha | point.Digit | point.Dash | point.Dot
	switch v.Kind { //nolint:exhaustive // the others are no names
	case point.JSONKey:
		return v.Classes&^name != 0
	case point.Key: // brackets make a path of names
		return v.Classes&^(name|point.Bracket) != 0
	}
	return false
}
