package filter

import (
	"bytes"
	"strings"
)

// maxRaw bounds the raw request that is kept with a hit, in bytes.
const maxRaw = 16 << 10

// masked stands for what is not kept.
const masked = "***"

// raw returns the request as text with secrets masked: credentials in header
// fields, cookies, and values of parameters, form fields and JSON members whose
// name says that they are secret.
func (ex *Exchange) raw() string {
	r := &ex.Request
	b := make([]byte, 0, 1024)
	b = append(append(b, r.Method...), ' ')
	b = append(maskPairs(b, r.Target), ' ')
	b = append(append(b, r.Proto...), "\r\n"...)
	for i := range r.Fields {
		b = append(append(b, r.Fields[i].Name...), ": "...)
		b = append(maskField(b, r.Fields[i].Name, r.Fields[i].Value), "\r\n"...)
		if len(b) > maxRaw {
			return string(b[:maxRaw])
		}
	}
	b = append(b, "\r\n"...)
	b = maskBody(b, cut(r.Body, maxRaw), r.Field("content-type"))
	return string(cut(b, maxRaw))
}

var secretFields = []string{"authorization", "proxy-authorization", "x-api-key", "x-auth-token", "x-csrf-token"}

func maskField(dst, name, value []byte) []byte {
	if equalsFold(name, "cookie") {
		return maskCookies(dst, value)
	}
	for _, secret := range secretFields {
		if equalsFold(name, secret) {
			if scheme, _, ok := bytes.Cut(value, []byte(" ")); ok {
				dst = append(append(dst, scheme...), ' ')
			}
			return append(dst, masked...)
		}
	}
	return append(dst, value...)
}

// maskCookies keeps names and the first bytes of values, enough to tell them apart.
func maskCookies(dst, value []byte) []byte {
	for i, pair := range bytes.Split(value, []byte(";")) {
		if i > 0 {
			dst = append(dst, ';')
		}
		name, v, ok := bytes.Cut(pair, []byte("="))
		dst = append(dst, name...)
		if ok {
			dst = append(append(append(dst, '='), cut(v, min(4, len(v)/4))...), masked...)
		}
	}
	return dst
}

func maskBody(dst, body, contentType []byte) []byte {
	if len(body) > 0 && (body[0] == '{' || body[0] == '[') || bytes.Contains(contentType, []byte("json")) {
		return maskJSON(dst, body)
	}
	if bytes.Contains(contentType, []byte("multipart")) {
		return maskParts(dst, body)
	}
	return maskPairs(dst, body)
}

// maskPairs masks name=value pairs of a query or a form.
func maskPairs(dst, text []byte) []byte {
	for len(text) > 0 {
		end := bytes.IndexAny(text, "&?;#\n")
		if end < 0 {
			end = len(text) - 1
		}
		pair := text[:end+1]
		text = text[end+1:]
		name, value, ok := bytes.Cut(pair, []byte("="))
		if !ok || !secretName(string(name)) {
			dst = append(dst, pair...)
			continue
		}
		dst = append(append(append(dst, name...), '='), masked...)
		if last := pair[len(pair)-1]; bytes.IndexByte([]byte("&?;#\n"), last) >= 0 && len(value) > 0 {
			dst = append(dst, last)
		}
	}
	return dst
}

// maskJSON masks the string or number behind every "name": whose name is secret.
func maskJSON(dst, text []byte) []byte {
	for len(text) > 0 {
		open := bytes.IndexByte(text, '"')
		if open < 0 {
			break
		}
		end := closing(text, open)
		name := text[open+1 : end]
		end = min(end+1, len(text))
		dst = append(dst, text[:end]...)
		text = text[end:]
		if !secretName(string(name)) {
			continue
		}
		rest := bytes.TrimLeft(text, " \t\r\n")
		if len(rest) == 0 || rest[0] != ':' {
			continue
		}
		rest = bytes.TrimLeft(rest[1:], " \t\r\n")
		dst = append(dst, text[:len(text)-len(rest)]...)
		n := scalarLen(rest)
		if n > 0 {
			dst = append(append(append(dst, '"'), masked...), '"')
		}
		text = rest[n:]
	}
	return append(dst, text...)
}

// closing returns the index of the quote that ends the string opened at i, or the
// end of the text.
func closing(text []byte, i int) int {
	for j := i + 1; j < len(text); j++ {
		switch text[j] {
		case '\\':
			j++
		case '"':
			return j
		}
	}
	return len(text)
}

// scalarLen returns the length of the string, number or word at the start of text,
// 0 for an object or array.
func scalarLen(text []byte) int {
	if len(text) == 0 || text[0] == '{' || text[0] == '[' {
		return 0
	}
	if text[0] == '"' {
		return min(closing(text, 0)+1, len(text))
	}
	if n := bytes.IndexAny(text, ",}] \r\n\t"); n >= 0 {
		return n
	}
	return len(text)
}

// maskParts masks the content of multipart fields with a secret name.
func maskParts(dst, text []byte) []byte {
	for len(text) > 0 {
		i := bytes.Index(text, []byte(`name="`))
		if i < 0 {
			break
		}
		i += len(`name="`)
		name, _, ok := bytes.Cut(text[i:], []byte(`"`))
		dst = append(dst, text[:i]...)
		text = text[i:]
		if !ok || !secretName(string(name)) {
			continue
		}
		head, content, ok := bytes.Cut(text, []byte("\r\n\r\n"))
		if !ok {
			break
		}
		dst = append(append(append(dst, head...), "\r\n\r\n"...), masked...)
		if _, rest, found := bytes.Cut(content, []byte("\r\n")); found {
			dst = append(dst, "\r\n"...)
			text = rest
		} else {
			text = nil
		}
	}
	return append(dst, text...)
}

var secretWords = []string{"password", "passwd", "pwd", "passphrase", "secret", "token", "api_key", "apikey", "authorization", "cvv", "card_number", "cardnumber", "ssn", "session"}

// secretName reports whether a parameter of this name holds a secret.
func secretName(name string) bool {
	if len(name) > 64 {
		return false
	}
	lower := strings.ToLower(name)
	for _, word := range secretWords {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return lower == "pass" || lower == "pin" || lower == "auth"
}

func equalsFold(b []byte, s string) bool { return strings.EqualFold(string(b), s) }
