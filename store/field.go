package store

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Kind is a kind of record that queries are about.
type Kind uint8

// The kinds of records.
const (
	Attacks Kind = iota
	Hits
	Sessions
	Requests
	Changes
)

// Field names what a condition or a [Summer.Top] is about. Which fields apply to
// which kind of record is said by [Field.Of].
type Field string

// The fields.
const (
	FieldType        Field = "type"
	FieldHost        Field = "host"
	FieldPath        Field = "path"
	FieldPoint       Field = "point"
	FieldAddress     Field = "address"
	FieldApplication Field = "application"
	FieldMethod      Field = "method"
	FieldStatus      Field = "status"
	FieldAction      Field = "action"
	FieldAttack      Field = "attack" // attack id
	FieldSession     Field = "session"
	FieldRequest     Field = "request"
	FieldPayload     Field = "payload"
	FieldActor       Field = "actor"
	FieldNoun        Field = "noun"
)

// Comparison says how the values of a field are read and compared.
type Comparison uint8

// The comparisons.
const (
	ByText    Comparison = iota // the same text; * stands for any bytes, ? for one character
	ByCode                      // the same text, one of those a record has
	ByNumber                    // the same whole number
	ByID                        // 32 hexadecimal digits
	ByAddress                   // an address, or a subnet that holds it; 192.0.2.* is 192.0.2.0/24
	ByAction                    // blocked, partially_blocked (attacks), monitored, passed
	ByPart                      // the text occurs somewhere, ASCII case ignored
)

// catalogue says of each field how it is compared and which records have it.
var catalogue = map[Field]struct {
	comparison Comparison
	kinds      []Kind
}{
	FieldType:        {ByCode, []Kind{Attacks, Hits, Sessions, Requests}},
	FieldHost:        {ByText, []Kind{Attacks, Hits, Sessions, Requests}},
	FieldPath:        {ByText, []Kind{Attacks, Hits, Sessions, Requests}},
	FieldPoint:       {ByText, []Kind{Attacks, Hits}},
	FieldAddress:     {ByAddress, []Kind{Attacks, Hits, Sessions, Requests, Changes}},
	FieldApplication: {ByNumber, []Kind{Attacks, Hits, Sessions, Requests}},
	FieldMethod:      {ByText, []Kind{Attacks, Hits, Requests}},
	FieldStatus:      {ByNumber, []Kind{Attacks, Hits, Requests}},
	FieldAction:      {ByAction, []Kind{Attacks, Hits, Sessions, Requests}},
	FieldAttack:      {ByNumber, []Kind{Attacks, Hits}},
	FieldSession:     {ByID, []Kind{Attacks, Hits, Sessions, Requests}},
	FieldRequest:     {ByID, []Kind{Attacks, Hits, Requests}},
	FieldPayload:     {ByPart, []Kind{Attacks, Hits}},
	FieldActor:       {ByText, []Kind{Changes}},
	FieldNoun:        {ByText, []Kind{Changes}},
}

// Of reports whether records of a kind have the field. An attack has the method of its
// first hit, the status of its last, and the addresses, sessions, requests and payloads
// of all its hits that are kept.
func (f Field) Of(k Kind) bool { return slices.Contains(catalogue[f].kinds, k) }

// Comparison returns how values of the field are compared.
func (f Field) Comparison() Comparison { return catalogue[f].comparison }

// Fields returns the fields that records of a kind have, in alphabetical order.
func Fields(k Kind) []Field {
	var list []Field
	for f := range catalogue {
		if f.Of(k) {
			list = append(list, f)
		}
	}
	slices.Sort(list)
	return list
}

func (f Field) checkValue(v string, k Kind) error {
	if len(v) > maxValue {
		return &ValueError{Value: v[:32] + "...", Want: "short enough: at most 4096 bytes"}
	}
	switch f.Comparison() {
	case ByNumber:
		if _, err := strconv.ParseInt(v, 10, 64); err != nil {
			return &ValueError{Value: v, Want: "a whole number"}
		}
	case ByID:
		if len(v) != 32 || strings.Trim(v, "0123456789abcdefABCDEF") != "" {
			return &ValueError{Value: v, Want: "an id of 32 hexadecimal digits"}
		}
	case ByAddress:
		_, err := ParseAddress(v)
		return err
	case ByAction:
		if v != "blocked" && v != "monitored" && v != "passed" && (v != "partially_blocked" || k != Attacks) {
			return &ValueError{Value: v, Want: "blocked, monitored or passed"}
		}
	case ByText:
		if strings.Count(v, "*") > maxWildcards {
			return &ValueError{Value: v, Want: "simple enough: at most 16 asterisks"}
		}
	case ByCode, ByPart:
	}
	return nil
}

// ParseAddress reads the value of an address condition: an address, a subnet, or the
// first bytes of an IPv4 address and an asterisk.
func ParseAddress(v string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(v); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	if p, err := netip.ParsePrefix(v); err == nil {
		if a := p.Addr(); a.Is4In6() && p.Bits() >= 96 {
			return netip.PrefixFrom(a.Unmap(), p.Bits()-96).Masked(), nil
		}
		return p.Masked(), nil
	}
	if head, ok := strings.CutSuffix(v, ".*"); ok {
		dots := strings.Count(head, ".")
		if a, err := netip.ParseAddr(head + strings.Repeat(".0", max(0, 3-dots))); err == nil && a.Is4() {
			return netip.PrefixFrom(a, 8*(dots+1)), nil
		}
	}
	return netip.Prefix{}, &ValueError{Value: v, Want: "an address or a subnet, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"}
}
