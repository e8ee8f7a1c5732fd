package store

import (
	"errors"
	"time"
)

// ErrNotFound is returned for a record that is not there, or no longer.
var ErrNotFound = errors.New("not found")

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
	FieldAction      Field = "action" // blocked, monitored, passed
	FieldAttack      Field = "attack" // attack id
	FieldSession     Field = "session"
	FieldRequest     Field = "request"
	FieldPayload     Field = "payload" // hits: substring
	FieldActor       Field = "actor"   // changes
	FieldNoun        Field = "noun"    // changes
)

// Op is how a condition compares.
type Op uint8

// The comparisons.
const (
	Is    Op = iota // equals one of the values; * and ? in a value are wildcards for text fields
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
	From, To time.Time // To zero: now; From zero: beginning
	Where    []Condition
	Cursor   string // of the page before; empty for the first
	Limit    int    // 0: 50; at most 500
}

// Page is a part of a result.
type Page[T any] struct {
	Items []T
	Next  string // cursor of the next page, empty at the end
}

// FieldError says that a field does not apply to what was asked for.
type FieldError struct{ Field Field }

func (e *FieldError) Error() string { return string(e.Field) + ": there is no such field here" }

// ValueError says that a value does not fit its field.
type ValueError struct{ Value, Want string }

func (e *ValueError) Error() string { return "\"" + e.Value + "\" is not " + e.Want }
