package parse

import "testing"

func TestCheckHTTP2(t *testing.T) {
	f := func(name, value string, want Fault) {
		t.Helper()
		r := Request{Method: []byte("GET"), Target: []byte("/"), Proto: []byte("HTTP/2.0"), Host: []byte("h"), Fields: []Field{{Name: []byte(name), Value: []byte(value)}}}
		if got := r.CheckHTTP2(10); got != want {
			t.Errorf("%s: %s: %v, want %v", name, value, got, want)
		}
	}
	f("accept", "*/*", NoFault)
	f("te", "trailers", NoFault)
	f("host", "h", NoFault)
	f("host", "other", AuthorityMismatch)
	f("te", "gzip", ConnectionField)
	f("connection", "close", ConnectionField)
	f("keep-alive", "1", ConnectionField)
	f("proxy-connection", "1", ConnectionField)
	f("transfer-encoding", "chunked", ConnectionField)
	f("upgrade", "h2c", ConnectionField)
	f("transfer_encoding", "chunked", DisguisedFraming)
	f("x", "a\r\nTransfer-Encoding: chunked", BadFieldValue)
	f("x", "a\nb", BadFieldValue)
	f("x", "a\x00", BadFieldValue)
	f("x: 1\r\ny", "", BadFieldName)
	f("x:y", "", BadFieldName)
	f("", "", BadFieldName)
	for target, want := range map[string]Fault{"/a b": BadTarget, "/\r\nX: 1": BadTarget, "x": BadTarget, "*": BadTarget, "http://h/": BadTarget, "/#f": FragmentInTarget} {
		r := Request{Method: []byte("GET"), Target: []byte(target), Host: []byte("h")}
		if got := r.CheckHTTP2(10); got != want {
			t.Errorf("%q: %v, want %v", target, got, want)
		}
	}
	for host, want := range map[string]Fault{"": MissingHost, "a@b": UserinfoInHost, "a:b": BadHost, "a\r\nb": BadHost} {
		r := Request{Method: []byte("GET"), Target: []byte("/"), Host: []byte(host)}
		if got := r.CheckHTTP2(10); got != want {
			t.Errorf("host %q: %v, want %v", host, got, want)
		}
	}
	for method, want := range map[string]Fault{"CONNECT": ConnectMethod, "GET / HTTP/1.1\r\n": BadMethod, "": BadMethod} {
		r := Request{Method: []byte(method), Target: []byte("/"), Host: []byte("h")}
		if got := r.CheckHTTP2(10); got != want {
			t.Errorf("method %q: %v, want %v", method, got, want)
		}
	}
}
