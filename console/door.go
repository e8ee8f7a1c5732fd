package console

import (
	"errors"
	"net/http"

	"github.com/weirnode/weir/access"
	"github.com/weirnode/weir/manage"
)

type loginPage struct{ Next, Name, Problem string }

func (c *console) showLogin(w http.ResponseWriter, r *http.Request) {
	c.write(w, http.StatusOK, "login", frame{Title: "Sign in", Body: loginPage{Next: localPath(r.URL.Query().Get("next"), "/")}})
}

func (c *console) login(w http.ResponseWriter, r *http.Request) {
	next := localPath(r.PostFormValue("next"), "/")
	name := r.PostFormValue("name")
	token, expires, err := c.manage.Login(r.Context(), name, r.PostFormValue("password"), access.Address(r), r.UserAgent())
	if err != nil {
		c.write(w, access.Status(err), "login", frame{Title: "Sign in", Body: loginPage{next, name, c.words(err)}})
		return
	}
	c.gate.SignIn(w, r, token, expires)
	http.Redirect(w, r, next, http.StatusSeeOther) //nolint:gosec // localPath lets paths of this console through only
}

// words returns what a person is told of an error.
func (c *console) words(err error) string {
	if access.Status(err) == http.StatusInternalServerError {
		return "The node could not do this. Its log says why."
	}
	return err.Error()
}

type welcomePage struct{ Token, Problem string }

func (c *console) showWelcome(w http.ResponseWriter, r *http.Request) {
	c.write(w, http.StatusOK, "welcome", frame{Title: "Welcome", Body: welcomePage{Token: r.PathValue("token")}})
}

func (c *console) welcome(w http.ResponseWriter, r *http.Request) {
	token, expires, choose, err := c.manage.Redeem(r.Context(), r.PathValue("token"), access.Address(r), r.UserAgent())
	if err != nil {
		c.write(w, access.Status(err), "welcome", frame{Title: "Welcome", Body: welcomePage{Problem: c.words(err)}})
		return
	}
	c.gate.SignIn(w, r, token, expires)
	if choose {
		http.Redirect(w, r, "/password", http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

type passwordPage struct {
	Has     bool
	Problem string
}

func (c *console) showPassword(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	has, err := c.manage.HasPassword(r.Context(), actor)
	if err != nil {
		return err
	}
	return c.show(w, actor, "password", frame{Title: "Password", Body: passwordPage{Has: has}})
}

func (c *console) setPassword(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	err := c.manage.SetPassword(r.Context(), actor, r.PostFormValue("old"), r.PostFormValue("new"))
	if invalid, ok := errors.AsType[*manage.InvalidError](err); ok {
		has, err := c.manage.HasPassword(r.Context(), actor)
		if err != nil {
			return err
		}
		return c.show(w, actor, "password", frame{Title: "Password", Body: passwordPage{has, invalid.Text}})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

func (c *console) logout(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	err := c.manage.Logout(r.Context(), actor)
	c.gate.SignOut(w, r)
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
	return nil
}
