package parse

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/point"
)

// wire appends a length-delimited field.
func wire(b []byte, number int, content string) []byte {
	b = binary.AppendUvarint(b, uint64(number)<<3|2)
	return append(binary.AppendUvarint(b, uint64(len(content))), content...)
}

// framed puts a message into a gRPC frame.
func framed(flag byte, message []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{flag}, uint32(len(message))), message...)
}

func TestProtobuf(t *testing.T) {
	inner := wire(nil, 2, "x' or 1=1")
	message := append([]byte{0x08, 0x96, 0x01}, wire(wire(wire(nil, 3, string(inner)), 1, "naïve text"), 100, "<b c>")...)
	message = append(message, 0x1d, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8)
	message = wire(message, 7, "\xff\xfe\x00binary")
	f := func(contentType string, body []byte, where, data string, kind point.Kind) {
		t.Helper()
		r := Request{Body: body, Fields: []Field{{[]byte("Content-Type"), []byte(contentType)}}}
		var p Points
		p.Body(&r, &Options{})
		found := slices.ContainsFunc(p.Values, func(v point.Value) bool { return v.Kind == kind && valueAt(&p, where, data)(v) })
		if !found || len(p.Anomalies) > 0 {
			t.Errorf("%s: %s is not among\n%s", contentType, where, list(&p))
		}
	}
	f("application/x-protobuf", message, "[post, protobuf, '3', protobuf, '2']", "x' or 1=1", point.Text)
	f("application/x-protobuf", message, "[post, protobuf, '1']", "naïve text", point.Text)
	f("application/x-protobuf", message, "[post, protobuf, '100']", "<b c>", point.Text)
	f("application/x-protobuf", message, "[post, protobuf, '7']", "\xff\xfe\x00binary", point.FileHead)
	f("application/grpc+proto", slices.Concat(framed(0, message), framed(0, inner)), "[post, grpc, 1, protobuf, '2']", "x' or 1=1", point.Text)
	encoded := base64.StdEncoding.EncodeToString(framed(0, message)) + base64.StdEncoding.EncodeToString(framed(0, inner))
	f("application/grpc-web-text", []byte(encoded), "[post, base64, grpc, 1, protobuf, '2']", "x' or 1=1", point.Text)
	f("application/grpc", framed(1, packers["gzip"](t, message)), "[post, grpc, 0, gzip, protobuf, '3', protobuf, '2']", "x' or 1=1", point.Text)
	f("application/grpc", framed(1, packers["deflate"](t, message)), "[post, grpc, 0, deflate, protobuf, '3', protobuf, '2']", "x' or 1=1", point.Text)
	f("application/x-protobuf", wire(nil, 1, "\x01x' or 1=1"), "[post, protobuf, '1']", "\x01x' or 1=1", point.Text)
	f("application/x-protobuf", wire(nil, 1, string(wire(nil, 1, "/ or 1=1"+strings.Repeat("k", 39)))), "[post, protobuf, '1', protobuf, '1']", "/ or 1=1"+strings.Repeat("k", 39), point.Text)
	many := bytes.Repeat(framed(0, nil), 300)
	f("application/grpc", append(many, framed(0, inner)...), "[post, grpc, 300, protobuf, '2']", "x' or 1=1", point.Text)
}

func TestBrokenFrames(t *testing.T) {
	for name, body := range map[string]string{
		"short":   "\x00\x00\x00\x00\x09\x0a\x03a b",
		"flag":    "\x07\x00\x00\x00\x00",
		"not one": "it's text",
	} {
		r := Request{Body: []byte(body), Fields: []Field{{[]byte("Content-Type"), []byte("application/grpc")}}}
		var p Points
		p.Body(&r, &Options{})
		if len(p.Values) == 0 || !slices.Equal(reasons(&p), []string{"bad_protobuf"}) {
			t.Errorf("%s: %s", name, list(&p))
		}
	}
}
