package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// globals are what pickles of the older protocols fetch to run something: c, the module, the function.
var globals = lex.NewList(
	"cos\nsystem\n", "cos\npopen\n", "cos\nexec", "cos\nspawn", "cposix\nsystem\n", "cposix\npopen\n", "cposix\nexec", "cnt\nsystem\n", "csubprocess\n", "ccommands\n", "c__builtin__\neval\n", "c__builtin__\nexec\n", "c__builtin__\ngetattr\n",
	"cbuiltins\neval\n", "cbuiltins\nexec\n", "cbuiltins\ngetattr\n", "cfunctools\npartial\n", "cpty\nspawn\n", "ctimeit\ntimeit\n", "ccprofile\nrun\n", "crunpy\nrun_", "ios\nsystem\n", "iposix\nsystem\n",
)

// maxPickle bounds what is read of a pickle, in bytes.
const maxPickle = 512

// pickle returns where a pickle of text, or the digits of one, fetches such a function, n 0 if it does not.
func pickle(data []byte, v *point.Value) (at, n int) {
	head := data[:min(len(data), maxPickle)]
	switch {
	case v.Classes&^(point.Alpha|point.Digit) == 0:
		return hexPickle(head)
	case v.Classes&point.Newline == 0 || bytes.IndexByte([]byte("c(}]ldVSI"), data[0]) < 0 || !globals.May(v.Pairs):
		return 0, 0
	}
	i, word := globals.First(head)
	if i < 0 || i > 0 && lex.Letter(head[i-1]) {
		return 0, 0
	}
	return i, len(word)
}

// hexPickle reads the digits of a pickle with a head: 8002, 8003, 8004, 8005.
func hexPickle(digits []byte) (at, n int) {
	if !OpensHexPickle(digits) {
		return 0, 0
	}
	var buf [maxPickle / 2]byte
	for n+1 < len(digits) && n/2 < len(buf) {
		high, ok := digitOf(digits[n], 16)
		low, also := digitOf(digits[n+1], 16)
		if !ok || !also {
			return 0, 0
		}
		buf[n/2] = high<<4 | low
		n += 2
	}
	if !containsAnyOf(buf[:n/2], unpickled[:]...) {
		return 0, 0
	}
	return 0, n
}

// OpensHexPickle reports whether text begins with the digits of a pickle's head and a first operation.
func OpensHexPickle(text []byte) bool {
	return len(text) > 24 && text[0] == '8' && text[1] == '0' && text[2] == '0' && '2' <= text[3] && text[3] <= '5' &&
		lex.PrefixLength(text[4:], []string{"63", "95", "28", "5d", "7d"}) > 0
}
