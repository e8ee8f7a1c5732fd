package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// quoted reports whether backticks set a word off in a sentence, as Markdown does.
func quoted(data []byte, first int) bool {
	end := bytes.IndexByte(data[first:], '`')
	if end < 0 {
		return false
	}
	if operated(data, first) {
		return false
	}
	if printed(data[max(0, first-1-window):max(0, first-1)]) {
		return false
	}
	before, after := data[max(0, first-1-window):max(0, first-1)], data[first+end+1:min(len(data), first+end+1+window)]
	if len(after) > 1 && after[0] == '.' && lex.Letter(after[1]) {
		return false // `id`.example.net
	}
	return (parted(before) || parted(after)) && letters(before, 3)+letters(after, 3) >= 3
}

// parted reports whether a blank or a dash stands in a text.
func parted(text []byte) bool {
	return bytes.IndexByte(text, ' ') >= 0 || bytes.IndexByte(text, '-') >= 0
}

// letters counts the letters of a text, up to as many as are wanted.
func letters(text []byte, wanted int) (n int) {
	for _, b := range text {
		if point.ClassOf[b]&point.Alpha != 0 {
			if n++; n == wanted {
				break
			}
		}
	}
	return n
}
