package nosqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// splice is an expression that a value puts between the application's own ones.
type splice struct {
	rest   []byte // behind the literal that the value closes, up to where it ends or opens another
	quote  byte   // that closed it, 0 behind a number
	remark bool   // cuts off what the application adds
	opened bool   // the value ends inside of a string again
}

// spliced finds such an expression, whatever it says: a' || [1].includes(1) ? 1 : '
func spliced(data []byte, t *evidence.Tally) {
	s, start, ok := readSplice(data)
	if !ok {
		return
	}
	switch rest := s.rest; {
	case bytes.HasPrefix(rest, []byte("||")) || bytes.HasPrefix(rest, []byte("&&")):
		i, _ := lex.Gap(rest, 2)
		if (s.remark || s.opened || s.quote == 0 && i+2 < len(rest) && rest[i] == '!') && expression(rest[i:]) {
			t.Add(&scriptLogic, start, len(data)-start)
		}
	case rest[0] == ';':
		i, _ := lex.Gap(rest, 1)
		if s.returns(rest[i:]) {
			t.Add(&scriptReturn, start, len(data)-start)
		}
	case s.quote == 0:
	case bytes.IndexByte([]byte("|^+-,"), rest[0]) >= 0 && s.remark:
		if constant := bytes.TrimSpace(rest[1:]); len(constant) > 0 && lex.Digit(constant[0]) && lex.WordEnd(constant, 0) == len(constant) {
			t.Add(&scriptLogic, start, len(data)-start)
		}
	case bytes.IndexByte([]byte(".+-*<>=!["), rest[0]) >= 0 && (s.remark || s.opened):
		if logic := topLogic(rest); logic > 0 && expression(rest[:logic]) && expression(rest[logic+2:]) {
			t.Add(&scriptLogic, start, len(data)-start)
		}
	}
}

// topLogic returns where || or && stands in an expression, outside of parentheses and strings, 0 if
// nowhere.
func topLogic(text []byte) int {
	depth, quote := 0, byte(0)
	for i, c := range text {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case depth <= 0 && i > 0 && c == text[i-1] && (c == '|' || c == '&'):
			return i - 1
		}
	}
	return 0
}

// Bounds of a spliced expression, of the word in front of it and of what a remark behind it says.
const (
	maxSplice = 1 << 10
	maxWord   = 128
	maxRemark = 2
)

// readSplice reads the literal that a value closes, at most a word, and how the value ends.
func readSplice(data []byte) (s splice, start int, ok bool) {
	const word = point.Alpha | point.Digit | point.Dash | point.Dot | point.PercentSign | point.HashAt
	if len(data) > maxSplice {
		return s, 0, false
	}
	i := len(data) - len(bytes.TrimLeft(data, "-.0123456789"))
	if quote := lex.IndexQuote(data[:min(len(data), maxWord)]); quote >= 0 && (i == 0 || quote == i) {
		s.quote = data[quote]
		i = quote + 1
	}
	if i == 0 || s.quote != 0 && point.Classify(data[:i-1])&^word != 0 {
		return s, 0, false
	}
	first, _ := lex.Gap(data, i)
	first = skipClosers(data, first)
	rest := bytes.TrimRight(data[first:], " ")
	for _, mark := range [...]string{"//", "/*", "<!--"} {
		if at := bytes.LastIndex(rest, []byte(mark)); at > 0 && rest[at-1] != ':' && len(rest)-at <= len(mark)+maxRemark && lex.WordEnd(rest, at+len(mark)) == len(rest) {
			rest, s.remark = rest[:at], true
			break
		}
	}
	if open := bytes.LastIndexByte(rest, s.quote); !s.remark && s.quote != 0 && open > 0 && bytes.Count(rest, []byte{s.quote})%2 == 1 && lex.WordEnd(rest, open+1) == len(rest) {
		rest, s.opened = rest[:open], true
	}
	s.rest = bytes.TrimSpace(rest)
	return s, i, len(s.rest) > 1
}

// returns reports whether a statement returns an expression and what the application adds does
// not matter.
func (s *splice) returns(statement []byte) bool {
	const keyword = "return"
	if !lex.HasPrefix(statement, keyword) || len(statement) == len(keyword) || lex.Word(statement[len(keyword)]) {
		return false
	}
	i, _ := lex.Gap(statement, len(keyword))
	if end := lex.WordEnd(statement, i); end > i && !lex.Digit(statement[i]) && (end == len(statement) || statement[end] == ';') { // return home;
		return false
	}
	return (s.remark || s.opened || s.quote == 0 && i < len(statement)) && expression(statement[i:])
}

// expression reports whether a text is one of a script: no words stand side by side but those that
// are operators.
func expression(text []byte) bool {
	words := 0
	for i := 0; i < len(text); {
		end := lex.WordEnd(text, i)
		if end == i {
			if text[i] > ' ' {
				words = 0
			}
			i++
			continue
		}
		if words++; lex.OneOf(text[i:end], "typeof", "in", "new", "void", "instanceof", "return", "var", "let", "const", "function", "delete") {
			words = 0
		}
		if words > 1 {
			return false
		}
		i = end
	}
	return len(bytes.TrimSpace(text)) > 0
}
