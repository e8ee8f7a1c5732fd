package upload

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxHanded is how far behind a call's name what a request brings may stand, in bytes.
const maxHanded = 64

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
	for n := 0; n < maxTags; n++ {
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
		if first := nameStart(code, from-1); lex.OneOf(code[first:from-1], runners...) && !ofObject(code[:first]) {
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
		i := bytes.IndexByte(code[from:], '(')
		if i < 0 {
			return 0, 0
		}
		paren := from + i
		from = paren + 1
		argument := code[from:min(len(code), from+maxHanded)]
		if end := bytes.IndexByte(argument, ';'); end >= 0 {
			argument = argument[:end]
		}
		if !bytes.Contains(argument, []byte("$_")) {
			continue
		}
		first := nameStart(code, paren)
		if !varies(code, first, paren) && (!lex.OneOf(code[first:paren], runners...) || ofObject(code[:first])) {
			continue
		}
		if n, word := lex.First(argument, brought); n >= 0 {
			return first, from + n + len(word) - first
		}
	}
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
