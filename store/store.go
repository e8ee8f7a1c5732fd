// Package store keeps events and state, and says how they are asked for.
//
// [Events] is append-only: requests, hits, changes; dropped by age. [State] is
// small and edited: list entries, rules, accounts. One backend may be both. All
// reading of events goes through one [Query].
package store

import (
	"context"
	"io"
	"time"

	"github.com/weirnode/weir/event"
)

// Events keeps what happened.
type Events interface {
	event.Sink
	Reader
	// Prune drops requests and sessions that ended before requests, attacks and
	// hits that ended before attacks.
	Prune(ctx context.Context, requests, attacks time.Time) error
	// Stats tells what the store holds.
	Stats(ctx context.Context) (Stats, error)
	io.Closer
}

// Reader asks for events. Every method sees all that Append has returned for.
type Reader interface {
	AttackReader
	SessionReader
	Summer
}

// AttackReader asks for attacks and hits, newest first.
type AttackReader interface {
	Attacks(ctx context.Context, q Query) (Page[Attack], error)
	Attack(ctx context.Context, id int64) (Attack, error) // ErrNotFound
	Hits(ctx context.Context, q Query) (Page[Hit], error)
	Hit(ctx context.Context, id event.ID) (Hit, error) // ErrNotFound
	Raw(ctx context.Context, request event.ID) (string, error)
	Changes(ctx context.Context, q Query) (Page[event.Change], error)
}

// SessionReader asks for sessions and their requests, newest first.
type SessionReader interface {
	Sessions(ctx context.Context, q Query) (Page[Session], error)
	Session(ctx context.Context, id event.Session) (Session, error) // ErrNotFound
	Requests(ctx context.Context, q Query) (Page[event.Request], error)
	Request(ctx context.Context, id event.ID) (event.Request, error) // ErrNotFound
}

// Summer asks for sums over a time range.
type Summer interface {
	// Series returns one bucket for each step of the query's time range.
	Series(ctx context.Context, q Query, step time.Duration) ([]Bucket, error)
	// Top returns the most frequent values of a field among hits, most first.
	Top(ctx context.Context, q Query, field Field, n int) ([]Count, error)
	// Totals returns the sums over the query's time range.
	Totals(ctx context.Context, q Query) (Totals, error)
}

// Attack is a group of hits. Counters are exact, also when hits were sampled.
type Attack struct {
	ID          int64
	Key         event.Key
	Type        string
	Application int32
	Host        string
	Path        string
	Point       string
	Method      string
	First, Last time.Time
	Hits        int64
	Blocked     int64
	Kept        int64 // hits that are kept as rows
	Payloads    int64 // different payloads seen, counted among kept hits
	Sources     int64 // different addresses seen, counted among kept hits
	TopSource   string
	Score       int // highest
	Status      int // of the last answer
}

// Outcome returns blocked, partially_blocked or monitored.
func (a Attack) Outcome() string {
	switch a.Blocked {
	case 0:
		return "monitored"
	case a.Hits:
		return "blocked"
	default:
		return "partially_blocked"
	}
}

// Hit is a kept hit with the attack it belongs to.
type Hit struct {
	event.Hit
	AttackID int64
}

// Session sums up the requests of one session.
type Session struct {
	ID          event.Session
	First, Last time.Time
	Requests    int64
	Attacks     int64 // requests in which an attack was found
	Blocked     int64
	Errors      int64 // answers of 400 and above
	Bytes       int64 // of answers
	Application int32
	Address     string // of the last request
	Agent       string // of the last request
	Host        string // of the last request
	Path        string // of the last request
	Types       string // attack types found, codes joined by commas
}

// Bucket sums up one step of time.
type Bucket struct {
	Time     time.Time // its beginning
	Requests int64
	Attacks  int64 // requests in which an attack was found
	Blocked  int64
}

// Count is how often a value occurs.
type Count struct {
	Value string
	Hits  int64
}

// Totals are sums over a time range.
type Totals struct {
	Requests int64
	Attacked int64 // requests in which an attack was found
	Blocked  int64
	Hits     int64
	Attacks  int64
	Sessions int64
}

// Stats tells what a store holds.
type Stats struct {
	Bytes    int64 // on disk
	Oldest   time.Time
	Requests int64 // kept
	Hits     int64 // kept
	Attacks  int64
	Damaged  int64 // since the start: how often requests could not be read back
}
