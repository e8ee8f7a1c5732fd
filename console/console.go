// Package console is the HTML face of manage: pages that a server writes and a
// browser shows, with state in the URL and forms that work without scripts.
//
// Everything shown may come from an attacker. Pages are html/template only, which
// escapes by context; control and direction characters are made visible; the
// listener's policy lets no script turn text into markup.
package console

import (
	"embed"
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"go.uber.org/zap"

	"github.com/weirnode/weir/access"
	"github.com/weirnode/weir/manage"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

type console struct {
	gate   *access.Gate
	manage *manage.Manage
	pages  map[string]*template.Template
}

// Register adds the console to a mux. The mux must stand behind gate.Protect.
func Register(mux *http.ServeMux, gate *access.Gate, m *manage.Manage) {
	c := &console{gate, m, parsePages()}
	static, err := fs.Sub(staticFiles, "static")
	if err != nil {
		panic("BUG: " + err.Error())
	}
	mux.Handle("GET /static/", cached(http.StripPrefix("/static/", http.FileServerFS(static))))
	mux.HandleFunc("GET /login", c.showLogin)
	mux.HandleFunc("POST /login", c.login)
	mux.HandleFunc("GET /welcome/{token}", c.showWelcome)
	mux.HandleFunc("POST /welcome/{token}", c.welcome)
	for pattern, handle := range c.routes() {
		mux.HandleFunc(pattern, c.signedIn(handle))
	}
}

// page answers a request of somebody who is signed in.
type page func(w http.ResponseWriter, r *http.Request, actor manage.Actor) error

func (c *console) routes() map[string]page {
	return map[string]page{
		"GET /{$}":                    c.dashboard,
		"GET /attacks":                c.attacks,
		"GET /attacks/{id}":           c.attack,
		"GET /requests/{id}":          c.request,
		"GET /sessions":               c.sessions,
		"GET /sessions/{id}":          c.session,
		"POST /sessions/{id}/block":   c.blockSession,
		"POST /sessions/{id}/unblock": c.unblockSession,
		"GET /lists":                  c.lists,
		"POST /lists":                 c.putEntry,
		"POST /lists/delete":          c.deleteEntry,
		"POST /bypass":                c.setBypass,
		"GET /password":               c.showPassword,
		"POST /password":              c.setPassword,
		"POST /logout":                c.logout,
	}
}

// signedIn sends strangers to the sign-in page and shows errors as pages.
func (c *console) signedIn(handle page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		actor, err := c.gate.Actor(r)
		if errors.Is(err, manage.ErrUnauthorized) {
			http.Redirect(w, r, "/login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		if err == nil {
			err = handle(w, r, actor)
		}
		if err != nil {
			c.showError(w, actor, err)
		}
	}
}

func (c *console) showError(w http.ResponseWriter, actor manage.Actor, err error) {
	status := access.Status(err)
	text := err.Error()
	if status == http.StatusInternalServerError {
		c.manage.Logger.Error("console", zap.Error(err))
		text = "The node could not do this. Its log says why."
	}
	c.write(w, status, "error", frame{Title: http.StatusText(status), Actor: actor.Name, Body: text})
}

// cached lets browsers keep the console's own files for an hour.
func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		next.ServeHTTP(w, r)
	})
}

// localPath returns where a form wants to go back to, if that is on this console.
func localPath(next, missing string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return missing
	}
	return next
}
