package point

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// String returns the text form, for instance
//
//	[post, json_doc, hash, 'user', base64]
//
// Names stand in single quotes; quotes, backslashes and bytes outside printable
// ASCII are escaped as in Go, so a hostile name cannot forge a step.
func (p Path) String() string {
	b := []byte{'['}
	for i, s := range p {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, s.Tag.String()...)
		switch {
		case s.Tag.Named():
			b = appendQuoted(append(b, ", "...), s.Name)
		case s.Tag.Indexed():
			b = strconv.AppendInt(append(b, ", "...), int64(s.Index), 10)
		}
	}
	return string(append(b, ']'))
}

func appendQuoted(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '\'')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'' || c == '\\':
			b = append(b, '\\', c)
		case c < 0x20 || c >= 0x7f:
			b = append(b, '\\', 'x', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '\'')
}

// MarshalText writes the text form.
func (p Path) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the text form.
func (p *Path) UnmarshalText(b []byte) error {
	q, err := Parse(string(b))
	if err == nil {
		*p = q
	}
	return err
}

// Parse reads the text form of a path.
func Parse(s string) (Path, error) {
	inner, ok := strings.CutPrefix(strings.TrimSpace(s), "[")
	if !ok {
		return nil, fmt.Errorf("point %q does not start with [", s)
	}
	r := reader{rest: inner}
	p, err := r.path()
	if err != nil {
		return nil, fmt.Errorf("point %q: %w", s, err)
	}
	return p, nil
}

type reader struct{ rest string }

func (r *reader) path() (Path, error) {
	var p Path
	for {
		r.blank()
		step, err := r.step()
		if err != nil {
			return nil, err
		}
		p = append(p, step)
		r.blank()
		switch {
		case r.rest == "]":
			return p, nil
		case !r.eat(','):
			return nil, errors.New("expected , or ] after " + step.Tag.String())
		}
	}
}

func (r *reader) step() (Step, error) {
	word := r.word()
	tag, ok := tagOf(word)
	if !ok {
		return Step{}, fmt.Errorf("unknown tag %q", word)
	}
	s := Step{Tag: tag}
	if !tag.Named() && !tag.Indexed() {
		return s, nil
	}
	r.blank()
	if !r.eat(',') {
		return s, fmt.Errorf("%s needs a value", tag)
	}
	r.blank()
	var err error
	if tag.Named() {
		s.Name, err = r.quoted()
	} else {
		s.Index, err = strconv.Atoi(r.word())
	}
	return s, err
}

func (r *reader) blank() { r.rest = strings.TrimLeft(r.rest, " ") }

func (r *reader) eat(c byte) bool {
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *reader) word() string {
	n := strings.IndexAny(r.rest, " ,]'")
	if n < 0 {
		n = len(r.rest)
	}
	w := r.rest[:n]
	r.rest = r.rest[n:]
	return w
}

func (r *reader) quoted() (string, error) {
	if !r.eat('\'') {
		return "", errors.New("expected a name in single quotes")
	}
	var b []byte
	for r.rest != "" {
		c := r.rest[0]
		r.rest = r.rest[1:]
		switch {
		case c == '\'':
			return string(b), nil
		case c != '\\':
			b = append(b, c)
		case strings.HasPrefix(r.rest, "x") && len(r.rest) >= 3:
			n, err := strconv.ParseUint(r.rest[1:3], 16, 8)
			if err != nil {
				return "", fmt.Errorf("bad escape: %w", err)
			}
			b = append(b, byte(n))
			r.rest = r.rest[3:]
		case r.rest != "":
			b = append(b, r.rest[0])
			r.rest = r.rest[1:]
		}
	}
	return "", errors.New("name without closing quote")
}
