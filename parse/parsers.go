package parse

import (
	"fmt"
	"strings"
)

// ParserSet is a set of parsers.
type ParserSet uint32

// The parsers.
const (
	PercentParser ParserSet = 1 << iota
	Base64Parser
	CookieParser
	FormParser
	JSONParser
	MultipartParser
)

var parserCodes = []string{"percent", "base64", "cookie", "form_urlencoded", "json_doc", "multipart"}

// Parsers returns the set of parsers with these codes.
func Parsers(codes []string) (ParserSet, error) {
	var set ParserSet
next:
	for _, code := range codes {
		for i, known := range parserCodes {
			if code == known {
				set |= 1 << i
				continue next
			}
		}
		return set, fmt.Errorf("unknown parser %q: there are %s", code, strings.Join(parserCodes, ", "))
	}
	return set, nil
}

// Reason says what is malformed at a point.
type Reason uint8

// The reasons.
const (
	BadPercent Reason = iota + 1
	BadJSON
	BadMultipart
	BadForm
	DuplicateName
	NoBoundary
	WrongType // the body is not what its content type says
)

var reasonCodes = [...]string{"", "bad_percent", "bad_json", "bad_multipart", "bad_form", "duplicate_name", "no_boundary", "wrong_type"}

// String returns the reason's text code.
func (r Reason) String() string { return reasonCodes[r] }
