package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// calledByName weighs the name of a function that runs commands or code, as a string that is kept, and a call of
// a variable or a constant behind it: [$a,$b]=['system','id'];$a($b), define('F','system');(F)('id')
func calledByName(data []byte, classes point.Classes, pairs *point.Pairs, best *evidence.Tally) {
	if classes&point.Dollar == 0 && lex.IndexPaired(pairs, data, ")(") < 0 || !handedOver.May(pairs) {
		return
	}
	at, name := handedOver.First(data)
	if at < 1 || !kept(data[:at]) {
		return
	}
	if n := callsVariable(data[at+len(name):]); n > 0 {
		one(&codeCall, at, len(name)+n, evidence.Code, best)
	}
}

// kept reports whether a string that stands behind a text is kept under a name, or as one of a list.
func kept(before []byte) bool {
	before = bytes.TrimRight(before, " ")
	return len(before) > 0 && bytes.IndexByte([]byte("=>[,"), before[len(before)-1]) >= 0
}

// callsVariable returns the length up to the parenthesis of a call of a variable, of an element of one, or of a
// constant in parentheses, 0 if there is none: $a( $a['b']( (F)(
func callsVariable(text []byte) int {
	for i := lex.Next(text, 1, '('); i < len(text); i = lex.Next(text, i+1, '(') {
		from := i
		if text[i-1] == ']' {
			from = max(0, i-longestWord)
			from += max(0, bytes.LastIndexByte(text[from:i], '['))
		}
		if text[i-1] == ')' {
			if name := lastWord(text[:i-1]); len(name) > 0 && i-2-len(name) >= 0 && text[i-2-len(name)] == '(' && (i < 3+len(name) || !lex.Word(text[i-3-len(name)])) {
				return i + 1
			}
			continue
		}
		if name := lastWord(text[:from]); len(name) > 0 && from > len(name) && text[from-len(name)-1] == '$' {
			return i + 1
		}
	}
	return 0
}

// echoesForPHP reports whether a command in backticks is the last argument of a function of PHP that prints or
// turns it into text: printf(`id`)
func (c *call) echoesForPHP() bool {
	end := bytes.IndexByte(c.rest, '`')
	if c.at != backtick || c.first < 3 || end < 0 || end+1 >= len(c.rest) || c.rest[end+1] != ')' {
		return false
	}
	before := c.data[max(0, c.first-closely) : c.first-1]
	open := bytes.LastIndexByte(before, '(')
	return open > 0 && (open == len(before)-1 || before[len(before)-1] == ',' || before[len(before)-1] == '.') && phpPrinters.Has(lastWord(before[:open]))
}

var phpPrinters = lex.NewWords("printf vprintf sprintf fprintf fputs fwrite print_r var_export var_dump json_encode die exit error_log trigger_error nl2br base64_encode bin2hex urlencode file_put_contents htmlspecialchars")
