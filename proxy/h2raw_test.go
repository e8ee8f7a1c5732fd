package proxy

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"
)

// Frames of HTTP/2 (RFC 9113, 6).
const (
	frameData     = 0
	frameHeaders  = 1
	frameReset    = 3
	frameSettings = 4
	frameGoAway   = 7

	flagEnd = 1 // END_STREAM, or ACK of SETTINGS
)

// frame2 is one frame as it is on the wire.
type frame2 struct {
	kind, flags byte
	stream      uint32
	payload     []byte
}

// rawHTTP2 is one end of a connection of HTTP/2 that says whatever a test wants.
type rawHTTP2 struct {
	net.Conn
	reader *bufio.Reader
}

// rawClient2 dials and sends the preface.
func rawClient2(t *testing.T, address string) *rawHTTP2 {
	t.Helper()
	r := &rawHTTP2{}
	r.Conn, r.reader = dialed(t, address)
	_, _ = io.WriteString(r, preface)
	r.send(frameSettings, 0, 0, nil)
	return r
}

// rawServer2 listens and has each connection of HTTP/2 served by serve, behind the
// exchange of settings.
func rawServer2(t *testing.T, serve func(r *rawHTTP2)) (url string) {
	t.Helper()
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_ = c.SetDeadline(time.Now().Add(5 * time.Second))
				r := &rawHTTP2{c, bufio.NewReader(c)}
				if _, err := io.ReadFull(r.reader, make([]byte, len(preface))); err == nil {
					r.send(frameSettings, 0, 0, nil)
					serve(r)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

func (r *rawHTTP2) send(kind, flags byte, stream uint32, payload []byte) {
	head := []byte{byte(len(payload) >> 16), byte(len(payload) >> 8), byte(len(payload)), kind, flags}
	_, _ = r.Write(append(binary.BigEndian.AppendUint32(head, stream), payload...))
}

// headers sends a whole head of names and values, none of them indexed or coded.
func (r *rawHTTP2) headers(stream uint32, end bool, pairs ...string) {
	var block []byte
	for i := 0; i < len(pairs); i += 2 {
		block = append(block, 0)
		for _, s := range pairs[i : i+2] {
			block = append(append(block, byte(len(s))), s...) // shorter than 127
		}
	}
	flags := byte(4) // END_HEADERS
	if end {
		flags |= flagEnd
	}
	r.send(frameHeaders, flags, stream, block)
}

// read returns the next frame; settings are agreed to and pings are passed over.
func (r *rawHTTP2) read() (f frame2, err error) {
	for {
		var head [9]byte
		if _, err = io.ReadFull(r.reader, head[:]); err != nil {
			return f, err
		}
		f = frame2{head[3], head[4], binary.BigEndian.Uint32(head[5:]), make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))}
		if _, err = io.ReadFull(r.reader, f.payload); err != nil {
			return f, err
		}
		switch f.kind {
		case frameData, frameHeaders, frameReset, frameGoAway:
			return f, nil
		case frameSettings:
			if f.flags&flagEnd == 0 {
				r.send(frameSettings, flagEnd, 0, nil)
			}
		}
	}
}

// status returns the status that a block of fields begins with, as net/http writes
// it; 0 if it is none of the static table.
func (f frame2) status() int {
	if f.kind != frameHeaders || len(f.payload) == 0 {
		return 0
	}
	return map[byte]int{0x88: 200, 0x89: 204, 0x8a: 206, 0x8b: 304, 0x8c: 400, 0x8d: 404, 0x8e: 500}[f.payload[0]]
}

// outcome reads until a stream ends and returns its status, 0 if it was reset or the
// connection was closed.
func (r *rawHTTP2) outcome(stream uint32) (status int) {
	for {
		f, err := r.read()
		if err != nil || f.kind == frameReset && f.stream == stream {
			return 0
		}
		if f.stream != stream {
			continue
		}
		if f.kind == frameHeaders && status == 0 {
			status = f.status()
		}
		if f.flags&flagEnd != 0 {
			return status
		}
	}
}
