package sqli

// symbols are the operators of more than one byte, longest first.
var symbols = [...]struct {
	text string
	kind kind
}{
	{"->>", arith},
	{"#>>", arith},
	{"<=>", compare},
	{"!~*", compare},
	{"~~*", compare},
	{"||/", arith},
	{"<->", arith},
	{"->", arith},
	{"=>", arrow},
	{"#>", arith},
	{"@>", compare},
	{"@?", compare},
	{"@@", compare},
	{"<@", compare},
	{"?|", compare},
	{"?&", compare},
	{"<=", compare},
	{">=", compare},
	{"<>", compare},
	{"!=", compare},
	{"!<", compare},
	{"!>", compare},
	{"^=", compare},
	{"^@", compare},
	{"~=", compare},
	{"=~", compare},
	{"==", compare},
	{":=", compare},
	{"<<", arith},
	{">>", arith},
	{"**", arith},
	{"~*", compare},
	{"~~", compare},
	{"!~", compare},
	{"::", arith},
	{"||", logic},
	{"&&", logic},
}

// symbolsBy are indexes of symbols by their first byte.
var symbolsBy = func() (by [256][]int) {
	for i := range symbols {
		c := symbols[i].text[0]
		by[c] = append(by[c], i)
	}
	return by
}()

// joinsSymbol holds their second bytes.
var joinsSymbol = func() (t [256]bool) {
	for i := range symbols {
		t[symbols[i].text[1]] = true
	}
	return t
}()

var single = [256]kind{
	'(': open, ')': closing, ',': comma, ';': semicolon, '.': dot, '=': compare, '<': compare, '>': compare, '!': not,
	'+': arith, '-': arith, '*': arith, '/': arith, '%': arith, '^': arith, '~': arith, '#': arith, '|': arith, '&': arith, ':': colon,
}

func (l *lexer) symbol(start int, c byte) token {
	if joinsSymbol[l.at(1)] {
		rest := l.data[start:]
		for _, i := range symbolsBy[c] {
			if s := &symbols[i]; s.text == "<@" && len(rest) > 2 && (rest[2] == '=' || isWord(rest[2])) || s.text == "||/" && len(rest) > 3 && rest[3] == '*' { // a variable, 1<@k:=2, or a comment
				continue
			} else if len(rest) >= len(s.text) && string(rest[:len(s.text)]) == s.text {
				l.pos += len(s.text)
				return token{s.kind, 0, start, len(s.text)}
			}
		}
	}
	l.pos++
	if c == '?' && l.mode.behind(name) && (l.at(0) == '\'' || l.at(0) == ' ' && l.at(1) == '\'') { // '{}'::jsonb ? 'k'
		return token{compare, 0, start, 1}
	}
	if k := single[c]; k != end {
		return token{k, 0, start, 1}
	}
	return token{bad, 0, start, 1}
}
