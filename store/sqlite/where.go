package sqlite

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/weirnode/weir/store"
)

// column says how a field of one kind of record is found. With via set it is a
// condition with one place for the comparison, for fields of another table.
type column struct{ name, via string }

const (
	viaSource = "attack.id IN (SELECT attack FROM attack_source WHERE %s)"
	viaHit    = "attack.id IN (SELECT attack FROM hit WHERE %s)"
	viaHits   = "EXISTS (SELECT 1 FROM hit WHERE hit.attack = attack.id AND %s)"
)

// columns of the kinds of records that are rows. The actions are in actions.
var columns = map[store.Kind]map[store.Field]column{
	store.Attacks: {
		store.FieldType: {name: "attack.type"}, store.FieldHost: {name: "attack.host"}, store.FieldPath: {name: "attack.path"},
		store.FieldPoint: {name: "attack.point"}, store.FieldApplication: {name: "attack.application"}, store.FieldMethod: {name: "attack.method"},
		store.FieldStatus: {name: "attack.status"}, store.FieldAction: {}, store.FieldAttack: {name: "attack.id"},
		store.FieldAddress: {"address", viaSource}, store.FieldPayload: {"hit.payload", viaHits},
		store.FieldRequest: {"request", viaHit}, store.FieldSession: {"session", viaHit},
	},
	store.Hits: {
		store.FieldType: {name: "attack.type"}, store.FieldHost: {name: "attack.host"}, store.FieldPath: {name: "attack.path"},
		store.FieldPoint: {name: "attack.point"}, store.FieldApplication: {name: "attack.application"}, store.FieldMethod: {name: "hit.method"},
		store.FieldStatus: {name: "hit.status"}, store.FieldAction: {}, store.FieldAttack: {name: "hit.attack"}, store.FieldAddress: {name: "hit.address"},
		store.FieldPayload: {name: "hit.payload"}, store.FieldRequest: {name: "hit.request"}, store.FieldSession: {name: "hit.session"},
	},
	store.Sessions: {
		store.FieldType: {name: "types"}, store.FieldHost: {name: "host"}, store.FieldPath: {name: "path"}, store.FieldApplication: {name: "application"},
		store.FieldAddress: {name: "address"}, store.FieldSession: {name: "id"}, store.FieldAction: {},
	},
	store.Changes: {store.FieldActor: {name: "actor"}, store.FieldNoun: {name: "noun"}, store.FieldAddress: {name: "address"}},
}

// actions say what the values of the action field mean.
var actions = map[store.Kind]map[string]string{
	store.Attacks: {
		"blocked": "attack.blocked > 0", "partially_blocked": "attack.blocked > 0 AND attack.blocked < attack.hits",
		"monitored": "attack.blocked = 0", "passed": "attack.blocked = 0",
	},
	store.Hits:     {"blocked": "hit.blocked = 1", "monitored": "hit.blocked = 0", "passed": "hit.blocked = 0"}, //nolint:gosec // "passed" is no password
	store.Sessions: {"blocked": "blocked > 0", "monitored": "blocked = 0 AND attacks > 0", "passed": "attacks = 0"},
}

// where collects conditions. Every value is a parameter of the statement.
type where struct {
	terms []string
	args  []any
	err   error
}

// newWhere returns the conditions of a query of records of a kind.
func newWhere(kind store.Kind, q store.Query) *where {
	w := &where{err: q.Check(kind)}
	if w.err != nil {
		return w
	}
	for _, c := range q.Where {
		w.condition(kind, c)
	}
	return w
}

func (w *where) term(text string, args ...any) {
	w.terms = append(w.terms, text)
	w.args = append(w.args, args...)
}

// between keeps records whose time lies in the query's range.
func (w *where) between(name string, q store.Query) {
	if !q.From.IsZero() {
		w.term(name+" >= ?", q.From.UnixNano())
	}
	if !q.To.IsZero() {
		w.term(name+" < ?", q.To.UnixNano())
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

// condition adds one condition, which has been checked.
func (w *where) condition(kind store.Kind, c store.Condition) {
	col := columns[kind][c.Field]
	if c.Op == store.Range {
		lo, _ := strconv.ParseInt(c.Values[0], 10, 64)
		hi, _ := strconv.ParseInt(c.Values[1], 10, 64)
		w.term(col.name+" BETWEEN ? AND ?", lo, hi)
		return
	}
	terms := make([]string, 0, len(c.Values))
	for _, v := range c.Values {
		text, args := compare(kind, c.Field, col.name, v)
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
func compare(kind store.Kind, field store.Field, name, v string) (string, []any) {
	switch field.Comparison() {
	case store.ByNumber:
		n, _ := strconv.ParseInt(v, 10, 64)
		return name + " = ?", []any{n}
	case store.ByID:
		id, _ := hex.DecodeString(v)
		return name + " = ?", []any{id}
	case store.ByAddress:
		return compareAddress(name, v)
	case store.ByPart:
		return "instr(lower(CAST(" + name + " AS TEXT)), lower(?)) > 0", []any{v}
	case store.ByAction:
		return "(" + actions[kind][v] + ")", nil
	case store.ByCode:
		if kind == store.Sessions {
			return "instr(',' || " + name + " || ',', ?) > 0", []any{"," + v + ","}
		}
		return name + " = ?", []any{v}
	default:
		if strings.ContainsAny(v, "*?") {
			return name + " GLOB ?", []any{strings.ReplaceAll(v, "[", "[[]")}
		}
		return name + " = ?", []any{v}
	}
}

// compareAddress compares with an address or with the first and last one of a subnet.
func compareAddress(name, v string) (string, []any) {
	p, _ := store.ParseAddress(v)
	first := p.Addr().AsSlice()
	if p.IsSingleIP() {
		return name + " = ?", []any{first}
	}
	return fmt.Sprintf("(%s BETWEEN ? AND ? AND length(%[1]s) = %d)", name, len(first)), []any{first, lastAddress(p)}
}

// lastAddress returns the last address of a subnet.
func lastAddress(p netip.Prefix) []byte {
	b := p.Masked().Addr().AsSlice()
	for bit := p.Bits(); bit < 8*len(b); bit++ {
		b[bit/8] |= 0x80 >> (bit % 8)
	}
	return b
}

// text returns the conditions as the end of a statement.
func (w *where) text() string { return " WHERE " + w.conjunction() }

func (w *where) conjunction() string {
	if len(w.terms) == 0 {
		return "1"
	}
	return strings.Join(w.terms, " AND ")
}

func timeOf(nano int64) time.Time { return time.Unix(0, nano) }
