package proxy

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
)

// certify writes a self-signed certificate for names and returns its files.
func certify(t *testing.T, dir string, names ...string) config.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<60))
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: names[0]}, DNSNames: names, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	files := config.Certificate{Cert: filepath.Join(dir, names[0]+".pem"), Key: filepath.Join(dir, names[0]+".key")}
	for name, block := range map[string]*pem.Block{files.Cert: {Type: "CERTIFICATE", Bytes: der}, files.Key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// shown returns the certificate that a listener shows for a name.
func shown(t *testing.T, address, name string, o *tls.Config) (*tls.Conn, string) {
	t.Helper()
	o = o.Clone()
	o.ServerName, o.InsecureSkipVerify = name, true
	c, err := tls.Dial("tcp", address, o)
	if err != nil {
		return nil, err.Error()
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	return c, c.ConnectionState().PeerCertificates[0].SerialNumber.String()
}

func TestTLSAtTheFront(t *testing.T) {
	dir := t.TempDir()
	one, two := certify(t, dir, "one.example"), certify(t, dir, "two.example", "*.two.example")
	u := newRaw(t, nil)
	var cfg *config.Config
	p, address := running(t, func(c *config.Config) {
		c.Listen[0].TLS = config.TLS{Certificates: []config.Certificate{one, two}, MinVersion: "1.2"}
		cfg = c
	}, nil, u.url())
	serial := func(name string) string {
		_, s := shown(t, address, name, &tls.Config{})
		return s
	}
	first := serial("one.example")
	if second := serial("two.example"); second == first || serial("x.two.example") != second || serial("other.example") != first {
		t.Errorf("one %s, two %s, sub %s, other %s", first, second, serial("x.two.example"), serial("other.example"))
	}
	c, _ := shown(t, address, "one.example", &tls.Config{})
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: one.example\r\n\r\n")
	until(t, bufio.NewReader(c), "200 OK")
	if got := <-u.got; !strings.Contains(got, "X-Forwarded-Proto: https\r\n") {
		t.Errorf("got %q", got)
	}
	if _, failure := shown(t, address, "one.example", &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); !strings.Contains(failure, "protocol version") {
		t.Errorf("TLS 1.1: %s", failure)
	}
	certify(t, dir, "one.example") // renewed
	pools, err := p.Prepare(cfg)
	if err != nil {
		t.Fatal(err)
	}
	p.Swap(pools)
	if renewed := serial("one.example"); renewed == first {
		t.Error("the old certificate is shown after the swap")
	}
	if err := os.WriteFile(one.Key, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Prepare(cfg); err == nil || !strings.Contains(err.Error(), "one.example.pem") {
		t.Errorf("a broken key: %v", err)
	}
	plain, r := dialed(t, address)
	_, _ = io.WriteString(plain, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	if all, _ := io.ReadAll(r); strings.Contains(string(all), "200") {
		t.Errorf("plain text was served: %q", all)
	}
}

func TestEncryptedUpstreams(t *testing.T) {
	dir := t.TempDir()
	files := certify(t, dir, "app.internal")
	pair, err := tls.LoadX509KeyPair(files.Cert, files.Key)
	if err != nil {
		t.Fatal(err)
	}
	plain := newRaw(t, nil)
	u := &raw{tls.NewListener(must(net.Listen("tcp", "127.0.0.1:0")), &tls.Config{Certificates: []tls.Certificate{pair}}), plain.got, plain.serve}
	t.Cleanup(func() { _ = u.Close() })
	go u.accept()
	for name, c := range map[string]struct {
		tls  config.UpstreamTLS
		want string
	}{
		"known authority":   {config.UpstreamTLS{CAFile: files.Cert}, "200"},
		"its name":          {config.UpstreamTLS{CAFile: files.Cert, ServerName: "app.internal"}, "200"},
		"another name":      {config.UpstreamTLS{CAFile: files.Cert, ServerName: "other.internal"}, "502"},
		"unknown authority": {config.UpstreamTLS{}, "502"},
		"not verified":      {config.UpstreamTLS{InsecureSkipVerify: true}, "200"},
	} {
		t.Run(name, func(t *testing.T) {
			p, address := running(t, func(cfg *config.Config) {
				up := cfg.Upstreams["u"]
				up.TLS = c.tls
				cfg.Upstreams["u"] = up
			}, nil, "https://"+u.Addr().String())
			conn, r := dialed(t, address)
			for range 3 {
				_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
				answer, _ := readMessage(r)
				if !strings.HasPrefix(answer, "HTTP/1.1 "+c.want) {
					t.Fatalf("answer %q", answer)
				}
			}
			if c.want != "200" {
				return
			}
			target := p.settings.Load().byName["u"].targets[0]
			target.mu.Lock()
			defer target.mu.Unlock()
			if target.open != 1 {
				t.Errorf("%d connections for three requests: session tickets are taken for answers", target.open)
			}
		})
	}
}

func must(l net.Listener, err error) net.Listener {
	if err != nil {
		panic(err)
	}
	return l
}

func TestPROXYProtocol(t *testing.T) {
	u := newRaw(t, nil)
	v2 := "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x07\x0a\x00\x00\x01\x30\x39\x00\x50"
	for name, c := range map[string]struct {
		trusted bool
		header  string
		want    string // X-Real-IP, "" when refused
	}{
		"v1":                  {true, "PROXY TCP4 192.0.2.7 10.0.0.1 12345 80\r\n", "192.0.2.7"},
		"v1 of IPv6":          {true, "PROXY TCP6 2001:db8::7 2001:db8::1 12345 80\r\n", "2001:db8::7"},
		"v2":                  {true, v2, "192.0.2.7"},
		"v1, unknown":         {true, "PROXY UNKNOWN\r\n", "127.0.0.1"},
		"none":                {true, "", ""},
		"broken":              {true, "PROXY TCP4 x y 1 2\r\n", ""},
		"from nobody we know": {false, "PROXY TCP4 192.0.2.7 10.0.0.1 12345 80\r\n", ""},
	} {
		_, address := running(t, func(cfg *config.Config) {
			cfg.Listen[0].ProxyProtocol = true
			if c.trusted {
				cfg.ClientAddress.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
			}
		}, nil, u.url())
		for len(u.got) > 0 {
			<-u.got
		}
		conn, r := dialed(t, address)
		_, _ = io.WriteString(conn, c.header+"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
		_, _ = io.ReadAll(r)
		select {
		case got := <-u.got:
			if c.want == "" || !strings.Contains(got, "X-Real-IP: "+c.want+"\r\n") {
				t.Errorf("%s: got %q", name, got)
			}
		default:
			if c.want != "" {
				t.Errorf("%s: nothing was forwarded", name)
			}
		}
	}
}
