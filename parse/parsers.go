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
	GzipParser // every codec: gzip, deflate, br, zstd
	XMLParser
	GQLParser
	GRPCParser
	ProtobufParser
	JWTParser
	HTMLJSParser
	HexParser
	ViewstateParser
	PHPParser
	CharsetParser
	CSVParser
	LinesParser
	MsgpackParser
	CBORParser
)

var parserCodes = []string{
	"percent", "base64", "cookie", "form_urlencoded", "json_doc", "multipart", "gzip", "xml", "gql", "grpc", "protobuf", "jwt", "htmljs",
	"hex", "viewstate", "php_serial", "charset", "csv", "lines", "msgpack", "cbor",
}

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
