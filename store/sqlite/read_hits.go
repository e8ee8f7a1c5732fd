package sqlite

import (
	"context"
	"slices"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

const hitColumns = `hit.uid, hit.attack, attack.key, hit.request, hit.session, hit.time, attack.type, attack.application, attack.host, attack.path, attack.point,
	hit.method, hit.address, hit.status, hit.score, hit.blocked, hit.mode, hit.reason, hit.context, hit.agent, hit.payload, hit.before, hit.length, hit.stamps`

// scanHit reads the columns of a hit and what follows them.
func (s *Store) scanHit(row scanner, more ...any) (h store.Hit, err error) {
	var id, request, session, payload, stamps, address []byte
	var key int64
	err = row.Scan(append([]any{
		&id, &h.AttackID, &key, &request, &session, &h.Time, &h.Type, &h.Application, &h.Host, &h.Path, &h.Point, &h.Method, &address,
		&h.Status, &h.Score, &h.Blocked, &h.Mode, &h.Reason, &h.Context, &h.Agent, &payload, &h.Before, &h.Length, &stamps,
	}, more...)...)
	copy(h.ID[:], id)
	copy(h.Request[:], request)
	copy(h.Session[:], session)
	h.Attack, h.Address, h.Payload, h.Stamps = event.Key(key), addressOf(address), string(payload), s.unpackStamps(stamps)
	return h, err
}

// Hits returns hits, newest first.
func (s *Store) Hits(ctx context.Context, q store.Query) (store.Page[store.Hit], error) {
	w := newWhere(store.Hits, q)
	w.between("hit.time", q)
	w.after(q.Cursor, "hit.time", "hit.id", false)
	if w.err != nil {
		return store.Page[store.Hit]{}, w.err
	}
	way, err := s.wayToHits(ctx, q, w)
	if err != nil || way == "" {
		return store.Page[store.Hit]{}, err
	}
	return page(ctx, s, w, limitOf(q), "SELECT "+hitColumns+", hit.id FROM "+way+w.text()+" ORDER BY hit.time DESC, hit.id DESC LIMIT ?",
		func(rows scanner) (store.Hit, int64, any, error) {
			var row int64
			h, err := s.scanHit(rows, &row)
			return h, h.Time, row, err
		})
}

// The ways to find hits. The planner knows no numbers, so it is told where to begin.
const (
	byTime     = "hit INDEXED BY hit_time CROSS JOIN attack ON attack.id = hit.attack"
	byAttack   = "attack CROSS JOIN hit INDEXED BY hit_attack ON hit.attack = attack.id"
	byAddress  = "hit INDEXED BY hit_address CROSS JOIN attack ON attack.id = hit.attack"
	byAnything = "hit CROSS JOIN attack ON attack.id = hit.attack"
)

// few is how many hits are gathered and sorted rather than looked for by time.
const few = 5000

// wayToHits returns the way that reads few rows, "" if there is nothing to find. What
// many hits have is soon found going back in time; what few have is gathered.
func (s *Store) wayToHits(ctx context.Context, q store.Query, w *where) (string, error) {
	if selective(q.Where) {
		return byAnything, nil
	}
	if of := attacksOf(q); len(of.terms) > 0 {
		of.overlap(q)
		if way, err := s.byAttacks(ctx, of, w); err != nil || way != byTime {
			return way, err
		}
	}
	for _, c := range q.Where {
		if c.Field == store.FieldAddress && c.Op == store.Is {
			return s.byAddresses(ctx, q, c)
		}
	}
	return byTime, nil
}

// selective reports whether one of the conditions leaves the hits of one request, one
// session, one attack or one address: they are next to each other in an index.
func selective(list []store.Condition) bool {
	return slices.ContainsFunc(list, func(c store.Condition) bool {
		if c.Op != store.Is || len(c.Values) != 1 {
			return false
		}
		switch c.Field {
		case store.FieldRequest, store.FieldSession, store.FieldAttack:
			return true
		case store.FieldAddress:
			p, err := store.ParseAddress(c.Values[0])
			return err == nil && p.IsSingleIP()
		default:
			return false
		}
	})
}

// ofAttack reports whether all hits of an attack have the same value of a field.
func ofAttack(f store.Field) bool {
	switch f {
	case store.FieldType, store.FieldHost, store.FieldPath, store.FieldPoint, store.FieldApplication, store.FieldAttack:
		return true
	default:
		return false
	}
}

// attacksOf returns what the attacks of hits that fit a query have.
func attacksOf(q store.Query) *where {
	of := &where{}
	for _, c := range q.Where {
		switch {
		case ofAttack(c.Field):
			of.condition(store.Attacks, c)
		case c.Field == store.FieldAction && len(c.Values) == 1 && (c.Values[0] == "blocked") == (c.Op == store.Is):
			of.term("attack.blocked > 0")
		case c.Field == store.FieldAction && len(c.Values) == 1:
			of.term("attack.blocked < attack.hits")
		}
	}
	return of
}

// byAttacks looks how many hits the attacks that fit have. Where they are many, no
// later hit than the last of them needs to be looked at.
func (s *Store) byAttacks(ctx context.Context, of, w *where) (string, error) {
	var kept, last int64
	if err := s.read.QueryRowContext(ctx, "SELECT coalesce(sum(kept), 0), coalesce(max(last), 0) FROM attack"+of.text(), of.args...).Scan(&kept, &last); err != nil {
		return "", err
	}
	switch {
	case kept == 0:
		return "", nil
	case kept <= few:
		return byAttack, nil
	default:
		w.term("hit.time <= ?", last)
		return byTime, nil
	}
}

func (s *Store) byAddresses(ctx context.Context, q store.Query, c store.Condition) (string, error) {
	of := newWhere(store.Hits, store.Query{Where: []store.Condition{c}})
	of.between("time", q)
	var n int64
	err := s.read.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM hit INDEXED BY hit_address"+of.text()+" LIMIT ?)", append(of.args, few+1)...).Scan(&n)
	switch {
	case err != nil || n == 0:
		return "", err
	case n <= few:
		return byAddress, nil
	default:
		return byTime, nil
	}
}

// Hit returns one hit.
func (s *Store) Hit(ctx context.Context, id event.ID) (store.Hit, error) {
	h, err := s.scanHit(s.read.QueryRowContext(ctx, "SELECT "+hitColumns+" FROM "+byAnything+" WHERE hit.uid = ?", id[:]))
	return h, notFound(err)
}

// Raw returns the raw request, as it was recorded with its first hit.
func (s *Store) Raw(ctx context.Context, request event.ID) (string, error) {
	var data []byte
	if err := s.read.QueryRowContext(ctx, "SELECT data FROM hit JOIN raw ON raw.hit = hit.id WHERE hit.request = ? LIMIT 1", request[:]).Scan(&data); err != nil {
		return "", notFound(err)
	}
	raw, err := s.opener.DecodeAll(data, nil)
	return string(raw), err
}
