package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// dunders are names that lead from an object of Python to its class, and from there to
// what the program keeps.
var dunders = [...]string{
	"__globals__", "__init__", "__class__", "__base__", "__bases__", "__mro__", "__subclasses__", "__builtins__", "__dict__", "__func__", "__kwdefaults__", "__spec__", "__loader__", "__getattribute__", "__call__",
}

// dunder returns the length of such a name at the beginning of s, 0 if there is none.
func dunder(s []byte) int {
	for _, name := range dunders {
		if lex.HasPrefix(s, name) && (len(s) == len(name) || !lex.Word(s[len(name)])) {
			return len(name)
		}
	}
	return 0
}

// insides weighs two such names in a row, at i of a name or as the beginning of a path that
// is all of a value: __init__.__globals__.key, k[__class__][__init__].
func insides(data []byte, i int, isName bool, best *evidence.Tally) {
	if !isName && (i > 0 && data[i-1] != '.' || point.Classify(data)&^(point.Alpha|point.Digit|point.Dot|point.Bracket|point.Quote|point.Brace|point.PercentSign) != 0) {
		return
	}
	for tries := 0; i >= 0 && i < len(data) && tries < maxIndexed; tries++ {
		n := dunder(data[i:])
		if n == 0 {
			return
		}
		second := i + n
		for second < len(data) && bytes.IndexByte([]byte(".[]"), data[second]) >= 0 {
			second++
		}
		if m := dunder(data[min(second, len(data)):]); m > 0 {
			one(&prototype, i, second+m-i, evidence.Code, best)
			return
		}
		if i = bytes.Index(data[second:], []byte("__")); i >= 0 {
			i += second
		}
	}
}

// inherited reports whether a member is the inside of an object by where it stands, __init__
// of __class__ or what a function has as its globals, or a path leads over the prototype to
// one of its members.
func inherited(data []byte, v *point.Value, tree *point.Tree) bool {
	switch v.Kind { //nolint:exhaustive // no others are names or paths
	case point.JSONKey:
		if len(data) < len("__mro__") || data[0] != '_' {
			return false
		}
		return lex.Equal(data, "__globals__") && !lex.Equal(tree.Name(tree.Parent(v.Ref)), "settings") || // where Elementor keeps its colours
			lex.Equal(data, "__subclasses__") || dunder(data) == len(data) && dunder(tree.Name(tree.Parent(v.Ref))) > 0
	case point.WholePath:
		return bytes.Contains(data, []byte("/__proto__/"))
	}
	return false
}

// overPrototype reports whether a value is a pointer of JSON or a path of names with dots that
// leads over the prototype, and nothing else: /__proto__/k, a.__proto__.k
func overPrototype(data []byte, v *point.Value) bool {
	if v.Classes&^(point.Alpha|point.Digit|point.Dot|point.Slash) != 0 {
		return false
	}
	pointer := data[0] == '/' && bytes.Contains(data, []byte("/__proto__/"))
	return pointer && bytes.IndexByte(data, '.') < 0 || v.Classes&point.Slash == 0 && bytes.Contains(data, []byte(".__proto__."))
}
