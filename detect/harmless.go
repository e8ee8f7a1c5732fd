package detect

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/detect/rce"
	"github.com/weirnode/weir/point"
)

// Classes of values in which nothing can be found: of names and numbers, UUIDs, most tokens;
// of telephone numbers, sums of money, dates; and, which have a form besides, of addresses of mail
// and of times.
const (
	nameClasses   = point.Alpha | point.Digit | point.Dash
	numberClasses = point.Digit | point.Dash | point.Space | point.Plus
	mailClasses   = nameClasses | point.Dot | point.HashAt
	timeClasses   = nameClasses | point.Colon | point.Dot | point.Plus | point.Space
)

// harmless reports whether no detector can find anything in v. A client's name is more than a
// word, and a header field can tell by its own name; an object of Java or Python in hexadecimal digits and the
// name of a method that only PHP itself calls are found although they are words.
func harmless(v *point.Value) bool {
	const object = "aced0005"
	switch {
	case v.Kind == point.UserAgent || v.Kind == point.HeaderText || v.Kind == point.Key || v.Kind == point.JSONKey || v.Kind == point.TokenHead || v.Flags&point.Command != 0:
		return false
	case v.Classes&^nameClasses == 0:
		return string(v.Data) != "__construct" && !rce.OpensHexPickle(v.Data) && (len(v.Data) <= 2*len(object) || string(v.Data[:len(object)]) != object)
	case v.Classes&^numberClasses == 0:
		return true
	}
	return v.Classes&^timeClasses == 0 && v.Classes&(point.Dash|point.Colon) == point.Dash|point.Colon && timestamp(v.Data)
}

// timestamp reports whether text is a date and a time of day as RFC 3339 writes them.
func timestamp(text []byte) bool {
	const form = "0000-00-00T00:00"
	if len(text) < len(form) || len(text) > len(form)+len(":00.000000000+00:00") {
		return false
	}
	for i, c := range []byte(form) {
		switch {
		case c == '0' && !lex.Digit(text[i]), c == '-' && text[i] != '-', c == ':' && text[i] != ':', c == 'T' && text[i] != 'T' && text[i] != ' ':
			return false
		}
	}
	for _, c := range text[len(form):] {
		if !lex.Digit(c) && c != ':' && c != '.' && c != '+' && c != '-' && c != 'Z' {
			return false
		}
	}
	return true
}

// mailbox reports whether a value is an address of mail: a name, an @ and another name.
func mailbox(v *point.Value) bool {
	if v.Classes&^mailClasses != 0 || v.Classes&point.HashAt == 0 {
		return false
	}
	i := bytes.IndexByte(v.Data, '@')
	return i > 0 && i+1 < len(v.Data) && lex.Word(v.Data[i-1]) && lex.Word(v.Data[i+1]) && bytes.IndexByte(v.Data[i+1:], '@') < 0 && bytes.IndexByte(v.Data, '#') < 0
}
