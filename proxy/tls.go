package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/weirnode/weir/config"
)

// loadCertificates reads the certificates of all listeners.
func loadCertificates(listens []config.Listen) ([][]tls.Certificate, error) {
	all := make([][]tls.Certificate, len(listens))
	for i, l := range listens {
		for _, c := range l.TLS.Certificates {
			pair, err := tls.LoadX509KeyPair(c.Cert, c.Key)
			if err != nil {
				return nil, fmt.Errorf("load certificate %s: %w", c.Cert, err)
			}
			all[i] = append(all[i], pair)
		}
	}
	return all, nil
}

// serverTLS returns how a listener agrees on encryption. Certificates are looked up
// in the settings in force, so that a reload changes them for new connections.
func (p *Proxy) serverTLS(listener int, t config.TLS) *tls.Config {
	least := uint16(tls.VersionTLS12)
	if t.MinVersion == "1.3" {
		least = tls.VersionTLS13
	}
	return &tls.Config{
		MinVersion: least,
		NextProtos: []string{protoHTTP2, "http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			certs := p.settings.Load().certs[listener]
			for i := range certs {
				if hello.SupportsCertificate(&certs[i]) == nil {
					return &certs[i], nil
				}
			}
			return &certs[0], nil
		},
	}
}

// Handshake agrees on encryption; fasthttp asks for it before it reads.
func (w *wire) Handshake() error {
	t, ok := w.Conn.(*tls.Conn)
	if !ok {
		return w.sniff()
	}
	if err := t.SetWriteDeadline(time.Now().Add(w.proxy.limits.HeaderTimeout.Std())); err != nil {
		return err
	}
	if err := t.HandshakeContext(context.Background()); err != nil {
		w.strange = true
		w.proxy.metrics.handshakes.Inc()
		_ = w.Close()
		return err
	}
	return nil
}

// ConnectionState tells fasthttp which protocol was agreed on.
func (w *wire) ConnectionState() tls.ConnectionState {
	if t, ok := w.Conn.(*tls.Conn); ok {
		return t.ConnectionState()
	}
	if w.http2 {
		return tls.ConnectionState{NegotiatedProtocol: protoHTTP2}
	}
	return tls.ConnectionState{}
}

var errAuthorities = errors.New("no certificate in it")

// secure has the target's connections encrypted.
func (t *target) secure(host string, o config.UpstreamTLS) error {
	t.options.secure, t.options.tls = true, o
	t.tls = &tls.Config{
		MinVersion: tls.VersionTLS12, ServerName: host, NextProtos: []string{"http/1.1"},
		InsecureSkipVerify: o.InsecureSkipVerify, //nolint:gosec // the operator says so
		ClientSessionCache: tls.NewLRUClientSessionCache(64),
	}
	if o.ServerName != "" {
		t.tls.ServerName = o.ServerName
	}
	if o.CAFile == "" {
		return nil
	}
	data, err := os.ReadFile(o.CAFile)
	if err != nil {
		return fmt.Errorf("read authorities: %w", err)
	}
	t.options.authorities = string(data)
	t.tls.RootCAs = x509.NewCertPool()
	if !t.tls.RootCAs.AppendCertsFromPEM(data) {
		return fmt.Errorf("read authorities %s: %w", o.CAFile, errAuthorities)
	}
	return nil
}

// handshake encrypts a new connection, which it closes when that fails.
func (t *target) handshake(raw net.Conn) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), t.options.connect)
	defer cancel()
	secured := tls.Client(raw, t.tls)
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, err
	}
	return secured, nil
}

// checkTLS looks what waits on an idle encrypted connection: messages of TLS itself
// are read, anything else costs the connection.
func (c *conn) checkTLS() error {
	if err := c.SetReadDeadline(time.Now().Add(time.Millisecond)); err != nil {
		return err
	}
	_, err := c.reader.Peek(1)
	if isTimeout(err) {
		return nil
	}
	return errUnsolicited
}
