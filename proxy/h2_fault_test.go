package proxy

import (
	"io"
	"net/http"
	"net/http/httptrace"
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
