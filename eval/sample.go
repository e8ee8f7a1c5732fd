package eval

import (
	"errors"
	"fmt"
)

// Label says what a request is.
type Label string

// The labels.
const (
	Attack Label = "attack"
	Legit  Label = "legit"
)

// ParseLabel returns the label of a text; the empty text is no label.
func ParseLabel(text string) (Label, error) {
	switch l := Label(text); l {
	case Attack, Legit, "":
		return l, nil
	}
	return "", fmt.Errorf("label %q is neither attack nor legit", text)
}

// Sample is one labelled HTTP/1 request.
type Sample struct {
	File  string // as it was named, or its path in the folder that was
	ID    string // of the sample in its file
	Label Label
	Class string // sqli, prose, accesslog: free text
	Place string // query, form, json: free text
	Raw   []byte // the request as on the wire
}

// ErrBadInput marks samples that cannot be read; the caller named a wrong file.
var ErrBadInput = errors.New("bad input")

func badInput(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrBadInput, fmt.Errorf(format, args...))
}
