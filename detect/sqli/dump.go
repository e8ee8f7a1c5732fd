package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// dump reports whether a value is a script of several lines that begins with a statement or with
// remarks and one, as programs that save tables write it: its constants are its own.
func dump(data []byte) bool {
	if bytes.IndexByte(data, '\n') < 0 {
		return false
	}
	rest := bytes.TrimLeft(data, " \t\r\n")
	for bytes.HasPrefix(rest, []byte("--")) {
		_, after, more := bytes.Cut(rest, []byte("\n"))
		if rest = bytes.TrimLeft(after, " \t\r\n"); !more {
			return false
		}
	}
	return lex.PrefixLength(rest, []string{"create table ", "alter table ", "insert into ", "drop table if exists ", "set names ", "begin;", "begin transaction;", "start transaction;"}) > 0
}

// endsElement reports whether what follows a constant ends an element of a list, the list or the
// statement.
func endsElement(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " ")
	rest = bytes.TrimLeft(rest, ")")
	return len(rest) == 0 || rest[0] == ';' || rest[0] == ',' || rest[0] == '\n' || rest[0] == '\r'
}
