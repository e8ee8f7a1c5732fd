package proxy

import (
	"io"
	"net/netip"
	"sync"

	"github.com/weirnode/weir/filter"
)

// exchange is a filter's exchange with the wire's side of it.
type exchange struct {
	*filter.Exchange
	pools  *Pools
	stream *stream // of HTTP/2, nil for HTTP/1
	client client
	h1     http1
	peer   netip.Addr // who is connected
	secure bool       // the client's connection is encrypted
	body   upload
	rest   io.Reader // what follows prefix; nil when the body is complete
	prefix []byte    // of the body: what has been read of a stream
	head   []byte    // of the outgoing request
	length int64     // of the body, -1 if it is chunked

	chunked   bool
	solitary  bool // the connections end with it: a body where few expect one
	complete  bool // all of the answer has been taken by the client; its end has not
	trailers  []byte
	working   bool  // it counts as a request at work
	retry     bool  // the client is told when to come again
	begun     bool  // the answer's head is on its way
	gone      bool  // the client went away
	leased    bool  // a tunnel goes on with it after the request's end
	upgrading bool  // to a WebSocket
	tunnel    *conn // the upstream's end of one
	answer    answer
	buffer    []byte // for bodies on their way
}

var exchanges = sync.Pool{New: func() any { return new(exchange) }}

// Memory that a pooled exchange keeps of one buffer, in bytes. Bodies are often as
// long as buffer_bytes at its default; the collector empties the pool.
const keptBuffer = 256 << 10

func (p *Proxy) acquire() *exchange {
	ex := exchanges.Get().(*exchange)
	ex.Exchange, ex.pools = p.filter.Acquire(), p.settings.Load()
	return ex
}

func (ex *exchange) release() {
	a := ex.answer
	a.raw = kept(a.raw)
	a.reset()
	clear(a.fields[:cap(a.fields)])
	*ex = exchange{head: kept(ex.head), prefix: kept(ex.prefix), buffer: ex.buffer, answer: a, h1: http1{out: kept(ex.h1.out)}}
	exchanges.Put(ex)
}

func kept(b []byte) []byte {
	if cap(b) > keptBuffer {
		return nil
	}
	return b[:0]
}

// space returns a buffer for bodies on their way.
func (ex *exchange) space() []byte {
	if ex.buffer == nil {
		ex.buffer = make([]byte, shortAnswer)
	}
	return ex.buffer
}
