package console

import (
	"net/http"

	"github.com/weirnode/weir/manage"
)

// setBypass turns the kill switch and shows the dashboard, whose banner tells.
func (c *console) setBypass(w http.ResponseWriter, r *http.Request, actor manage.Actor) error {
	if err := c.manage.SetBypass(actor, r.PostFormValue("on") == "true"); err != nil {
		return err
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
