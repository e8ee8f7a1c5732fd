package sqli

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (l *lexer) digits() {
	for l.pos < len(l.data) && l.data[l.pos] >= '0' && l.data[l.pos] <= '9' {
		l.pos++
	}
}

// number reads digits; letters that follow make a name unless they are a keyword. The number that
// is none it passes over, and returns the zero token.
func (l *lexer) number(start int) token {
	i := start
	for i < len(l.data) && isDigit(l.data[i]) {
		i++
	}
	if i > start && (i == len(l.data) || l.data[i] != '.' && !isWord(l.data[i])) {
		l.pos = i
		return token{number, 0, start, i - start}
	}
	if n := l.nothing(); n > 0 && i > start {
		l.pos += n
		l.mode |= commented
		return token{}
	}
	if l.data[start] == '0' && (l.at(1)|0x20 == 'x' || l.at(1)|0x20 == 'b' && (l.at(2) == '0' || l.at(2) == '1')) {
		l.pos += 2
		for l.pos < len(l.data) && isHex(l.data[l.pos]) {
			l.pos++
		}
	} else {
		for l.pos < len(l.data) && (isDigit(l.data[l.pos]) || l.data[l.pos] == '.') {
			l.pos++
		}
		if l.at(0)|0x20 == 'e' && (isDigit(l.at(1)) || (l.at(1) == '-' || l.at(1) == '+') && isDigit(l.at(2))) {
			l.pos += 2
			l.digits()
		} else if l.at(0)|0x20 == 'e' && l.data[l.pos-1] == '.' && !isWord(l.at(1)) { // 3.e, which MySQL takes for 3
			l.pos++
		}
	}
	if isWord(l.at(0)) && (l.at(0) < 0x80 || l.wideBlank() == 0) && !l.longDash() { // 1union is two tokens, 1st is none
		if k := l.glued(); k == name || k == bad {
			return token{bad, 0, start, 1}
		}
	}
	return token{number, 0, start, l.pos - start}
}

// glued returns the kind of the word that stands right behind a number.
func (l *lexer) glued() kind {
	after := *l
	if leads[l.at(0)] != letter {
		return after.word(after.pos).kind
	}
	after.mode.follow(number) // as it will be read again
	return after.next().kind
}

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }
