package sqlite

import (
	"context"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

const attackColumns = `id, key, type, application, host, path, point, method, first, last, hits, blocked, kept, score, status, payloads, sources, top_source`

func scanAttack(row scanner) (a store.Attack, err error) {
	var key, first, last int64
	var top []byte
	err = row.Scan(&a.ID, &key, &a.Type, &a.Application, &a.Host, &a.Path, &a.Point, &a.Method, &first, &last, &a.Hits, &a.Blocked, &a.Kept,
		&a.Score, &a.Status, &a.Payloads, &a.Sources, &top)
	a.Key, a.First, a.Last, a.TopSource = event.Key(key), timeOf(first), timeOf(last), addressText(addressOf(top))
	return a, err
}

// Attacks returns attacks that had a hit in the time range, newest first.
func (s *Store) Attacks(ctx context.Context, q store.Query) (store.Page[store.Attack], error) {
	w := newWhere(store.Attacks, q)
	w.overlap(q)
	w.after(q.Cursor, "last", "id", false)
	return page(ctx, s, w, limitOf(q), "SELECT "+attackColumns+" FROM attack"+w.text()+" ORDER BY last DESC, id DESC LIMIT ?",
		func(rows scanner) (store.Attack, int64, any, error) {
			a, err := scanAttack(rows)
			return a, a.Last.UnixNano(), a.ID, err
		})
}

// Attack returns one attack.
func (s *Store) Attack(ctx context.Context, id int64) (store.Attack, error) {
	a, err := scanAttack(s.read.QueryRowContext(ctx, "SELECT "+attackColumns+" FROM attack WHERE id = ?", id))
	return a, notFound(err)
}

// Changes returns changes, newest first.
func (s *Store) Changes(ctx context.Context, q store.Query) (store.Page[event.Change], error) {
	w := newWhere(store.Changes, q)
	w.between("time", q)
	w.after(q.Cursor, "time", "id", true)
	return page(ctx, s, w, limitOf(q), "SELECT id, time, actor, verb, noun, subject, detail, address FROM change"+w.text()+" ORDER BY time DESC, id DESC LIMIT ?",
		func(rows scanner) (c event.Change, at int64, _ any, err error) {
			var id, address []byte
			err = rows.Scan(&id, &c.Time, &c.Actor, &c.Verb, &c.Noun, &c.Subject, &c.Detail, &address)
			copy(c.ID[:], id)
			c.Address = addressOf(address)
			return c, c.Time, id, err
		})
}
