package sqli

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// outwardCalls are functions by which a query of Oracle asks another host, waits, or has an error say what it was given.
var outwardCalls = lex.NewList("utl_http.request", "utl_inaddr.get_host_", "dbms_ldap.init(", "httpuritype(", "ctxsys.drithsx.sn(", "dbms_xmlgen.getxml(", "dbms_xmlquery.getxml(", "ord_dicom.getmappingxpath(", "apex_web_service.make_rest_request(", "dbms_java.runjava(", "receive_message(")

// maxSelected bounds what stands in front of such a call.
const maxSelected = 48

// outward finds a value that is such a call, one more of a list, or one that an operator adds to the first:
// 1,dbms_ldap.init('l',80), (utl_inaddr.get_host_name(user))
func outward(data []byte, best *evidence.Tally) {
	i, call := outwardCalls.First(data[:min(len(data), maxSelected+tokenWords)])
	if i < 0 || !mayEndCall[data[len(data)-1]] {
		return
	}
	before := bytes.TrimRight(withoutSchema(data[:i]), " ")
	if n := len(before); n > 0 && bytes.IndexByte([]byte("(,+-*/|"), before[n-1]) < 0 || bytes.Count(before, []byte(" ")) > 3 {
		return
	}
	one(&graveFunction, evidence.Threshold, i, len(call), evidence.Raw, best)
}

// mayEndCall holds the bytes with which such a value ends.
var mayEndCall = [256]bool{')': true, '\'': true, '"': true, '-': true}

// withoutSchema takes the name off that a dot joins to what stands behind a text.
func withoutSchema(text []byte) []byte {
	name, ok := bytes.CutSuffix(text, []byte("."))
	if !ok {
		return text
	}
	for len(name) > 0 && lex.Word(name[len(name)-1]) {
		name = name[:len(name)-1]
	}
	return name
}

// joinsUser finds a string that is closed, joined to who is logged in, and opened again: k'+system_user+'
func joinsUser(data []byte, best *evidence.Tally) {
	l := lexer{data: data, pos: lex.WordEnd(data, 0)}
	if len(data) > maxSelected+tokenWords || l.pos == len(data) || data[l.pos] != '\'' && data[l.pos] != '"' {
		return
	}
	quote := data[l.pos]
	l.pos++
	if !joint(data, l.next()) {
		return
	}
	t, ok := l.userOperand()
	if !ok || !joint(data, l.next()) {
		return
	}
	end := lex.SkipSpace(data, l.pos)
	if end == len(data) || data[end] != quote || lex.WordEnd(data, end+1) != len(data) {
		return
	}
	var own evidence.Tally
	own.Reset(attack.SQLi, evidence.SingleQuote)
	own.Add(&breakout, 0, t.off)
	own.Add(&infoFunction, t.off, t.len)
	own.Add(&reopened, end, 1)
	if own.Score() > best.Score() {
		*best = own
	}
}

// userOperand reads the name of who is logged in, alone, in parentheses or as an argument.
func (l *lexer) userOperand() (user token, ok bool) {
	depth := 0
	for range maxColumns {
		t := l.next()
		switch {
		case t.kind == word && lex.OneOf(l.data[t.off:t.off+t.len], "current_user", "session_user", "system_user"):
			user, ok = t, true
		case t.kind == open:
			depth++
		case t.kind == closing:
			depth--
		case t.kind == name || depth > 0 && (t.kind == comma || t.kind == number || t.kind == str || t.key == kwAs):
			continue
		default:
			return t, false
		}
		if depth <= 0 {
			return user, ok && depth == 0
		}
	}
	return user, false
}

// joint reports whether an operator joins strings.
func joint(data []byte, t token) bool {
	return t.kind == arith && (data[t.off] == '+' || t.len == 2 && data[t.off] == '|') || t.len == 2 && data[t.off] == '|'
}
