package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxLeak bounds the part of a statement in front of what the page keeps to itself in which
// the address is looked for that gets it.
const maxLeak = 128

// joinedAway returns the string with another host's address that stands in front of i in the same
// statement, if what is at i is joined to it or handed over beside it: '//h.example/?'+document.cookie
func (r *reader) joinedAway(i int) []byte {
	before := bytes.TrimRight(r.data[max(r.from, i-maxLeak):i], " \t\r\n")
	if end := bytes.LastIndexAny(before, ";\n"); end >= 0 {
		before = before[end+1:]
	}
	if len(before) == 0 || bytes.IndexByte([]byte("+,:({[`="), before[len(before)-1]) < 0 {
		return nil
	}
	if whole := r.joinedTo(i); leaves(whole) {
		return whole
	}
	for {
		quote := bytes.IndexAny(before, "'\"`")
		if quote < 0 {
			return nil
		}
		if before = before[quote+1:]; leaves(before) {
			return before
		}
	}
}

// joinedTo returns the string to which what is at i is joined, or the template in whose braces it stands.
func (r *reader) joinedTo(i int) []byte {
	text := bytes.TrimRight(r.before(i), " \t\r\n")
	if template, ok := bytes.CutSuffix(text, []byte("${")); ok {
		return template[bytes.LastIndexByte(template, '`')+1:]
	}
	text, ok := bytes.CutSuffix(text, []byte("+"))
	text = bytes.TrimRight(text, " ")
	if !ok || len(text) == 0 || !isQuote(text[len(text)-1]) {
		return nil
	}
	quote := text[len(text)-1]
	text = text[:len(text)-1]
	return text[bytes.LastIndexByte(text, quote)+1:]
}

// leaves reports whether a string begins with the address of another host.
func leaves(text []byte) bool {
	n := lex.PrefixLength(text, []string{"//", `\\`, `/\`, "https://", "http://", "ws://", "wss://", "url(//", "url(https://", "url(http://"})
	if n == 0 || n == len(text) {
		return false
	}
	c := text[n]
	return lex.Word(c) || c == '[' || c == '$' || c == '\\'
}

// secret weighs what the page keeps to itself where it is sent to another host. What programs of the
// page send to hosts that they name in full, too, is one only behind a closed string.
func (r *reader) secret(text string, start int, next []byte) bool {
	own := false // programs send it, too
	head := next[:min(len(next), maxHead)]
	switch text {
	case "document":
		own = lex.PrefixLength(head, []string{".cookie", ".body.innerhtml", ".documentelement", ".body.outerhtml"}) == 0
	case "localstorage", "sessionstorage":
		own = (len(next) == 0 || next[0] != ')') && !r.beacons(start)
	case "formdata", "xmlserializer":
		own = true
	case "cookiestore":
		if !lex.HasPrefix(head, ".get") || !r.broken && bytes.IndexByte(head, '/') < 0 {
			return false
		}
		r.leaked(start)
		return true
	case "key", "code", "keycode", "which", "cookie", "responsetext":
		if start < 2 || r.data[start-1] != '.' || text[0] != 'r' && text != "cookie" && !r.listens(start) {
			return false
		}
		if text[0] == 'k' && logs(next) {
			r.leaked(start)
			return true
		}
		start -= 1 + len(lastName(r.data[:start-1]))
	default:
		return false
	}
	away := r.joinedAway(start)
	if away == nil || own && !r.broken && away[0] != '/' && away[0] != '\\' {
		return false
	}
	r.leaked(start)
	return true
}

// leaked adds what is an attack whatever stands around it.
func (r *reader) leaked(start int) {
	r.tally.AddWeight(&domWrite, evidence.Threshold, start, r.pos-start)
}

// beacons reports whether a statement up to i asks for a picture, as only what counts visitors does.
func (r *reader) beacons(i int) bool {
	return counters.In(r.data[max(r.from, i-maxHead):i])
}

var (
	counters = lex.NewList("image", "sendbeacon", "audio")
	senders  = lex.NewList("image", "sendbeacon", "fetch(")
	keyHooks = lex.NewList("keydown", "keypress", "keyup")
)

// logs reports whether a key is kept, or added to others, and another host asked with them.
func logs(next []byte) bool {
	if len(next) == 0 || bytes.IndexByte([]byte(");}+"), next[0]) < 0 {
		return false
	}
	rest := next[:min(len(next), maxLeak)]
	at, _ := senders.First(rest)
	if at < 0 {
		return false
	}
	quote := bytes.IndexAny(rest[at:], "'\"`")
	return quote > 0 && leaves(rest[at+quote+1:])
}

// listens reports whether a function in front of i is called for each key that is pressed.
func (r *reader) listens(i int) bool {
	return keyHooks.In(r.data[max(r.from, i-maxLeak):i])
}

// redirected weighs a form, or a link, that is given another host to be sent to, or code:
// .setAttribute('action','//h.example')
func (r *reader) redirected(start int, next []byte) bool {
	name := bytes.TrimLeft(next, "( ")
	if len(next) == 0 || next[0] != '(' || len(name) < 4 || !isQuote(name[0]) || lex.PrefixLength(name[1:], []string{"action", "formaction", "href", "src"}) == 0 {
		return false
	}
	_, value, ok := bytes.Cut(name[:min(len(name), maxHead)], []byte(","))
	value = bytes.TrimLeft(value, " ")
	if !ok || len(value) < 3 || !isQuote(value[0]) {
		return false
	}
	switch relative := bytes.HasPrefix(value[1:], []byte("//")); {
	case scriptScheme(value[1:]) == javascript && !idle(value[bytes.IndexByte(value, ':')+1:]), leaves(value[1:]) && relative:
		r.tally.Add(&domWrite, start, r.pos-start)
		return true
	case leaves(value[1:]):
		r.effect(start)
	}
	return false
}

// maxEffect bounds a value in which a closed string is not one of a program's own.
const maxEffect = 512

// effect weighs what changes the page, or asks a server, as any program does: it is evidence behind a
// closed string only.
func (r *reader) effect(start int) {
	if r.broken && r.short() {
		r.tally.Add(&domAccess, start, r.pos-start)
	}
}

// acts weighs functions and members of browsers that have an effect.
func (r *reader) acts(text string, start int, next []byte) {
	if !r.broken || len(next) < 2 || len(text) == 0 {
		return
	}
	switch text {
	case "xmlhttprequest", "formdata", "fontface", "audio", "request", "rtcpeerconnection", "broadcastchannel", "mutationobserver", "intersectionobserver", "resizeobserver", "websocket", "eventsource", "image", "blob":
		if lex.HasSuffix(bytes.TrimRight(r.data[:start], " "), "new") {
			r.effect(start)
		}
	case "addeventlistener", "requestanimationframe", "requestidlecallback", "queuemicrotask", "postmessage", "appendchild", "insertadjacenthtml", "pushstate", "replacestate", "structuredclone", "startviewtransition":
		if next[0] == '(' {
			r.effect(start)
		}
	case "ajax", "post", "getjson", "get":
		if next[0] == '(' && lex.SuffixLength(r.data[:start], []string{"$.", "jquery."}) > 0 {
			r.effect(start)
		}
	case "customelements", "indexeddb", "cookiestore":
		if next[0] == '.' {
			r.effect(start)
		}
	case "submit":
		if next[0] == '(' && start > 1 && r.data[start-1] == '.' && r.data[start-2] == ')' {
			r.effect(start)
		}
	default:
		if next[0] == '=' && next[1] != '=' && text[0] == 'o' && isHook(r.data[start:r.pos]) && string(r.data[start:r.pos]) == text {
			r.effect(start)
		}
	}
}
