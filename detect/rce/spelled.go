package rce

import (
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of a name that is spelled by strings which operators join.
const (
	maxJoints   = 64
	maxSpelling = 24
)

// spelledNames are names that nobody joins out of strings but to hide them.
var spelledNames = []string{"system", "passthru", "shell_exec", "popen", "exec", "execsync", "spawnsync", "child_process", "mainmodule", "constructor", "__import__", "__globals__", "__class__", "__builtins__", "assert", "eval", "process", "require", "getruntime", "java.lang.runtime", "file_get_contents", "check_output", "subprocess"}

// joinedName weighs such a name out of two strings: 'sys'+'tem', "pop"."en"
func joinedName(data []byte, best *evidence.Tally) {
	var quotes lex.Marks
	quotes.Add('"')
	quotes.Add('\'')
	for i, n := quotes.Next(data, 0), 0; i < len(data) && n < maxJoints; i, n = quotes.Next(data, i+1), n+1 {
		next := jointEnd(data, i)
		if next == 0 {
			continue
		}
		first, second := lastWord(data[:i]), data[next:lex.WordEnd(data, next)]
		if len(first) == 0 || len(second) == 0 || len(first)+len(second) > maxSpelling || i == len(first) || data[i-len(first)-1] != data[i] || next+len(second) == len(data) || data[next+len(second)] != data[i] {
			continue
		}
		var buf [maxSpelling]byte
		if lex.OneOf(append(append(buf[:0], first...), second...), spelledNames...) {
			one(&codeCall, i-len(first)-1, next+len(second)-i+len(first)+1, evidence.Code, best)
			return
		}
	}
}

// mayJoin reports whether an operator may stand between quotes, or blanks.
func mayJoin(pairs *point.Pairs) bool {
	return lex.MayAny(pairs, "'+", "\"+", " +", "\n+", "\r+", "\t+") && lex.MayAny(pairs, "+'", "+\"", "+ ", "+\n", "+\r", "+\t") ||
		lex.MayAny(pairs, "'.", "\".", " .", "\n.", "\r.", "\t.") && lex.MayAny(pairs, ".'", ".\"", ". ", ".\n", ".\r", ".\t") ||
		lex.MayAny(pairs, "'~", "\"~", " ~", "\n~", "\r~", "\t~") && lex.MayAny(pairs, "~'", "~\"", "~ ", "~\n", "~\r", "~\t")
}

// jointEnd returns the index behind the quote of a string that an operator joins to the one that ends at
// i, 0 if none does.
func jointEnd(data []byte, i int) int {
	operator := lex.SkipSpace(data, i+1)
	if operator >= len(data) || data[operator] != '+' && data[operator] != '.' && data[operator] != '~' {
		return 0
	}
	next := lex.SkipSpace(data, operator+1)
	if next >= len(data) || data[next] != data[i] {
		return 0
	}
	return next + 1
}
