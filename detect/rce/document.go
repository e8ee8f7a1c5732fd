package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of a text that is taken for a document: its least length, and of what is read of it.
const (
	minDocument  = 80
	maxDocument  = 4 << 10
	toldOf       = 256 // bytes in front of a command that may tell of it
	minToldLines = 3
)

// document reports whether a text has lines as an article or a commit message has;
// in those commands are told, not given.
func document(data []byte) bool { return documentOf(data, nil) }

// documentOf is document for text whose pairs may be known.
func documentOf(data []byte, pairs *point.Pairs) bool {
	if len(data) <= minDocument {
		return false
	}
	head := data[:min(len(data), maxDocument)]
	if bytes.Count(head, []byte("\n")) >= 2 {
		return tellsInLines(head)
	}
	return pairs.May(`\n`) && bytes.Count(head, []byte(`\n`)) >= 3 || pairs.May("%0A") && bytes.Count(head, []byte("%0A")) >= 3 // encoded once more
}

// tellsInLines reports whether three lines of a text say something, or two of which one is prose.
// Empty lines and remarks of a shell say nothing.
func tellsInLines(text []byte) bool {
	told, prose := 0, false
	for len(text) > 0 {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		text = rest
		if line = bytes.TrimSpace(line); len(line) == 0 || line[0] == '#' {
			continue
		}
		if prose = prose || lex.Prose(line); told > 0 && prose || told+1 >= minToldLines {
			return true
		}
		told++
	}
	return false
}

// firstLine returns the length of a document's first line, whose end may be written as an escape.
func firstLine(data []byte) int {
	head := data[:min(len(data), maxDocument)]
	for _, end := range [...]string{"\n", `\n`, "%0A"} {
		if i := bytes.Index(head, []byte(end)); i >= 0 {
			head = head[:i]
		}
	}
	return len(head)
}

// teller remembers whether the document tells of the command at a place, which few ask.
type teller struct {
	from         int
	at           position
	asked, tells bool
}

// documented reports whether the document tells of the command that is read.
func (r *reader) documented() bool {
	if t := &r.teller; !t.asked {
		t.asked, t.tells = true, r.inDocument(t.from, t.at)
	}
	return r.teller.tells
}

// inDocument reports whether the command at i is told by the document it stands in. One in its first
// line is what that line goes on with unless words lead to it or it takes what another prints, and so is
// one behind a line that is an address.
func (r *reader) inDocument(i int, at position) bool {
	switch {
	case !r.lines || at == start:
		return r.lines
	case r.separatedUpTo(i - 1):
		return false
	case i > r.first:
		return i > longestWord || !quad(bytes.TrimRight(r.data[:i], " ;|&\n\r"))
	case lex.Prose(r.data[max(0, i-toldOf):i]):
		return true
	}
	first := readWord(r.data, 0)
	return i > 1 && r.data[i-1] == '|' && r.data[i-2] != '|' && rankOf(first.text()) != unknown
}

// lines remembers whether a text is a document, for whoever asks of each of its calls.
type lines struct {
	pairs       *point.Pairs // of the text, if they are known
	asked, told bool
	leads       maybe // the text may name a file that leads out of a program's folders
	handsOver   maybe // it may hold a function's name as a string
	lists       maybe // it may call what lists files
	doubts      int   // calls of which it was asked whether they stand in a sentence
	quotes      quotes
	sensitives  sensitives
	closed      ahead // closing parentheses
}

// maybe is the answer to a question of the whole text that few ask.
type maybe uint8

const (
	unasked maybe = iota
	no
	yes
)

func answer(is bool) maybe {
	if is {
		return yes
	}
	return no
}

// maxDoubts bounds those of one value: no text tells of more.
const maxDoubts = 512

func (l *lines) document(data []byte) bool {
	if !l.asked {
		l.asked, l.told = true, document(data)
	}
	return l.told
}
