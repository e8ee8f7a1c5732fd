package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"github.com/weirnode/weir/store"
)

// maxTop bounds the values of a Top.
const maxTop = 1000

// Top returns the most frequent values of a field among the hits of the time range.
// Those that sampling has dropped are counted where all conditions are on fields that
// the hits of an attack share and the field is one of these; or the address, then for
// attacks that lie wholly in the range.
func (s *Store) Top(ctx context.Context, q store.Query, field store.Field, n int) ([]store.Count, error) {
	switch field {
	case store.FieldType, store.FieldHost, store.FieldPath, store.FieldPoint, store.FieldApplication, store.FieldAddress, store.FieldMethod, store.FieldStatus:
	default:
		return nil, &store.FieldError{Field: field}
	}
	if err := q.Check(store.Hits); err != nil {
		return nil, err
	}
	shared := !slices.ContainsFunc(q.Where, func(c store.Condition) bool { return !ofAttack(c.Field) })
	var text string
	var args []any
	switch {
	case shared && (ofAttack(field) || field == store.FieldAddress):
		text, args = topOfAttacks(q, field)
	default:
		text, args = topOfHits(q, field)
	}
	rows, err := s.read.QueryContext(ctx, "SELECT value, sum(n) FROM ("+text+") GROUP BY value HAVING sum(n) > 0 ORDER BY 2 DESC, 1 LIMIT ?", //nolint:gosec // values are parameters
		append(args, max(0, min(n, maxTop)))...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return scanCounts(rows)
}

// topOfAttacks sums up attacks: those that lie wholly in the time range by their
// counters, the others by their hits and tallies of that time.
func topOfAttacks(q store.Query, field store.Field) (string, []any) {
	inside, hits, tallies := &where{}, &where{}, &where{}
	if !q.From.IsZero() {
		inside.term("first >= ?", q.From.UnixNano())
	}
	if !q.To.IsZero() {
		inside.term("last < ?", q.To.UnixNano())
	}
	hits.between("hit.time", q)
	tallies.slots(q)
	within, rest := newWhere(store.Attacks, q), newWhere(store.Attacks, q)
	within.term(inside.conjunction(), inside.args...)
	rest.overlap(q)
	rest.term("NOT ("+inside.conjunction()+")", inside.args...)
	if field == store.FieldAddress {
		return "SELECT s.address AS value, s.hits AS n FROM attack CROSS JOIN attack_source s ON s.attack = attack.id" + within.text() +
				" UNION ALL SELECT hit.address, 1 FROM attack CROSS JOIN hit ON hit.attack = attack.id AND " + hits.conjunction() + rest.text(),
			slices.Concat(within.args, hits.args, rest.args)
	}
	name := columns[store.Attacks][field].name
	return "SELECT " + name + " AS value, attack.hits AS n FROM attack" + within.text() + " UNION ALL SELECT " + name +
			", (SELECT count(*) FROM hit WHERE hit.attack = attack.id AND " + hits.conjunction() +
			") + (SELECT coalesce(sum(tally.hits), 0) FROM tally WHERE tally.attack = attack.id AND " + tallies.conjunction() + ") FROM attack" + rest.text(),
		slices.Concat(within.args, hits.args, tallies.args, rest.args)
}

// topOfHits counts hits that are kept.
func topOfHits(q store.Query, field store.Field) (string, []any) {
	w := newWhere(store.Hits, q)
	w.between("hit.time", q)
	return "SELECT " + columns[store.Hits][field].name + " AS value, 1 AS n FROM " + byAnything + w.text(), w.args
}

// scanCounts reads values: numbers and addresses become texts.
func scanCounts(rows *sql.Rows) (list []store.Count, err error) {
	for rows.Next() {
		var value any
		var c store.Count
		if err := rows.Scan(&value, &c.Hits); err != nil {
			return nil, err
		}
		switch v := value.(type) {
		case int64:
			c.Value = strconv.FormatInt(v, 10)
		case []byte:
			c.Value = addressText(addressOf(v))
		case string:
			c.Value = v
		}
		list = append(list, c)
	}
	return list, rows.Err()
}
