package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxOpen bounds the lookups that are open within each other. More of them stand in no honest text.
const maxOpen = 64

// maxName bounds what is kept of a lookup: by its first bytes it is known.
const maxName = 64

// lookups weighs ${jndi:} and what other lookups spell that stand within each other.
func lookups(data []byte, pairs *point.Pairs, best *evidence.Tally) {
	first := lex.IndexPaired(pairs, data, "${")
	if first < 0 {
		return
	}
	if r := (lookupReader{}); asksDirectory(data[first:]) || r.read(data[first:]) {
		one(&jndi, first, min(len(data)-first, 512), evidence.Code, best)
	}
}

// asksDirectory reports whether ${jndi: stands in text as it is, closed or not.
func asksDirectory(text []byte) bool {
	for {
		i := bytes.Index(text, []byte("${"))
		if i < 0 {
			return false
		}
		if text = text[i+len("${"):]; !lex.HasPrefix(text, "jndi:") {
			continue
		}
		text = text[len("jndi:"):]
		if inner, _, closed := bytes.Cut(text, []byte("}")); !closed || !unnamed(inner) {
			return true
		}
	}
}

// openLookup is a lookup that is not closed yet.
type openLookup struct {
	start  int  // of what is kept of it
	last   byte // of its text
	value  bool // what is kept is its default
	done   bool // no more is kept
	spelt  bool // a part was spelt by another lookup
	hidden bool // of its kind, in front of the colon
}

// lookupReader resolves lookups from the inside out, in one pass. Text outside of all of them is not kept,
// nor are names in front of a default, so neither fills anything up.
type lookupReader struct {
	text  [maxOpen * maxName]byte
	n     int
	open  [maxOpen]openLookup
	depth int
	found bool // a lookup that only attacks ask for
}

// read reports whether text holds a lookup that only attacks ask for.
func (r *lookupReader) read(text []byte) bool {
	for i := 0; i < len(text) && !r.found; i++ {
		if r.depth == 0 {
			next := bytes.Index(text[i:], []byte("${"))
			if next < 0 {
				return false
			}
			i += next
		}
		switch c := text[i]; {
		case c == '$' && i+1 < len(text) && text[i+1] == '{':
			r.enter()
			i++
		case c == '}':
			r.leave()
		default:
			r.put(c)
		}
	}
	return r.found
}

func (r *lookupReader) enter() {
	if r.depth == maxOpen {
		r.found = true
		return
	}
	r.open[r.depth] = openLookup{start: r.n}
	r.depth++
}

// put adds a byte to the innermost lookup, whose name :- ends.
func (r *lookupReader) put(c byte) {
	l := &r.open[r.depth-1]
	if !l.value && l.last == ':' && c == '-' {
		r.end(l)
		return
	}
	l.last = c
	if !l.done && r.n < l.start+maxName {
		r.text[r.n] = c
		r.n++
	}
}

// end weighs a name with a default, which is kept from here on unless the name needs none.
func (r *lookupReader) end(l *openLookup) {
	name := bytes.TrimSuffix(r.text[l.start:r.n], []byte(":"))
	l.last, r.found = 0, r.found || spied(name, l)
	if n := spells(name); l.done || n > 0 && n < len(name) {
		l.done = true
		return
	}
	r.n, l.value = l.start, true
}

// leave closes the innermost lookup and adds what it stands for to the one around it.
func (r *lookupReader) leave() {
	l := r.open[r.depth-1]
	text := r.text[l.start:r.n]
	r.found = r.found || !l.value && spied(text, &l)
	r.depth--
	r.n = l.start
	if r.depth == 0 {
		return
	}
	if !l.value {
		kind := spells(text)
		text = spelt(text[kind:], kind)
	}
	if len(text) == 0 {
		return
	}
	outer := &r.open[r.depth-1]
	outer.spelt = true
	outer.hidden = outer.hidden || bytes.IndexByte(r.text[outer.start:r.n], ':') < 0
	for _, c := range text { // which stands behind what is written
		r.put(c)
	}
}

// spells returns the length of a kind of lookups that stand for what is written in them, 0 of others.
func spells(name []byte) int {
	return lex.PrefixLength(name, []string{"lower:", "upper:", "date:"})
}

// spelt returns in place what a lookup of such a kind stands for: letters whose other case is one of ASCII become that, and of
// a date's format what is quoted stays, and what is no letter.
func spelt(text []byte, kind int) []byte {
	if kind == 0 {
		return nil
	}
	date := kind == len("date:")
	out, quoted := text[:0], false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case date && c == '\'':
			quoted = !quoted
			continue
		case date && !quoted && lex.Letter(c):
			continue
		case c >= 0x80:
			if n, plain := folded(text[i:]); n > 0 {
				c = plain
				i += n - 1
			}
		}
		out = append(out, c)
	}
	return out
}

// folded returns the length of a letter whose other case is one of ASCII, and that.
func folded(text []byte) (n int, plain byte) {
	for _, f := range [...]struct {
		from string
		to   byte
	}{{"\u0131", 'i'}, {"\u017f", 's'}, {"\u212a", 'k'}} {
		if bytes.HasPrefix(text, []byte(f.from)) {
			return len(f.from), f.to
		}
	}
	return 0, 0
}

// hiddenKinds are lookups whose kind no settings spell by others.
var hiddenKinds = []string{
	"env:", "sys:", "java:", "script:", "dns:", "url:", "file:", "xml:", "properties:", "const:", "localhost:", "docker:", "k8s:", "spring:", "web:", "main:",
}

// charsets are how names of character sets begin.
var charsets = []string{"utf", "us-ascii", "ascii", "iso-8859", "iso8859", "iso_8859", "windows-", "cp12", "latin1", "ibm", "cp437"}

// spied reports whether only attacks ask for a lookup of such a name.
func spied(name []byte, l *openLookup) bool {
	switch {
	case lex.HasPrefix(name, "jndi:"):
		return len(name) > len("jndi:") && !unnamed(name[len("jndi:"):])
	case lex.PrefixLength(name, toldLookups) > 0:
		return true
	case l.hidden && lex.PrefixLength(name, hiddenKinds) > 0, l.spelt && lex.HasPrefix(name, "script:"):
		return true
	}
	n := lex.PrefixLength(name, []string{"file:", "url:"})
	return n > 0 && lex.PrefixLength(name[n:], charsets) > 0 && bytes.IndexByte(name[n:], ':') > 0
}

// toldLookups are lookups of Log4j that tell of the server and that no settings hold.
var toldLookups = []string{
	"java:version", "java:os", "java:vm", "java:runtime", "java:hw", "java:locale", "sys:java.", "sys:os.", "sys:user.", "bundle:", "web:rootdir", "spring:spring.", "log4j:config", "docker:container", "k8s:masterurl", "k8s:account", "k8s:container", "k8s:namespace", "k8s:pod", "main:0", "main:1", "event:message", "jvmrunargs:", "xml:/", "properties:", "resourcebundle:", "urldecoder:", "urlencoder:", "base64decoder:", "base64encoder:", "base64:", "localhost:name", "localhost:address", "localhost:canonical", "dns:", "const:java",
}

// unnamed reports whether what a lookup asks for ends behind the name of a scheme, or with dots that stand for a host, as
// texts about it have it: ${jndi:ldap} and ${jndi:ldap://...} find nothing.
func unnamed(inner []byte) bool {
	end := lex.WordEnd(inner, 0)
	if end == 0 {
		return false
	}
	host := bytes.TrimPrefix(inner[end:], []byte("://"))
	after := bytes.TrimLeft(host, ".\u2026")
	return len(after) == 0 && (len(host) == len(inner)-end || len(host) > 0)
}
