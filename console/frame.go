package console

import (
	"bytes"
	"html/template"
	"net/http"

	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/store"
)

// frame is what every page stands in.
type frame struct {
	Title  string
	Nav    string // the current entry of the navigation
	Actor  string // account name; empty when nobody is signed in
	View   *view  // nil: the page has no time range and no search
	Notice string
	Bypass bool // the kill switch is on
	Admin  bool // may use it
	Body   any
}

var pageNames = []string{"login", "welcome", "password", "error", "dashboard", "attacks", "attack", "request", "sessions", "session", "lists"}

func parsePages() map[string]*template.Template {
	pages := map[string]*template.Template{}
	for _, name := range pageNames {
		t := template.New("layout.html").Funcs(functions)
		pages[name] = template.Must(t.ParseFS(templateFiles, "templates/layout.html", "templates/parts.html", "templates/"+name+".html"))
	}
	return pages
}

// write renders a page completely before anything is sent.
func (c *console) write(w http.ResponseWriter, status int, name string, f frame) {
	var b bytes.Buffer
	if err := c.pages[name].Execute(&b, f); err != nil {
		panic("BUG: page " + name + ": " + err.Error())
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the browser may be gone
}

func (c *console) show(w http.ResponseWriter, actor manage.Actor, name string, f frame) error {
	f.Actor, f.Admin = actor.Name, actor.Role >= store.Administrator
	var err error
	if f.Bypass, err = c.manage.Bypass(actor); err != nil {
		return err
	}
	c.write(w, http.StatusOK, name, f)
	return nil
}
