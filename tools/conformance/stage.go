package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/interop"
	testgrpc "google.golang.org/grpc/interop/grpc_testing"
)

// Hosts by which weir tells the suites apart; any other goes to the recorder of
// differ, without filtration.
const (
	hostGRPC  = "grpc.conformance.example"
	hostGRPCS = "grpcs.conformance.example" // the application is encrypted, too
	hostHTTP  = "conformance.example"
)

// stage is what the suites play on.
type stage struct {
	plain, lenient, h2c, tls string // addresses of weir's listeners
	recorder                 *recorder
	weir                     *process
	dir                      string
	closers                  []func()
}

// settings are weir's; what is in braces is filled in.
const settings = `version: 1
mode: block
listen:
  - {address: "{plain}"}
  - {address: "{h2c}", h2c: true}
  - {address: "{lenient}", framing: lenient}
  - address: "{tls}"
    tls: {certificates: [{cert: "{cert}", key: "{key}"}]}
manage: {address: "{manage}"}
store: {url: "file:{dir}/data"}
log: {level: error}
upstreams:
  http: {targets: ["http://{http}"]}
  grpc: {targets: ["http://{grpc}"], protocol: h2c}
  grpcs: {targets: ["https://{grpcs}"], protocol: h2, tls: {ca_file: "{cert}", server_name: "` + hostGRPCS + `"}}
  recorder: {targets: ["http://{recorder}"]}
sites:
  - {hosts: ["` + hostGRPC + `"], upstream: grpc}
  - {hosts: ["` + hostGRPCS + `"], upstream: grpcs}
  - {hosts: ["` + hostHTTP + `", "127.0.0.1"], upstream: http}
  - {hosts: ["*"], upstream: recorder, mode: "off"}
`

// start starts upstreams and weir. What it started is on the stage also when it fails.
func start(ctx context.Context, program string) (s *stage, err error) {
	s = &stage{}
	if s.dir, err = os.MkdirTemp("", "conformance-"); err != nil {
		return s, err
	}
	s.closers = append(s.closers, func() { _ = os.RemoveAll(s.dir) })
	cert, key, err := certify(s.dir)
	if err != nil {
		return s, err
	}
	app, err := s.serveHTTP()
	if err != nil {
		return s, err
	}
	calls, err := s.serveGRPC()
	if err != nil {
		return s, err
	}
	secret, err := credentials.NewServerTLSFromFile(cert, key)
	if err != nil {
		return s, err
	}
	encrypted, err := s.serveGRPC(grpc.Creds(secret))
	if err != nil {
		return s, err
	}
	if s.recorder, err = newRecorder(); err != nil {
		return s, err
	}
	s.closers = append(s.closers, s.recorder.close)
	free, err := freeAddresses(5)
	if err != nil {
		return s, err
	}
	s.plain, s.lenient, s.h2c, s.tls = free[0], free[1], free[2], free[3]
	file := filepath.Join(s.dir, "weir.yaml")
	text := strings.NewReplacer("{plain}", s.plain, "{lenient}", s.lenient, "{h2c}", s.h2c, "{tls}", s.tls, "{manage}", free[4], "{cert}", cert, "{key}", key, "{dir}", s.dir,
		"{http}", app, "{grpc}", calls, "{grpcs}", encrypted, "{recorder}", s.recorder.address()).Replace(settings)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return s, err
	}
	s.weir, err = begin(ctx, s.dir, s.plain, program, "serve", "-c", file)
	return s, err
}

// stop ends all that was started, last first.
func (s *stage) stop() {
	if s.weir != nil {
		s.weir.stop()
	}
	for _, end := range slices.Backward(s.closers) {
		end()
	}
}

// serveHTTP starts the application of h1 and h2spec: it says what it was asked and
// gives the body back.
func (s *stage) serveHTTP() (address string, err error) {
	l, err := listen()
	if err != nil {
		return "", err
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		w.Header().Set("X-Asked", r.Method+" "+r.RequestURI+" "+r.Host)
		fmt.Fprintf(w, "%d bytes: %s", len(body), body)
	})}
	go func() { _ = server.Serve(l) }() // ends with Close
	s.closers = append(s.closers, func() { _ = server.Close() })
	return l.Addr().String(), nil
}

// serveGRPC starts the interop server.
func (s *stage) serveGRPC(how ...grpc.ServerOption) (address string, err error) {
	l, err := listen()
	if err != nil {
		return "", err
	}
	server := grpc.NewServer(how...)
	testgrpc.RegisterTestServiceServer(server, interop.NewTestServer())
	go func() { _ = server.Serve(l) }() // ends with Stop
	s.closers = append(s.closers, server.Stop)
	return l.Addr().String(), nil
}

// listen listens on a free port of the loopback.
func listen() (net.Listener, error) {
	return net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // lives as long as the stage
}

// freeAddresses returns free addresses of the loopback.
func freeAddresses(n int) (list []string, err error) {
	for range n {
		l, failed := listen()
		if failed != nil {
			return nil, errors.Join(err, failed)
		}
		defer func() { err = errors.Join(err, l.Close()) }()
		list = append(list, l.Addr().String())
	}
	return list, err
}

// certify writes a certificate for an hour.
func certify(dir string) (cert, key string, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: hostHTTP}, DNSNames: []string{hostHTTP, hostGRPC, hostGRPCS}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA: true, BasicConstraintsValid: true, // its own authority
	}
	public, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return "", "", err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", "", err
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	return cert, key, errors.Join(
		os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: public}), 0o600),
		os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
}
