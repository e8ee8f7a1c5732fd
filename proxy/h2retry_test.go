package proxy

import (
	"encoding/binary"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/weirnode/weir/config"
)

// overHTTP2 has the upstream of a test spoken to in HTTP/2.
func overHTTP2(c *config.Config) {
	u := c.Upstreams["u"]
	u.Protocol = config.H2C
	c.Upstreams["u"] = u
}

// TestRetriesOverHTTP2: a request that the upstream says it has not looked at is sent
// again, once; one that it may have looked at is not.
func TestRetriesOverHTTP2(t *testing.T) {
	const (
		noError       = 0
		internalError = 2
		refusedStream = 7
	)
	code := func(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }
	const post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
	for _, c := range []struct {
		name, request string
		refuse        func(r *rawHTTP2, stream uint32)
		always        bool
		status        string
		asked         int32
	}{
		{"GET, refused", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(r *rawHTTP2, s uint32) { r.send(frameReset, 0, s, code(refusedStream)) }, false, "200", 2},
		{"POST, refused", post, func(r *rawHTTP2, s uint32) { r.send(frameReset, 0, s, code(refusedStream)) }, false, "200", 2},
		{"chunks, refused", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", func(r *rawHTTP2, s uint32) { r.send(frameReset, 0, s, code(refusedStream)) }, false, "200", 2},
		{"GET, going away", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", func(r *rawHTTP2, _ uint32) { r.send(frameGoAway, 0, 0, append(code(0), code(noError)...)) }, false, "200", 2},
		{"POST, going away", post, func(r *rawHTTP2, _ uint32) { r.send(frameGoAway, 0, 0, append(code(0), code(noError)...)) }, false, "200", 2},
		{"POST, failed", post, func(r *rawHTTP2, s uint32) { r.send(frameReset, 0, s, code(internalError)) }, false, "502", 1},
		{"POST, going away behind it", post, func(r *rawHTTP2, s uint32) {
			r.send(frameGoAway, 0, 0, append(code(s), code(noError)...))
			_ = r.Close()
		}, false, "502", 1},
		{"POST, closed", post, func(r *rawHTTP2, _ uint32) { _ = r.Close() }, false, "502", 1},
		{"POST, always refused", post, func(r *rawHTTP2, s uint32) { r.send(frameReset, 0, s, code(refusedStream)) }, true, "502", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked atomic.Int32
			url := rawServer2(t, func(r *rawHTTP2) {
				body := ""
				for {
					f, err := r.read()
					if f.kind == frameData {
						body += string(f.payload)
					}
					switch {
					case err != nil:
						return
					case f.kind == frameReset || f.flags&flagEnd == 0:
					case asked.Add(1) == 1 || c.always:
						body = ""
						c.refuse(r, f.stream)
					default:
						r.headers(f.stream, true, ":status", "200", "x-body", body)
					}
				}
			})
			_, address := running(t, overHTTP2, nil, url)
			got, _ := exchangeRaw(t, address, c.request)
			if !strings.HasPrefix(got, "HTTP/1.1 "+c.status) || asked.Load() != c.asked {
				t.Errorf("asked %d times, want %d: %.80q", asked.Load(), c.asked, got)
			}
			if c.status == "200" && strings.Contains(c.request, "hello") && !strings.Contains(got, "X-Body: hello\r\n") {
				t.Errorf("the body is not whole: %q", got)
			}
		})
	}
}

// TestDeadTargetsOverHTTP2: a target that cannot be reached is passed over.
func TestDeadTargetsOverHTTP2(t *testing.T) {
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	dead := "http://" + l.Addr().String()
	_ = l.Close()
	url := rawServer2(t, func(r *rawHTTP2) {
		for {
			f, err := r.read()
			if err != nil {
				return
			}
			if f.flags&flagEnd != 0 {
				r.headers(f.stream, true, ":status", "200")
			}
		}
	})
	_, address := running(t, overHTTP2, nil, dead, url)
	for i := range 10 {
		if got, _ := exchangeRaw(t, address, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"); !strings.HasPrefix(got, "HTTP/1.1 200") {
			t.Errorf("request %d: %.60q", i, got)
		}
	}
}
