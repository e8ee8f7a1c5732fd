package console

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/manage"
)

type listsPage struct {
	Entries []iplist.Entry
	Problem string
}

func (c *console) lists(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	return c.showLists(w, r, actor, "")
}

func (c *console) showLists(w http.ResponseWriter, r *http.Request, actor manage.Actor, problem string) error {
	entries, err := c.manage.Entries(r.Context(), actor)
	if err != nil {
		return err
	}
	return c.show(w, actor, "lists", frame{Title: "Lists", Nav: "Lists", Body: listsPage{entries, problem}})
}

func (c *console) putEntry(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	err := c.entry(r, actor)
	if invalid, ok := errors.AsType[*manage.InvalidError](err); ok {
		return c.showLists(w, r, actor, invalid.Text)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, localPath(r.PostFormValue("back"), "/lists"), http.StatusSeeOther) //nolint:gosec // localPath lets paths of this console through only
	return nil
}

// entry puts the list entry of a form.
func (c *console) entry(r *http.Request, actor manage.Actor) error {
	kind, err := iplist.ParseKind(r.PostFormValue("kind"))
	if err != nil {
		return &manage.InvalidError{Text: err.Error()}
	}
	hold, err := manage.ParseHold(r.PostFormValue("for"))
	if err != nil {
		return err
	}
	application := 0
	if text := r.PostFormValue("application"); text != "" {
		if application, err = strconv.Atoi(text); err != nil || application < 0 || application > 1<<30 {
			return &manage.InvalidError{Text: "an application is a positive number, or 0 for all"}
		}
	}
	_, err = c.manage.PutEntry(r.Context(), actor, manage.Entry{
		Kind: kind, Address: r.PostFormValue("address"), Application: int32(application), For: hold, Reason: r.PostFormValue("reason"), //nolint:gosec // bounded above
	})
	return err
}

func (c *console) deleteEntry(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	id, err := strconv.ParseInt(r.PostFormValue("id"), 10, 64)
	if err != nil {
		return manage.ErrNotFound
	}
	if err := c.manage.DeleteEntry(r.Context(), actor, id); err != nil {
		return err
	}
	http.Redirect(w, r, "/lists", http.StatusSeeOther)
	return nil
}
