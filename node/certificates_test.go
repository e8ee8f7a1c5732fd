package node

import (
	"testing"

	"github.com/weirnode/weir/config"
)

// TestCertificatesMayChangeOnReload: their files may, whether there are any may not.
func TestCertificatesMayChangeOnReload(t *testing.T) {
	with := func(change func(*config.Listen), names ...string) *config.Config {
		c := config.Default()
		for _, name := range names {
			c.Listen[0].TLS.Certificates = append(c.Listen[0].TLS.Certificates, config.Certificate{Cert: name + ".pem", Key: name + ".key"})
		}
		if change != nil {
			change(&c.Listen[0])
		}
		return c
	}
	f := func(what string, old, next *config.Config, want bool) {
		t.Helper()
		if got := fixed(old, next) == nil; got != want {
			t.Errorf("%s: accepted %v, want %v", what, got, want)
		}
	}
	f("other files", with(nil, "a"), with(nil, "b"), true)
	f("one more", with(nil, "a"), with(nil, "a", "b"), true)
	f("no encryption any more", with(nil, "a"), with(nil), false)
	f("encryption from now on", with(nil), with(nil, "a"), false)
	f("another version", with(nil, "a"), with(func(l *config.Listen) { l.TLS.MinVersion = "1.3" }, "a"), false)
	f("another address", with(nil, "a"), with(func(l *config.Listen) { l.Address = "127.0.0.1:1" }, "a"), false)
}
