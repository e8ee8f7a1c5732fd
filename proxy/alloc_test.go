//go:build !race

package proxy

import (
	"bufio"
	"net/netip"
	"strings"
	"testing"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/filter"
	"github.com/weirnode/weir/parse"
)

// TestPassingOnDoesNotAllocate reads an answer's head, writes it, and writes the head
// of a request, on an exchange that has served before.
func TestPassingOnDoesNotAllocate(t *testing.T) {
	cfg, problems := config.ForUpstream("http://127.0.0.1:1")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	snapshot, err := filter.Compile(cfg, nil, make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(cfg, Options{Filter: filter.New(filter.Options{Snapshot: snapshot})})
	if err != nil {
		t.Fatal(err)
	}
	const head = "HTTP/1.1 200 OK\r\nServer: app\r\nDate: Mon, 01 Jan 2001 00:00:00 GMT\r\nContent-Type: text/html\r\nSet-Cookie: a=1\r\nContent-Length: 3\r\n\r\nabc"
	source := strings.NewReader(head)
	reader := bufio.NewReader(source)
	request := []byte("Host: h\r\nAccept: */*\r\nCookie: a=1\r\nConnection: keep-alive\r\n\r\n")
	ex := p.acquire()
	round := func() {
		r := &ex.Request
		r.Method, r.Target, r.Proto = append(r.Method[:0], "GET"...), append(r.Target[:0], "/a"...), append(r.Proto[:0], "HTTP/1.1"...)
		r.Fields = r.Fields[:0]
		if fault := r.Frame(request, 100); fault != parse.NoFault {
			t.Fatal(fault)
		}
		ex.Client, ex.peer = netip.AddrFrom4([4]byte{192, 0, 2, 1}), netip.AddrFrom4([4]byte{192, 0, 2, 1})
		ex.buildHead()
		source.Reset(head)
		reader.Reset(source)
		if err := ex.answer.read(reader); err != nil {
			t.Fatal(err)
		}
		if err := ex.h1.begin(&ex.answer, ex.answer.length); err != nil {
			t.Fatal(err)
		}
	}
	if n := testing.AllocsPerRun(200, round); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
