package proxy

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/weirnode/weir/parse"
)

const protoHTTP2 = "h2"

// preface begins every connection of HTTP/2 (RFC 9113, 3.4).
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// Limits of a connection of HTTP/2.
const (
	maxStreams      = 100
	streamWindow    = 64 << 10
	connectionBytes = 1 << 20
)

// front takes HTTP/2 with the server of net/http, to which connections are handed
// that fasthttp has accepted. Its exchanges take the same way as those of HTTP/1.
type front struct {
	proxy  *Proxy
	server *http.Server
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
	ends   sync.Map // net.Conn → chan struct{}, closed when the connection ends
}

func (p *Proxy) newFront() *front {
	f := &front{proxy: p, conns: make(chan net.Conn), closed: make(chan struct{})}
	protocols := new(http.Protocols)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	f.server = &http.Server{
		Handler: http.HandlerFunc(f.handle), DisableGeneralOptionsHandler: true, Protocols: protocols, ConnState: f.state,
		ErrorLog:       zap.NewStdLog(zap.NewNop()), // it may repeat bytes of clients
		MaxHeaderBytes: int(p.limits.HeaderBytes), IdleTimeout: p.limits.IdleTimeout.Std(), ReadHeaderTimeout: p.limits.HeaderTimeout.Std(),
		HTTP2: &http.HTTP2Config{
			MaxReadFrameSize: 16 << 10, MaxConcurrentStreams: maxStreams, MaxReceiveBufferPerStream: streamWindow, MaxReceiveBufferPerConnection: connectionBytes,
			WriteByteTimeout: p.limits.BodyTimeout.Std(), SendPingTimeout: p.limits.IdleTimeout.Std(),
		},
	}
	return f
}

// run serves until shutdown.
func (f *front) run() {
	if err := f.server.Serve(f); !errors.Is(err, http.ErrServerClosed) {
		f.proxy.log.Error("the HTTP/2 front ended", zap.Error(err))
	}
}

func (f *front) shutdown(ctx context.Context) {
	if f.server.Shutdown(ctx) != nil {
		_ = f.server.Close()
	}
}

// Accept hands out connections that fasthttp has passed on.
func (f *front) Accept() (net.Conn, error) {
	select {
	case c := <-f.conns:
		return c, nil
	case <-f.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (f *front) Close() error {
	f.once.Do(func() { close(f.closed) })
	return nil
}

// Addr names no address: the proxy has several.
func (f *front) Addr() net.Addr { return &net.TCPAddr{} }

// serve has a connection served and returns when it has ended.
func (f *front) serve(c net.Conn) error {
	w := c.(*wire)
	inner := net.Conn(&struct{ net.Conn }{c}) // net/http must not take it for encrypted
	if w.secure {
		inner = w.Conn // net/http asks it for the protocol
	}
	end := make(chan struct{})
	f.ends.Store(inner, end)
	select {
	case f.conns <- inner:
		<-end
	case <-f.closed:
	}
	f.ends.Delete(inner)
	return nil
}

func (f *front) state(c net.Conn, s http.ConnState) {
	if s != http.StateClosed && s != http.StateHijacked {
		return
	}
	if end, ok := f.ends.LoadAndDelete(c); ok {
		close(end.(chan struct{}))
	}
}

// sniff looks whether a connection without encryption begins with the preface.
func (w *wire) sniff() error {
	if !w.h2c {
		return nil
	}
	buf := make([]byte, len(preface))
	n := 0
	for n < len(buf) && string(buf[:n]) == preface[:n] {
		m, err := w.Conn.Read(buf[n:])
		n += m
		if err != nil {
			break // fasthttp meets it again
		}
	}
	w.first = buf[:n]
	w.http2 = string(w.first) == preface
	w.heads.open = w.http2
	return nil
}

// handle takes one request of HTTP/2 through the node.
func (f *front) handle(rw http.ResponseWriter, r *http.Request) {
	p := f.proxy
	ex := p.acquire()
	ex.stream = &stream{writer: rw, control: http.NewResponseController(rw), request: r}
	ex.client = ex.stream
	p.fillHTTP2(ex, r)
	if ex.Fault != parse.NoFault {
		rw.Header().Set("Connection", "close") // net/http sends GOAWAY behind the answer (RFC 9113, 8.1.1)
	}
	p.exchange(ex)
	aborted := ex.h1.close && !ex.complete
	ex.release()
	if aborted {
		panic(http.ErrAbortHandler) // resets the stream
	}
}

// fillHTTP2 writes a request of HTTP/2 as one of HTTP/1.
func (p *Proxy) fillHTTP2(ex *exchange, r *http.Request) {
	in := &ex.Request
	in.Method, in.Target, in.Proto, in.Host = []byte(r.Method), []byte(r.RequestURI), []byte("HTTP/2.0"), []byte(r.Host)
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		if name != "Content-Length" {
			names = append(names, name)
		}
	}
	slices.Sort(names) // their order is lost
	for _, name := range names {
		for _, value := range r.Header[name] {
			in.Fields = append(in.Fields, parse.Field{Name: []byte(name), Value: []byte(value)})
		}
	}
	if ex.Fault = in.CheckHTTP2(p.limits.HeaderFields); ex.Fault == parse.NoFault {
		ex.Fault = p.checkLength(ex.stream.control, r)
	}
	if r.ContentLength > 0 || len(r.Header["Content-Length"]) > 0 {
		in.Fields = append(in.Fields, parse.Field{Name: []byte("Content-Length"), Value: strconv.AppendInt(nil, r.ContentLength, 10)})
	}
	ex.secure = r.TLS != nil
	ex.peer = addrOf(addrText(r.RemoteAddr))
	ex.Client = clientAddress(ex.peer, in, ex.pools)
	ex.length, ex.chunked = r.ContentLength, r.ContentLength < 0
	ex.RequestBytes = max(0, ex.length)
	ex.solitary = ex.length != 0 && (r.Method == http.MethodGet || r.Method == http.MethodHead)
	if ex.length != 0 {
		ex.body = upload{stream: r.Body, patience: ex.stream.control, begun: ex.Start, limits: &p.limits, idles: ex.isGRPC()}
	}
}

// checkLength says what is wrong with a Content-Length that net/http has read, or
// passed over. Nothing goes on of a request that promises no body until it has ended.
func (p *Proxy) checkLength(patience deadliner, r *http.Request) parse.Fault {
	values := r.Header["Content-Length"]
	switch {
	case len(values) == 0:
		return parse.NoFault
	case len(values) > 1:
		return parse.DuplicateContentLength
	}
	if f := parse.CheckLength([]byte(values[0])); f != parse.NoFault {
		return f
	}
	if n, err := strconv.ParseInt(values[0], 10, 64); err != nil || n != r.ContentLength {
		return parse.BadContentLength // also one beside a head that ends the stream
	}
	if r.ContentLength > 0 {
		return parse.NoFault // net/http counts
	}
	_ = patience.SetReadDeadline(time.Now().Add(p.limits.BodyTimeout.Std())) // reading fails then, too
	if _, err := r.Body.Read(make([]byte, 1)); err != io.EOF {
		return parse.BadContentLength
	}
	return parse.NoFault
}

// addrText is an address in text form.
type addrText string

// Network returns tcp.
func (addrText) Network() string { return "tcp" }

// String returns the address.
func (a addrText) String() string { return string(a) }

// stream is a stream of HTTP/2 that asks.
type stream struct {
	writer  http.ResponseWriter
	control *http.ResponseController
	request *http.Request
	stop    func() bool
	pending bool // something was written and not flushed
}

// watch has the upstream's work end when the client leaves.
func (s *stream) watch(c io.Closer) {
	s.stop = context.AfterFunc(s.request.Context(), func() { _ = c.Close() })
}

// done reports whether the client left.
func (s *stream) done() (gone bool) {
	if s.stop == nil {
		return false
	}
	stop := s.stop
	s.stop = nil
	return !stop()
}

// begin takes the head of an answer.
func (s *stream) begin(a *answer, length int64) error {
	h := s.writer.Header()
	h["Date"], h["Content-Type"] = nil, nil // net/http would add its own
	for i := range a.fields {
		f := &a.fields[i]
		if name := string(f.Name); !a.withheld(f.Name) {
			h.Add(name, string(f.Value))
		}
	}
	if a.length >= 0 && a.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.FormatInt(a.length, 10))
	}
	_ = length
	s.writer.WriteHeader(a.status)
	s.pending = true
	return nil
}

// body takes a piece of the body.
func (s *stream) body(b []byte) error {
	s.pending = true
	_, err := s.writer.Write(b)
	return err
}

// flush sends what was taken.
func (s *stream) flush(end bool, trailers []byte) error {
	if end {
		for line := range strings.SplitSeq(string(trailers), "\r\n") {
			if name, value, ok := strings.Cut(line, ": "); ok {
				s.writer.Header().Add(http.TrailerPrefix+name, value)
			}
		}
		return nil // net/http sends the rest when the handler returns
	}
	if !s.pending {
		return nil
	}
	s.pending = false
	return s.control.Flush()
}
