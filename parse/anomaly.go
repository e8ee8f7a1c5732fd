package parse

import (
	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/point"
)

// Anomaly is malformed input at a point: evidence, not an error.
type Anomaly struct {
	Ref    point.Ref
	Reason Reason
}

// Reason says what is malformed at a point.
type Reason uint8

// The reasons.
const (
	BadPercent Reason = iota + 1
	BadJSON
	BadMultipart
	DuplicateName // of one part of a multipart body
	NoBoundary
	WrongType  // the body is not what its content type says
	BadXML     // XML by its content type, but not well-formed or in another encoding than it says
	DataBomb   // grows out of proportion when it is decompressed or its entities are expanded
	BadCodec   // not compressed as it says, or by a codec that nobody knows
	BadCharset // a character set that nobody knows, or bytes that are not of it
	BadGraphQL
	BadProtobuf
	BadSerial // a serialized object that ends early
	BadMsgpack
	BadCBOR
)

var reasonCodes = [...]string{
	"", "bad_percent", "bad_json", "bad_multipart", "duplicate_name", "no_boundary", "wrong_type", "bad_xml", "data_bomb",
	"bad_codec", "bad_charset", "bad_graphql", "bad_protobuf", "bad_serial", "bad_msgpack", "bad_cbor",
}

// String returns the reason's text code.
func (r Reason) String() string { return reasonCodes[r] }

// Attack returns the attack that a reason is by itself, [attack.None] for most.
func (r Reason) Attack() attack.Type {
	switch r {
	case DataBomb:
		return attack.DataBomb
	case BadXML:
		return attack.InvalidXML
	default:
		return attack.None
	}
}
