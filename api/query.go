package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/store"
)

// defaultSpan is the time range of a query that names none.
const defaultSpan = 24 * time.Hour

// conditionKeys are query parameters that restrict a list to one value of a field.
var conditionKeys = []store.Field{
	store.FieldType, store.FieldHost, store.FieldPath, store.FieldPoint, store.FieldAddress, store.FieldApplication, store.FieldMethod,
	store.FieldStatus, store.FieldAction, store.FieldAttack, store.FieldSession, store.FieldRequest, store.FieldActor, store.FieldNoun,
}

// query reads from, to, q, limit, cursor and the conditions of a list request.
func query(r *http.Request) (store.Query, error) {
	v := r.URL.Query()
	q := store.Query{Cursor: v.Get("cursor")}
	var err error
	if q.Where, err = manage.ParseSearch(v.Get("q")); err != nil {
		return q, err
	}
	for _, f := range conditionKeys {
		if values := v[string(f)]; len(values) > 0 {
			q.Where = append(q.Where, store.Condition{Field: f, Values: values})
		}
	}
	if q.Limit, err = limit(v); err != nil {
		return q, err
	}
	if q.From, err = moment(v, "from", time.Now().Add(-defaultSpan)); err != nil {
		return q, err
	}
	q.To, err = moment(v, "to", time.Time{})
	return q, err
}

func limit(v url.Values) (int, error) {
	text := v.Get("limit")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 500 {
		return 0, &manage.InvalidError{Text: fmt.Sprintf("limit %q: a number from 1 to 500", text)}
	}
	return n, nil
}

// moment reads a time: RFC 3339, Unix seconds, or a duration back from now.
func moment(v url.Values, key string, missing time.Time) (time.Time, error) {
	text := v.Get(key)
	if text == "" {
		return missing, nil
	}
	t, err := manage.ParseTime(text, time.Now())
	if err != nil {
		return t, &manage.InvalidError{Text: key + ": " + err.Error()}
	}
	return t, nil
}

func number(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, manage.ErrNotFound
	}
	return n, nil
}
