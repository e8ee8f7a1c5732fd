package parse

import (
	"bytes"
	"hash/maphash"
	"math/bits"
	"slices"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/internal/arena"
	"github.com/weirnode/weir/point"
)

// Default limits.
const (
	defaultDepth   = 8
	defaultValues  = 4096
	defaultNesting = 64
	defaultDecoded = 16 << 20
)

// What may be decoded of one request: so many times its body, and so much more.
const (
	decodedTimes = 4
	decodedMore  = 1 << 20
)

// What an idle Points keeps of its memory.
const (
	keptValues  = 8192
	keptNodes   = 8192
	keptScratch = 64 << 10
)

// nodesPerValue bounds the nodes of a request by the values it may have.
const nodesPerValue = 4

// maxAnomalies bounds the anomalies kept of one request.
const maxAnomalies = 32

// maxVariants bounds the variants that are remembered to tell repeated ones.
const maxVariants = 256

// Points are the values of one request and where they were found. The zero Points
// is ready. Everything in it borrows the request's memory or its own and is valid
// until Reset.
type Points struct {
	Tree      point.Tree
	Values    []point.Value
	Anomalies []Anomaly
	Overrun   Overrun
	GQL       GQL

	arena    arena.Arena
	limits   Limits
	off      ParserSet
	lean     bool
	offAt    func(*point.Tree, point.Ref) ParserSet
	memo     *Memo
	fresh    []uint64 // hashes of header fields that the memo does not know
	cookies  []cookie
	budget   int      // bytes that may be decoded
	nodes    int      // nodes that the tree may have
	inflated int      // bytes that came out of codecs
	cut      bool     // the body is longer than what is read of it
	variants []uint64 // hashes of the variants made so far
	scratch  []byte   // text of an XML element in several pieces
	pieces   []xmlPiece
	same     []sameName // values by their names, while those of one name are joined
	strings  [][]byte   // of the lists that are read, should they be joined
	charset  charset    // of the leaves of the body
	orderly  bool       // of pairs only those with an ordinary name and text are read
}

type cookie struct{ name, value []byte }

// Reset forgets everything and keeps a bounded part of the memory.
func (p *Points) Reset() {
	if p.Tree.Len() > keptNodes {
		p.Tree = point.Tree{}
	}
	p.Tree.Reset()
	if cap(p.Values) > keptValues {
		p.Values = nil
	}
	clear(p.Values)
	p.Values, p.Anomalies, p.Overrun = p.Values[:0], p.Anomalies[:0], Within
	clear(p.cookies)
	p.cookies, p.fresh = p.cookies[:0], p.fresh[:0]
	if cap(p.scratch) > keptScratch {
		p.scratch = nil
	}
	p.variants = p.variants[:0]
	clear(p.pieces)
	p.pieces = p.pieces[:0]
	if cap(p.same) > maxSame || cap(p.strings) > maxSame {
		p.same, p.strings = nil, nil
	}
	p.forget(0)
	p.same = p.same[:0]
	p.inflated, p.cut, p.orderly, p.charset, p.GQL = 0, false, false, asciiLike, GQL{}
	p.arena.Reset()
}

func (p *Points) use(o *Options) {
	p.limits, p.off, p.offAt, p.lean, p.memo = o.Limits, o.Off, o.OffAt, o.Lean, o.Memo
	orElse(&p.limits.Depth, defaultDepth)
	orElse(&p.limits.Values, defaultValues)
	orElse(&p.limits.Nesting, defaultNesting)
	orElse(&p.limits.Decoded, defaultDecoded)
	p.budget, p.nodes = p.limits.Decoded, nodesPerValue*p.limits.Values
}

func orElse(n *int, missing int) {
	if *n == 0 {
		*n = missing
	}
}

// on reports whether a parser is applied at a point.
func (p *Points) on(s ParserSet, ref point.Ref) bool {
	return p.off&s == 0 && (p.offAt == nil || p.offAt(&p.Tree, ref)&s == 0)
}

// anomaly notes one. Where there is no room, one that is an attack takes the place of the last.
func (p *Points) anomaly(ref point.Ref, r Reason) {
	switch {
	case len(p.Anomalies) < maxAnomalies:
		p.Anomalies = append(p.Anomalies, Anomaly{ref, r})
	case r.Attack() != attack.None && p.Anomalies[maxAnomalies-1].Reason.Attack() == attack.None:
		p.Anomalies[maxAnomalies-1] = Anomaly{ref, r}
	}
}

// room reports whether another value may be kept and n bytes be decoded.
func (p *Points) room(n int) bool {
	switch {
	case len(p.Values) >= p.limits.Values || p.Tree.Len() >= p.nodes:
		p.Overrun = TooMany
	case p.arena.Size()+n > p.budget:
		p.Overrun = TooLarge
	default:
		return true
	}
	return false
}

// place says where a value stands.
type place struct {
	ref   point.Ref
	kind  point.Kind
	layer uint8
	flags point.Flags
}

func (at place) deeper(ref point.Ref, flags point.Flags) place {
	at.ref, at.layer, at.flags = ref, at.layer+1, at.flags|flags
	return at
}

// value keeps a value and applies every parser that fits it.
func (p *Points) value(data []byte, at place) {
	p.classified(data, point.Classify(data), at)
}

// classified is value for data whose classes are known.
func (p *Points) classified(data []byte, classes point.Classes, at place) {
	if !p.room(0) {
		return
	}
	if classes&point.Control != 0 && bytes.IndexByte(data, 0) >= 0 {
		at.flags |= point.HadNUL
	}
	self := len(p.Values)
	p.Values = append(p.Values, point.Value{Data: data, Ref: at.ref, Classes: classes, Flags: at.flags, Kind: at.kind, Layer: at.layer})
	if classes&^plain == 0 && len(data) < minToken && (len(data) < shortPadded || classes&point.Equal == 0) {
		return
	}
	if p.nested(data, classes, at) {
		p.Values[self].Flags |= point.TakenApart
	}
}

// leaf keeps a value of a body; if the body is in a character set of its own the
// value is converted too.
func (p *Points) leaf(data []byte, at place) { p.classifiedLeaf(data, point.Classify(data), at) }

func (p *Points) classifiedLeaf(data []byte, classes point.Classes, at place) {
	p.classified(data, classes, at)
	if p.charset != asciiLike {
		p.convert(p.charset, data, at)
	}
}

// keep keeps a value to which no parser is applied.
func (p *Points) keep(data []byte, at place) {
	if p.room(0) {
		p.Values = append(p.Values, point.Value{Data: data, Ref: at.ref, Classes: point.Classify(data), Flags: at.flags, Kind: at.kind, Layer: at.layer})
	}
}

// variantSeed keeps whoever sends a request from choosing what looks like a repeated reading.
var variantSeed = maphash.MakeSeed()

// variant keeps another reading of a value, unless it was read so before: decoders
// that are applied in another order come to the same text.
func (p *Points) variant(data []byte, at place) {
	sum := maphash.Bytes(variantSeed, data) + uint64(p.origin(at.ref))*0x9e3779b97f4a7c15
	if slices.Contains(p.variants, sum) {
		return
	}
	if len(p.variants) < maxVariants {
		p.variants = append(p.variants, sum)
	}
	p.value(data, at)
}

// origin returns where the text stands that a variant is another reading of.
func (p *Points) origin(ref point.Ref) point.Ref {
	for {
		switch p.Tree.Tag(ref) {
		case point.Percent, point.HTMLJS, point.Charset:
			ref = p.Tree.Parent(ref)
		default:
			return ref
		}
	}
}

// plain are the classes of values in which nothing can be nested but a token:
// base64, hexadecimal digits, a JWT, UTF-7.
const plain = point.Alpha | point.Digit | point.Dash | point.Dot | point.Plus | point.Equal | point.Colon | point.Space | point.Slash

// minToken is the shortest text that is tried as a token, in bytes, but for base64 with padding.
const minToken = 12

// encoded are the classes of bytes that begin escapes or documents.
const encoded = point.PercentSign | point.Brace | point.Bracket | point.Less | point.Ampersand | point.Backslash

// nested applies the parsers whose gate a value passes. It reports whether all of the value
// stands in what they found.
func (p *Points) nested(data []byte, classes point.Classes, at place) (apart bool) {
	if int(at.layer) >= p.limits.Depth {
		if classes&encoded != 0 {
			p.Overrun = TooDeep
		}
		return false
	}
	if classes&^tokenClasses == 0 {
		p.token(data, classes, at)
	} else if bits.OnesCount32(uint32(classes&^base64Classes)) <= maxForeign {
		p.foreign64(data, at)
	}
	if classes&^plain == 0 {
		return false
	}
	p.escapes(data, classes, at)
	return p.documents(data, classes, at)
}

// escapes applies the parsers that read the same text in another way.
func (p *Points) escapes(data []byte, classes point.Classes, at place) {
	if classes&point.PercentSign != 0 && p.on(PercentParser, at.ref) {
		p.percent(data, at)
	}
	if classes&point.High != 0 && p.on(CharsetParser, at.ref) {
		p.fold(data, at)
	}
	if classes&point.Control != 0 && len(data) <= maxZeros && p.on(CharsetParser, at.ref) {
		p.withoutZeros(data, at)
	}
	if classes&(point.Ampersand|point.Backslash) != 0 && p.on(HTMLJSParser, at.ref) {
		p.unescaped(data, at)
	}
	if classes&point.Plus != 0 && p.on(CharsetParser, at.ref) {
		p.utf7(data, at)
	}
}

// documents applies the parsers that find values within a value.
func (p *Points) documents(data []byte, classes point.Classes, at place) (apart bool) {
	if at.kind != point.Document { // has been tried as all of these
		apart = p.structures(data, classes, at)
	}
	if classes&point.Colon != 0 {
		p.maybeSerial(data, classes, at)
	}
	if classes&(point.Control|point.High) != 0 {
		p.binary(data, at)
	}
	return apart
}

func (p *Points) structures(data []byte, classes point.Classes, at place) (apart bool) {
	if classes&(point.Brace|point.Bracket) != 0 && p.on(JSONParser, at.ref) {
		apart = p.maybeJSON(data, at)
	}
	if classes&point.Backslash != 0 && quotesDocument(data) && p.on(JSONParser, at.ref) {
		p.quotedDocument(data, at)
	}
	if classes&point.Less != 0 && p.on(XMLParser, at.ref) {
		p.maybeXML(data, at)
	}
	if classes&point.Equal != 0 && classes&(point.Ampersand|point.Mark) != 0 && p.on(FormParser, at.ref) {
		p.maybePairs(data, at)
		if classes&point.Ampersand != 0 && classes&^(base64Classes|point.Ampersand) == 0 && p.on(Base64Parser, at.ref) { // two tokens: Telerik's rauPostData
			_, second, _ := bytes.Cut(data, []byte("&"))
			p.base64(second, point.Classify(second), at)
		}
	}
	return apart
}

// maybeSerial tries the forms that begin with a short word and a colon.
func (p *Points) maybeSerial(data []byte, classes point.Classes, at place) {
	if classes&(point.Quote|point.Brace) != 0 && len(data) > 4 && data[1] == ':' && p.on(PHPParser, at.ref) {
		p.maybePHP(data, at)
	}
	if len(data) > len("data:,") && data[4] == ':' && lex.Equal(data[:5], "data:") && p.on(Base64Parser, at.ref) {
		p.dataURL(data, at)
	}
}

// binary tries what is no text: compressed data, other character sets, objects of MessagePack and CBOR.
func (p *Points) binary(data []byte, at place) {
	if p.compressed(data, at) {
		return
	}
	if p.on(CharsetParser, at.ref) {
		if c := charsetOf(data); c != asciiLike {
			p.convert(c, data, at)
		}
	}
	p.maybeItems(data, at)
}

// key keeps a name that could carry an attack.
func (p *Points) key(name []byte, at place) {
	if classes := point.Classify(name); tellingName(name, classes) || beanPath(name) || loads(name) {
		at.kind = point.Key
		p.classified(name, classes, at)
	}
}

// beanPath reports whether a name reaches the loader of a Java object's class, or the
// prototype of one of JavaScript.
func beanPath(name []byte) bool {
	return len(name) > len("class.classLoader") && name[0] == 'c' && (bytes.HasPrefix(name, []byte("class.")) && bytes.Contains(name, []byte("lassLoader")) || bytes.HasPrefix(name, []byte("constructor.prototype")))
}

// loads reports whether a name may be that of a variable by which a loader or an interpreter takes
// code, which parameters have in small letters.
func loads(name []byte) bool {
	return len(name) > 4 && name[0]-'B' <= 'R'-'B' && lex.PrefixLength(name, []string{"ld_", "dyld_", "bash_env", "perl5", "rubyopt", "pythonstartup", "gconv_path", "phprc"}) > 0
}

// tellingName reports whether a name could carry an attack itself.
func tellingName(name []byte, classes point.Classes) bool {
	return classes&^keyClasses != 0 || classes&point.Dot != 0 && lex.ClassName(name) || len(name) > 6 && (name[0] == '_' || classes&point.Dot != 0) && reachesInside(name) || rights(name) || len(name) > len("token__") && (asksSecret(name) || setsWriter(name))
}

// setsWriter reports whether a name is one by which Solr lets a request set what runs templates
// (CVE-2019-17558).
func setsWriter(name []byte) bool {
	return len(name) > len("queryresponsewriter") && (lex.HasSuffix(name, "-queryresponsewriter") || lex.HasSuffix(name, "resource.loader.enabled"))
}

// reachesInside reports whether a name begins with one that objects of JavaScript or Python
// have inside, or leads to one behind a dot.
func reachesInside(name []byte) bool {
	for _, inside := range [...]string{"__pro", "__init__", "__class__", "__glob", "__base", "__mro", "__subcl", "__builtins", "__kwdef", "__js_func"} {
		if len(name) >= len(inside) && string(name[:len(inside)]) == inside {
			return true
		}
	}
	i := bytes.IndexByte(name, '.')
	return i > 0 && (bytes.Contains(name[i:], []byte(".__")) || bytes.Contains(name[i:], []byte("prototype")))
}

// asksSecret reports whether a name leads from what is proved with to an operator behind two
// underscores, as in the names of some layers above databases: password__startswith
func asksSecret(name []byte) bool {
	if bytes.IndexByte(name, '_') < 0 {
		return false
	}
	i := bytes.LastIndex(name, []byte("__"))
	if i < len("pwd") || i+2 == len(name) {
		return false
	}
	for _, secret := range [...]string{"password", "passwd", "pwd", "token", "secret", "otp"} {
		if lex.HasSuffix(name[:i], secret) {
			return true
		}
	}
	return false
}

// rights reports whether a name means something by itself: it grants rights, or is where
// the objects of JavaScript have what they share.
func rights(name []byte) bool {
	return grants(name) || len(name) == len("prototype") && string(name) == "prototype"
}

// granting are names of fields by which an application gives rights, by their length, and
// operators that layers above a database take for a condition. Two of the first in one object
// mean something, one of the others on a password; a detector can only see what is kept.
var granting = [...][]string{
	2: {"ne", "gt", "lt"}, 3: {"not", "gte", "lte", "nin"}, 4: {"role"}, 5: {"roles", "admin", "notin", "regex"}, 7: {"isadmin", "is_root", "isstaff", "role_id"}, 8: {"is_admin", "is_staff", "contains", "endswith"}, 9: {"superuser", "user_type", "user_role", "userlevel"}, 10: {"user_level", "startswith"},
	11: {"permissions", "authorities", "issuperuser", "accesslevel"}, 12: {"is_superuser", "access_level"}, 15: {"wp_capabilities"}, 16: {"roles_attributes"},
}

// grantingFirst holds, by the length of a name, the first letters of those names: one bit a
// letter. It saves nearly every name the comparisons.
var grantingFirst = func() (t [len(granting)]uint32) {
	for length, names := range granting {
		for _, name := range names {
			t[length] |= 1 << (name[0] & 31)
		}
	}
	return t
}()

func grants(name []byte) bool {
	if len(name) == 0 || len(name) >= len(granting) || grantingFirst[len(name)]>>(name[0]&31)&1 == 0 {
		return false
	}
	for _, known := range granting[len(name)] {
		if lex.Equal(name, known) {
			return true
		}
	}
	return false
}

// keyClasses are the classes of names that carry nothing but themselves.
const keyClasses = point.Alpha | point.Digit | point.Dash | point.Dot

// Cookie returns the value of the first cookie of a name, as received.
func (p *Points) Cookie(name []byte) ([]byte, bool) {
	for i := range p.cookies {
		if bytes.Equal(p.cookies[i].name, name) {
			return p.cookies[i].value, true
		}
	}
	return nil, false
}
