package proxy

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"

	"github.com/weirnode/weir/config"
)

// TestMalformedHTTP2EndsTheConnection answers a malformed request with 400 and takes
// no other on its connection.
func TestMalformedHTTP2EndsTheConnection(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, func(c *config.Config) { c.Listen[0].H2C = true }, nil, u.url())
	client := client2(t, false)
	get := func(name, value string) (status int, reused bool) {
		t.Helper()
		trace := &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { reused = i.Reused }}
		r, _ := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodGet, "http://"+address+"/", http.NoBody)
		r.Header[name] = []string{value}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		_, _ = io.Copy(io.Discard, resp.Body)
		return resp.StatusCode, reused
	}
	if status, _ := get("X-Fine", "1"); status != http.StatusOK {
		t.Fatalf("well-formed: %d", status)
	}
	if status, reused := get("Transfer_Encoding", "chunked"); status != http.StatusBadRequest || !reused {
		t.Errorf("malformed: %d, reused %v", status, reused)
	}
	if status, reused := get("X-Fine", "1"); status != http.StatusOK || reused {
		t.Errorf("after it: %d, reused %v", status, reused)
	}
}

// TestWrongPrefacesAreNotAnswered: where HTTP/2 is taken without encryption, a first
// line that is none of HTTP/1 may have been meant as a preface, and HTTP/1 is no answer
// to it (RFC 9113, 3.4). It is recorded all the same.
func TestWrongPrefacesAreNotAnswered(t *testing.T) {
	u := newRaw(t, nil)
	for _, c := range []struct {
		name, sent string
		h2c        bool
		want       string
	}{
		{"wrong preface", "INVALID CONNECTION PREFACE\r\n\r\n", true, ""},
		{"one word", "\x00\x01\x02\r\n\r\n", true, ""},
		{"without h2c", "INVALID CONNECTION PREFACE\r\n\r\n", false, "HTTP/1.1 400"},
		{"HTTP/1", "GET / HTTP/1.1\r\n\r\n", true, "HTTP/1.1 400"},
		{"second request", "GET / HTTP/1.1\r\nHost: h\r\n\r\nINVALID CONNECTION PREFACE\r\n\r\n", true, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 400"},
	} {
		p, address := running(t, func(cfg *config.Config) { cfg.Listen[0].H2C = c.h2c }, nil, u.url())
		all := everything(t, address, c.sent)
		if !strings.HasPrefix(all, c.want) || c.want == "" && all != "" {
			t.Errorf("%s: got %q", c.name, all)
		}
		n := 0.0
		for _, reason := range []string{"bad_version", "bad_request_line", "bad_method", "missing_host"} {
			n += counted(p.metrics.invalid(reason))
		}
		if n != 1 {
			t.Errorf("%s: counted %v times", c.name, n)
		}
	}
}
