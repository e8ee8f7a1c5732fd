package sqlite

import (
	"bytes"
	"encoding/hex"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

// matcher selects requests of unpacked chunks.
type matcher struct {
	from, to   int64 // to is not in the range
	before     int64 // time of the cursor
	beforeID   []byte
	session    *event.Session // the only wanted session, nil for any
	conditions []condition
}

// condition is a test that holds or, negated, does not.
type condition struct {
	tests   []func(*event.Request) bool
	negated bool
}

func newMatcher(q store.Query) (*matcher, error) {
	m := &matcher{from: math.MinInt64, to: math.MaxInt64}
	if err := q.Check(store.Requests); err != nil {
		return nil, err
	}
	if !q.From.IsZero() {
		m.from = q.From.UnixNano()
	}
	if !q.To.IsZero() {
		m.to = q.To.UnixNano()
	}
	if q.Cursor != "" {
		at, id, err := parseCursor(q.Cursor, true)
		if err != nil {
			return nil, err
		}
		m.before, m.beforeID = at, id.([]byte)
		m.to = min(m.to, at+1)
	}
	for _, c := range q.Where {
		m.add(c)
	}
	return m, nil
}

// add adds a condition, which has been checked.
func (m *matcher) add(c store.Condition) {
	if c.Op == store.Range {
		value := numbers[c.Field]
		lo, _ := strconv.ParseInt(c.Values[0], 10, 64)
		hi, _ := strconv.ParseInt(c.Values[1], 10, 64)
		m.conditions = append(m.conditions, condition{tests: []func(*event.Request) bool{
			func(r *event.Request) bool { return value(r) >= lo && value(r) <= hi },
		}})
		return
	}
	var tests []func(*event.Request) bool
	for _, v := range c.Values {
		tests = append(tests, requestTest(c.Field, v))
	}
	m.conditions = append(m.conditions, condition{tests, c.Op == store.IsNot})
	if c.Field == store.FieldSession && c.Op == store.Is && len(c.Values) == 1 {
		m.session = new(event.Session)
		_ = m.session.UnmarshalText([]byte(c.Values[0]))
	}
}

func (m *matcher) matches(r *event.Request) bool {
	if r.Time < m.from || r.Time >= m.to {
		return false
	}
	if m.beforeID != nil && r.Time == m.before && bytes.Compare(r.ID[:], m.beforeID) >= 0 {
		return false
	}
	for _, c := range m.conditions {
		if slices.ContainsFunc(c.tests, func(test func(*event.Request) bool) bool { return test(r) }) == c.negated {
			return false
		}
	}
	return true
}

// Fields of requests by how they are compared.
var (
	texts = map[store.Field]func(*event.Request) string{
		store.FieldHost:   func(r *event.Request) string { return r.Host },
		store.FieldPath:   func(r *event.Request) string { return r.Path },
		store.FieldMethod: func(r *event.Request) string { return r.Method },
	}
	numbers = map[store.Field]func(*event.Request) int64{
		store.FieldStatus:      func(r *event.Request) int64 { return int64(r.Status) },
		store.FieldApplication: func(r *event.Request) int64 { return int64(r.Application) },
	}
	ids = map[store.Field]func(*event.Request) []byte{
		store.FieldRequest: func(r *event.Request) []byte { return r.ID[:] },
		store.FieldSession: func(r *event.Request) []byte { return r.Session[:] },
	}
)

// requestTest returns a test of a request against one value of a field.
func requestTest(f store.Field, v string) func(*event.Request) bool {
	switch f.Comparison() {
	case store.ByNumber:
		value := numbers[f]
		n, _ := strconv.ParseInt(v, 10, 64)
		return func(r *event.Request) bool { return value(r) == n }
	case store.ByID:
		value := ids[f]
		id, _ := hex.DecodeString(v)
		return func(r *event.Request) bool { return bytes.Equal(value(r), id) }
	case store.ByAddress:
		p, _ := store.ParseAddress(v)
		return func(r *event.Request) bool { return p.Contains(r.Address.Unmap().WithZone("")) }
	case store.ByAction:
		return func(r *event.Request) bool { return r.Action == v }
	case store.ByCode:
		return func(r *event.Request) bool { return strings.Contains(","+r.Types+",", ","+v+",") }
	default:
		value := texts[f]
		if !strings.ContainsAny(v, "*?") {
			return func(r *event.Request) bool { return value(r) == v }
		}
		return func(r *event.Request) bool { return wild(v, value(r)) }
	}
}

// wild reports whether a text fits a pattern with * and ?. Slashes are ordinary.
func wild(pattern, text string) bool {
	const slash = "\x00"
	replace := strings.NewReplacer("/", slash, "[", `\[`, `\`, `\\`)
	ok, err := path.Match(replace.Replace(pattern), strings.ReplaceAll(text, "/", slash))
	return ok && err == nil
}
