package point

// Tag is the kind of one step of a path: a part of the request line, a parser,
// or a structure inside a parsed value.
type Tag uint8

// Parts of a request.
const (
	Method Tag = iota + 1
	Proto
	Scheme
	Application
	RemoteAddr
	URI        // path and query, as received
	PathPart   // one segment but the last, by index
	ActionName // last segment up to its first dot
	ActionExt  // last segment after its first dot
	Get        // one query parameter, by name
	Header     // one header field, by upper-case name
	Post       // the body
	ResponseHeader
	ResponseBody
)

// Parsers, and what they find.
const (
	Percent Tag = iota + 32
	Base64
	Hex
	HTMLJS
	Gzip
	JWT
	JWTPrefix
	JWTHeader
	JWTPayload
	FormURLEncoded
	Multipart
	File
	ContentDisp
	Cookie
	JSONDoc
	Hash
	Array
	Pollution
	XML
	XMLTag
	XMLAttr
	XMLComment
	XMLPI
	XMLDTD
	XMLDTDEntity
	GQL
	GRPC
	Protobuf
	Viewstate
	Charset
	PHPSerial
	Deflate
	Brotli
	Zstd
	QuotedPrintable
	GQLArg
	GQLVar
	CSV
	Lines
	Msgpack
	CBOR
)

// arg says what a step of a tag carries besides the tag.
type arg uint8

const (
	argNone arg = iota
	argName
	argIndex
)

type tagInfo struct {
	code string
	arg  arg
}

var tags = [...]tagInfo{
	Method: {"method", argNone}, Proto: {"proto", argNone}, Scheme: {"scheme", argNone},
	Application: {"instance", argNone}, RemoteAddr: {"remote_addr", argNone},
	URI: {"uri", argNone}, PathPart: {"path", argIndex},
	ActionName: {"action_name", argNone}, ActionExt: {"action_ext", argNone},
	Get: {"get", argName}, Header: {"header", argName}, Post: {"post", argNone},
	ResponseHeader: {"response_header", argName}, ResponseBody: {"response_body", argNone},
	Percent: {"percent", argNone}, Base64: {"base64", argNone}, Hex: {"hex", argNone},
	HTMLJS: {"htmljs", argNone}, Gzip: {"gzip", argNone},
	JWT: {"jwt", argNone}, JWTPrefix: {"jwt_prefix", argNone}, JWTHeader: {"jwt_header", argNone}, JWTPayload: {"jwt_payload", argNone},
	FormURLEncoded: {"form_urlencoded", argName}, Multipart: {"multipart", argName}, File: {"file", argNone}, ContentDisp: {"content_disp", argNone},
	Cookie: {"cookie", argName}, JSONDoc: {"json_doc", argNone}, Hash: {"hash", argName}, Array: {"array", argIndex}, Pollution: {"pollution", argNone},
	XML: {"xml", argNone}, XMLTag: {"xml_tag", argName}, XMLAttr: {"xml_attr", argName}, XMLComment: {"xml_comment", argIndex}, XMLPI: {"xml_pi", argIndex}, XMLDTD: {"xml_dtd", argNone}, XMLDTDEntity: {"xml_dtd_entity", argIndex},
	GQL: {"gql", argNone}, GRPC: {"grpc", argIndex}, Protobuf: {"protobuf", argName}, Viewstate: {"viewstate", argNone}, Charset: {"charset", argNone}, PHPSerial: {"php_serial", argNone},
	Deflate: {"deflate", argNone}, Brotli: {"br", argNone}, Zstd: {"zstd", argNone}, QuotedPrintable: {"quoted_printable", argNone},
	GQLArg: {"gql_arg", argName}, GQLVar: {"gql_var", argName},
	CSV: {"csv", argNone}, Lines: {"lines", argNone}, Msgpack: {"msgpack", argNone}, CBOR: {"cbor", argNone},
}

// String returns the tag's text code.
func (t Tag) String() string {
	if int(t) >= len(tags) {
		return ""
	}
	return tags[t].code
}

// Objects reports whether a step of this tag is a document of objects and lists.
func (t Tag) Objects() bool { return t == JSONDoc || t == Msgpack || t == CBOR }

// Named reports whether a step of this tag carries a name.
func (t Tag) Named() bool { return tags[t].arg == argName }

// Indexed reports whether a step of this tag carries an index.
func (t Tag) Indexed() bool { return tags[t].arg == argIndex }

func tagOf(code string) (Tag, bool) {
	for t, i := range tags {
		if i.code == code && code != "" {
			return Tag(t), true
		}
	}
	return 0, false
}
