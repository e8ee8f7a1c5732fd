// Package access stands at the door of the management listener: it says who asks,
// refuses requests that another site made a browser send, and sets the headers
// that keep hostile content inert.
//
// A browser carries a session cookie (HttpOnly, SameSite=Strict), a program a
// bearer token. Cookies are shared by all ports of a host, so the cookie's name
// holds the port of the listener.
package access

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/store"
)

// policy allows the console's own files and nothing else; no Trusted Types policy
// can be made, so no script can turn text into markup.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// maxBody bounds what a management request may carry, in bytes.
const maxBody = 1 << 20

// Gate knows who asks.
type Gate struct {
	manage *manage.Manage
	origin *http.CrossOriginProtection
}

// New returns a gate.
func New(m *manage.Manage) *Gate { return &Gate{m, http.NewCrossOriginProtection()} }

// Protect wraps everything the management listener serves.
func (g *Gate) Protect(next http.Handler) http.Handler {
	guarded := g.origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		guarded.ServeHTTP(w, r)
	})
}

// Actor returns who asks, or manage.ErrUnauthorized.
func (g *Gate) Actor(r *http.Request) (manage.Actor, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		cookie, err := r.Cookie(cookieName(r))
		if err != nil {
			return manage.Actor{}, manage.ErrUnauthorized
		}
		token = cookie.Value
	}
	return g.manage.Authenticate(r.Context(), token, Address(r))
}

// SignIn gives the browser its session.
func (g *Gate) SignIn(w http.ResponseWriter, r *http.Request, token string, expires time.Time) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure where the listener has TLS; plain HTTP is for the loopback
		Name: cookieName(r), Value: token, Path: "/", Expires: expires,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
}

// SignOut takes the browser's session away.
func (g *Gate) SignOut(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure where the listener has TLS; plain HTTP is for the loopback
		Name: cookieName(r), Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
}

func cookieName(r *http.Request) string {
	if addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		if _, port, err := net.SplitHostPort(addr.String()); err == nil {
			return "weir_" + port
		}
	}
	return "weir"
}

// Address returns the address of the peer.
func Address(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}

// Status returns the HTTP status for an error of package manage.
func Status(err error) int {
	var invalid *manage.InvalidError
	var search *manage.SearchError
	var wait *manage.WaitError
	var field *store.FieldError
	var value *store.ValueError
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return http.StatusOK
	case errors.Is(err, manage.ErrUnauthorized):
		return http.StatusUnauthorized
	case errors.Is(err, manage.ErrForbidden):
		return http.StatusForbidden
	case errors.Is(err, manage.ErrNotFound):
		return http.StatusNotFound
	case errors.As(err, &wait):
		return http.StatusTooManyRequests
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &invalid), errors.As(err, &search), errors.As(err, &field), errors.As(err, &value):
		return http.StatusUnprocessableEntity
	default:
		return http.StatusInternalServerError
	}
}
