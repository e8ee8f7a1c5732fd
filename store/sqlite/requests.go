package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

func (s *Store) unpackChunk(data []byte) ([]event.Request, error) {
	plain, err := s.opener.DecodeAll(data, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errChunk, err)
	}
	return unpack(plain)
}

// Requests returns requests, newest first. It reads chunks from the newest on and
// stops when the page is full.
func (s *Store) Requests(ctx context.Context, q store.Query) (out store.Page[event.Request], err error) {
	m, err := newMatcher(q)
	if err != nil {
		return out, err
	}
	limit := limitOf(q)
	var found []event.Request
	err = s.chunks(ctx, q, m, func(last int64, records []event.Request) bool {
		if len(found) > limit && found[limit].Time > last {
			return false // what follows is older than the whole page
		}
		for i := range records {
			if m.matches(&records[i]) {
				found = append(found, records[i])
			}
		}
		slices.SortFunc(found, newestFirst)
		if len(found) > limit+1 {
			found = found[:limit+1]
		}
		return true
	})
	if len(found) > limit {
		found = found[:limit]
		r := &found[limit-1]
		out.Next = cursor(r.Time, r.ID[:])
	}
	out.Items = found
	return out, err
}

func newestFirst(a, b event.Request) int {
	if a.Time != b.Time {
		if a.Time > b.Time {
			return -1
		}
		return 1
	}
	return bytes.Compare(b.ID[:], a.ID[:])
}

// chunks reads the chunks that can hold what a matcher wants, by their latest
// request, newest first, until visit returns false.
func (s *Store) chunks(ctx context.Context, q store.Query, m *matcher, visit func(last int64, records []event.Request) bool) error {
	w := newWhere(nil)
	w.overlap(q)
	if m.before != 0 {
		w.term("first <= ?", m.before)
	}
	rows, err := s.read.QueryContext(ctx, "SELECT last, sessions, data FROM chunk"+w.text()+" ORDER BY last DESC", w.args...) //nolint:gosec // values are parameters
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var last int64
		var sessions, data sql.RawBytes
		if err := rows.Scan(&last, &sessions, &data); err != nil {
			return err
		}
		if m.session != nil && !holdsSession(sessions, *m.session) {
			continue
		}
		records, err := s.unpackChunk(data)
		if err != nil {
			return err
		}
		if !visit(last, records) {
			return nil
		}
	}
	return rows.Err()
}

// Request returns one request. Its id tells about when it was.
func (s *Store) Request(ctx context.Context, id event.ID) (event.Request, error) {
	q := store.Query{From: id.Time().Add(-time.Second), To: id.Time().Add(2 * time.Second), Where: []store.Condition{{Field: store.FieldRequest, Values: []string{id.String()}}}, Limit: 1}
	p, err := s.Requests(ctx, q)
	if err == nil && len(p.Items) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return event.Request{}, err
	}
	return p.Items[0], nil
}

// matcher selects requests of unpacked chunks.
type matcher struct {
	from, to   int64
	before     int64 // time of the cursor, 0 for none
	beforeID   []byte
	session    *event.Session // wanted session, nil for any
	conditions []func(*event.Request) bool
}

func newMatcher(q store.Query) (*matcher, error) {
	m := &matcher{to: 1<<63 - 1}
	if !q.From.IsZero() {
		m.from = q.From.UnixNano()
	}
	if !q.To.IsZero() {
		m.to = q.To.UnixNano()
	}
	if q.Cursor != "" {
		left, right, _ := strings.Cut(q.Cursor, ".")
		at, err := strconv.ParseInt(left, 10, 64)
		id, err := hexBytes(right, err)
		if err != nil {
			return nil, &store.ValueError{Value: q.Cursor, Want: "the cursor of a page before"}
		}
		m.before, m.beforeID = at, id.([]byte)
	}
	for _, c := range q.Where {
		if err := m.add(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *matcher) matches(r *event.Request) bool {
	if r.Time < m.from || r.Time >= m.to {
		return false
	}
	if m.before != 0 && (r.Time > m.before || r.Time == m.before && bytes.Compare(r.ID[:], m.beforeID) >= 0) {
		return false
	}
	for _, c := range m.conditions {
		if !c(r) {
			return false
		}
	}
	return true
}

// texts are the request fields that are compared as text.
var texts = map[store.Field]func(*event.Request) string{
	store.FieldHost:    func(r *event.Request) string { return r.Host },
	store.FieldPath:    func(r *event.Request) string { return r.Path },
	store.FieldMethod:  func(r *event.Request) string { return r.Method },
	store.FieldAction:  func(r *event.Request) string { return r.Action },
	store.FieldRequest: func(r *event.Request) string { return r.ID.String() },
	store.FieldSession: func(r *event.Request) string { return r.Session.String() },
}

func (m *matcher) add(c store.Condition) error {
	if c.Field == store.FieldSession && c.Op == store.Is && len(c.Values) == 1 {
		var id event.Session
		if err := id.UnmarshalText([]byte(c.Values[0])); err != nil {
			return &store.ValueError{Value: c.Values[0], Want: "32 hexadecimal digits"}
		}
		m.session = &id
	}
	var tests []func(*event.Request) bool
	for _, v := range c.Values {
		test, err := requestTest(c, v)
		if err != nil {
			return err
		}
		tests = append(tests, test)
	}
	m.conditions = append(m.conditions, func(r *event.Request) bool {
		found := slices.ContainsFunc(tests, func(test func(*event.Request) bool) bool { return test(r) })
		return found != (c.Op == store.IsNot)
	})
	return nil
}

// requestTest returns a test of a request against one value of a condition.
func requestTest(c store.Condition, v string) (func(*event.Request) bool, error) {
	if text := texts[c.Field]; text != nil {
		if !strings.ContainsAny(v, "*?") {
			return func(r *event.Request) bool { return text(r) == v }, nil
		}
		return func(r *event.Request) bool { return wild(v, text(r)) }, nil
	}
	switch c.Field {
	case store.FieldType:
		return func(r *event.Request) bool { return strings.Contains(","+r.Types+",", ","+v+",") }, nil
	case store.FieldStatus, store.FieldApplication:
		return numberTest(c, v)
	case store.FieldAddress:
		return addressTest(v)
	default:
		return nil, &store.FieldError{Field: c.Field}
	}
}

func numberTest(c store.Condition, v string) (func(*event.Request) bool, error) {
	n, err := strconv.Atoi(v)
	if err != nil {
		return nil, &store.ValueError{Value: v, Want: "a whole number"}
	}
	value := func(r *event.Request) int { return int(r.Status) }
	if c.Field == store.FieldApplication {
		value = func(r *event.Request) int { return int(r.Application) }
	}
	if c.Op != store.Range {
		return func(r *event.Request) bool { return value(r) == n }, nil
	}
	lo, err1 := strconv.Atoi(c.Values[0])
	hi, err2 := strconv.Atoi(c.Values[len(c.Values)-1])
	if err1 != nil || err2 != nil {
		return nil, &store.ValueError{Value: strings.Join(c.Values, "-"), Want: "a range of numbers such as 400-499"}
	}
	return func(r *event.Request) bool { return value(r) >= lo && value(r) <= hi }, nil
}

func addressTest(v string) (func(*event.Request) bool, error) {
	if a, err := netip.ParseAddr(v); err == nil {
		return func(r *event.Request) bool { return r.Address == a.Unmap() }, nil
	}
	if p, err := netip.ParsePrefix(v); err == nil {
		return func(r *event.Request) bool { return p.Contains(r.Address) }, nil
	}
	return nil, &store.ValueError{Value: v, Want: "an address or a subnet"}
}

// wild reports whether a text fits a pattern with * and ?. Slashes are ordinary.
func wild(pattern, text string) bool {
	const slash = "\x00"
	replace := strings.NewReplacer("/", slash, "[", `\[`, `\`, `\\`)
	ok, err := path.Match(replace.Replace(pattern), strings.ReplaceAll(text, "/", slash))
	return ok && err == nil
}
