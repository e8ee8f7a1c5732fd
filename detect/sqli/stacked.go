package sqli

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// Bounds of what stands in front of a second statement.
const (
	maxRow  = 96 // the rest of a row, or of a list of columns
	maxHead = 12 // the first word of a statement
)

// heads are words that begin statements. Behind a word and a semicolon only they do.
var heads = strings.Fields(headWords)

// mayBegin holds the same words.
var mayBegin = lex.NewWords(headWords)

const headWords = "abort alter analyze attach begin binlog cache call change check checkpoint checksum cluster comment commit copy create deallocate declare " +
	"delete desc describe detach discard do drop end exec execute explain flush get grant handler help if import insert install kill listen load lock " +
	"merge notify optimize pragma prepare purge reassign refresh reindex release rename repair replace reset revoke rollback savepoint security set " +
	"show signal start table truncate uninstall unlock update use vacuum values while with xa"

// cutStatement finds a value behind which a semicolon and a statement of any kind stand, and a comment that
// cuts off the rest: k'; LISTEN l; --
func cutStatement(data []byte, best *evidence.Tally) {
	i, closed := stackedAt(data)
	if i < 0 || len(data) > maxSpelled {
		return
	}
	head := lex.SkipSpace(data, i+1)
	end := lex.WordEnd(data, head)
	cut := cutAt(data)
	if cut < end || end < head+2 || end > head+maxHead || bytes.IndexByte(data[end:], '<') >= 0 {
		return
	}
	if word := data[head:end]; !closed && (!mayBegin.Has(word) || !lex.OneOf(word, heads...) || data[cut-1] == ' ') {
		return
	}
	one(&stacked, evidence.Threshold, i, end-i, evidence.SingleQuote, best)
}

// cutAt returns the index of the comment that ends a value and has nothing in it, -1 if there is none.
func cutAt(data []byte) int {
	for _, mark := range [...]string{"--", "#"} {
		if i := bytes.LastIndex(data, []byte(mark)); i > 0 && cutsAll(data[i:]) {
			return i
		}
	}
	return -1
}

// stackedAt returns the index of the semicolon behind the first operand of a value, or behind the rest of a
// row or of a list of columns, -1 if there is none, and whether a quote was closed right in front of it.
func stackedAt(data []byte) (at int, closed bool) {
	i := lex.WordEnd(data, 0)
	if i == len(data) {
		return -1, false
	}
	closed = data[i] == '\'' || data[i] == '"'
	if closed {
		i++
	}
	for i < len(data) && (data[i] == ' ' || data[i] == ')') {
		i++
	}
	if i < len(data) && data[i] == ';' {
		return i, closed
	}
	semicolon := bytes.IndexByte(data[i:min(len(data), i+maxRow)], ';')
	if semicolon < 0 || i == len(data) {
		return -1, false
	}
	switch rest := bytes.TrimRight(data[i:i+semicolon], " "); {
	case closed && data[i] == ',' && bytes.HasSuffix(rest, []byte(")")): // k','l',2);
		return i + semicolon, false
	case !closed && (lex.Contains(rest, "from ") && !lex.Prose(rest) || lex.OneOf(rest, "asc", "desc")):
		return i + semicolon, false
	}
	return -1, false
}
