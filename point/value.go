package point

// Kind says what sort of place a value was found in; detectors weigh by it.
type Kind uint8

// The kinds.
const (
	Text        Kind = iota // parameter, form field, JSON string, any free value
	Key                     // name of a parameter, field or JSON member
	WholePath               // whole path
	Segment                 // one path segment
	HeaderText              // header value without a kind of its own
	UserAgent               // User-Agent
	Referer                 // Referer, whole
	CookieText              // one cookie's value
	FileName                // file name of an upload
	FileHead                // first bytes of an upload
	Number                  // JSON number, true, false, null
	JSONKey                 // name of a JSON member
	XMLText                 // text of an element, value of an attribute or an entity
	XMLDecl                 // document type declaration or processing instruction
	GQLDocument             // a GraphQL document
	Document                // a body that no parser takes apart
	TokenHead               // header of a token that is not signed, or says where its key is; a signature of zeros
)

var kindCodes = [...]string{
	"text", "key", "whole_path", "segment", "header", "user_agent", "referer", "cookie", "file_name", "file_head", "number",
	"json_key", "xml_text", "xml_decl", "gql_document", "document", "token_head",
}

// String returns the kind's text code.
func (k Kind) String() string { return kindCodes[k] }

// Free reports whether values of the kind are what somebody fills in, of any form: a
// parameter, the text of an element, a cookie.
func (k Kind) Free() bool { return k == Text || k == XMLText || k == CookieText }

// Flags say what was odd about how a value was decoded.
type Flags uint16

// The flags.
const (
	Overlong    Flags = 1 << iota // overlong UTF-8 was folded to ASCII
	DoubleEsc                     // percent-encoded more than once
	BestFit                       // look-alike characters were folded to ASCII
	HadNUL                        // holds a NUL byte
	FromBase64                    // decoded from base64
	Joined                        // parameters of one name, joined
	Truncated                     // cut at the inspection limit
	FromHex                       // decoded from hexadecimal digits
	FromEscapes                   // HTML entities or JavaScript escapes were decoded
	FromCharset                   // converted from another character set
	Inflated                      // decompressed
	Command                       // of a parameter that is named like what runs commands
	TakenApart                    // a sound document; all that it says stands in other values
)

// MaxRead is how much of a value detectors read, in bytes. Bodies are cut below it unless somebody has set
// inspect_bytes higher; what a codec makes longer is noted as beyond limits.
const MaxRead = 1 << 20

// Value is one decoded value with its point: what detectors read.
//
// Data borrows the request's memory or the parser's arena and is valid until the
// exchange ends.
type Value struct {
	Data    []byte
	Ref     Ref
	Classes Classes
	Flags   Flags
	Kind    Kind
	Layer   uint8 // number of decodings between the wire and Data
	// Pairs are those of Data while detectors read a long value, else nil. Who reads other
	// bytes in its name (decoded, folded) has no use for them.
	Pairs *Pairs
}
