package parse

import (
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// CheckHTTP2 says what is wrong with a request that came over HTTP/2, whose fields,
// Method, Target and Host are set, once it is written as HTTP/1: what could end a
// line, what is about the connection, and what contradicts the authority
// (RFC 9113, 8.2 and 8.3).
func (r *Request) CheckHTTP2(maxFields int) Fault {
	if f := r.checkLine(); f != NoFault {
		return f
	}
	if r.Target[0] != '/' && len(r.Target) > 1 {
		return BadTarget // RFC 9113, 8.3.1: the authority has a field of its own
	}
	if len(r.Fields) > maxFields {
		return TooManyFields
	}
	for i := range r.Fields {
		if f := r.checkHTTP2Field(&r.Fields[i]); f != NoFault {
			return f
		}
	}
	if len(r.Host) == 0 {
		return MissingHost
	}
	return checkHost(r.Host)
}

func (r *Request) checkHTTP2Field(f *Field) Fault {
	switch {
	case len(f.Name) > maxFieldName:
		return LongFieldName
	case !IsToken(f.Name):
		return BadFieldName
	case hasControl(f.Value):
		return BadFieldValue
	}
	for _, name := range [...]string{"connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade", "http2-settings"} {
		if lex.Equal(f.Name, name) {
			return ConnectionField
		}
	}
	switch {
	case lex.Equal(f.Name, "te") && !lex.Equal(f.Value, "trailers"):
		return ConnectionField
	case lex.Equal(f.Name, "host") && string(f.Value) != string(r.Host):
		return AuthorityMismatch
	case disguised(f.Name, "content-length") || disguised(f.Name, "transfer-encoding"):
		return DisguisedFraming
	}
	return NoFault
}

// hasControl reports whether a value holds bytes that no field may.
func hasControl(value []byte) bool {
	if point.Classify(value)&(point.Control|point.Newline) == 0 {
		return false
	}
	for _, c := range value {
		if c < 0x20 && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}
