package parse

import "testing"

func TestRefusal(t *testing.T) {
	for raw, want := range map[string]Fault{
		"GET / HTTP/1.1\r\nHost: h\r\n\r\n": NoFault,
		"GET / HTTP/1.1\nHost: h\n\n":       NoFault, // as an editor ends lines
		"GET / HTTP/1.1\r\n":                NoFault, // no head
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG": LengthAndEncoding,
		"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n":                       UserinfoInHost,
		"GET http://a/ HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n":      BadFieldValue,
		"CONNECT check.example:443 HTTP/1.1\r\nHost: check\r\n\r\n": ConnectMethod,
	} {
		var r Request
		if err := ReadRequest([]byte(raw), &r); err != nil {
			t.Fatal(err)
		}
		fields := len(r.Fields)
		if got := r.Refusal([]byte(raw)); got != want || len(r.Fields) != fields {
			t.Errorf("%q: %v with %d fields, want %v with %d", raw, got, len(r.Fields), want, fields)
		}
	}
}
