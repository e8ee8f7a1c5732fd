// Package crlf finds line ends by which a value becomes header lines of its own:
// header injection, response splitting, smuggled requests.
//
// A line end means nothing by itself. What follows it must read as a header line, a
// status line or a request line, and what stands before it must not be a text: a
// message that quotes mail or HTTP is what people send.
package crlf

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of one value.
const (
	maxValue = point.MaxRead
	maxLines = 32
	maxName  = 40
	// maxFolded bounds the lines behind one word, of which those that begin with a blank go on
	// with a field.
	maxFolded = 1 << 10
	maxAlone  = 512 // bytes of a first line that is one word
)

// Gate reports whether a value can hold a line end, as such or in a spelling that
// another layer turns into one.
func Gate(v *point.Value) bool {
	switch v.Kind { //nolint:exhaustive // the others are single lines
	case point.Number, point.FileHead, point.Document, point.XMLDecl, point.GQLDocument:
		return false
	}
	if len(v.Data) < 4 {
		return false
	}
	return v.Classes&point.Newline != 0 || v.Classes&(point.Backslash|point.Colon) == point.Backslash|point.Colon || v.Classes&(point.High|point.Colon) == point.High|point.Colon || v.Classes&(point.PercentSign|point.Digit) == point.PercentSign|point.Digit
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.CRLF, evidence.HeaderLine)
	data := v.Data[:min(len(v.Data), maxValue)]
	if v.Classes&point.Backslash != 0 {
		escapedLine(data, best)
	}
	rare := hidden(v)
	start, width := lineEnd(data, 0, rare)
	if start < 0 {
		return
	}
	s := scan{strict: strict(v, tree), named: lex.OneOf(tree.Name(v.Ref), "user", "username", "user_name", "login", "name", "account", "email")}
	s.first = data[:start]
	s.plain = s.strict && plain(v, tree)
	if breaksRequest(s.first) {
		best.Add(&smuggled, 0, start)
		return
	}
	s.alone = len(s.first) < maxAlone && bytes.IndexByte(bytes.TrimSpace(s.first), ' ') < 0
	s.shown = shown(s.first, data[start+width:], s.strict && tree.Tag(v.Ref) != point.Percent)
	if v.Kind == point.WholePath && lex.SkipSpace(data, start+width) < len(data) && v.Classes&point.Newline != 0 {
		weight := inPath.Weight
		if lex.Gaps(data) > 2 {
			weight = 4 // a text that a program put there
		}
		best.AddWeight(&inPath, weight, start, width)
	}
	own := s.plain && bare(s.first)
	s.bare = own && s.alone && (bytes.HasPrefix(data[start:], []byte("\r\n")) || lex.HasPrefix(data[start:], "%0d%0a"))
	if s.strict && (bytes.HasPrefix(data[start:], []byte("\r\n\r\n<")) || own && bytes.HasPrefix(data[start:], []byte("\n\n<")) || (own || start == 0) && document(data[start:])) {
		best.Add(&splitBody, start, min(5, len(data)-start))
	}
	most := maxLines
	if s.alone { // no text, whose lines are many
		most = maxFolded
	}
	for n := 0; start >= 0 && n < most; n++ {
		from := start + width
		next, nextWidth := lineEnd(data, from, rare)
		end := next
		if next < 0 {
			end = len(data)
		}
		s.over = s.over || !s.strict && from == end && data[from-1] == '\n'
		s.line(data, start, from, end, best)
		start, width = next, nextWidth
	}
	if stomp(data) || s.shown && !s.whole && !s.obeyed {
		best.Cap(evidence.Gray - 1) // more such lines are no more than a longer text
	}
}

// hidden reports whether a value may hold line ends other than CR and LF.
func hidden(v *point.Value) bool {
	return v.Classes&point.High != 0 || v.Classes&point.PercentSign != 0 && (v.Pairs.May("%0") || v.Pairs.May("%e5") || v.Pairs.May("%u0"))
}

// lineEnd returns where the next line end stands and how many bytes it takes: those that
// lex knows, characters whose low bytes are one, and what was encoded once more, if there may be
// rare ones.
func lineEnd(data []byte, from int, rare bool) (at, width int) {
	if !rare {
		if at = lex.LineBreak(data[from:]); at < 0 {
			return -1, 0
		}
		return from + at, 1
	}
	for i := from; i < len(data); i++ {
		if !begins[data[i]] || data[i] == '%' && (i+1 == len(data) || !escapes[data[i+1]]) {
			continue
		}
		if width = lex.NarrowLineEnd(data, i); width > 0 {
			return i, width
		}
		if width = lex.LineEnd(data, i); width > 0 {
			return i, width
		}
		switch data[i] {
		case 0xe5:
			if i+2 < len(data) && data[i+1] == 0x98 && (data[i+2] == 0x8a || data[i+2] == 0x8d) {
				return i, 3
			}
		case '%':
			if lex.HasPrefix(data[i:], "%e5%98%8a") || lex.HasPrefix(data[i:], "%e5%98%8d") {
				return i, 9
			}
			if lex.HasPrefix(data[i:], "%u000a") || lex.HasPrefix(data[i:], "%u000d") {
				return i, 6
			}
		}
	}
	return -1, 0
}

// begins holds the bytes with which line ends begin.
var begins = func() (t [256]bool) {
	for c := range 256 {
		t[c] = lex.BeginsLineEnd[c] || c >= 0xc4
	}
	return t
}()

// escapes holds the bytes that stand behind the percent sign of one that was encoded once more.
var escapes = [256]bool{'0': true, 'e': true, 'E': true, 'u': true, 'U': true}

// strict reports whether a value stands where no text of several lines is expected:
// path, query, header fields.
func strict(v *point.Value, tree *point.Tree) bool {
	if v.Kind != point.Text && v.Kind != point.XMLText && v.Kind != point.JSONKey {
		return true
	}
	r := v.Ref
	if tree.Tag(r) == point.Percent {
		return true // a text has no line ends that are encoded once more
	}
	return root(r, tree) == point.Get || root(r, tree) == point.Header
}

// root returns the tag of the place that a value came in.
func root(r point.Ref, tree *point.Tree) point.Tag {
	for tree.Parent(r) != 0 {
		r = tree.Parent(r)
	}
	return tree.Tag(r)
}

// plain reports whether a value is for no text, and so for nothing that says what a server answers: no
// parameter for texts, and no address of a page with its own.
func plain(v *point.Value, tree *point.Tree) bool {
	r := v.Ref
	for tree.Tag(r) == point.Percent {
		r = tree.Parent(r)
	}
	if r != v.Ref && root(r, tree) != point.Header || v.Kind == point.Referer {
		return false
	}
	if tree.Tag(r) == point.Array {
		r = tree.Parent(r)
	}
	if tree.Parent(r) != 0 { // a document of some kind
		return false
	}
	return !lex.OneOf(tree.Name(r), textParameters...)
}

// shown reports whether what stands before the first line end is a line of a text,
// or of a document of such lines: words, or name: value. Where no text is expected it
// takes prose.
func shown(before, behind []byte, strict bool) bool {
	if i := bytes.IndexByte(before, ':'); fieldEnd(before) > 0 || i > 0 && i == lex.WordEnd(before, 0) && !bytes.HasPrefix(before[i:], []byte("://")) {
		return true
	}
	if boundary(before) && partBegins(before, behind) {
		return true
	}
	if strict {
		return sentence(before) || requestLine(before)
	}
	if fence(before) {
		return true
	}
	return bytes.IndexByte(bytes.TrimSpace(before), ' ') >= 0
}

// boundary reports whether a line may be the boundary of a message's parts.
func boundary(line []byte) bool {
	return bytes.HasPrefix(line, []byte("--")) && bytes.IndexByte(line, ' ') < 0
}

// partBegins reports whether a part follows such a line, maybe behind empty ones.
func partBegins(line, behind []byte) bool {
	for bytes.HasPrefix(behind, line) {
		behind = bytes.TrimLeft(behind[len(line):], "\r\n")
	}
	return lex.HasPrefix(bytes.TrimLeft(behind, "\r\n"), "content-")
}

// fence reports whether a line begins a piece of code in a text: ```, ~~~, <pre>, [code]
func fence(line []byte) bool {
	return lex.PrefixLength(line, []string{"```", "~~~", "<pre", "<code", "[code", "{code", "{noformat"}) > 0
}

// sentence reports whether a line holds four words or more.
func sentence(line []byte) bool {
	blanks := 0
	for i := 1; i < len(line); i++ {
		if line[i] == ' ' && (lex.Letter(line[i-1]) || line[i-1] == ',') {
			blanks++
		}
	}
	return blanks >= 3 || lex.Prose(line)
}

// scan is what holds for all lines of a value.
type scan struct {
	strict, shown bool
	named         bool   // the value is somebody's name
	alone         bool   // the first line is one word
	plain         bool   // the value is for no text, which may say what a server answers
	obeyed        bool   // such a value has a line that splits an answer
	whole         bool   // what ends a chunked body and begins another request
	bare          bool   // and begins with what no text does
	part          bool   // the boundary of a message's parts stands in front
	listing       bool   // several lines of a log follow one another
	over          bool   // an empty line has ended the head of an answer; what follows is its text
	first         []byte // line
}

// line weighs one line behind a line end.
func (s *scan) line(data []byte, start, from, end int, t *evidence.Tally) {
	line := data[from:end]
	switch {
	case lex.HasPrefix(line, "http/1.") || lex.HasPrefix(line, "http/2"):
		s.split(&statusLine, start, end-start, t)
		return
	case logLine(line):
		if !logLine(s.first) && bytes.IndexByte(bytes.TrimSpace(s.first), ' ') < 0 {
			weight := forgedLog.Weight
			if s.listing = s.listing || !s.strict && followed(data[end:]); s.listing {
				weight = doubtful
			}
			s.add(&forgedLog, weight, start, end-start, t)
		}
		return
	case (s.strict || s.named) && s.alone && start <= len(s.first)+1 && len(bytes.TrimSpace(data[end:])) == 0 && levelLine(line):
		t.Add(&forgedLog, start, end-start)
		return
	case s.alone && erases(line):
		t.Add(&forgedLog, start, end-start)
		return
	case s.alone && (transfers(line) || s.strict && (bytes.HasPrefix(line, []byte("JOIN #")) || bytes.HasPrefix(line, []byte("PRIVMSG #")))):
		t.Add(&command, start, end-start)
		return
	case requestLine(line):
		if chunked(data, start, from) {
			t.Add(&smuggled, start, end-start)
			s.whole = true
			return
		}
		s.add(&smuggled, smuggled.Weight, start, end-start, t)
		return
	}
	i := 0
	for i < len(line) && i < 2 && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	name := line[i:]
	end = fieldEnd(name)
	if end == 0 {
		s.part = !s.strict && boundary(line) || s.part && i > 0
		return
	}
	name, value := name[:end], name[end:]
	value = value[bytes.IndexByte(value, ':')+1:]
	if s.alone && pushes(name, data[from+len(line):]) {
		t.Add(&event, start, from-start+len(name)+1)
		return
	}
	if s.over {
		return
	}
	if s.part = s.part && ofPart(name); s.part {
		return
	}
	if splits(name, value) {
		s.split(&known, start, from-start+len(name)+1, t)
		return
	}
	sign, weight := s.field(name, value)
	s.add(sign, weight, start, from-start+len(name)+1, t)
}

// ofPart reports whether a field is one that a message's parts have.
func ofPart(name []byte) bool {
	return lex.HasPrefix(name, "content-") || lex.Equal(name, "mime-version")
}

// split adds a line by which an answer becomes two or another, whatever stands in front of it where no
// text is expected.
func (s *scan) split(sign *evidence.Sign, off, n int, t *evidence.Tally) {
	if s.plain {
		s.obeyed = true
		t.Add(sign, off, n)
		return
	}
	s.add(sign, sign.Weight, off, n, t)
}

func (s *scan) add(sign *evidence.Sign, weight int8, off, n int, t *evidence.Tally) {
	if s.shown {
		weight = min(weight, 4)
	}
	t.AddWeight(sign, weight, off, n)
}

// fieldEnd returns the length of a header name with a colon behind it, 0 if there is none.
func fieldEnd(line []byte) int {
	i := 0
	for i < len(line) && i < maxName && (lex.Word(line[i]) || line[i] == '-') {
		i++
	}
	if i < 2 || !lex.Letter(line[0]) {
		return 0
	}
	k := i
	for k < len(line) && k < i+3 && (line[k] == ' ' || line[k] == '\t' || line[k] == '\r') {
		k++
	}
	if k < len(line) && line[k] == ':' && !bytes.HasPrefix(line[k:], []byte("://")) {
		return i
	}
	return 0
}

// doubtful is the weight of a line that a text may hold as well.
const doubtful = 3

// field weighs a header line by its name, and where texts are expected by its value.
func (s *scan) field(name, value []byte) (*evidence.Sign, int8) {
	glued := len(value) > 0 && value[0] > ' ' // texts put a blank behind a colon
	value = bytes.TrimSpace(value)
	words := bytes.IndexByte(value, ' ') > 0
	switch {
	case s.bare && !lex.OneOf(name, "http", "https"):
		return &other, other.Weight
	case hard(name), s.alone && entry(name), s.strict && s.alone && lex.Equal(name, "status") && len(value) == 3 && lex.Digit(value[0]):
		return &known, known.Weight
	case told(name):
		if s.strict && s.alone && fits(name, value) {
			return &known, known.Weight
		}
		return &known, doubtful
	case soft(name):
		if s.strict && len(value) > 0 && !words || fits(name, value) {
			return &known, known.Weight
		}
		if s.strict {
			return &known, doubtful
		}
		return &known, 2
	case lex.HasPrefix(name, "x-") && !s.strict && len(value) > 0:
		if point.Classify(s.first)&(point.Alpha|point.High) == 0 {
			return &other, other.Weight
		}
		return &other, 5
	case s.strict && bytes.IndexByte(name, '-') > 0 && len(name) > 3:
		if glued || len(s.first) == 0 || name[0] < 'a' && !words && !lex.Equal(name, "e-mail") {
			return &other, other.Weight
		}
		return &other, doubtful
	case s.strict && len(s.first) == 0 && glued:
		return &other, other.Weight
	case s.strict:
		return &other, doubtful
	}
	return &other, 2
}

// fits reports whether a value is one that the field would have.
func fits(name, value []byte) bool {
	switch {
	case lex.Equal(name, "authorization"):
		i := bytes.IndexByte(value, ' ')
		return i > 0 && bytes.IndexByte(value[i+1:], ' ') < 0 && (lex.HasPrefix(value, "basic") || lex.HasPrefix(value, "bearer"))
	case lex.Equal(name, "expires"):
		return lex.HasSuffix(value, " gmt")
	case lex.Equal(name, "cookie"):
		return bytes.IndexByte(value, '=') > 0
	case lex.Equal(name, "host"):
		return bytes.IndexByte(value, '.') > 0 && bytes.IndexByte(value, ' ') < 0
	case lex.Equal(name, "location"), lex.Equal(name, "refresh"), lex.Equal(name, "referer"), lex.Equal(name, "link"), lex.Equal(name, "origin"):
		return bytes.Contains(value, []byte("//")) || len(value) > 0 && (value[0] == '/' || value[0] == '<')
	}
	return false
}

// requestLine reads GET /path HTTP/1.1.
func requestLine(line []byte) bool {
	if len(line) == 0 || line[0] < 'A' || line[0] > 'Z' {
		return false
	}
	blank := bytes.IndexByte(line, ' ')
	if blank < 3 || blank > 8 || blank+1 >= len(line) || line[blank+1] != '/' && !lex.HasPrefix(line[blank+1:], "http") {
		return false
	}
	for _, c := range line[:blank] {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return lex.Index(line[blank:], " http/") > 0
}
