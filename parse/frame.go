package parse

import (
	"bytes"
	"strconv"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Fault is why a request is not well-formed HTTP/1: whatever two readers could take
// for two different requests (RFC 9112, sections 3, 5, 6 and 11.2).
type Fault uint8

// The faults. NoFault is none.
const (
	NoFault Fault = iota
	BareLF
	ObsFold
	BadFieldName
	LongFieldName
	BadFieldValue
	TooManyFields
	BadMethod
	BadTarget
	FragmentInTarget
	BadVersion
	MissingHost
	DuplicateHost
	BadHost
	UserinfoInHost
	BadContentLength
	DuplicateContentLength
	LengthAndEncoding
	BadTransferEncoding
	EncodingOnHTTP10
	DisguisedFraming
	ConnectMethod
	BadRequestLine
	BadChunk
	ConnectionField
	AuthorityMismatch
)

var faultCodes = [...]string{
	"", "bare_lf", "obs_fold", "bad_field_name", "long_field_name", "bad_field_value", "too_many_fields", "bad_method", "bad_target",
	"fragment_in_target", "bad_version", "missing_host", "duplicate_host", "bad_host", "userinfo_in_host", "bad_content_length",
	"duplicate_content_length", "length_and_encoding", "bad_transfer_encoding", "encoding_on_http10", "disguised_framing", "connect",
	"bad_request_line", "bad_chunk", "connection_field", "authority_mismatch",
}

// String returns the fault's text code.
func (f Fault) String() string { return faultCodes[f] }

// Faults returns all faults.
func Faults() []Fault {
	list := make([]Fault, 0, len(faultCodes)-1)
	for f := BareLF; int(f) < len(faultCodes); f++ {
		list = append(list, f)
	}
	return list
}

// Longest names, in bytes.
const (
	maxMethod    = 32
	maxFieldName = 256
)

// Frame splits a raw header block (the lines between the request line and the empty
// line, each with its line end) into r.Fields and says what is wrong with the
// framing. Method, Target and Proto must be set; Host is set to the authority that
// must be forwarded. The fields borrow raw. On a fault the fields read so far stand.
func (r *Request) Frame(raw []byte, maxFields int) Fault {
	if f := r.requestLine(); f != NoFault {
		return f
	}
	var s framing
	for len(raw) > 0 {
		line, rest, f := cutLine(raw)
		if f != NoFault {
			return f
		}
		raw = rest
		if len(line) == 0 {
			break
		}
		if len(r.Fields) == maxFields {
			return TooManyFields
		}
		field, f := splitField(line)
		r.Fields = append(r.Fields, field)
		if f == NoFault {
			f = s.field(&field)
		}
		if f != NoFault {
			return f
		}
	}
	return r.framed(&s)
}

// cutLine cuts a line that must end with CR LF.
func cutLine(raw []byte) (line, rest []byte, f Fault) {
	i := bytes.IndexByte(raw, '\n')
	if i <= 0 || raw[i-1] != '\r' {
		return nil, nil, BareLF
	}
	if raw[0] == ' ' || raw[0] == '\t' {
		return nil, nil, ObsFold
	}
	return raw[:i-1], raw[i+1:], NoFault
}

// splitField splits a line at its colon and checks both sides.
func splitField(line []byte) (Field, Fault) {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 {
		return Field{Name: line}, BadFieldName
	}
	name, value := line[:colon], trimBlank(line[colon+1:])
	field := Field{name, value}
	if len(name) > maxFieldName {
		return field, LongFieldName
	}
	for _, c := range name {
		if !token[c] {
			return field, BadFieldName
		}
	}
	if hasControl(value) {
		return field, BadFieldValue
	}
	return field, NoFault
}

func trimBlank(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// token holds the bytes of RFC 9110's token.
var token = tokenTable()

func tokenTable() (t [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		t[c] = true
	}
	return t
}

// IsToken reports whether b can be the name of a field.
func IsToken(b []byte) bool {
	for _, c := range b {
		if !token[c] {
			return false
		}
	}
	return len(b) > 0
}

// framing is what the header says about where the request ends and whom it is for.
type framing struct {
	host     []byte
	hasHost  bool
	length   bool
	encoding bool
}

// field looks at a field that matters for framing.
func (s *framing) field(f *Field) Fault {
	switch len(f.Name) {
	case len("host"):
		if lex.Equal(f.Name, "host") {
			if s.hasHost {
				return DuplicateHost
			}
			s.host, s.hasHost = f.Value, true
		}
	case len("content-length"):
		if lex.Equal(f.Name, "content-length") {
			if s.length {
				return DuplicateContentLength
			}
			s.length = true
			return CheckLength(f.Value)
		}
	case len("transfer-encoding"):
		if lex.Equal(f.Name, "transfer-encoding") {
			if s.encoding || !lex.Equal(f.Value, "chunked") {
				return BadTransferEncoding
			}
			s.encoding = true
			return NoFault
		}
	}
	if disguised(f.Name, "content-length") || disguised(f.Name, "transfer-encoding") {
		return DisguisedFraming
	}
	return NoFault
}

// disguised reports whether a name is not a word but has its letters in their
// order, with other marks between them than the word has: some servers take one for
// the other. The word must be in lower case.
func disguised(name []byte, word string) bool {
	if first := name[0] | 0x20; len(name) < len(word)-1 || first != word[0] && first >= 'a' && first <= 'z' {
		return false
	}
	i := 0
	for _, c := range name {
		c = lex.Lower(c)
		if c < 'a' || c > 'z' {
			if c >= '0' && c <= '9' {
				return false
			}
			continue
		}
		if i < len(word) && word[i] == '-' {
			i++
		}
		if i == len(word) || c != word[i] {
			return false
		}
		i++
	}
	return i == len(word) && !lex.Equal(name, word)
}

// CheckLength says what is wrong with the value of a Content-Length: it must be digits.
func CheckLength(value []byte) Fault {
	if len(value) == 0 || len(value) > 18 {
		return BadContentLength
	}
	for _, c := range value {
		if c < '0' || c > '9' {
			return BadContentLength
		}
	}
	return NoFault
}

func (r *Request) requestLine() Fault {
	if f := r.checkLine(); f != NoFault {
		return f
	}
	if string(r.Proto) != "HTTP/1.1" && string(r.Proto) != "HTTP/1.0" {
		return BadVersion
	}
	return NoFault
}

// checkLine checks method and target.
func (r *Request) checkLine() Fault {
	if len(r.Method) == 0 || len(r.Method) > maxMethod {
		return BadMethod
	}
	for _, c := range r.Method {
		if !token[c] {
			return BadMethod
		}
	}
	if string(r.Method) == "CONNECT" {
		return ConnectMethod
	}
	return r.checkTarget()
}

// checkTarget accepts origin form, absolute form of http, and * of OPTIONS.
func (r *Request) checkTarget() Fault {
	t := r.Target
	if len(t) == 0 {
		return BadTarget
	}
	for _, c := range t {
		if c <= 0x20 || c == 0x7f {
			return BadTarget
		}
		if c == '#' {
			return FragmentInTarget
		}
	}
	switch {
	case t[0] == '/':
		return NoFault
	case len(t) == 1 && t[0] == '*' && string(r.Method) == "OPTIONS":
		return NoFault
	case authorityOf(t) != nil:
		return NoFault
	default:
		return BadTarget
	}
}

// authorityOf returns the authority of an absolute-form target, nil if it has none.
func authorityOf(target []byte) []byte {
	for _, scheme := range [...]string{"http://", "https://"} {
		if len(target) > len(scheme) && lex.Equal(target[:len(scheme)], scheme) {
			rest := target[len(scheme):]
			if i := bytes.IndexAny(rest, "/?"); i >= 0 {
				rest = rest[:i]
			}
			return rest
		}
	}
	return nil
}

// framed checks the header as a whole.
func (r *Request) framed(s *framing) Fault {
	http11 := r.Proto[len(r.Proto)-1] == '1'
	switch {
	case s.length && s.encoding:
		return LengthAndEncoding
	case s.encoding && !http11:
		return EncodingOnHTTP10
	case !s.hasHost && http11:
		return MissingHost
	}
	r.Host = s.host
	if a := authorityOf(r.Target); a != nil {
		if len(a) == 0 {
			return BadHost
		}
		if f := checkHost(s.host); f != NoFault && len(s.host) > 0 {
			return f // RFC 9112, 3.2: also when it does not count
		}
		r.Host = a // RFC 9112, 3.2.2: the target wins over the field
	}
	if !s.hasHost && len(r.Host) == 0 {
		return NoFault // HTTP/1.0 without a host
	}
	return checkHost(r.Host)
}

// checkHost accepts a name, an IPv4 address or a bracketed IPv6 address, and a port.
func checkHost(host []byte) Fault {
	if bytes.IndexByte(host, '@') >= 0 {
		return UserinfoInHost
	}
	name, port := host, []byte(nil)
	if len(host) > 0 && host[0] == '[' {
		end := bytes.IndexByte(host, ']')
		if end < 2 {
			return BadHost
		}
		for _, c := range host[1:end] {
			if lex.Hex(c) > 15 && c != ':' && c != '.' {
				return BadHost
			}
		}
		name, port = nil, host[end+1:]
		if len(port) > 0 && port[0] != ':' {
			return BadHost
		}
	} else if i := bytes.IndexByte(host, ':'); i >= 0 {
		name, port = host[:i], host[i:]
	}
	if name != nil && !validName(name) {
		return BadHost
	}
	if len(port) > 0 {
		if n, err := strconv.ParseUint(string(port[1:]), 10, 16); err != nil || n == 0 || port[1] == '+' {
			return BadHost
		}
	}
	return NoFault
}

func validName(name []byte) bool {
	if len(name) == 0 || len(name) > 253 {
		return false
	}
	for _, c := range name {
		if point.ClassOf[c]&(point.Alpha|point.Digit|point.Dash|point.Dot) == 0 {
			return false
		}
	}
	return true
}
