package proxy

import (
	"testing"

	"github.com/weirnode/weir/config"
)

// TestGRPCAnswersOfTrailersOnly: an answer that its head ends reaches the client as
// one; gRPC takes a head that does not end the stream for initial metadata.
func TestGRPCAnswersOfTrailersOnly(t *testing.T) {
	url := rawServer2(t, func(r *rawHTTP2) {
		for {
			f, err := r.read()
			if err != nil {
				return
			}
			if f.flags&flagEnd != 0 {
				r.headers(f.stream, true, ":status", "200", "content-type", "application/grpc", "grpc-status", "12")
			}
		}
	})
	_, address := running(t, func(c *config.Config) {
		c.Listen[0].H2C = true
		u := c.Upstreams["u"]
		u.Protocol = config.H2C
		c.Upstreams["u"] = u
	}, nil, url)
	for name, body := range map[string][]byte{"no message": nil, "a message": grpcMessage("x")} {
		r := rawClient2(t, address)
		r.headers(1, body == nil, ":method", "POST", ":scheme", "http", ":authority", "h", ":path", "/s/M", "content-type", "application/grpc", "te", "trailers")
		if body != nil {
			r.send(frameData, flagEnd, 1, body)
		}
		f, err := r.read()
		if err != nil || f.kind != frameHeaders || f.status() != 200 || f.flags&flagEnd == 0 {
			t.Errorf("%s: frame %d with flags %x, %q, %v", name, f.kind, f.flags, f.payload, err)
		}
	}
}
