package console

import (
	"net/http"
	"net/url"
	"time"

	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/store"
)

// view is the part of the URL that all lists share: time range, search, page.
type view struct {
	Path   string
	Range  string // key of ranges, or custom
	From   string
	To     string
	Search string
	Cursor string
	Error  string // what is wrong with the search or the range
	query  store.Query
}

// ranges are the time ranges that can be picked.
var ranges = []struct {
	Key, Label string
	Span       time.Duration
}{
	{"1h", "1 hour", time.Hour},
	{"24h", "24 hours", 24 * time.Hour},
	{"7d", "7 days", 7 * 24 * time.Hour},
	{"30d", "30 days", 30 * 24 * time.Hour},
	{"180d", "180 days", 180 * 24 * time.Hour},
}

const defaultRange = "24h"

// viewOf reads the view of a request. Mistakes are told and the rest is used.
func viewOf(r *http.Request, now time.Time) *view {
	v := r.URL.Query()
	w := &view{Path: r.URL.Path, Range: v.Get("range"), From: v.Get("from"), To: v.Get("to"), Search: v.Get("q"), Cursor: v.Get("cursor")}
	w.query = store.Query{Cursor: w.Cursor}
	w.setRange(now)
	where, err := manage.ParseSearch(w.Search)
	if err != nil {
		w.Error = "Search, " + err.Error()
	}
	w.query.Where = where
	return w
}

func (v *view) setRange(now time.Time) {
	if v.From != "" || v.To != "" {
		v.Range = "custom"
		var err error
		if v.From != "" {
			if v.query.From, err = manage.ParseTime(v.From, now); err != nil {
				v.Error = "From: " + err.Error()
			}
		}
		if v.To != "" {
			if v.query.To, err = manage.ParseTime(v.To, now); err != nil {
				v.Error = "To: " + err.Error()
			}
		}
		return
	}
	v.query.From = now.Add(-v.span())
}

func (v *view) span() time.Duration {
	for _, r := range ranges {
		if r.Key == v.Range {
			return r.Span
		}
	}
	v.Range = defaultRange
	return 24 * time.Hour
}

// Ranges returns the time ranges for the picker.
func (v *view) Ranges() any { return ranges }

// With returns the view's URL with the search replaced, on its first page.
func (v *view) With(path, search string) string { return v.link(path, search, "") }

// Next returns the URL of the page with a cursor.
func (v *view) Next(cursor string) string { return v.link(v.Path, v.Search, cursor) }

// First returns the URL of the first page.
func (v *view) First() string { return v.link(v.Path, v.Search, "") }

// At returns the URL of the view with another time range.
func (v *view) At(key string) string {
	w := *v
	w.Range, w.From, w.To = key, "", ""
	return w.link(v.Path, v.Search, "")
}

func (v *view) link(path, search, cursor string) string {
	q := url.Values{}
	set := func(key, value string) {
		if value != "" {
			q.Set(key, value)
		}
	}
	if v.Range == "custom" {
		set("from", v.From)
		set("to", v.To)
	} else if v.Range != defaultRange {
		set("range", v.Range)
	}
	set("q", search)
	set("cursor", cursor)
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
