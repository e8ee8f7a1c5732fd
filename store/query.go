package store

import (
	"errors"
	"time"
)

// ErrNotFound is returned for a record that is not there, or no longer.
var ErrNotFound = errors.New("not found")

// Op is how a condition compares.
type Op uint8

// The comparisons.
const (
	Is    Op = iota // equals one of the values
	IsNot           // equals none of them
	Range           // between two values, both included; for numbers
)

// Condition restricts a query to records whose field compares so.
type Condition struct {
	Field  Field
	Op     Op
	Values []string
}

// Query selects records of a time range by a conjunction of conditions, newest
// first (for attacks and sessions: by their last request).
type Query struct {
	From, To time.Time // To zero: now; From zero: beginning; To itself is not in the range
	Where    []Condition
	Cursor   string // of the page before; empty for the first
	Limit    int    // 0: 50; at most 500
}

// Page is a part of a result.
type Page[T any] struct {
	Items []T
	Next  string // cursor of the next page, empty at the end
}

// Limits of a query. Whoever asks may be anybody with an account.
const (
	maxConditions = 32
	maxValues     = 100
	maxValue      = 4096 // bytes
	maxWildcards  = 16   // in one value
)

// Check returns a *FieldError or a *ValueError unless all conditions can be asked of
// records of a kind.
func (q *Query) Check(k Kind) error {
	if len(q.Where) > maxConditions {
		return &ValueError{Value: "the search", Want: "one of at most 32 conditions"}
	}
	for i := range q.Where {
		if err := q.Where[i].check(k); err != nil {
			return err
		}
	}
	return nil
}

// Known returns the query without conditions on fields that records of a kind do not
// have: for sums over several kinds.
func (q Query) Known(k Kind) Query {
	var kept []Condition
	for _, c := range q.Where {
		if c.Field.Of(k) {
			kept = append(kept, c)
		}
	}
	q.Where = kept
	return q
}

func (c *Condition) check(k Kind) error {
	if !c.Field.Of(k) {
		return &FieldError{Field: c.Field}
	}
	if c.Op > Range || len(c.Values) == 0 || len(c.Values) > maxValues {
		return &ValueError{Value: string(c.Field), Want: "compared with one to a hundred values"}
	}
	if c.Op == Range && (c.Field.Comparison() != ByNumber || len(c.Values) != 2) {
		return &ValueError{Value: string(c.Field), Want: "a number between two numbers, such as status 400-499"}
	}
	for _, v := range c.Values {
		if err := c.Field.checkValue(v, k); err != nil {
			return err
		}
	}
	return nil
}

// FieldError says that a field does not apply to what was asked for.
type FieldError struct{ Field Field }

func (e *FieldError) Error() string { return string(e.Field) + ": there is no such field here" }

// ValueError says that a value does not fit its field.
type ValueError struct{ Value, Want string }

func (e *ValueError) Error() string { return "\"" + e.Value + "\" is not " + e.Want }
