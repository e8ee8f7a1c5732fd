package session

import (
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"strings"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/event"
)

// Source is where grouping values are looked up: the head of one request.
type Source interface {
	Cookie(name []byte) ([]byte, bool)
	Header(lowerName string) []byte
}

// Keys derives session ids from requests. It is immutable.
type Keys struct {
	keys   []key
	k0, k1 uint64 // of the keyed hash
}

// key is one grouping key: a cookie or a header field.
type key struct {
	cookie []byte
	header string
}

// Cookies and header fields by which common frameworks name sessions, tried after
// the configured keys.
var builtIn = []string{
	"PHPSESSID", "JSESSIONID", "ASP.NET_SessionId", ".AspNetCore.Session", "connect.sid", "sessionid", "session_id", "session",
	"sid", "_session_id", "laravel_session", "ci_session", "CFID",
}

var builtInHeaders = []string{"session-id", "x-session-id", "authorization"}

// minValue is the shortest value that can tell sessions apart, in bytes.
const minValue = 6

// Compile prepares the grouping keys. The secret, 16 bytes, must stay the same for
// sessions to keep their ids.
func Compile(c config.Session, secret []byte) *Keys {
	sum := sha256.Sum256(secret)
	k := &Keys{k0: binary.LittleEndian.Uint64(sum[:8]), k1: binary.LittleEndian.Uint64(sum[8:16])}
	for _, from := range c.Keys {
		k.keys = append(k.keys, key{[]byte(from.Cookie), strings.ToLower(from.Header)})
	}
	for _, name := range builtIn {
		k.keys = append(k.keys, key{cookie: []byte(name)})
	}
	for _, name := range builtInHeaders {
		k.keys = append(k.keys, key{header: name})
	}
	return k
}

// Identify returns the session of a request: by the value of the first grouping key
// that it carries, whichever that is, else by address and User-Agent. Named reports
// whether there was such a value: behind one address many people can have one browser.
func (k *Keys) Identify(s Source, addr netip.Addr, agent []byte) (id event.Session, named bool) {
	for i := range k.keys {
		if v := k.keys[i].value(s); len(v) >= minValue {
			return k.hash(1, v, nil), true
		}
	}
	if !addr.IsValid() {
		return event.Session{}, false
	}
	a := addr.As16()
	return k.hash(2, a[:], agent), false
}

func (k *key) value(s Source) []byte {
	if len(k.cookie) > 0 {
		v, _ := s.Cookie(k.cookie)
		return v
	}
	return s.Header(k.header)
}

// hash returns the session of a kind and two texts. An attacker without the secret
// cannot make ids collide.
func (k *Keys) hash(kind byte, a, b []byte) event.Session {
	return sip(k.k0, k.k1, uint64(kind)<<56|uint64(len(a)), a, b)
}
