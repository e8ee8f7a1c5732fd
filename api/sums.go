package api

import (
	"fmt"
	"net/http"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/store"
)

type totalsJSON struct {
	Requests int64 `json:"requests"`
	Attacked int64 `json:"attacked"`
	Blocked  int64 `json:"blocked"`
	Hits     int64 `json:"hits"`
	Attacks  int64 `json:"attacks"`
	Sessions int64 `json:"sessions"`
}

func totals(a *api, actor manage.Actor, r *http.Request) (any, error) {
	q, err := query(r)
	if err != nil {
		return nil, err
	}
	t, err := a.manage.Totals(r.Context(), actor, q)
	return totalsJSON(t), err
}

type bucketJSON struct {
	Time     time.Time `json:"time"`
	Requests int64     `json:"requests"`
	Attacks  int64     `json:"attacked"`
	Blocked  int64     `json:"blocked"`
}

// maxBuckets bounds the answer of a series.
const maxBuckets = 2000

func series(a *api, actor manage.Actor, r *http.Request) (any, error) {
	q, err := query(r)
	if err != nil {
		return nil, err
	}
	step, err := time.ParseDuration(orElse(r.URL.Query().Get("step"), "5m"))
	if err != nil || step < time.Second {
		return nil, &manage.InvalidError{Text: "step: a duration of at least 1s, for example 5m"}
	}
	to := q.To
	if to.IsZero() {
		to = time.Now()
	}
	if n := to.Sub(q.From) / step; n > maxBuckets {
		return nil, &manage.InvalidError{Text: fmt.Sprintf("step: %d steps are too many (%d at most); take a longer step", n, maxBuckets)}
	}
	buckets, err := a.manage.Series(r.Context(), actor, q, step)
	return listOf(store.Page[store.Bucket]{Items: buckets}, err, func(b store.Bucket) bucketJSON { return bucketJSON(b) })
}

type countJSON struct {
	Value string `json:"value"`
	Hits  int64  `json:"hits"`
}

func top(a *api, actor manage.Actor, r *http.Request) (any, error) {
	q, err := query(r)
	if err != nil {
		return nil, err
	}
	n := q.Limit
	if n == 0 {
		n = 10
	}
	counts, err := a.manage.Top(r.Context(), actor, q, store.Field(r.PathValue("field")), n)
	return listOf(store.Page[store.Count]{Items: counts}, err, func(c store.Count) countJSON { return countJSON(c) })
}

type changeJSON struct {
	ID      event.ID  `json:"id"`
	Time    time.Time `json:"time"`
	Actor   string    `json:"actor"`
	Verb    string    `json:"verb"`
	Noun    string    `json:"noun"`
	Subject string    `json:"subject"`
	Detail  string    `json:"detail"`
	Address string    `json:"address"`
}

func changes(a *api, actor manage.Actor, r *http.Request) (any, error) {
	q, err := query(r)
	if err != nil {
		return nil, err
	}
	p, err := a.manage.Changes(r.Context(), actor, q)
	return listOf(p, err, func(c event.Change) changeJSON {
		out := changeJSON{c.ID, time.Unix(0, c.Time), c.Actor, c.Verb, c.Noun, c.Subject, c.Detail, ""}
		if c.Address.IsValid() {
			out.Address = c.Address.String()
		}
		return out
	})
}

func orElse(s, missing string) string {
	if s == "" {
		return missing
	}
	return s
}
