package manage

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/store"
)

// SearchError says at which byte of a search text something is wrong.
type SearchError struct {
	Column int // from 1
	Text   string
}

func (e *SearchError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Text) }

// searchKeys are the words that may stand before a colon.
var searchKeys = map[string]store.Field{
	"type": store.FieldType, "d": store.FieldHost, "domain": store.FieldHost, "host": store.FieldHost,
	"u": store.FieldPath, "url": store.FieldPath, "path": store.FieldPath,
	"p": store.FieldPoint, "param": store.FieldPoint, "point": store.FieldPoint,
	"ip": store.FieldAddress, "app": store.FieldApplication, "application": store.FieldApplication,
	"method": store.FieldMethod, "statuscode": store.FieldStatus, "status": store.FieldStatus, "action": store.FieldAction,
	"attack": store.FieldAttack, "session": store.FieldSession, "request_id": store.FieldRequest, "payload": store.FieldPayload,
	"actor": store.FieldActor, "noun": store.FieldNoun,
}

// ParseSearch reads the search language of console, API and command line:
//
//	sqli ip:192.0.2.0/24 !method:GET u:"/login *" statuscode:400-499
//
// Terms are separated by blanks. A term is key:value, or a bare attack type,
// address, path or request id. Terms of different keys must all hold, of terms of
// the same key one; a leading ! negates. Values may be quoted; * and ? are
// wildcards where text is compared.
func ParseSearch(text string) ([]store.Condition, error) {
	var list []store.Condition
	s := scanner{text: text}
	for {
		t, ok, err := s.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return list, nil
		}
		c, err := t.condition()
		if err != nil {
			return nil, err
		}
		list = merge(list, c)
	}
}

// merge joins conditions on one field that compare alike.
func merge(list []store.Condition, c store.Condition) []store.Condition {
	if c.Op == store.Range {
		return append(list, c)
	}
	for i := range list {
		if list[i].Field == c.Field && list[i].Op == c.Op {
			list[i].Values = append(list[i].Values, c.Values...)
			return list
		}
	}
	return append(list, c)
}

type term struct {
	column     int
	negated    bool
	key, value string
}

type scanner struct {
	text string
	pos  int
}

func (s *scanner) next() (t term, ok bool, err error) {
	for s.pos < len(s.text) && isBlank(s.text[s.pos]) {
		s.pos++
	}
	if s.pos == len(s.text) {
		return t, false, nil
	}
	t.column = s.pos + 1
	if s.text[s.pos] == '!' {
		t.negated = true
		s.pos++
	}
	word, quoted, err := s.word(true)
	if err != nil {
		return t, false, err
	}
	if !quoted && s.pos < len(s.text) && s.text[s.pos] == ':' {
		s.pos++
		t.key = strings.ToLower(word)
		word, _, err = s.word(false)
	}
	t.value = word
	return t, true, err
}

// word reads up to a blank, or to a colon when a key may stand here, or a quoted text.
func (s *scanner) word(key bool) (word string, quoted bool, err error) {
	if s.pos < len(s.text) && s.text[s.pos] == '"' {
		end := strings.IndexByte(s.text[s.pos+1:], '"')
		if end < 0 {
			return "", true, &SearchError{s.pos + 1, "this quote is not closed"}
		}
		word = s.text[s.pos+1 : s.pos+1+end]
		s.pos += end + 2
		return word, true, nil
	}
	start := s.pos
	for s.pos < len(s.text) && !isBlank(s.text[s.pos]) {
		if key && s.text[s.pos] == ':' {
			if _, known := searchKeys[strings.ToLower(s.text[start:s.pos])]; known || !looksLikeAddress(s.text[start:]) {
				break
			}
		}
		s.pos++
	}
	return s.text[start:s.pos], false, nil
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// looksLikeAddress keeps the colons of a bare IPv6 address from being taken for a key.
func looksLikeAddress(s string) bool {
	word, _, _ := strings.Cut(s, " ")
	_, err := ParsePrefix(word)
	return err == nil
}

func (t term) condition() (store.Condition, error) {
	if t.value == "" {
		return store.Condition{}, &SearchError{t.column, "a value is missing"}
	}
	field, ok := searchKeys[t.key]
	if t.key == "" {
		if field, ok = bareField(t.value); !ok {
			field, ok, t.value = store.FieldPayload, true, strings.Trim(t.value, "*")
		}
	}
	if !ok {
		return store.Condition{}, &SearchError{t.column, fmt.Sprintf("unknown key %q; try type: ip: host: path: point: method: status: action: session: request_id: payload:", t.key)}
	}
	c := store.Condition{Field: field, Values: []string{t.value}}
	if field == store.FieldType {
		c.Values[0] = strings.ToLower(t.value)
	}
	if t.negated {
		c.Op = store.IsNot
	}
	if lo, hi, isRange := numberRange(field, t.value); isRange && !t.negated {
		c.Op, c.Values = store.Range, []string{lo, hi}
	}
	return c, nil
}

// bareField guesses what a word without a key is.
func bareField(word string) (store.Field, bool) {
	if _, err := attack.Parse(strings.ToLower(word)); err == nil {
		return store.FieldType, true
	}
	if _, err := netip.ParseAddr(word); err == nil {
		return store.FieldAddress, true
	}
	if _, err := netip.ParsePrefix(word); err == nil {
		return store.FieldAddress, true
	}
	if strings.HasPrefix(word, "/") {
		return store.FieldPath, true
	}
	if len(word) == 32 && strings.Trim(word, "0123456789abcdef") == "" {
		return store.FieldRequest, true
	}
	return "", false
}

// numberRange reads 400-499 and 500+ for the status.
func numberRange(f store.Field, v string) (lo, hi string, ok bool) {
	if f != store.FieldStatus {
		return "", "", false
	}
	if lo, ok = strings.CutSuffix(v, "+"); ok {
		return lo, "999", true
	}
	return strings.Cut(v, "-")
}
