package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// front is a reader of requests: a server, or a proxy with a recorder behind it.
type front struct {
	name    string
	address string
	ledger  *ledger
}

// frontTime bounds what a front takes for one input.
const frontTime = 5 * time.Second

// view is how a front took an input.
type view struct {
	requests []*seen
	hung     bool // it neither answered nor closed in time
}

// addresses are those of one worker on the loopback, each used for one connection: what
// a front sees late of one is not taken for what it saw of the next.
type addresses struct{ worker, used int }

func (a *addresses) next() string {
	a.used++
	return fmt.Sprintf("127.77.%d.%d", a.worker, 1+a.used%250)
}

// show returns how a front took an input. One that hangs is asked again: a busy
// machine may stand still for longer than that.
func (f *front) show(ctx context.Context, from *addresses, input []byte) (view, error) {
	v, err := f.try(ctx, from.next(), input)
	if err == nil && v.hung {
		return f.try(ctx, from.next(), input)
	}
	return v, err
}

// try sends an input to a front from an address of its own. The front sees the end of
// the input, so that it need not wait for more.
func (f *front) try(ctx context.Context, client string, input []byte) (view, error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(client)}}
	f.ledger.take(client)
	c, err := dialer.DialContext(ctx, "tcp", f.address)
	if err != nil {
		return view{}, err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(frontTime)) // a failure shows at writing
	_, _ = c.Write(input)                        // it may have been refused already
	_ = c.(*net.TCPConn).CloseWrite()
	_, err = io.Copy(io.Discard, c)
	return view{requests: normalised(f.ledger.take(client)), hung: errors.Is(err, os.ErrDeadlineExceeded)}, nil
}

// normalised takes out of requests in what readers may differ without harm: an
// absolute target, and a host's case and port.
func normalised(list []*seen) []*seen {
	for _, s := range list {
		if _, after, ok := strings.Cut(s.target, "://"); ok && !strings.HasPrefix(s.target, "/") {
			s.target = after
			if i := strings.IndexAny(after, "/?"); i >= 0 {
				s.target = after[i:]
			} else {
				s.target = "/"
			}
			if s.target[0] == '?' {
				s.target = "/" + s.target
			}
		}
		s.host = strings.ToLower(s.host)
		if i := strings.LastIndexByte(s.host, ':'); i >= 0 && !strings.HasSuffix(s.host, "]") {
			s.host = s.host[:i]
		}
		s.host = strings.TrimSuffix(s.host, ".")
	}
	return list
}

// serveNetHTTP starts Go's server as a front.
func (s *stage) serveNetHTTP() (*front, error) {
	l, err := listen()
	if err != nil {
		return nil, err
	}
	f := &front{name: "net/http", address: l.Addr().String(), ledger: &ledger{}}
	server := &http.Server{ReadHeaderTimeout: time.Minute, ErrorLog: silent(), DisableGeneralOptionsHandler: true, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // a body that breaks off is as good as refused
		}
		one := &seen{method: r.Method, target: r.RequestURI, host: r.Host}
		one.body(body)
		client, _, _ := net.SplitHostPort(r.RemoteAddr)
		f.ledger.add(client, one)
		w.WriteHeader(http.StatusNoContent)
	})}
	go func() { _ = server.Serve(l) }() // ends with Close
	s.closers = append(s.closers, func() { _ = server.Close() })
	return f, nil
}

const nginxSettings = `daemon off;
master_process off;
pid {dir}/nginx.pid;
error_log {dir}/nginx-error.log crit;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi; uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
  upstream recorder { server {recorder}; keepalive 64; }
  server {
    listen {listen};
    server_name nginx.example;
    location / {
      proxy_pass http://recorder;
      proxy_http_version 1.1;
      proxy_next_upstream off;
      proxy_ignore_client_abort on;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Nginx-Host $host;
      proxy_set_header X-Real-IP $remote_addr;
    }
  }
}
`

// errNoNginx says what to do about it.
var errNoNginx = errors.New("nginx not installed: apt-get install nginx-light")

// serveNginx starts nginx as a front, with a recorder of its own, and tells its version.
func (s *stage) serveNginx(ctx context.Context, program string) (f *front, version string, err error) {
	path, err := exec.LookPath(program)
	if err != nil && program == "nginx" {
		path, err = exec.LookPath("/usr/sbin/nginx") // which not everybody looks through
	}
	if err != nil {
		return nil, "", errNoNginx
	}
	told, err := exec.CommandContext(ctx, path, "-v").CombinedOutput() //nolint:gosec // what the caller asked for
	if err != nil {
		return nil, "", fmt.Errorf("%s -v: %w", path, err)
	}
	r, err := newRecorder()
	if err != nil {
		return nil, "", err
	}
	s.closers = append(s.closers, r.close)
	free, err := freeAddresses(1)
	if err != nil {
		return nil, "", err
	}
	file := filepath.Join(s.dir, "nginx.conf")
	text := strings.NewReplacer("{dir}", s.dir, "{recorder}", r.address(), "{listen}", free[0]).Replace(nginxSettings)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, "", err
	}
	p, err := begin(ctx, s.dir, free[0], path, "-p", s.dir, "-c", file, "-e", filepath.Join(s.dir, "nginx-start.log"))
	if err != nil {
		return nil, "", err
	}
	s.closers = append(s.closers, p.stop)
	_, version, _ = strings.Cut(strings.TrimSpace(string(told)), ": ")
	return &front{name: "nginx", address: free[0], ledger: &r.ledger}, version, nil
}
