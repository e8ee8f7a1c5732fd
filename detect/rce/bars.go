package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// listed reports whether a word stands in a list such as hp|gen|top|women: bars on
// both sides and no blanks.
func (c *call) listed() bool {
	i := c.first
	if c.alternates() {
		return true
	}
	if i > 0 && c.data[i-1] == '|' && len(c.rest) > 0 && c.rest[0] == '|' && (c.rank == english || len(c.data) > c.word.n+2) &&
		(i == 1 || c.data[i-2] <= ' ') && (len(c.rest) == 1 || c.rest[1] <= ' ') {
		return true // |less| sets a word off
	}
	return i > 1 && c.data[i-1] == '|' && len(c.rest) > 1 && c.rest[0] == '|' && point.ClassOf[c.rest[1]]&(point.Alpha|point.Digit) != 0 && point.ClassOf[c.data[i-2]]&(point.Alpha|point.Digit) != 0
}

// alternates reports whether a word without arguments stands behind another command with
// only a bar between, as in the patterns curl|wget.
func (c *call) alternates() bool {
	i := c.first - 1
	if i < 2 || c.data[i] != '|' || len(c.rest) > 0 && c.rest[0] != ')' && c.rest[0] != '|' && c.rest[0] != '$' {
		return false
	}
	first := i
	for first > 0 && (lex.Word(c.data[first-1]) || c.data[first-1] == '-') {
		first--
	}
	return first > 0 && first < i && rankOf(c.data[first:i]) >= tool && c.data[first-1] > ' '
}

// minRow is how many bars make a row of fields.
const minRow = 8

// inRow reports whether a word that runs nothing grave is a field of a row between bars, without
// blanks, as beacons send them: a|1|_load_|-|812|svn|/|3. A pipeline is shorter.
func (c *call) inRow() bool {
	between := c.at == separator && c.data[c.first-1] == '|' && len(c.rest) > 1 && c.rest[0] == '|' && c.rest[1] != '|'
	return between && !c.grave && c.rank != strong && c.value.Classes&point.Space == 0 && bytes.Count(c.data[:min(len(c.data), 4*window)], []byte("|")) >= minRow
}

// inPattern reports whether what reads as a command is an alternative of a regular expression, ^(https?|ftp|file)$,
// as no shell runs it: a lone dollar sign stays part of a name, and a parenthesis that is glued to what stands in
// front is an error in all of the line. In quotes both are text, so a value that may close one is none.
func (c *call) inPattern() bool {
	if c.at != separator || c.data[c.first-1] != '|' || c.value.Classes&(point.Quote|point.Backtick|point.Newline|point.Semicolon|point.Ampersand) != 0 {
		return false
	}
	rest := c.rest
	if end := bytes.IndexByte(rest, '}'); end > 1 && rest[0] == '{' && digits(rest[1:]) == end-1 { // \w{17}
		rest = rest[end+1:]
	}
	switch {
	case len(rest) == 0:
		return false
	case rest[0] == '$':
		return len(rest) == 1 || bytes.IndexByte([]byte("|) "), rest[1]) >= 0
	case rest[0] == ')', rest[0] == '|' && len(rest) > 1 && rest[1] != '|':
		return c.inGluedGroup()
	}
	return false
}

// inGluedGroup reports whether the innermost parenthesis around a command is glued to what stands in front of it.
func (c *call) inGluedGroup() bool {
	open := 0
	for i := c.first - 1; i > 0 && c.first-i < closely; i-- {
		switch c.data[i] {
		case ')':
			open++
		case '(':
			if open--; open < 0 {
				return bytes.IndexByte([]byte(" \t|$<>({!="), c.data[i-1]) < 0
			}
		}
	}
	return false
}

// phrasing are elements of HTML that set words off in a text, and those around one.
var phrasing = lex.NewWords("a abbr b br cite code del div em h1 h2 h3 h4 i img ins kbd li mark p q s small span strong sub sup td th u")

// inMarkup reports whether an element of HTML follows a word at once, which a shell would take for a file that is
// not there: du <em>vent</em>
func (c *call) inMarkup() bool {
	rest := bytes.TrimLeft(c.rest, " ")
	if len(rest) < len("<b>") || rest[0] != '<' || c.at == backtick || c.at == substitution {
		return false
	}
	end := lex.WordEnd(rest, 1)
	return end < len(rest) && (rest[end] == '>' || rest[end] == ' ') && phrasing.Has(rest[1:end]) && bytes.IndexByte(rest[end:], '>') >= 0
}
