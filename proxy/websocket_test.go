package proxy

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
)

const handshake = "GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: chat\r\n\r\n"

// frame returns a frame as a client (masked) or a server writes it.
func frame(first byte, masked bool, payload string) string {
	b := []byte{first}
	bit := byte(0)
	if masked {
		bit = 0x80
	}
	switch n := len(payload); {
	case n < 126:
		b = append(b, bit|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, bit|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, bit|127), uint64(n))
	}
	if !masked {
		return string(b) + payload
	}
	mask := [4]byte{1, 2, 3, 4}
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i&3])
	}
	return string(b)
}

// readFrame reads a frame and unmasks it.
func readFrame(r *bufio.Reader) (first byte, payload string, err error) {
	var head [2]byte
	if _, err = io.ReadFull(r, head[:]); err != nil {
		return 0, "", err
	}
	n := uint64(head[1] & 0x7f)
	switch n {
	case 126:
		var b [2]byte
		_, err = io.ReadFull(r, b[:])
		n = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		_, err = io.ReadFull(r, b[:])
		n = binary.BigEndian.Uint64(b[:])
	}
	if err != nil {
		return 0, "", err
	}
	var mask [4]byte
	if head[1]&0x80 != 0 {
		if _, err = io.ReadFull(r, mask[:]); err != nil {
			return 0, "", err
		}
	}
	b := make([]byte, n)
	_, err = io.ReadFull(r, b)
	for i := range b {
		b[i] ^= mask[i&3]
	}
	return head[0], string(b), err
}

// echo takes WebSockets and sends every frame back unmasked; close frames end it.
func echo(t *testing.T, heads chan<- string, frames chan<- string, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r := bufio.NewReader(c)
				head, err := readMessage(r)
				if err != nil {
					return
				}
				heads <- head
				_, _ = io.WriteString(c, answer)
				for {
					first, payload, err := readFrame(r)
					if err != nil {
						close(frames)
						return
					}
					frames <- fmt.Sprintf("%x %s", first, payload)
					_, _ = io.WriteString(c, frame(first, false, payload))
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n"

func opened(t *testing.T, address string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, r := dialed(t, address)
	_, _ = io.WriteString(c, handshake)
	until(t, r, "101 Switching Protocols")
	until(t, r, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
	for line := ""; line != "\r\n"; {
		var err error
		if line, err = r.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	return c, r
}

func expectFrame(t *testing.T, r *bufio.Reader, first byte, payload string) {
	t.Helper()
	gotFirst, got, err := readFrame(r)
	if err != nil || gotFirst != first || got != payload {
		t.Fatalf("frame %x %.80q, %v; want %x %.80q", gotFirst, got, err, first, payload)
	}
}

func TestWebSocket(t *testing.T) {
	heads, frames := make(chan string, 1), make(chan string, 100)
	p, address := running(t, nil, nil, echo(t, heads, frames, switching))
	c, r := opened(t, address)
	if head := <-heads; !strings.Contains(head, "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n") || !strings.Contains(head, "permessage-deflate") {
		t.Errorf("head %q", head)
	}
	for _, payload := range []string{"", "hello", "it's ' or 1=1 union select 1 from x", strings.Repeat("m", 300), strings.Repeat("l", 70_000)} {
		_, _ = io.WriteString(c, frame(0x81, true, payload))
		expectFrame(t, r, 0x81, payload)
	}
	_, _ = io.WriteString(c, frame(0x01, true, "a")+frame(0x89, true, "ping")+frame(0x80, true, "b"))
	expectFrame(t, r, 0x01, "a")
	expectFrame(t, r, 0x89, "ping")
	expectFrame(t, r, 0x80, "b")
	_ = c.Close()
	for range frames { // until the upstream's end is closed
	}
	if counted(p.metrics.tunnelBytes[up]) < 70_000 || counted(p.metrics.tunnelBytes[down]) < 70_000 {
		t.Error("bytes are not counted")
	}
}

func TestWebSocketMessagesAreInspected(t *testing.T) {
	const attack = `{"q":"1' UNION SELECT username,password FROM users--"}`
	for name, sent := range map[string]string{
		"one frame":             frame(0x81, true, attack),
		"two frames":            frame(0x01, true, attack[:20]) + frame(0x80, true, attack[20:]),
		"ping between":          frame(0x01, true, attack[:20]) + frame(0x89, true, "") + frame(0x80, true, attack[20:]),
		"many frames":           frame(0x01, true, attack[:1]) + frame(0x00, true, attack[1:30]) + frame(0x00, true, "") + frame(0x80, true, attack[30:]),
		"binary":                frame(0x82, true, attack),
		"binary in two frames":  frame(0x02, true, attack[:20]) + frame(0x80, true, attack[20:]),
		"longer than inspected": frame(0x81, true, attack+strings.Repeat(" ", 300_000)),
	} {
		t.Run(name, func(t *testing.T) {
			heads, frames := make(chan string, 1), make(chan string, 100)
			_, address := running(t, func(c *config.Config) { c.Sites[0].WebSocketInspect = true }, nil, echo(t, heads, frames, switching))
			c, r := opened(t, address)
			if head := <-heads; strings.Contains(head, "permessage-deflate") {
				t.Error("compression was offered")
			}
			_, _ = io.WriteString(c, frame(0x81, true, "hello")+frame(0x82, true, "\x08\x01\x00\xff")+frame(0x02, true, "")+frame(0x80, true, "b"))
			expectFrame(t, r, 0x81, "hello")
			expectFrame(t, r, 0x82, "\x08\x01\x00\xff")
			expectFrame(t, r, 0x02, "")
			expectFrame(t, r, 0x80, "b")
			go func() { _, _ = io.WriteString(c, sent) }()
			first, payload, err := readFrame(r)
			if first == 0x89 {
				first, payload, err = readFrame(r)
			}
			if first != 0x88 || payload != "\x03\xf0" {
				t.Errorf("got %x %q, %v", first, payload, err)
			}
			for got := range frames {
				if strings.Contains(got, " {") {
					t.Errorf("the application got %.60q", got)
				}
			}
		})
	}
}

// TestHandshakesThatAreWrong are not tunnelled, whatever the upstream answers.
func TestHandshakesThatAreWrong(t *testing.T) {
	for name, c := range map[string]struct{ request, answer, want string }{
		"wrong accept":    {handshake, strings.Replace(switching, "s3p", "S3p", 1), "HTTP/1.1 502"},
		"wrong protocol":  {handshake, strings.Replace(switching, "Upgrade: websocket", "Upgrade: h2c", 1), "HTTP/1.1 502"},
		"refused":         {handshake, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno", "HTTP/1.1 401"},
		"no key":          {strings.Replace(handshake, "Sec-WebSocket-Key", "X-Key", 1), switching, "HTTP/1.1 502"},
		"h2c":             {strings.Replace(handshake, "Upgrade: websocket", "Upgrade: h2c", 1), switching, "HTTP/1.1 502"},
		"POST":            {strings.Replace(handshake, "GET", "POST", 1), switching, "HTTP/1.1 502"},
		"attack in query": {strings.Replace(handshake, "/chat", "/chat?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users--", 1), switching, "HTTP/1.1 403"},
	} {
		heads := make(chan string, 1)
		_, address := running(t, nil, nil, echo(t, heads, make(chan string, 100), c.answer))
		conn, r := dialed(t, address)
		_, _ = io.WriteString(conn, c.request)
		if line, _ := r.ReadString('\n'); !strings.HasPrefix(line, c.want) {
			t.Errorf("%s: %q", name, line)
		}
		select {
		case head := <-heads:
			if upgrades := strings.Contains(head, "Upgrade"); upgrades != (c.request == handshake) {
				t.Errorf("%s: head %q", name, head)
			}
		default:
		}
	}
}

func TestWebSocketsEndWithTheNode(t *testing.T) {
	heads, frames := make(chan string, 1), make(chan string, 100)
	_, address, stop := stoppable(t, nil, nil, echo(t, heads, frames, switching))
	_, r := opened(t, address)
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	expectFrame(t, r, 0x88, "\x03\xe9")
	if got := <-frames; got != "88 \x03\xe9" {
		t.Errorf("the application got %q", got)
	}
	select {
	case <-stopped:
	case <-time.After(5 * time.Second):
		t.Error("the node does not end")
	}
}

func TestSilentWebSocketsEnd(t *testing.T) {
	_, address := running(t, func(c *config.Config) { c.Limits.WebSocketIdle = config.Duration(800 * time.Millisecond) }, nil, echo(t, make(chan string, 1), make(chan string, 100), switching))
	c, r := opened(t, address)
	start := time.Now()
	for range 4 {
		<-time.After(250 * time.Millisecond)
		_, _ = io.WriteString(c, frame(0x81, true, "x"))
		expectFrame(t, r, 0x81, "x")
	}
	expectFrame(t, r, 0x88, "\x03\xe9")
	if d := time.Since(start); d < 1500*time.Millisecond || d > 4*time.Second {
		t.Errorf("ended after %s", d)
	}
}
