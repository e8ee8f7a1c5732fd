package main

import (
	"bytes"
	"regexp"
	"strconv"
)

var (
	folds        = regexp.MustCompile(`\r?\n[ \t]+`)
	lengthField  = regexp.MustCompile(`(?im)^content-length:[ \t]*([0-9]+)[ \t]*\r?$`)
	chunkedField = regexp.MustCompile(`(?im)^transfer-encoding:[ \t]*chunked[ \t]*\r?$`)
)

// behind returns what follows the first n requests of an input, which weir has taken:
// their framing is plain but for what it tolerates.
func behind(b []byte, n int) []byte {
	for ; n > 0; n-- {
		head, rest, ok := cutHead(begun(b))
		if !ok {
			return nil
		}
		head = folds.ReplaceAll(head, []byte(" "))
		length := 0
		if m := lengthField.FindSubmatch(head); m != nil {
			length, _ = strconv.Atoi(string(m[1])) // too long is cut below
		} else if chunkedField.Match(head) {
			length, _ = chunks(rest, anySize)
		}
		b = rest[min(length, len(rest)):]
	}
	return b
}

// begun passes over empty lines before a request.
func begun(b []byte) []byte {
	for {
		rest, ok := bytes.CutPrefix(b, []byte("\r\n"))
		if !ok {
			if rest, ok = bytes.CutPrefix(b, []byte("\n")); !ok {
				return b
			}
		}
		b = rest
	}
}
