package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxEntity bounds an entity of HTML, in bytes.
const maxEntity = 12

// numbered reports whether text ends with an entity of HTML that is a number, or whose name begins
// the value: &#39 &copy. A shell reads a remark there, or nothing.
func numbered(text []byte) bool {
	i := lastAmpersand(text)
	return i >= 0 && (i == 0 || i+1 < len(text) && text[i+1] == '#') && entityAt(text) >= 0
}

// lastAmpersand returns where the last one stands, -1 if it is too far in front of the text's end for an entity.
func lastAmpersand(text []byte) int {
	from := max(0, len(text)-maxEntity)
	i := bytes.LastIndexByte(text[from:], '&')
	if i < 0 {
		return -1
	}
	return from + i
}

// entityAt returns where an entity of HTML begins with which text ends, -1 if there is none.
func entityAt(text []byte) int {
	i := lastAmpersand(text)
	if i < 0 {
		return -1
	}
	name := text[i+1:]
	if len(name) > 1 && name[0] == '#' && lex.WordEnd(name, 1) == len(name) || entityName(name) {
		return i
	}
	return -1
}

// entityName reports whether a name is one of an entity that people write.
func entityName(name []byte) bool {
	switch string(name) {
	case "amp", "lt", "gt", "quot", "apos", "nbsp", "copy", "reg", "trade", "euro", "pound", "yen", "cent", "sect", "para", "hellip", "mdash", "ndash", "shy", "bull", "middot", "times", "deg", "plusmn", "frac12", "frac14", "frac34", "sup2", "sup3",
		"lsquo", "rsquo", "sbquo", "ldquo", "rdquo", "bdquo", "laquo", "raquo", "lsaquo", "rsaquo", "larr", "rarr", "uarr", "darr", "harr", "szlig", "iexcl", "iquest", "ordf", "ordm", "micro", "not", "divide", "minus", "infin", "ne", "le", "ge", "check",
		"colon", "comma", "period", "semi", "lpar", "rpar", "lbrace", "rbrace", "lbrack", "rbrack", "sol", "bsol", "num", "excl", "percnt", "dollar", "equals", "quest", "ast", "tab", "newline", "grave", "vert", "lowbar", "hyphen", "ensp", "emsp", "thinsp", "zwnj", "zwj":
		return true
	}
	accents := []string{"uml", "acute", "grave", "circ", "tilde", "cedil", "ring", "slash", "lig", "caron"}
	return len(name) > 4 && lex.Letter(name[0]) && lex.SuffixLength(name, accents) >= len(name)-2
}

// endsEntity reports whether the semicolon in front of the command belongs to an entity of HTML: &copy;
func (c *call) endsEntity() bool {
	i := c.separatorAt()
	return c.data[i] == ';' && entityAt(c.data[:i]) >= 0
}

// endsWords reports whether the command stands behind a line that holds more than one blank.
func (c *call) endsWords() bool { return c.data[c.separatorAt()] == '\n' && c.blanks >= 2 }

// behindOwnWord reports whether a command that may be a word of a text is meant after all: with its
// arguments, behind the only entity of a value, or behind an address.
func (c *call) behindOwnWord(score int) bool {
	before := c.data[:c.separatorAt()]
	if (c.rank < tool || c.rank == english) && !c.grave || len(before) > c.window {
		return false
	}
	return c.behindOptions() || score >= 3 && bytes.Count(c.data[:min(len(c.data), 2*window)], []byte("&")) <= 1 && !bytes.ContainsAny(before, "<?=")
}

// behindOptions reports whether nothing but an address and options of a program stands in front of the
// separator: 192.0.2.1 -c 1
func (c *call) behindOptions() bool {
	if c.first > longestWord || c.joints > 0 {
		return false
	}
	host := c.data[:c.first]
	if i := bytes.IndexAny(host, "& ;|\n"); i >= 0 {
		host = host[:i]
	}
	return quad(host) || lex.Equal(host, "localhost")
}

// plainArguments reports whether text is what a program is given, a word or two with options, which a
// line end ends. Behind words it may be a line of a text.
func (r *reader) plainArguments(text []byte) bool {
	return r.blanks < 2 || r.joints < 2 && len(text) <= longestWord && point.Classify(text)&^(point.Alpha|point.Digit|point.Dot|point.Dash|point.Space|point.Slash|point.Colon) == 0
}

// blank counts a blank, and whether it joins words. Once so many do there is no more to count.
func (r *reader) blank(i int) {
	if r.blanks < maxBlanks && (i == 0 || r.data[i-1] > ' ' || r.value.Classes&point.Newline != 0) { // several in a row part no more words than one
		r.blanks++
	}
	const word = point.Alpha | point.High
	if i > 0 && i+1 < len(r.data) && point.ClassOf[r.data[i+1]]&word != 0 && (point.ClassOf[r.data[i-1]]&word != 0 || bytes.IndexByte([]byte(",.:!?"), r.data[i-1]) >= 0) {
		r.joints++
	}
}

// fences reports whether a fence of Markdown can begin or end behind text: nothing but marks of lists
// and quotations stands in front of it in its line.
func fences(before []byte) bool {
	if n := len(before); n > 0 && bytes.IndexByte([]byte("\n \t>-*+"), before[n-1]) < 0 {
		return false
	}
	before = before[max(0, len(before)-longestWord):]
	line := bytes.TrimLeft(before[bytes.LastIndexByte(before, '\n')+1:], " \t>-*+")
	if n := digits(line); n > 0 && n+1 < len(line) && (line[n] == '.' || line[n] == ')') && line[n+1] == ' ' {
		line = bytes.TrimLeft(line[n+1:], " ")
	}
	return len(line) == 0
}
