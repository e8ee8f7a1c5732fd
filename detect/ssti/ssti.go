// Package ssti finds server-side template injection: expressions for a template
// engine, in the delimiters of such an engine, that no author of a text writes.
//
// Blocks are found by their opening delimiter wherever they stand, because a
// template may join the value to other text. Delimiters alone mean nothing:
// {{name}}, ${var} and {% if %} are what editors of templates send. What counts is
// the inside: arithmetic of constants, climbing from an object to its class,
// objects of the engine, calls that run code.
package ssti

import (
	"bytes"
	"math/bits"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of one value.
const (
	maxValue  = point.MaxRead
	maxNested = 2    // blocks with the same end, besides the innermost
	maxBlock  = 512  // bytes of a block
	maxLong   = 4096 // of one in which only names are looked for
	maxBlanks = 16   // in front of them that count
)

// Gate reports whether a value can hold a block of a template engine.
func Gate(v *point.Value) bool {
	if len(v.Data) < 4 || v.Kind == point.Number {
		return false
	}
	return element(v) || delimited(v)
}

// element reports whether a value holds what elements by which servers run code are made of.
func element(v *point.Value) bool {
	return v.Classes&point.Less != 0 && v.Classes&(point.Slash|point.Mark) != 0
}

// delimited reports whether a value holds what an opening delimiter is made of.
func delimited(v *point.Value) bool {
	return v.Classes&point.Brace != 0 ||
		v.Classes&(point.HashAt|point.Dot) == point.HashAt|point.Dot && lex.IndexPaired(v.Pairs, v.Data, "@System.") >= 0 ||
		v.Classes&(point.Dollar|point.Paren|point.Dot) == point.Dollar|point.Paren|point.Dot ||
		v.Classes&(point.Less|point.PercentSign) == point.Less|point.PercentSign ||
		v.Classes&(point.Less|point.HashAt) == point.Less|point.HashAt ||
		v.Classes&(point.HashAt|point.Paren) == point.HashAt|point.Paren ||
		v.Classes&(point.Newline|point.Equal|point.Star) == point.Newline|point.Equal|point.Star ||
		v.Classes&(point.Less|point.Equal|point.Star) == point.Less|point.Equal|point.Star ||
		v.Classes&(point.Bracket|point.Star) == point.Bracket|point.Star ||
		v.Classes&(point.Bracket|point.PercentSign) == point.Bracket|point.PercentSign
}

// Scan leaves the strongest block's evidence in best.
func Scan(v *point.Value, _ *point.Tree, best *evidence.Tally) {
	data := v.Data[:min(len(v.Data), maxValue)]
	best.Reset(attack.SSTI, evidence.Template)
	if element(v) {
		elements(data, v.Pairs, best)
	}
	if !delimited(v) {
		return
	}
	if mayRun(v.Pairs) {
		scanRun(data, best)
	}
	o := openingsOf(v)
	if o.kinds == 0 {
		return
	}
	r := reader{data: data, best: best}
	for i := o.next(data, 0); i < len(data); i = o.next(data, i+1) {
		b, ok := open(data, i)
		if !ok {
			continue
		}
		r.take(&b)
		if best.Settled(i) {
			return
		}
		i = b.from - 1
		if !b.closed { // what follows was read with it
			i = max(b.to, b.far) - 1
		}
	}
	r.innermost()
}

// style is a kind of delimiter.
type style uint8

const (
	curly   style = iota // {{ }} and the like: an expression
	dollar               // ${ } and the like
	single               // { } of engines that use one brace
	tag                  // {% %}, <% %>, <# >, #set( ): a statement or an expression
	square               // [[ ]], [= ]
	paren                // @( )
	inPerl               // @{[ ]}
	stylish              // number of styles
)

// block is the inside of a pair of delimiters.
type block struct {
	start    int // of the opening delimiter
	from, to int
	style    style
	mark     byte // in front of the brace: $ # * @ % ~
	closed   bool
	far      int // where a block ends of which only the first bytes are read as a whole
	size     int // bytes of the value
}

// closers end a block of each style.
var closers = [stylish]string{curly: "}}", dollar: "}", single: "}", tag: "", square: "]", paren: ")", inPerl: "]}"}

// beginnings are two bytes with which blocks begin, besides a brace.
var beginnings = [...]string{
	"${", "#{", "*{", "@{", "%{", "~{", "={", "!{", "<%", "[%", "<#", "[#", "<@", "<?", "[[", "[=", "\n=", "@(", "$\\",
	"#s", "#i", "#e", "#p", "#f", // directives of Velocity
	"@a", "@t", "@p", "@e", "@f", "@h", "@s", "@u", // calls of Razor
}

// openings are the bytes with which blocks of a value can begin.
type openings struct {
	are   [256]bool
	kinds int
	one   byte // of them
}

func openingsOf(v *point.Value) (o openings) {
	o.add('{', v)
	for _, b := range beginnings {
		if v.Pairs.May(b) {
			o.add(b[0], v)
		}
	}
	if v.Pairs.May(".get") || v.Pairs.May(".class") { // of what a variable leads to
		o.add('$', v)
		o.add('@', v)
	}
	return o
}

// add takes a byte if the value may hold it.
func (o *openings) add(c byte, v *point.Value) {
	if !o.are[c] && v.Classes&point.ClassOf[c] != 0 {
		o.are[c], o.one = true, c
		o.kinds++
	}
}

// next returns the index of the first of them from i on, or the end of the data.
func (o *openings) next(data []byte, i int) int {
	if o.kinds == 1 {
		return lex.Next(data, i, o.one)
	}
	for i < len(data) && !o.are[data[i]] {
		i++
	}
	return i
}

// open reports whether a block begins at i.
func open(data []byte, i int) (block, bool) {
	c := data[i]
	next := at(data, i+1)
	b := block{start: i, from: i + 2, mark: c, size: len(data)}
	switch {
	case c == '{' && next == '{':
		b.style = curly
	case next == '%' && (c == '{' || c == '<' || c == '[') && !verb(data[i+2:]), next == '#' && (c == '<' || c == '[') && (lex.Letter(at(data, i+2)) || at(data, i+2) == '='):
		b.style = tag
	case next == '{' && (c == '$' || c == '#' || c == '*' || c == '@' || c == '%' || c == '~' || c == '=' || c == '!'):
		b.style = dollar
		b.perl(data)
	case c == '$' && next == '\\' && at(data, i+3) == '{':
		b.style, b.from = dollar, i+4
	case c == '[' && (next == '[' || next == '='):
		b.style = square
	case c == '@' && next == '(':
		b.style = paren
	case c == '@' && razor(data, i) > 0:
		b.style, b.from, b.to, b.closed = tag, i+1, i+razor(data, i), true
		return b, true
	case c == '{' && smarty(data, i):
		b.style, b.from = single, i+1
	case c == '\n' && next == '=': // an output line of Slim or Haml
		b.style = tag
	case c == '<' && (next == '@' && lex.Letter(at(data, i+2)) || next == '?' && at(data, i+2) == '='):
		b.style = tag
	case c == '#' && lex.HasPrefix(data[i:], "#set"), c == '#' && lex.HasPrefix(data[i:], "#include("), c == '#' && lex.HasPrefix(data[i:], "#evaluate("), c == '#' && lex.HasPrefix(data[i:], "#parse("), c == '#' && lex.HasPrefix(data[i:], "#foreach("), c == '#' && lex.HasPrefix(data[i:], "#if("):
		b.style, b.from = tag, i+1
	case (c == '$' || c == '@') && reference(data, i) > 0:
		b.style, b.to, b.closed = tag, i+reference(data, i), true
		b.from = i + 1
		return b, true
	default:
		return b, false
	}
	b.end(data)
	return b, true
}

// verb reports whether what stands behind a percent sign is a verb of a format, as "<%s %r>" has them.
func verb(s []byte) bool {
	return len(s) > 1 && bytes.IndexByte([]byte("sdrifugvx"), s[0]) >= 0 && bytes.IndexByte([]byte(" :>,;)}]/|'\"\n"), s[1]) >= 0
}

func at(data []byte, i int) byte {
	if i < len(data) {
		return data[i]
	}
	return 0
}

// reference returns the length of a variable of Velocity that leads to its class, without a
// brace: $k.getClass(), $!k.class.forName, 0 if none begins at i.
func reference(data []byte, i int) int {
	first := i + 1
	if at(data, first) == '!' {
		first++
	}
	end := lex.WordEnd(data, first)
	if end == first || lex.Digit(data[first]) || i > 0 && lex.Word(data[i-1]) {
		return 0
	}
	if data[i] == '@' { // of Razor
		if lex.HasPrefix(data[end:], ".gettype()") {
			return end + len(".gettype()") - i
		}
		return 0
	}
	if at(data, end) != '.' {
		return 0
	}
	for _, member := range [...]string{".getclass()", ".class.forname(", ".class.inspect(", ".class.type", ".class.protectiondomain", ".class.getprotectiondomain(", ".class.classloader", ".class.getclassloader(", ".getclass().forname("} {
		if lex.HasPrefix(data[end:], member) {
			return end + len(member) - i
		}
	}
	return 0
}

// perl turns @{ into a Perl block if a bracket follows.
func (b *block) perl(data []byte) {
	if b.mark != '@' {
		return
	}
	if i := lex.SkipSpace(data, b.from); at(data, i) == '[' {
		b.style, b.from = inPerl, i+1
	}
}

// smarty reports whether a single brace can open a block: where a value or an outer
// string begins, or with what only templates write behind it.
func smarty(data []byte, i int) bool {
	if pipesInto(data[i+1:]) || callsAlone(data[i+1:]) {
		return true
	}
	switch c := lex.Lower(at(data, i+1)); {
	case c == '@' || c == '=':
		return true
	case c == '$' || c == '0' || lex.Letter(c):
		return lex.PrefixLength(data[i+1:], smartyTags[c]) > 0 || formatted(data[i+1:]) || c == '$' && modified(data[i+2:])
	}
	return i == 0 && !object(data) || product(data[i+1:]) || i > 0 && (at(data, i+1) == '!' || data[i-1] == '+' || data[i-1] == '\'' || data[i-1] == '"')
}

// smartyTags are what only templates write behind a single brace, by the first byte.
var smartyTags = [256][]string{
	'$': {"$smarty"},
	'a': {"assign "},
	'f': {"fetch ", "f:"},
	'i': {"include_php ", "include file=", "if "},
	'm': {"math "},
	'p': {"php}", "php "},
	's': {"smarty_"},
}

// product reports whether a brace holds a product of two large numbers and nothing else, by which
// somebody asks whether braces are a template: {8177*9011}
func product(s []byte) bool {
	const least = 4
	first := numberEnd(s, 0)
	if first < least || at(s, first) != '*' {
		return false
	}
	end := numberEnd(s, first+1)
	return end-first-1 >= least && at(s, end) == '}'
}

// object reports whether a value is an object of JSON, whose first name is in quotes.
func object(data []byte) bool {
	i := lex.SkipSpace(data, 1)
	if at(data, i) != '"' {
		return at(data, i) == '}'
	}
	end := bytes.IndexByte(data[i+1:min(len(data), i+64)], '"')
	return end >= 0 && at(data, lex.SkipSpace(data, i+end+2)) == ':'
}

// formatted reports whether a field of a Python format string climbs to the object's
// inside: user.__init__ or 0.__class__.
func formatted(s []byte) bool {
	i := lex.WordEnd(s, 0)
	return i > 0 && (lex.HasPrefix(s[i:], ".__") || lex.HasPrefix(s[i:], "[__"))
}

// end finds where the block's inside ends: at its closing delimiter, or at the
// value's end when the rest was cut off.
func (b *block) end(data []byte) {
	b.trim(data)
	limit := min(len(data), b.from+maxBlock)
	inside := data[b.from:limit]
	var i int
	if b.style == tag {
		i = tagEnd(inside, b.mark)
	} else {
		i = bytes.Index(inside, []byte(closers[b.style]))
	}
	b.to = limit
	switch {
	case i >= 0:
		b.to, b.closed = b.from+i, true
	case b.style == curly || b.style == dollar:
		if i = bytes.Index(data[limit-1:min(len(data), limit+maxLong)], []byte(closers[b.style])); i > 0 {
			b.far = limit - 1 + i
		}
	}
}

// trim leaves out blanks in front of an expression that would fill the block.
func (b *block) trim(data []byte) {
	i := b.from
	for i < b.from+2 && (at(data, i) == '=' || at(data, i) == '-') {
		i++
	}
	if i = lex.SkipSpace(data, i); i > b.from+maxBlanks {
		b.from = i - 1
	}
}

// tagEnd finds %} %> ]  > or the end of a directive's line.
func tagEnd(inside []byte, mark byte) int {
	for i := 0; i+1 < len(inside); i++ {
		switch {
		case inside[i] == '?' && inside[i+1] == '>', inside[i] == '%' && (inside[i+1] == '}' || inside[i+1] == '>' || inside[i+1] == ']'):
			return i
		case mark == '<' && i > 0 && inside[i] == '>' && inside[0] != '=' && inside[i-1] == ')':
			return i
		case (mark == '#' || mark == '\n') && inside[i] == '\n':
			return i
		}
	}
	return -1
}

// mayRun reports whether a text of these pairs may hold three kinds of delimiters.
func mayRun(p *point.Pairs) bool {
	kinds := 0
	for _, d := range [...]string{"${", "{{", "<%", "{%", "#{", "[%", "@{"} {
		if p.May(d) {
			kinds++
		}
	}
	return kinds >= runKinds
}

// runKinds are as many kinds of delimiters in a row as no template has.
const runKinds = 3

// scanRun finds the run of delimiters with which testers provoke an error.
func scanRun(data []byte, t *evidence.Tally) {
	var kinds uint8
	last := 0
	for i := 0; i+1 < len(data); i++ {
		if second := data[i+1]; second != '{' && second != '%' {
			continue
		}
		k := delimiter(data[i], data[i+1])
		if k == 0 {
			continue
		}
		if i > last+2 {
			kinds = 0
		}
		kinds |= k
		if last = i; bits.OnesCount8(kinds) == runKinds && !inner(data, i+2) {
			t.Add(&delimiters, max(0, i-6), i+2-max(0, i-6))
			return
		}
	}
}

// delimiter returns a bit for each kind of opening delimiter, 0 if it is none.
func delimiter(a, b byte) uint8 {
	switch {
	case a == '$' && b == '{':
		return 1
	case a == '{' && b == '{':
		return 2
	case a == '<' && b == '%':
		return 4
	case a == '{' && b == '%':
		return 8
	case a == '#' && b == '{':
		return 16
	case a == '[' && b == '%':
		return 32
	case a == '@' && b == '{':
		return 64
	}
	return 0
}

// inner reports whether something stands in the last delimiter of a run, so that it
// is a block in a block.
func inner(data []byte, i int) bool {
	i = lex.SkipSpace(data, i)
	return lex.Word(at(data, i))
}
