package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// encodedWords keeps the reading of those who undo the encoded words of mails in the names of a part, as
// Commons FileUpload and with it Tomcat do: =?utf-8?B?Li4veA==?= (RFC 2047).
func (p *Points) encodedWords(name []byte, keep func(name []byte, at place), at place) {
	last := bytes.LastIndex(name, []byte("?="))
	if last < 0 || !bytes.Contains(name[:last], []byte("=?")) || !p.room(len(name)) {
		return
	}
	tail := len(name) - last - len("?=")
	out, c := p.arena.Grow(len(name)), asciiLike
	for len(name) > tail {
		set, text, rest, ok := encodedWord(name)
		if !ok {
			out, name = append(out, name[0]), name[1:]
			continue
		}
		if set != asciiLike {
			c = set
		}
		out = appendWord(out, text)
		if name = rest; bytes.HasPrefix(bytes.TrimLeft(rest, " \t"), []byte("=?")) { // blanks between them are none
			name = bytes.TrimLeft(rest, " \t")
		}
	}
	out = p.arena.Commit(append(out, name...))
	keep(out, at)
	if c != asciiLike {
		p.convert(c, out, at)
	}
}

// encodedWord cuts the encoded word that text begins with: its character set, and what stands between the
// question marks behind that, B?text or Q?text.
func encodedWord(text []byte) (set charset, word, rest []byte, ok bool) {
	inner, ok := bytes.CutPrefix(text, []byte("=?"))
	name, word, found := bytes.Cut(inner, []byte("?"))
	if !ok || !found || len(word) < len("B?") || word[1] != '?' || lex.Lower(word[0]) != 'b' && lex.Lower(word[0]) != 'q' {
		return asciiLike, nil, nil, false
	}
	end := bytes.Index(word[2:], []byte("?="))
	if end < 0 {
		return asciiLike, nil, nil, false
	}
	name, _, _ = bytes.Cut(name, []byte("*")) // a language, RFC 2231
	set, _ = charsetNamed(name)
	return set, word[:2+end], word[2+end+2:], true
}

// appendWord appends what such a word stands for.
func appendWord(out, word []byte) []byte {
	text := word[2:]
	if lex.Lower(word[0]) == 'b' {
		return loose64(out, text)
	}
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '_':
			out = append(out, ' ')
		case text[i] == '=' && i+2 < len(text) && isHex(text[i+1:i+3]):
			out = append(out, lex.Hex(text[i+1])<<4|lex.Hex(text[i+2]))
			i += 2
		default:
			out = append(out, text[i])
		}
	}
	return out
}
