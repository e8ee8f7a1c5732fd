package sqli

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxSpelled bounds a value that is read again in another spelling.
const maxSpelled = 512

// joints are words between plus signs of a value that was encoded as a form twice; plainJoints are those
// that count in a value of words and numbers only.
var (
	joints      = lex.NewList("+select+", "+union+", "+order+by+", "+group+by+", "+xor+", "+having+", "+waitfor+", "+exec+", "+or+", "+and+", "'or+", "'and+", "\"or+", "\"and+", ")or+", ")and+")
	plainJoints = lex.NewList("+select+", "+union+", "+order+by+", "+group+by+", "+xor+")
)

// spelled reads a value again in which plus signs stand for blanks, as in a form that was
// encoded twice, or percent signs cut words, which ASP drops: un%ion se%lect. Few values
// pass its tests, since what follows allocates.
func (r *reader) spelled(classes point.Classes) {
	switch {
	case classes&point.Plus != 0 && classes&point.Space == 0:
		words := joints
		if classes&Structural == point.Plus { // black+and+white
			words = plainJoints
		}
		if at, word := words.First(r.data); at >= 0 && (!strings.HasSuffix(word, "+by+") || counts(r.data[at+len(word):])) {
			r.respelled(classes, '+')
		}
	case classes&(point.PercentSign|point.Space) == point.PercentSign|point.Space:
		if cutsKeyword(r.data) {
			r.respelled(classes, '%')
		}
	}
}

// counts reports whether what a query is sorted by is a number or calculated, and no name.
func counts(column []byte) bool {
	return len(column) > 0 && (lex.Digit(column[0]) || column[0] == '(')
}

// cutsWord reports whether a percent sign stands between letters and is no escape.
func cutsWord(data []byte, i int) bool {
	return data[i] == '%' && i > 0 && i+2 < len(data) && lex.Letter(data[i-1]) && lex.Letter(data[i+1]) && lex.Letter(data[i+2])
}

// cutsKeyword reports whether percent signs cut SELECT or UNION.
func cutsKeyword(data []byte) bool {
	for i := range data {
		if !cutsWord(data, i) {
			continue
		}
		first := i
		for first > 0 && lex.Letter(data[first-1]) {
			first--
		}
		for _, w := range [...]string{"select", "union"} {
			if head := i - first; head < len(w) && lex.Equal(data[first:i], w[:head]) && lex.HasPrefix(data[i+1:], w[head:]) {
				return true
			}
		}
	}
	return false
}

// respelled reads a value with blanks for plus signs, or without percent signs.
func (r *reader) respelled(classes point.Classes, mark byte) {
	line := make([]byte, 0, maxSpelled)
	for i, c := range r.data {
		switch {
		case mark == '+' && c == '+':
			c = ' '
		case mark == '%' && cutsWord(r.data, i):
			continue
		}
		line = append(line, c)
	}
	own := reader{data: line, best: r.best, dumps: dump(line)}
	own.read(0, 0, evidence.Raw)
	if classes&point.Quote != 0 {
		own.quotes('\'', evidence.SingleQuote)
		own.quotes('"', evidence.DoubleQuote)
	}
	own.close()
}

// unbalanced reads behind parentheses that the value closes and did not open, whatever
// stands in front of them: it counts only with a comparison of constants or a union, and a comment.
func (r *reader) unbalanced() {
	data := r.data
	if r.best.Score() >= evidence.Threshold || !r.pairs.May(") ") || bytes.Count(data, []byte(")")) <= bytes.Count(data, []byte("(")) {
		return
	}
	i := outside(data)
	if i < 0 {
		return
	}
	t := r.tally(i, 0, false, evidence.Raw)
	if t.Count(constCompare.Stamp)+t.Count(unionSelect.Stamp) > 0 && t.Count(commentEnd.Stamp) > 0 {
		r.keep(t)
	}
}

// outside returns the index of the first parentheses behind which a condition or a union goes on, -1 if
// there are none.
func outside(data []byte) int {
	for from := 0; ; from++ {
		i := bytes.Index(data[from:], []byte(") "))
		if i < 0 {
			return -1
		}
		from += i
		switch rest := data[from+2:]; {
		case from > 0 && data[from-1] == ')' && (lex.HasPrefix(rest, "or ") || lex.HasPrefix(rest, "and ")):
			return from - 1
		case lex.HasPrefix(rest, "union select "), lex.HasPrefix(rest, "union all select "):
			return from
		}
	}
}

// closedColumn reads behind a column, the end of the function that the query calls with it, and a
// table: amount) FROM sales UNION SELECT ...
func (r *reader) closedColumn() {
	column := lex.WordEnd(r.data, 0)
	if column == 0 || !lex.HasPrefix(r.data[column:], ") from ") {
		return
	}
	table := column + len(") from ")
	end := lex.WordEnd(r.data, table)
	if end == table || !lex.HasPrefix(r.data[end:], " union ") {
		return
	}
	if t := r.tally(end, 0, false, evidence.Raw); t.Count(unionSelect.Stamp) > 0 && t.Score() > r.best.Score() {
		*r.best = *t
		r.best.AddWeight(&parenBreakout, parenBreakout.Weight, column, 1)
	}
}

// maxOperated bounds a log-in bypass.
const maxOperated = 32

// operated finds a name, a quote, an operator and a number behind which a comment or the
// same again stands: '-0#, name'=0='
func operated(data []byte, best *evidence.Tally) {
	if len(data) > maxOperated {
		return
	}
	if comparesZero(data) {
		operator(data, 0, best)
		return
	}
	i := lex.WordEnd(data, 0)
	for i < len(data) && i > 0 && (data[i] == '@' || data[i] == '.' || data[i] == '-') { // of an address
		i = lex.WordEnd(data, i+1)
	}
	if i+4 < len(data) && (data[i] == '\'' || data[i] == '"') && operates(data[i+1]) && rejoins(data[i+2:], data[i], data[i+1]) { // 7'^0^'1
		operator(data, i, best)
		return
	}
	if i+2 >= len(data) || data[i] != '\'' && data[i] != '"' || !operates(data[i+1]) || i > 0 && lex.Digit(data[0]) && bytes.IndexByte([]byte("|^%&"), data[i+1]) < 0 {
		return
	}
	if i > 0 && !lex.Digit(data[0]) && i+3 == len(data) && data[i+2] == data[i] { // name'-'
		operator(data, i, best)
		return
	}
	if i+4 == len(data) && data[i+3] == data[i] && (data[i+2] == '~' || data[i+2] == '!') { // '<~'
		operator(data, i, best)
		return
	}
	end := i + 2
	if bytes.HasPrefix(data[end:], []byte{data[i], data[i]}) { // '-''#
		end += 2
	}
	end += digitsOf(data[end:])
	if rest := data[end:]; end == i+2 || len(rest) == 0 || len(rest) > 3 || rest[0] != '#' && !bytes.HasPrefix(rest, []byte("--")) && (len(rest) != 2 || !operates(rest[0]) || rest[1] != data[i]) {
		return
	}
	operator(data, i, best)
}

// comparesZero finds an operator, a number and a comment as the whole value, for a string that goes on in it
// behind a backslash in the field before: =0--
func comparesZero(data []byte) bool {
	i := lex.SkipSpace(data, 0)
	if i+2 >= len(data) || bytes.IndexByte([]byte("=^"), data[i]) < 0 {
		return false
	}
	digits := digitsOf(data[i+1:])
	rest := bytes.TrimLeft(data[i+1+digits:], " ")
	return digits > 0 && (bytes.HasPrefix(rest, []byte("--")) || bytes.HasPrefix(rest, []byte("#"))) && cutsAll(rest)
}

// rejoins reports whether digits, the same operator, a quote and digits up to the end stand in rest.
func rejoins(rest []byte, quote, operator byte) bool {
	i := digitsOf(rest)
	return i > 0 && i+1 < len(rest) && rest[i] == operator && rest[i+1] == quote && digitsOf(rest[i+2:]) == len(rest)-i-2
}

func digitsOf(b []byte) (n int) {
	for n < len(b) && lex.Digit(b[n]) {
		n++
	}
	return n
}

// operator keeps the sign of an operator between quotes.
func operator(data []byte, i int, best *evidence.Tally) {
	one(&quoteOnly, quoteOnly.Weight, i, len(data)-i, evidence.Raw, best)
}

// operates reports whether a byte is an operator of SQL.
func operates(c byte) bool { return bytes.IndexByte([]byte("-+*/%|&^=<>"), c) >= 0 }

// hexText reports whether a constant is a text that is written as a number: 0x6b6c6d.
// Programs compare with such numbers too, but not with the codes of lower-case letters.
func hexText(c []byte) bool {
	if len(c) < 8 || len(c)&1 != 0 || c[0] != '0' || c[1]|0x20 != 'x' {
		return false
	}
	for i := 2; i < len(c); i += 2 {
		if c[i] != '6' && c[i] != '7' {
			return false
		}
	}
	return true
}

// ownText reports whether a constant is a text in quotes of one database only: q'[k]', N'k',
// _utf8'k', $k$l$k$
func ownText(c []byte) bool {
	return len(c) > 3 && (c[0] == '$' || c[0] == '_' || lex.Letter(c[0]) && bytes.IndexByte(c[:min(len(c), 3)], '\'') > 0)
}

// dated reports whether a text is a date or a time as interfaces of databases write it, by what
// stands in front: {d, {ts
func dated(before []byte) bool {
	before = bytes.TrimRight(before, " ")
	i := bytes.LastIndexByte(before, '{')
	if i < 0 {
		return false
	}
	return lex.OneOf(bytes.TrimSpace(before[i+1:]), "d", "t", "ts")
}
