package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/netip"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

const attackColumns = `id, key, type, application, host, path, point, method, first, last, hits, blocked, kept, score, status,
	(SELECT count(*) FROM attack_payload p WHERE p.attack = attack.id), (SELECT count(*) FROM attack_source c WHERE c.attack = attack.id),
	coalesce((SELECT address FROM attack_source t WHERE t.attack = attack.id ORDER BY t.hits DESC LIMIT 1), '')`

func scanAttack(row interface{ Scan(...any) error }) (a store.Attack, err error) {
	var key, first, last int64
	err = row.Scan(&a.ID, &key, &a.Type, &a.Application, &a.Host, &a.Path, &a.Point, &a.Method, &first, &last, &a.Hits, &a.Blocked, &a.Kept,
		&a.Score, &a.Status, &a.Payloads, &a.Sources, &a.TopSource)
	a.Key, a.First, a.Last = event.Key(key), timeOf(first), timeOf(last)
	return a, err
}

// Attacks returns attacks that had a hit in the time range, newest first.
func (s *Store) Attacks(ctx context.Context, q store.Query) (store.Page[store.Attack], error) {
	w := newWhere(attackFields)
	w.overlap(q)
	return page(ctx, s, q, w, "SELECT "+attackColumns+" FROM attack", "last", "id", false,
		func(rows *sql.Rows) (store.Attack, int64, any, error) {
			a, err := scanAttack(rows)
			return a, a.Last.UnixNano(), a.ID, err
		})
}

// Attack returns one attack.
func (s *Store) Attack(ctx context.Context, id int64) (store.Attack, error) {
	a, err := scanAttack(s.read.QueryRowContext(ctx, "SELECT "+attackColumns+" FROM attack WHERE id = ?", id))
	return a, notFound(err)
}

const hitColumns = `id, attack, request, session, time, type, application, host, path, point, method, address, status, score, blocked, mode, reason,
	context, agent, payload, before, length, stamps`

func (s *Store) scanHit(row interface{ Scan(...any) error }) (h store.Hit, err error) {
	var id, request, session, payload, stamps []byte
	var address string
	err = row.Scan(&id, &h.AttackID, &request, &session, &h.Time, &h.Type, &h.Application, &h.Host, &h.Path, &h.Point, &h.Method, &address, &h.Status,
		&h.Score, &h.Blocked, &h.Mode, &h.Reason, &h.Context, &h.Agent, &payload, &h.Before, &h.Length, &stamps)
	copy(h.ID[:], id)
	copy(h.Request[:], request)
	copy(h.Session[:], session)
	h.Payload, h.Stamps = string(payload), s.unpackStamps(stamps)
	h.Address, _ = netip.ParseAddr(address)
	h.Attack = event.GroupKey(h.Application, h.Type, h.Host, h.Path, h.Point)
	return h, err
}

// Hits returns hits, newest first.
func (s *Store) Hits(ctx context.Context, q store.Query) (store.Page[store.Hit], error) {
	w := newWhere(hitFields)
	w.between(q)
	return page(ctx, s, q, w, "SELECT "+hitColumns+" FROM hit", "time", "id", true,
		func(rows *sql.Rows) (store.Hit, int64, any, error) {
			h, err := s.scanHit(rows)
			return h, h.Time, h.ID[:], err
		})
}

// Hit returns one hit.
func (s *Store) Hit(ctx context.Context, id event.ID) (store.Hit, error) {
	h, err := s.scanHit(s.read.QueryRowContext(ctx, "SELECT "+hitColumns+" FROM hit WHERE id = ?", id[:]))
	return h, notFound(err)
}

// Raw returns the raw request, as it was recorded with its first hit.
func (s *Store) Raw(ctx context.Context, request event.ID) (string, error) {
	var data []byte
	if err := s.read.QueryRowContext(ctx, "SELECT data FROM raw WHERE request = ?", request[:]).Scan(&data); err != nil {
		return "", notFound(err)
	}
	raw, err := s.opener.DecodeAll(data, nil)
	return string(raw), err
}

// Changes returns changes, newest first.
func (s *Store) Changes(ctx context.Context, q store.Query) (store.Page[event.Change], error) {
	w := newWhere(changeFields)
	w.between(q)
	return page(ctx, s, q, w, "SELECT id, time, actor, verb, noun, subject, detail, address FROM change", "time", "id", true,
		func(rows *sql.Rows) (c event.Change, at int64, key any, err error) {
			var id []byte
			var address string
			err = rows.Scan(&id, &c.Time, &c.Actor, &c.Verb, &c.Noun, &c.Subject, &c.Detail, &address)
			copy(c.ID[:], id)
			c.Address, _ = netip.ParseAddr(address)
			return c, c.Time, id, err
		})
}

// Top returns the most frequent values of a field among hits, sampled ones included.
func (s *Store) Top(ctx context.Context, q store.Query, field store.Field, n int) ([]store.Count, error) {
	var text string
	switch field {
	case store.FieldType, store.FieldHost, store.FieldPath, store.FieldPoint, store.FieldMethod:
		text = "SELECT " + hitFields[field].name + " AS value, sum(hits) FROM attack"
	case store.FieldAddress:
		text = "SELECT x.address AS value, sum(x.hits) FROM attack JOIN attack_source x ON x.attack = attack.id"
	default:
		return nil, &store.FieldError{Field: field}
	}
	w := newWhere(attackFields)
	w.overlap(q)
	w.conditions(q.Where)
	if w.err != nil {
		return nil, w.err
	}
	rows, err := s.read.QueryContext(ctx, text+w.text()+" GROUP BY value ORDER BY 2 DESC, 1 LIMIT ?", append(w.args, n)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []store.Count
	for rows.Next() {
		var c store.Count
		if err := rows.Scan(&c.Value, &c.Hits); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, errors.Join(rows.Err())
}
