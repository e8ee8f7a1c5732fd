package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxLookups bounds the resolving of nested lookups.
const maxLookups = 64

// lookups resolves ${...} from the inside out and weighs what they spell.
func lookups(data []byte, pairs *point.Pairs, best *evidence.Tally) {
	first := lex.IndexPaired(pairs, data, "${")
	if first < 0 {
		return
	}
	var buf [512]byte
	n := copy(buf[:], data[first:])
	text, resolved := buf[:n], false
	for range maxLookups {
		if i := lex.Index(text, "${jndi:"); i >= 0 {
			if text = text[i+len("${jndi:"):]; !unnamed(text) {
				one(&jndi, first, min(len(data)-first, n), evidence.Code, best)
				return
			}
			continue
		}
		open := bytes.LastIndex(text, []byte("${"))
		if open < 0 {
			if resolved && lex.Contains(text, "jndi:") {
				one(&jndi, first, min(len(data)-first, n), evidence.Code, best)
			}
			return
		}
		end := bytes.IndexByte(text[open:], '}')
		if end < 0 {
			return
		}
		if lex.PrefixLength(text[open+2:open+end], toldLookups) > 0 {
			one(&jndi, first, min(len(data)-first, n), evidence.Code, best)
			return
		}
		value := resolve(text[open+2 : open+end])
		resolved = true
		n := copy(text[open:], value)
		n += copy(text[open+n:], text[open+end+1:])
		text = text[:open+n]
	}
}

// toldLookups are lookups of Log4j that tell of the server and that no settings hold.
var toldLookups = []string{
	"java:version", "java:os", "java:vm", "java:runtime", "java:hw", "java:locale", "sys:java.", "sys:os.", "sys:user.", "bundle:", "web:rootdir", "spring:spring.", "log4j:config", "docker:container", "k8s:masterurl", "k8s:account", "k8s:container", "k8s:namespace", "k8s:pod", "main:0", "main:1", "event:message", "jvmrunargs:", "xml:/", "properties:", "resourcebundle:", "urldecoder:", "urlencoder:", "base64decoder:", "base64encoder:", "base64:", "localhost:name", "localhost:address", "localhost:canonical", "dns:", "const:java",
}

// unnamed reports whether a lookup is closed behind the name of a scheme, or dots that stand for a host, as texts
// about it have it: ${jndi:ldap} and ${jndi:ldap://...} find nothing.
func unnamed(rest []byte) bool {
	end := lex.WordEnd(rest, 0)
	if end == 0 {
		return false
	}
	host := bytes.TrimPrefix(rest[end:], []byte("://"))
	after := bytes.TrimLeft(host, ".\u2026")
	return len(after) > 0 && after[0] == '}' && (len(host) == len(rest)-end || len(after) < len(host))
}

// plainI is what the dotless i becomes.
var plainI = []byte("i")

// resolve returns what a lookup without inner ones stands for.
func resolve(inner []byte) []byte {
	if i := bytes.LastIndex(inner, []byte(":-")); i >= 0 {
		return inner[i+2:]
	}
	if i := bytes.LastIndexByte(inner, ':'); i >= 0 && (lex.HasPrefix(inner, "lower") || lex.HasPrefix(inner, "upper") || lex.HasPrefix(inner, "date")) {
		inner = bytes.Trim(inner[i+1:], "'")
		if bytes.Equal(inner, []byte("ı")) { // upper-cased it is an I
			return plainI
		}
		return inner
	}
	return nil
}
