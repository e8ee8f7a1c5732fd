package load

import (
	"bufio"
	"context"
	"crypto/sha1" //nolint:gosec // RFC 6455 wants it
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// ClosedError is the code of the close frame that ended a WebSocket.
type ClosedError int

func (e ClosedError) Error() string { return fmt.Sprintf("closed with %d", int(e)) }

const (
	textFrame  = 0x81
	closeFrame = 0x88
	socketKey  = "dGhlIHNhbXBsZSBub25jZQ=="
)

// WebSocket is a client's end. Messages are up to 125 bytes long.
type WebSocket struct {
	conn   net.Conn
	reader *bufio.Reader
}

// DialWebSocket opens one.
func DialWebSocket(ctx context.Context, address, path string) (*WebSocket, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	s := &WebSocket{c, bufio.NewReaderSize(c, 512)}
	if err := s.handshake(address, path); err != nil {
		return nil, errors.Join(fmt.Errorf("handshake: %w", err), c.Close())
	}
	return s, nil
}

func (s *WebSocket) handshake(address, path string) error {
	if err := s.conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s.conn, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n", path, address, socketKey); err != nil {
		return err
	}
	resp, err := http.ReadResponse(s.reader, nil)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		return errors.Join(fmt.Errorf("status %d", resp.StatusCode), resp.Body.Close())
	}
	return s.conn.SetDeadline(time.Time{})
}

// Send sends a message.
func (s *WebSocket) Send(text string) error {
	return s.write(textFrame, []byte(text))
}

func (s *WebSocket) write(first byte, payload []byte) error {
	b := append([]byte{first, 0x80 | byte(len(payload)), 1, 2, 3, 4}, payload...)
	for i := range payload {
		b[6+i] ^= byte(1 + i&3)
	}
	_, err := s.conn.Write(b)
	return err
}

// Receive returns the next message, or a [ClosedError] at the end.
func (s *WebSocket) Receive(wait time.Duration) (string, error) {
	if err := s.conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return "", err
	}
	for {
		first, payload, err := readFrame(s.reader)
		switch {
		case err != nil:
			return "", err
		case first == closeFrame && len(payload) >= 2:
			return "", ClosedError(binary.BigEndian.Uint16(payload))
		case first == textFrame:
			return string(payload), nil
		}
	}
}

// Close closes the connection with a close frame.
func (s *WebSocket) Close() error {
	_ = s.write(closeFrame, []byte{0x03, 0xe8})
	return s.conn.Close()
}

// readFrame reads a frame of up to 125 bytes and unmasks it.
func readFrame(r *bufio.Reader) (first byte, payload []byte, err error) {
	head := make([]byte, 2, 6)
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, nil, err
	}
	var mask [4]byte
	if head[1]&0x80 != 0 {
		if _, err := io.ReadFull(r, mask[:]); err != nil {
			return 0, nil, err
		}
	}
	n := head[1] & 0x7f
	if n > 125 {
		return 0, nil, errors.New("a long frame")
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(r, payload)
	for i := range payload {
		payload[i] ^= mask[i&3]
	}
	return head[0], payload, err
}

// echo sends every message of a WebSocket back.
func echo(w http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // RFC 6455 wants it
	c, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer c.Close()
	_, _ = fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
	for {
		first, payload, err := readFrame(rw.Reader)
		if err != nil {
			return
		}
		if _, err := c.Write(append([]byte{first, byte(len(payload))}, payload...)); err != nil || first == closeFrame {
			return
		}
	}
}
