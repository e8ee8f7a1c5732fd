package sqli

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// clauseHeads are words that begin a clause of a query or what goes on behind one, and are no
// operand themselves.
var clauseHeads = strings.Fields(clauseWords)

const clauseWords = "from join left right inner outer cross natural full limit offset fetch as use force ignore with for partition pivot over filter connect " +
	"start sample tablesample prewhere final collate escape then else end lateral option asc desc model qualify div mod"

// mayHead holds the same words: most words of text are none of them, and it says so at once.
var mayHead = lex.NewWords(clauseWords)

// joiners are words by which a clause is left.
var joiners = [...]string{"union", "or", "and", "where", "having", "into"}

// graveHeads begin the statements behind a semicolon that are looked for there.
var graveHeads = []string{"drop ", "insert ", "update ", "delete ", "alter ", "create ", "exec ", "exec(", "truncate ", "declare ", "waitfor ", "copy "}

// maxTail bounds the values that are read so.
const maxTail = 256

// tail reads a value that begins inside of a clause from where it leaves that clause: with (nolock)
// where 1=1, limit 1 union select 2. It counts only with a sign that no prose and no other language has.
func (r *reader) tail(classes point.Classes) {
	data := r.data
	if len(data) > maxTail || classes&(point.Digit|point.Quote) == 0 || classes&(point.Space|point.Newline|point.Star|point.Paren) == 0 || !beginsInside(data) {
		return
	}
	r.leave(bytes.IndexByte(data, ';'))
	for _, joiner := range joiners {
		r.leave(lex.IndexWord(data, joiner))
	}
}

// beginsInside reports whether a value begins with such a word, a cast or a member.
func beginsInside(data []byte) bool {
	if !lex.Letter(data[0]) {
		return data[0] == '.' || bytes.HasPrefix(data, []byte("::"))
	}
	word := data[:lex.WordEnd(data, 0)]
	return mayHead.May(word) && lex.OneOf(word, clauseHeads...)
}

// leave reads from where a clause may be left.
func (r *reader) leave(i int) {
	if i < 1 || r.data[i] == ';' && !r.stacksAt(i) || lex.Prose(r.data[:i]) || lex.IndexQuote(r.data[:i]) >= 0 {
		return
	}
	t := r.tally(i, 0, false, evidence.Raw)
	if t.Score() > r.best.Score() && (t.Count(unionSelect.Stamp) > 0 || t.Count(stacked.Stamp) > 0 || t.Count(intoFile.Stamp) > 0 || t.Count(constCompare.Stamp) > 0) {
		*r.best = t
	}
}

// stacksAt reports whether a grave statement stands behind the semicolon at i, and more than
// words in front.
func (r *reader) stacksAt(i int) bool {
	return lex.PrefixLength(bytes.TrimLeft(r.data[i+1:], " "), graveHeads) > 0 && bytes.ContainsAny(r.data[:i], "0123456789)=")
}
