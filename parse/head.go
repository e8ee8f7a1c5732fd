package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Head reads the target, the query, the header fields and the cookies.
func (p *Points) Head(r *Request, o *Options) {
	p.use(o)
	p.Tree.Host, p.Tree.Stores = r.Host, string(r.Method) == "PUT" && !overridesMethod(r)
	p.target(r.Target)
	for i := range r.Fields {
		p.field(&r.Fields[i])
	}
	p.joinFields(r.Fields)
}

// overridesMethod reports whether a field names another method, which some servers take for the
// request's.
func overridesMethod(r *Request) bool {
	return r.Field("x-http-method-override") != nil || r.Field("x-method-override") != nil || r.Field("x-http-method") != nil
}

// target reads the request target: as a whole, by segments, by query parameters.
func (p *Points) target(target []byte) {
	path, query, hasQuery := bytes.Cut(target, []byte("?"))
	p.Tree.Target = path
	if p.Tree.Stores || !p.known(nil, path, minKnownPath) { // what a path means depends on the method
		p.path(path)
		p.segments(pathOf(target))
	}
	if hasQuery {
		p.pairs(query, point.Get, 0, place{kind: point.Text})
	}
}

func (p *Points) path(path []byte) {
	uri := place{ref: p.Tree.Add(0, point.URI), kind: point.WholePath}
	if point.Classify(path)&^plain == 0 && !bytes.Contains(path, []byte("..")) {
		p.Values = append(p.Values, point.Value{Data: path, Ref: uri.ref, Classes: plain, Kind: point.WholePath})
	} else {
		p.value(path, uri)
	}
}

// segments reads the path's segments; the last is the action's name and extension.
func (p *Points) segments(path []byte) {
	path = bytes.TrimPrefix(path, []byte("/"))
	for i := 0; ; i++ {
		segment, rest, more := bytes.Cut(path, []byte("/"))
		if !more {
			name, ext, hasExt := bytes.Cut(segment, []byte("."))
			p.segment(name, p.Tree.Add(0, point.ActionName))
			if hasExt {
				p.segment(ext, p.Tree.Add(0, point.ActionExt))
			}
			return
		}
		p.segment(segment, p.Tree.AddIndex(0, point.PathPart, i))
		path = rest
		if !p.room(0) {
			return
		}
	}
}

func (p *Points) segment(data []byte, ref point.Ref) {
	if len(data) == 0 {
		return
	}
	decoded, changed, bad := p.unescape(data, false)
	if bad {
		p.anomaly(ref, BadPercent)
	}
	at := place{ref: ref, kind: point.Segment}
	if changed {
		at.layer = 1
	}
	p.value(decoded, at)
	classes := point.Classify(decoded)
	if classes&(point.Semicolon|point.Equal) == point.Semicolon|point.Equal {
		p.matrix(data, at)
	}
	if classes&(point.Paren|point.Quote) == point.Paren|point.Quote {
		p.literals(decoded, at)
	}
}

// matrix reads the parameters of a segment: /items;colour=red;size=5 (RFC 3986, 3.3).
func (p *Points) matrix(segment []byte, at place) {
	parent := at.ref
	at.kind = point.Text
	_, rest, more := bytes.Cut(segment, []byte(";"))
	for more && p.room(0) {
		var pair []byte
		pair, rest, more = bytes.Cut(rest, []byte(";"))
		name, value, ok := bytes.Cut(pair, []byte("="))
		if !ok {
			continue
		}
		decoded, changed, _ := p.unescape(value, false)
		inside := at
		if changed {
			inside.layer = 1
		}
		inside.ref = p.Tree.AddName(parent, point.Hash, name)
		p.value(decoded, inside)
	}
}

// closedFields are header fields whose values a client makes by a closed grammar: a word or
// a number in one is not looked at.
var closedFields = [...]string{
	"content-length", "accept", "accept-language", "accept-encoding", "accept-charset", "cache-control", "pragma",
	"te", "upgrade-insecure-requests", "dnt", "priority", "keep-alive",
	"sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user", "transfer-encoding", "expect",
}

// Classes of such words and numbers, and of names of hosts.
const (
	closedClasses = point.Alpha | point.Digit | point.Dash
	hostClasses   = closedClasses | point.Dot | point.Colon
)

// overridesPath reports whether a field names a path that some servers take for the request's: what
// it means depends on that path, so it is never remembered as clean.
func overridesPath(name []byte) bool {
	return (len(name) == len("x-original-url") || len(name) == len("x-rewrite-url")) && (lex.Equal(name, "x-original-url") || lex.Equal(name, "x-rewrite-url"))
}

func (p *Points) field(f *Field) {
	at := place{kind: point.HeaderText}
	known := !overridesPath(f.Name) && p.known(f.Name, f.Value, minKnown)
	switch {
	case len(f.Name) == len("cookie") && lex.Equal(f.Name, "cookie"):
		if p.on(CookieParser, 0) {
			p.cookieField(f, known)
			return
		}
	case known:
		return
	case lex.Equal(f.Name, "user-agent"):
		at.kind = point.UserAgent
	case lex.Equal(f.Name, "referer"):
		p.referer(f)
		return
	}
	classes := point.Classify(f.Value)
	if closed(f.Name, f.Value, classes) {
		return
	}
	at.ref = p.Tree.AddName(0, point.Header, f.Name)
	p.classified(f.Value, classes, at)
	p.key(f.Name, at)
	if lex.Equal(f.Name, "authorization") && len(f.Value) > len("basic ") && lex.Equal(f.Value[:len("basic ")], "basic ") && p.on(Base64Parser, at.ref) {
		p.credentials(bytes.TrimSpace(f.Value[len("basic "):]), at)
	}
}

// credentials reads a name and a password: RFC 7617.
func (p *Points) credentials(text []byte, at place) {
	before := len(p.Values)
	if classes := point.Classify(text); classes&^base64Classes == 0 {
		p.base64(text, classes, at)
	} else {
		p.foreign64(text, at)
	}
	if len(p.Values) == before {
		return
	}
	both := &p.Values[before]
	at.ref, at.layer, at.kind = both.Ref, both.Layer, point.Text
	name, password, _ := bytes.Cut(both.Data, []byte(":"))
	parent := at.ref
	at.ref = p.Tree.AddName(parent, point.Hash, []byte("user"))
	p.value(name, at)
	at.ref = p.Tree.AddName(parent, point.Hash, []byte("password"))
	p.value(password, at)
}

// closed reports whether a field's value is by its grammar nothing but a word, a number or
// the name of a host.
func closed(name, value []byte, classes point.Classes) bool {
	if lex.Equal(name, "host") {
		return classes&^hostClasses == 0 && !addressOfMetadata(value)
	}
	return classes&^closedClasses == 0 && lex.OneOf(name, closedFields[:]...)
}

// addressOfMetadata reports whether a host is an address that clouds give to what only a machine of
// theirs may ask, and to which a request may be led by its Host.
func addressOfMetadata(value []byte) bool {
	return lex.HasPrefix(value, "169.254.") || lex.HasPrefix(value, "metadata.")
}

// referer reads a URL: as a whole, and its query by parameters.
func (p *Points) referer(f *Field) {
	at := place{ref: p.Tree.AddName(0, point.Header, f.Name), kind: point.Referer}
	p.value(f.Value, at)
	if _, query, ok := bytes.Cut(f.Value, []byte("?")); ok && p.on(FormParser, at.ref) {
		p.pairs(query, point.FormURLEncoded, at.ref, place{kind: point.Referer})
	}
}

// cookieClasses are the classes of bytes with which names of cookies begin: RFC 6265, 4.1.1.
const cookieClasses = ^(point.Paren | point.Less | point.Greater | point.HashAt | point.Semicolon | point.Backslash | point.Quote | point.Slash | point.Bracket | point.Brace | point.Equal | point.Space | point.Colon)

// cookieField reads name=value pairs. Of a field that is known only the pairs are kept.
func (p *Points) cookieField(f *Field, known bool) {
	var parent point.Ref
	if !known {
		parent = p.Tree.AddName(0, point.Header, f.Name)
	}
	rest := f.Value
	if !known && len(rest) > 0 && point.ClassOf[rest[0]]&cookieClasses == 0 { // no name of a cookie begins so
		p.value(rest, place{ref: parent, kind: point.HeaderText})
	}
	for len(rest) > 0 && p.room(0) {
		from := rest
		pair, behind, _ := bytes.Cut(rest, []byte(";"))
		rest = behind
		name, value, ok := bytes.Cut(bytes.Trim(pair, " \t"), []byte("="))
		if !ok && len(name) == 0 {
			continue
		}
		p.cookies = append(p.cookies, cookie{name, value})
		if known {
			continue
		}
		ref := p.Tree.AddName(parent, point.Cookie, name)
		at := place{ref: ref, kind: point.CookieText}
		decoded, changed, _ := p.unescape(value, bytes.IndexByte(value, '%') >= 0)
		if changed {
			at.layer = 1
		}
		p.value(decoded, at)
		if changed && bytes.IndexByte(value, '+') >= 0 { // not everybody takes a plus for a blank
			plain, _, _ := p.unescape(value, false)
			p.variant(plain, at)
		}
		if n := len(decoded); n > 2 && decoded[0] == '"' && decoded[n-1] == '"' { // some take the quotes off
			p.value(decoded[1:n-1], at)
			if bytes.IndexByte(decoded, '\\') >= 0 {
				p.cookieText(decoded[1:n-1], at)
			}
		} else if len(value) > 0 && value[0] == '"' { // some have what is in quotes go on behind semicolons
			quoted := from[bytes.IndexByte(from, '"'):]
			if end := quoteEnd(quoted); end < len(quoted) {
				p.cookieText(quoted[1:end], at)
			}
		}
		p.key(name, at)
	}
}

// cookieText reads what a quoted value of a cookie stands for in Python: a backslash gives a byte by
// three octal digits, or the byte behind it (http.cookies).
func (p *Points) cookieText(text []byte, at place) {
	if !p.room(len(text)) {
		return
	}
	out := p.arena.Grow(len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			if d := text[i+1:]; len(d) >= 3 && d[0] >= '0' && d[0] <= '3' && isOctal(d[1]) && isOctal(d[2]) {
				out = append(out, (d[0]-'0')<<6|(d[1]-'0')<<3|(d[2]-'0'))
				i += 3
				continue
			}
			i++
		}
		out = append(out, text[i])
	}
	p.variant(p.arena.Commit(out), at)
}
