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
	XMLDecl                 // DOCTYPE with its internal subset, or a processing instruction
	XMLText                 // text of an XML element or value of an attribute
	Document                // body that no parser took apart
	GQLDocument             // GraphQL document
)

// Flags say what was odd about how a value was decoded.
type Flags uint16

// The flags.
const (
	Overlong   Flags = 1 << iota // overlong UTF-8 was folded to ASCII
	DoubleEsc                    // percent-encoded more than once
	BestFit                      // look-alike characters were folded to ASCII
	HadNUL                       // holds a NUL byte
	FromBase64                   // decoded from base64
	Joined                       // parameters of one name, joined
	Truncated                    // cut at the inspection limit
)

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
}
