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

// tail reads a value that begins inside of a clause from where it leaves that clause: with (nolock)
// where 1=1, limit 1 union select 2. It counts only with a sign that no prose and no other language has.
func (r *reader) tail(classes point.Classes) {
	data := r.data
	if classes&(point.Digit|point.Quote|point.Backtick|point.Bracket) == 0 || classes&(point.Space|point.Newline|point.Star|point.Paren) == 0 {
		return
	}
	from := behindColumn(data)
	if sorts(data) {
		r.operand()
	}
	if from == 0 && !beginsInside(data) {
		return
	}
	r.leave(from, bytes.IndexByte(data, ';'))
	for _, joiner := range joiners {
		r.leave(from, lex.IndexWord(data, joiner))
	}
}

// behindColumn returns where a value goes on behind a column whose quote or parenthesis the query
// opened, if a clause or the end of the statement follows: name" from t, total) x; select 1. 0 if not.
func behindColumn(data []byte) int {
	i := lex.WordEnd(data, 0)
	if i == 0 || i == len(data) || bytes.IndexByte([]byte("\"`])"), data[i]) < 0 {
		return 0
	}
	closing := data[i]
	for i++; i+1 < len(data) && data[i] == '.' && data[i+1] == closing; { // "t"."c"
		end := bytes.IndexByte(data[i+2:], closing)
		if end < 0 {
			return 0
		}
		i += end + 3
	}
	from := i
	i = lex.SkipSpace(data, i)
	word := data[i:lex.WordEnd(data, i)]
	if i = lex.SkipSpace(data, i+len(word)); lex.Equal(word, "from") && i < len(data) || closing == ')' && i < len(data) && data[i] == ';' {
		return from
	}
	return 0
}

// beginsInside reports whether a value begins with such a word, a cast or a member.
func beginsInside(data []byte) bool {
	if !lex.Letter(data[0]) {
		return data[0] == '.' || bytes.HasPrefix(data, []byte("::"))
	}
	word := data[:lex.WordEnd(data, 0)]
	return mayHead.Has(word) && lex.OneOf(word, clauseHeads...)
}

// leaving are the signs that count behind a clause.
var leaving = []*evidence.Sign{&unionSelect, &stacked, &intoFile, &constCompare}

// sorting are words that follow a column in ORDER BY.
var sorting = []string{"asc", "desc", "limit", "offset", "nulls", "collate", "using"}

// sorts reports whether a value begins with one of them, or with an operator: all of it stands behind a column.
func sorts(data []byte) bool {
	if !lex.Letter(data[0]) {
		return bytes.IndexByte([]byte("*#%&|^=<>/"), data[0]) >= 0
	}
	return lex.OneOf(data[:lex.WordEnd(data, 0)], sorting...)
}

// maxSorting bounds what stands in front of the operand.
const maxSorting = 32

// operand reads the first parenthesis or CASE behind such a beginning: desc limit(case when exists(select ...,
// *(1-2*(select ... It counts only with a query of a table, or a function that waits.
func (r *reader) operand() {
	i := bytes.IndexByte(r.data, '(')
	if k := lex.IndexWord(r.data, "case"); k > 0 && (i < 0 || k < i) {
		i = k
	}
	if i < 1 || i > maxSorting || lex.Prose(r.data[:i]) || lex.IndexQuote(r.data[:i]) >= 0 {
		return
	}
	if t := r.tally(i, 0, false, evidence.Raw); holds(t, asking) {
		r.keep(t)
	}
}

// asking are the signs that count behind an operator.
var asking = []*evidence.Sign{&subselect, &timeFunction, &graveFunction}

// leave reads from where a clause that begins at from may be left.
func (r *reader) leave(from, i int) {
	if i < max(from, 1) || r.data[i] == ';' && !r.stacksAt(i) && (from == 0 || !r.selectsAt(i)) || lex.Prose(r.data[from:i]) || lex.IndexQuote(r.data[from:i]) >= 0 {
		return
	}
	t := r.tally(i, 0, false, evidence.Raw)
	if holds(t, leaving) {
		r.keep(t)
	}
}

// selectsAt reports whether a SELECT of something that is called stands behind the semicolon at i, and
// a comment behind it.
func (r *reader) selectsAt(i int) bool {
	rest := bytes.TrimLeft(r.data[i+1:], " ")
	return lex.HasPrefix(rest, "select ") && bytes.IndexByte(rest, '(') > 0 && (bytes.Contains(rest, []byte("--")) || bytes.IndexByte(rest, '#') > 0)
}

// stacksAt reports whether a grave statement stands behind the semicolon at i, and more than
// words in front.
func (r *reader) stacksAt(i int) bool {
	return lex.PrefixLength(bytes.TrimLeft(r.data[i+1:], " "), graveHeads) > 0 && bytes.ContainsAny(r.data[:i], "0123456789)=")
}
