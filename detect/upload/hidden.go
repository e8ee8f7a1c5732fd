package upload

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// Bounds of a call that is given what a request brings: the bytes between, and the calls within it.
const (
	maxHanded = 64
	maxNested = 4
)

// runners are functions that run commands of the system or code, wherever in a file they stand; brought
// is what a request brings.
var (
	runners = []string{"system", "exec", "shell_exec", "passthru", "popen", "proc_open", "pcntl_exec", "eval", "assert", "create_function", "call_user_func", "call_user_func_array", "getruntime", "processbuilder"}
	brought = []string{"$_get", "$_post", "$_request", "$_cookie"}
)

// hidden finds what runs commands behind code that does nothing: a call that is given what a request
// brings, and any command of a further tag.
func hidden(data []byte, from int, t *evidence.Tally) {
	if i, n := handed(data[from:]); n > 0 {
		t.Add(&commandCall, from+i, n)
		return
	}
	for range maxTags {
		i, size := nextTag(data, from)
		if size == 0 {
			return
		}
		from = i + size
		inside := data[from:min(len(data), from+maxScript)]
		if end := bytes.Index(inside, []byte("?>")); end >= 0 {
			inside = inside[:end]
		}
		if call, n := called(inside); n > 0 {
			t.Add(&commandCall, from+call, n)
			return
		}
	}
}

// called finds a call of one of the runners.
func called(code []byte) (at, length int) {
	for from := 0; ; {
		i := bytes.IndexByte(code[from:], '(')
		if i < 0 {
			return 0, 0
		}
		from += i + 1
		end := nameEnd(code, from-1)
		if first := nameStart(code, end); lex.OneOf(code[first:end], runners...) && !ofObject(code[:first]) {
			return first, from - first
		}
	}
}

// ofObject reports whether a name in front of which text ends is one of an object's own functions.
func ofObject(text []byte) bool {
	return bytes.HasSuffix(text, []byte("->")) || bytes.HasSuffix(text, []byte("::")) || bytes.HasSuffix(text, []byte("function "))
}

// handed finds a call of a function that runs commands, or of one that a variable names, with what a
// request brings.
func handed(code []byte) (at, length int) {
	for from := 0; ; {
		i, word := lex.First(code[from:], brought)
		if i < 0 {
			return 0, 0
		}
		i += from
		from = i + len(word)
		if first := takerOf(code, i); first >= 0 {
			return first, from - first
		}
	}
}

// takerOf returns where the name of a call begins that is given what stands at i of the same statement and
// that runs it, -1 if none is.
func takerOf(code []byte, i int) int {
	begin := max(0, i-maxHanded)
	begin += bytes.LastIndexByte(code[begin:i], ';') + 1
	if n := lex.SuffixLength(bytes.TrimRight(code[begin:i], " (\"'.@"), []string{"include", "include_once", "require", "require_once"}); n > 0 {
		return begin
	}
	for paren, n := i, 0; n < maxNested; n++ {
		k := bytes.LastIndexByte(code[begin:paren], '(')
		if k < 0 {
			return -1
		}
		paren = begin + k
		end := nameEnd(code, paren)
		first := nameStart(code, end)
		if varies(code, first, end) || lex.OneOf(code[first:end], runners...) && !ofObject(code[:first]) {
			return first
		}
	}
	return -1
}

// nameEnd returns where the name of a call ends whose parenthesis stands at paren: system/**/ (
func nameEnd(code []byte, paren int) int {
	rest := bytes.TrimRight(code[max(0, paren-maxHanded):paren], " \t\r\n")
	if cut, remark := bytes.CutSuffix(rest, []byte("*/")); remark {
		if open := bytes.LastIndex(cut, []byte("/*")); open >= 0 {
			rest = bytes.TrimRight(cut[:open], " \t\r\n")
		}
	}
	return max(0, paren-maxHanded) + len(rest)
}

// nameStart returns where the name begins that ends at end.
func nameStart(code []byte, end int) int {
	first := end
	for first > 0 && lex.Word(code[first-1]) && end-first < maxHanded {
		first--
	}
	return first
}

// varies reports whether the function that is called at a parenthesis is named by a variable, an element
// of one or a string in parentheses. first is where its name begins.
func varies(code []byte, first, paren int) bool {
	if first < paren {
		return first > 0 && code[first-1] == '$' && !bytes.HasSuffix(code[:first-1], []byte("->"))
	}
	if first < 2 {
		return false
	}
	last := code[first-1]
	return last == ']' || last == '}' || last == ')' && (code[first-2] == '\'' || code[first-2] == '"')
}
