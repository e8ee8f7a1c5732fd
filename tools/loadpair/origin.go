package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"
)

// serveOrigin is the application: it throws bodies away and gives one of two answers,
// 64 KB of HTML below /large and 1 KB of JSON elsewhere. It never parses more than it
// must, so that the machine is left to the proxies.
func serveOrigin([]string) error {
	listener, err := listen()
	if err != nil {
		return err
	}
	small, large := answers()
	for {
		c, err := listener.Accept()
		if err != nil {
			return err
		}
		go answer(c, small, large)
	}
}

// listen listens on a free port of the loopback and prints the address.
func listen() (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // lives as long as the process
	if err == nil {
		_, err = fmt.Fprintln(os.Stdout, listener.Addr())
	}
	return listener, err
}

func answers() (small, large []byte) {
	g := newGenerator(7)
	var list, page strings.Builder
	for i := 0; list.Len() < 940; i++ {
		fmt.Fprintf(&list, `,{"id":%d,"title":%q,"price":%d.%02d}`, i, g.sentence(4), g.IntN(300), g.IntN(100))
	}
	for page.Len() < 64<<10-100 {
		fmt.Fprintf(&page, "<div class=\"card\"><h3>%s</h3><p>%s</p></div>\n", g.sentence(4), g.sentence(30))
	}
	return full("application/json", `{"page":1,"items":[`+list.String()[1:]+"]}"),
		full("text/html; charset=utf-8", "<!doctype html><title>Catalog</title>\n"+page.String())
}

func full(contentType, body string) []byte {
	return []byte("HTTP/1.1 200 OK\r\nServer: origin\r\nContent-Type: " + contentType + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body)
}

// answer serves one connection until the other side closes it.
func answer(c net.Conn, small, large []byte) {
	defer c.Close()
	in := bufio.NewReaderSize(c, 32<<10)
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		reply := small
		if _, target, _ := bytes.Cut(line, []byte(" ")); bytes.HasPrefix(target, []byte("/large/")) {
			reply = large
		}
		h, err := readHead(in)
		if err != nil || h.skip(in) != nil {
			return
		}
		if _, err := c.Write(reply); err != nil {
			return
		}
	}
}

// serveFloor is what all ratios stand on: fasthttp as a proxy that buffers and forwards,
// and nothing else.
func serveFloor(args []string) error {
	listener, err := listen()
	if err != nil {
		return err
	}
	upstream := &fasthttp.HostClient{
		Addr: args[0], MaxConns: 1024, NoDefaultUserAgentHeader: true, DisableHeaderNamesNormalizing: true,
		DisablePathNormalizing: true, ReadBufferSize: 16 << 10, MaxResponseBodySize: 64 << 20,
	}
	server := &fasthttp.Server{
		NoDefaultServerHeader: true, NoDefaultDate: true, NoDefaultContentType: true, DisableHeaderNamesNormalizing: true,
		// Without it fasthttp takes every upload apart and puts it together again.
		DisablePreParseMultipartForm: true,
		ReadBufferSize:               16 << 10, MaxRequestBodySize: 64 << 20,
		Handler: func(ctx *fasthttp.RequestCtx) {
			if err := upstream.Do(&ctx.Request, &ctx.Response); err != nil {
				ctx.Error("no answer", fasthttp.StatusBadGateway)
			}
		},
	}
	return server.Serve(listener)
}
