package sqlite

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/weirnode/weir/store"
)

// how a field is compared.
type how uint8

const (
	asText      how = iota // * and ? are wildcards
	asNumber               // whole number
	asBlob                 // hexadecimal digits
	asAddress              // address or subnet
	asTypes                // one of comma-joined codes
	asAction               // blocked, monitored, partially_blocked
	asSubstring            // occurs somewhere
)

// column says how a field of one kind of record is found. With via set it is a
// condition with one place for the comparison, for fields of another table.
type column struct {
	name string
	how  how
	via  string
}

type fields map[store.Field]column

var attackFields = fields{
	store.FieldType: {"type", asText, ""}, store.FieldHost: {"host", asText, ""}, store.FieldPath: {"path", asText, ""},
	store.FieldPoint: {"point", asText, ""}, store.FieldApplication: {"application", asNumber, ""}, store.FieldMethod: {"method", asText, ""},
	store.FieldStatus: {"status", asNumber, ""}, store.FieldAction: {"", asAction, ""}, store.FieldAttack: {"id", asNumber, ""},
	store.FieldAddress: {"s.address", asAddress, "EXISTS (SELECT 1 FROM attack_source s WHERE s.attack = attack.id AND %s)"},
	store.FieldPayload: {"h.payload", asSubstring, "EXISTS (SELECT 1 FROM hit h WHERE h.attack = attack.id AND %s)"},
	store.FieldRequest: {"h.request", asBlob, "EXISTS (SELECT 1 FROM hit h WHERE h.attack = attack.id AND %s)"},
	store.FieldSession: {"h.session", asBlob, "EXISTS (SELECT 1 FROM hit h WHERE h.attack = attack.id AND %s)"},
}

var hitFields = fields{
	store.FieldType: {"type", asText, ""}, store.FieldHost: {"host", asText, ""}, store.FieldPath: {"path", asText, ""},
	store.FieldPoint: {"point", asText, ""}, store.FieldApplication: {"application", asNumber, ""}, store.FieldMethod: {"method", asText, ""},
	store.FieldStatus: {"status", asNumber, ""}, store.FieldAttack: {"attack", asNumber, ""}, store.FieldAddress: {"address", asAddress, ""},
	store.FieldPayload: {"payload", asSubstring, ""}, store.FieldRequest: {"request", asBlob, ""}, store.FieldSession: {"session", asBlob, ""},
	store.FieldAction: {"", asAction, ""},
}

var sessionFields = fields{
	store.FieldType: {"types", asTypes, ""}, store.FieldHost: {"host", asText, ""}, store.FieldPath: {"path", asText, ""},
	store.FieldApplication: {"application", asNumber, ""}, store.FieldAddress: {"address", asAddress, ""}, store.FieldSession: {"id", asBlob, ""},
	store.FieldAction: {"", asAction, ""},
}

var changeFields = fields{
	store.FieldActor: {"actor", asText, ""}, store.FieldNoun: {"noun", asText, ""}, store.FieldAddress: {"address", asAddress, ""},
}

// where collects conditions. Every value is a parameter of the statement.
type where struct {
	fields fields
	terms  []string
	args   []any
	err    error
}

func newWhere(f fields) *where { return &where{fields: f} }

func (w *where) term(text string, args ...any) {
	w.terms = append(w.terms, text)
	w.args = append(w.args, args...)
}

// between keeps records whose time lies in the query's range.
func (w *where) between(q store.Query) {
	if !q.From.IsZero() {
		w.term("time >= ?", q.From.UnixNano())
	}
	if !q.To.IsZero() {
		w.term("time < ?", q.To.UnixNano())
	}
}

// overlap keeps records from first to last that touch the query's range.
func (w *where) overlap(q store.Query) {
	if !q.From.IsZero() {
		w.term("last >= ?", q.From.UnixNano())
	}
	if !q.To.IsZero() {
		w.term("first < ?", q.To.UnixNano())
	}
}

func (w *where) conditions(list []store.Condition) {
	for _, c := range list {
		col, ok := w.fields[c.Field]
		switch {
		case !ok:
			w.err = &store.FieldError{Field: c.Field}
			return
		case c.Op == store.Range:
			w.numberRange(col, c.Values)
		default:
			w.anyOf(col, c)
		}
	}
}

func (w *where) numberRange(col column, values []string) {
	lo, err1 := strconv.ParseInt(values[0], 10, 64)
	hi, err2 := strconv.ParseInt(values[len(values)-1], 10, 64)
	if col.how != asNumber || err1 != nil || err2 != nil {
		w.err = &store.ValueError{Value: strings.Join(values, "-"), Want: "a range of numbers such as 400-499"}
		return
	}
	w.term(col.name+" BETWEEN ? AND ?", lo, hi)
}

func (w *where) anyOf(col column, c store.Condition) {
	var terms []string
	for _, v := range c.Values {
		text, args, err := col.compare(v)
		if err != nil {
			w.err = err
			return
		}
		terms = append(terms, text)
		w.args = append(w.args, args...)
	}
	text := "(" + strings.Join(terms, " OR ") + ")"
	if col.via != "" {
		text = fmt.Sprintf(col.via, text)
	}
	if c.Op == store.IsNot {
		text = "NOT " + text
	}
	w.terms = append(w.terms, text)
}

// compare returns a comparison with one value.
func (col column) compare(v string) (string, []any, error) {
	switch col.how {
	case asNumber:
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return "", nil, &store.ValueError{Value: v, Want: "a whole number"}
		}
		return col.name + " = ?", []any{n}, nil
	case asBlob:
		b, err := hex.DecodeString(v)
		if err != nil {
			return "", nil, &store.ValueError{Value: v, Want: "32 hexadecimal digits"}
		}
		return col.name + " = ?", []any{b}, nil
	case asAddress:
		return col.compareAddress(v)
	case asTypes:
		return "instr(',' || " + col.name + " || ',', ?) > 0", []any{"," + v + ","}, nil
	case asSubstring:
		return "instr(lower(CAST(" + col.name + " AS TEXT)), lower(?)) > 0", []any{v}, nil
	case asAction:
		return compareAction(v)
	default:
		if !strings.ContainsAny(v, "*?") {
			return col.name + " = ?", []any{v}, nil
		}
		return col.name + " GLOB ?", []any{strings.ReplaceAll(v, "[", "[[]")}, nil
	}
}

func compareAction(v string) (string, []any, error) {
	switch v {
	case "blocked":
		return "blocked > 0", nil, nil
	case "monitored", "passed":
		return "blocked = 0", nil, nil
	default:
		return "", nil, &store.ValueError{Value: v, Want: "blocked or monitored"}
	}
}

// compareAddress compares with an address, or with the texts of a subnet whose
// length is a whole number of groups.
func (col column) compareAddress(v string) (string, []any, error) {
	if a, err := netip.ParseAddr(v); err == nil {
		return col.name + " = ?", []any{a.Unmap().String()}, nil
	}
	p, err := netip.ParsePrefix(v)
	if err != nil {
		if strings.ContainsAny(v, "*?") {
			return col.name + " GLOB ?", []any{strings.ReplaceAll(v, "[", "[[]")}, nil
		}
		return "", nil, &store.ValueError{Value: v, Want: "an address, or a subnet of /8, /16, /24 or /32"}
	}
	groups := p.Bits() / 8
	if !p.Addr().Is4() || p.Bits()%8 != 0 || groups == 0 {
		return "", nil, &store.ValueError{Value: v, Want: "a subnet of /8, /16, /24 or /32"}
	}
	if groups == 4 {
		return col.name + " = ?", []any{p.Addr().String()}, nil
	}
	parts := strings.Split(p.Masked().Addr().String(), ".")
	return col.name + " GLOB ?", []any{strings.Join(parts[:groups], ".") + ".*"}, nil
}

func (w *where) text() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.terms, " AND ")
}

// limits of pages.
const (
	defaultLimit = 50
	maxLimit     = 500
)

func limitOf(q store.Query) int {
	if q.Limit <= 0 {
		return defaultLimit
	}
	return min(q.Limit, maxLimit)
}

// cursor is the place of a record in its order: its time and its id.
func cursor(at int64, id any) string {
	switch v := id.(type) {
	case []byte:
		return fmt.Sprintf("%d.%s", at, hex.EncodeToString(v))
	default:
		return fmt.Sprintf("%d.%d", at, v)
	}
}

// after keeps records behind a cursor in the order newest first.
func (w *where) after(text, timeColumn, idColumn string, blob bool) {
	if text == "" {
		return
	}
	left, right, _ := strings.Cut(text, ".")
	at, err := strconv.ParseInt(left, 10, 64)
	var id any
	if blob {
		id, err = hexBytes(right, err)
	} else {
		id, err = number(right, err)
	}
	if err != nil {
		w.err = &store.ValueError{Value: text, Want: "the cursor of a page before"}
		return
	}
	w.term("("+timeColumn+", "+idColumn+") < (?, ?)", at, id)
}

func hexBytes(s string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return hex.DecodeString(s)
}

func number(s string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return strconv.ParseInt(s, 10, 64)
}

// page asks for one page of records, newest first.
func page[T any](ctx context.Context, s *Store, q store.Query, w *where, selection, timeColumn, idColumn string, blob bool,
	scan func(*sql.Rows) (record T, at int64, id any, err error),
) (out store.Page[T], err error) {
	w.conditions(q.Where)
	w.after(q.Cursor, timeColumn, idColumn, blob)
	if w.err != nil {
		return out, w.err
	}
	limit := limitOf(q)
	rows, err := s.read.QueryContext(ctx, selection+w.text()+" ORDER BY "+timeColumn+" DESC, "+idColumn+" DESC LIMIT ?", append(w.args, limit+1)...)
	if err != nil {
		return out, err
	}
	defer rows.Close()
	last := ""
	for rows.Next() {
		record, at, id, err := scan(rows)
		if err != nil {
			return out, err
		}
		if len(out.Items) == limit {
			out.Next = last
			break
		}
		out.Items = append(out.Items, record)
		last = cursor(at, id)
	}
	return out, rows.Err()
}

func timeOf(nano int64) time.Time { return time.Unix(0, nano) }
