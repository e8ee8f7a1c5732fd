package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// disposition reads the parameters of one Content-Disposition.
func (h *partHead) disposition(value []byte) {
	for rest := value; ; {
		name, content, after, ok := nextParameter(rest)
		if !ok {
			break
		}
		rest = after
		switch {
		case lex.Equal(name, "name") || len(name) > 4 && lex.Equal(name[:5], "name*"):
			h.names[min(h.nameCount, len(h.names)-1)] = content // who does not take the first takes the last
			h.nameCount = min(h.nameCount+1, len(h.names))
		case namesFile(name):
			h.fileName(name, content)
			h.unnamed = h.unnamed || len(content) == 0 || name[:len(name)+1][len(name)] != '='
			if whole, ok := throughLastQuote(content, after); ok {
				h.fileName(name, whole)
			}
		}
	}
	if !h.file && lex.Contains(value, "filename") { // in a value, or where only some see a parameter
		h.file, h.doubtful = true, true
	}
	h.doubtful = h.doubtful || unbalanced(value)
}

// namesFile reports whether a parameter is that of a file's name: whole, extended or a piece of
// it (RFC 2231).
func namesFile(parameter []byte) bool {
	const word = "filename"
	if !lex.HasPrefix(parameter, word) {
		return false
	}
	rest := parameter[len(word):]
	return len(rest) == 0 || rest[0] == '*' && len(bytes.Trim(rest[1:], "0123456789*")) == 0
}

// throughLastQuote returns a file's name up to the last quote of its field, if more than a
// parameter stands behind the first: some readers take names with quotes whole.
func throughLastQuote(content, after []byte) (whole []byte, ok bool) {
	if len(after) < 2 || after[0] == ';' || after[0] == ' ' || after[0] == '\r' {
		return nil, false
	}
	last := bytes.LastIndexByte(after, '"')
	if last < 0 || cap(content) < len(content)+1+last {
		return nil, false
	}
	return content[:len(content)+1+last], true
}

// fileName notes one file name, or a piece of one.
func (h *partHead) fileName(parameter, content []byte) {
	h.file = true
	h.plain = h.plain || bytes.IndexByte(parameter, '*') < 0
	if parameter[len(parameter)-1] == '*' {
		content = withoutCharset(content)
	}
	h.pieces = h.pieces || bytes.IndexByte(parameter, '*') < len(parameter)-1 && bytes.IndexByte(parameter, '*') > 0
	h.files[min(h.fileCount, len(h.files)-1)] = content
	h.fileCount = min(h.fileCount+1, len(h.files))
}

// unbalanced reports whether a quote does not close; escaped ones do not count.
func unbalanced(text []byte) bool {
	open := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			open = !open
		}
	}
	return open
}

// withoutCharset cuts the character set and the language before an extended value:
// RFC 8187.
func withoutCharset(value []byte) []byte {
	if _, rest, ok := bytes.Cut(value, []byte("'")); ok {
		if _, text, ok := bytes.Cut(rest, []byte("'")); ok {
			return text
		}
	}
	return value
}

// plainFile reports whether the head of a part says that it is a file as browsers and clients do,
// so that nobody takes it for anything else. What readers disagree about has no end, what clients
// write has: lines that end with CR LF and are not folded, one Content-Disposition, and in it a name
// and a file name.
func plainFile(head []byte) bool {
	dispositions := 0
	for len(head) > 0 {
		line, rest, ok := bytes.Cut(head, []byte("\r\n"))
		head = rest
		name, value, colon := bytes.Cut(line, []byte(":"))
		if !ok || !colon || len(name) == 0 || point.Classify(name)&^closedClasses != 0 || point.Classify(value)&(point.Control|point.Newline) != 0 {
			return false
		}
		if lex.Equal(name, "content-disposition") {
			dispositions++
			if !plainDisposition(bytes.Trim(value, " ")) {
				return false
			}
		}
	}
	return dispositions == 1
}

// plainDisposition reports whether a value is a type, a name and a file name, which may also be
// there in another character set, and nothing else.
func plainDisposition(value []byte) bool {
	kind, rest, _ := bytes.Cut(value, []byte(";"))
	if !lex.OneOf(kind, "form-data", "attachment", "file", "inline") {
		return false
	}
	var names, files, extended int
	for more := true; more; {
		var name, content []byte
		if name, content, rest, more = plainParameter(rest); name == nil {
			return false
		}
		switch string(name) { // some tell capitals from small letters
		case "name":
			names++
			if bytes.IndexByte(content, '\\') >= 0 || bytes.IndexByte(content, ';') >= 0 {
				return false
			}
		case "filename":
			files++
			if lex.Contains(content, "name=") {
				return false
			}
		case "filename*":
			extended++
		default:
			return false
		}
	}
	return names <= 1 && files <= 1 && extended <= 1 && files+extended > 0
}

// plainParameter cuts name=word, name="text" or name*=set'language'word, and reports whether another
// parameter follows. Its name is nil if it is anything else.
func plainParameter(text []byte) (name, content, rest []byte, more bool) {
	name, rest, _ = bytes.Cut(bytes.TrimPrefix(text, []byte(" ")), []byte("="))
	if len(rest) > 0 && rest[0] == '"' {
		end := quoteEnd(rest)
		if end == len(rest) || end+1 < len(rest) && rest[end+1] != ';' {
			return nil, nil, nil, false
		}
		return name, rest[1:end], rest[min(end+2, len(rest)):], end+1 < len(rest)
	}
	content, rest, more = bytes.Cut(rest, []byte(";"))
	word, allowed := content, wordClasses
	if bytes.HasSuffix(name, []byte("*")) && bytes.Count(content, []byte("'")) == 2 {
		word, allowed = withoutCharset(content), allowed|point.PercentSign
	}
	if len(word) == 0 || point.Classify(word)&^allowed != 0 || bytes.IndexByte(word, ',') >= 0 {
		return nil, nil, nil, false
	}
	return name, content, rest, more
}

// wordClasses are the classes of words that stand without quotes.
const wordClasses = closedClasses | point.Dot | point.Plus

// quoteEnd returns the index of the quote that closes the one at the start of text, its length if
// none does.
func quoteEnd(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text)
}
