package storetest

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

// value returns a value for a field that records may have, or not.
func (w *world) value(f store.Field) string {
	switch f {
	case store.FieldType:
		return one(w, slices.Concat(worldTypes, []string{"nothing"}))
	case store.FieldHost:
		return one(w, slices.Concat(worldHosts, []string{"*", "*.example.com", "[*", "nothing"}))
	case store.FieldPath:
		return one(w, slices.Concat(worldPaths, []string{"/a*", "/?", "*[b]*", "*/*/*", "/a\\*b", "*php", "/nothing"}))
	case store.FieldPoint:
		return one(w, slices.Concat(worldPoints, []string{"*json*", "[get, '?d']"}))
	case store.FieldAddress:
		return one(w, slices.Concat(worldAddresses[:8], []string{"10.0.0.0/24", "10.0.0.0/23", "10.0.*", "0.0.0.0/0", "::/0", "2001:db8::/47", "192.0.2.254/31", "::ffff:10.0.0.1"}))
	case store.FieldApplication:
		return one(w, []string{"-1", "0", "1", "7"})
	case store.FieldMethod:
		return one(w, slices.Concat(worldMethods, []string{"*E*"}))
	case store.FieldStatus:
		return strconv.Itoa(int(one(w, worldStatus)))
	case store.FieldAction:
		return one(w, []string{"blocked", "monitored", "passed"})
	case store.FieldSession:
		return w.session().String()
	case store.FieldRequest:
		return one(w, w.requests).ID.String()
	case store.FieldPayload:
		return one(w, slices.Concat(worldPayloads, []string{"or", "SCRIPT", "%", "_"}))
	default:
		return one(w, []string{"ann", "bob", "rule", "list_entry", "*"})
	}
}

// holds reports whether a condition holds for a record with these values of its field.
func holds(c store.Condition, values ...string) bool {
	found := slices.ContainsFunc(values, func(have string) bool {
		if c.Op == store.Range {
			n, _ := strconv.Atoi(have)
			lo, _ := strconv.Atoi(c.Values[0])
			hi, _ := strconv.Atoi(c.Values[1])
			return n >= lo && n <= hi
		}
		return slices.ContainsFunc(c.Values, func(want string) bool { return equals(c.Field, want, have) })
	})
	return found != (c.Op == store.IsNot)
}

func equals(f store.Field, want, have string) bool {
	switch f.Comparison() {
	case store.ByText:
		return fits(want, have)
	case store.ByPart:
		return strings.Contains(strings.ToLower(have), strings.ToLower(want))
	case store.ByAddress:
		a, err := netip.ParseAddr(have)
		p, _ := store.ParseAddress(want)
		return err == nil && p.Contains(a)
	case store.ByCode:
		return slices.Contains(strings.Split(have, ","), want)
	default:
		return want == have
	}
}

// fits matches a text with a pattern of * and ?.
func fits(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	if pattern[0] == '*' {
		return fits(pattern[1:], text) || text != "" && fits(pattern, text[1:])
	}
	if text == "" {
		return false
	}
	if pattern[0] == '?' {
		_, size := utf8.DecodeRuneInString(text)
		return fits(pattern[1:], text[size:])
	}
	return pattern[0] == text[0] && fits(pattern[1:], text[1:])
}

func inRange(q store.Query, first, last int64) bool {
	return (q.From.IsZero() || last >= q.From.UnixNano()) && (q.To.IsZero() || first < q.To.UnixNano())
}

func allHold(q store.Query, values func(store.Field) []string) bool {
	return !slices.ContainsFunc(q.Where, func(c store.Condition) bool { return !holds(c, values(c.Field)...) })
}

func (w *world) requestsFor(q store.Query) (list []string) {
	for _, r := range slices.Backward(w.requests) {
		if inRange(q, r.Time, r.Time) && allHold(q, func(f store.Field) []string { return []string{requestValue(&r, f)} }) {
			list = append(list, r.ID.String())
		}
	}
	return list
}

func requestValue(r *event.Request, f store.Field) string {
	switch f {
	case store.FieldType:
		return r.Types
	case store.FieldHost:
		return r.Host
	case store.FieldPath:
		return r.Path
	case store.FieldAddress:
		return r.Address.String()
	case store.FieldApplication:
		return strconv.Itoa(int(r.Application))
	case store.FieldMethod:
		return r.Method
	case store.FieldStatus:
		return strconv.Itoa(int(r.Status))
	case store.FieldAction:
		return r.Action
	case store.FieldSession:
		return r.Session.String()
	default:
		return r.ID.String()
	}
}

func (w *world) hitsFor(q store.Query) (list []string) {
	for _, h := range slices.Backward(w.hits) {
		if inRange(q, h.Time, h.Time) && allHold(q, func(f store.Field) []string { return hitValues(&h, f) }) {
			list = append(list, h.ID.String())
		}
	}
	return list
}

func hitValues(h *event.Hit, f store.Field) []string {
	one := ""
	switch f { //nolint:exhaustive // hits have no other field
	case store.FieldType:
		one = h.Type
	case store.FieldHost:
		one = h.Host
	case store.FieldPath:
		one = h.Path
	case store.FieldPoint:
		one = h.Point
	case store.FieldAddress:
		one = h.Address.String()
	case store.FieldApplication:
		one = strconv.Itoa(int(h.Application))
	case store.FieldMethod:
		one = h.Method
	case store.FieldStatus:
		one = strconv.Itoa(int(h.Status))
	case store.FieldAction:
		if h.Blocked {
			return []string{"blocked"}
		}
		return []string{"monitored", "passed"}
	case store.FieldSession:
		one = h.Session.String()
	case store.FieldRequest:
		one = h.Request.String()
	case store.FieldPayload:
		one = h.Payload
	}
	return []string{one}
}

func (w *world) attacksFor(q store.Query) (list []string) {
	for _, g := range w.groups() {
		first, last := g[0], g[len(g)-1]
		if !inRange(q, first.Time, last.Time) || !allHold(q, g.values) {
			continue
		}
		sources, payloads, blocked := map[netip.Addr]bool{}, map[string]bool{}, int64(0)
		for _, h := range g {
			sources[h.Address], payloads[h.Payload] = true, true
			blocked += btoi(h.Blocked)
		}
		list = append(list, fmt.Sprint(first.Attack, first.Time, last.Time, len(g), blocked, len(g), len(sources), len(payloads)))
	}
	return list
}

func (g group) values(f store.Field) (list []string) {
	switch f { //nolint:exhaustive // the others are those of any hit
	case store.FieldMethod:
		return hitValues(&g[0], f)
	case store.FieldStatus:
		return hitValues(&g[len(g)-1], f)
	case store.FieldAction:
		if slices.ContainsFunc(g, func(h event.Hit) bool { return h.Blocked }) {
			return []string{"blocked"}
		}
		return []string{"monitored", "passed"}
	}
	for i := range g {
		list = append(list, hitValues(&g[i], f)...)
	}
	return list
}

func sessionText(s store.Session) string {
	return fmt.Sprint(s.Last.UnixNano(), s.ID, s.First.UnixNano(), s.Requests, s.Attacks, s.Blocked, s.Errors, s.Bytes, s.Application, s.Address, s.Agent, s.Host, s.Path, s.Types)
}

func (w *world) sessionsFor(q store.Query) (list []string) {
	var found []store.Session
	for n := range byte(12) {
		id := event.Session{0: n * 20, 1: n, 15: n}
		if s, ok := w.sum(id); ok && inRange(q, s.First.UnixNano(), s.Last.UnixNano()) && allHold(q, func(f store.Field) []string { return sessionValues(&s, f) }) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b store.Session) int {
		if c := b.Last.Compare(a.Last); c != 0 {
			return c
		}
		return bytes.Compare(b.ID[:], a.ID[:])
	})
	for _, s := range found {
		list = append(list, sessionText(s))
	}
	return list
}

// sum adds up the requests of a session.
func (w *world) sum(id event.Session) (s store.Session, ok bool) {
	list := w.requestsOf(id)
	if len(list) == 0 || id == (event.Session{}) {
		return s, false
	}
	last := list[0]
	s = store.Session{
		ID: id, First: time.Unix(0, list[len(list)-1].Time), Last: time.Unix(0, last.Time), Requests: int64(len(list)), Application: last.Application,
		Agent: last.Agent, Host: last.Host, Path: last.Path,
	}
	if last.Address.IsValid() {
		s.Address = addressText(last.Address)
	}
	types := []string{}
	for _, r := range list {
		s.Bytes += r.ResponseBytes
		s.Blocked += btoi(r.Action == "blocked")
		s.Errors += btoi(r.Status >= 400)
		if r.Types != "" {
			s.Attacks++
			types = append(types, strings.Split(r.Types, ",")...)
		}
	}
	slices.Sort(types)
	s.Types = strings.Join(slices.Compact(types), ",")
	return s, true
}

func sessionValues(s *store.Session, f store.Field) []string {
	switch f {
	case store.FieldType:
		return []string{s.Types}
	case store.FieldHost:
		return []string{s.Host}
	case store.FieldPath:
		return []string{s.Path}
	case store.FieldAddress:
		return []string{s.Address}
	case store.FieldApplication:
		return []string{strconv.Itoa(int(s.Application))}
	case store.FieldAction:
		switch {
		case s.Blocked > 0:
			return []string{"blocked"}
		case s.Attacks > 0:
			return []string{"monitored"}
		default:
			return []string{"passed"}
		}
	default:
		return []string{s.ID.String()}
	}
}

func (w *world) changesFor(q store.Query) (list []string) {
	for _, c := range slices.Backward(w.changes) {
		if inRange(q, c.Time, c.Time) && allHold(q, func(f store.Field) []string {
			return []string{map[store.Field]string{store.FieldActor: c.Actor, store.FieldNoun: c.Noun, store.FieldAddress: c.Address.String()}[f]}
		}) {
			list = append(list, c.ID.String())
		}
	}
	return list
}
