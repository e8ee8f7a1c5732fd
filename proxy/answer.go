package proxy

import (
	"bufio"
	"bytes"
	"errors"
	"strconv"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/parse"
)

// answer is the head of an answer: the upstream's as it came, or the node's own.
type answer struct {
	raw      []byte // what fields and reason borrow
	ends     []int  // ends of the lines in raw, while it is read
	fields   []parse.Field
	status   int
	reason   []byte
	length   int64 // of the body; bodyChunked or bodyUntilClose
	listed   []byte
	trailers bool // trailers are announced
	closes   bool // the upstream's connection serves no more
}

// Lengths of bodies that no Content-Length tells.
const (
	bodyChunked    = -1
	bodyUntilClose = -2
)

// Limits of an answer's head, in bytes and fields.
const (
	maxAnswerHead   = 128 << 10
	maxAnswerFields = 1000
)

var errAnswer = errors.New("the upstream's answer is malformed")

func (a *answer) reset() {
	*a = answer{raw: a.raw[:0], ends: a.ends[:0], fields: a.fields[:0]}
}

// read reads a head.
func (a *answer) read(r *bufio.Reader) error {
	a.reset()
	for {
		line, err := r.ReadSlice('\n')
		a.raw = append(a.raw, line...)
		if len(a.raw) > maxAnswerHead {
			return errAnswer
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return err
		}
		begun := 0
		if len(a.ends) > 0 {
			begun = a.ends[len(a.ends)-1]
		}
		a.ends = append(a.ends, len(a.raw))
		if n := len(a.raw) - begun; n == 1 || n == 2 && a.raw[begun] == '\r' {
			return a.parse()
		}
	}
}

// parse takes the lines in raw apart. Folded lines are joined with blanks
// (RFC 9112, 5.2), lines may end with LF alone.
func (a *answer) parse() error {
	begun := a.ends[0]
	if err := a.statusLine(trimEnd(a.raw[:begun])); err != nil {
		return err
	}
	a.length = bodyUntilClose
	old := a.raw[7] == '0'
	for i := 1; i < len(a.ends)-1; i++ {
		end := a.ends[i]
		for a.raw[end] == ' ' || a.raw[end] == '\t' {
			for j := end - 1; j >= 0 && (a.raw[j] == '\n' || a.raw[j] == '\r'); j-- {
				a.raw[j] = ' '
			}
			i++
			end = a.ends[i]
		}
		if err := a.field(trimEnd(a.raw[begun:end]), old); err != nil {
			return err
		}
		begun = end
	}
	a.closes = a.closes || old
	return nil
}

func trimEnd(line []byte) []byte { return bytes.TrimRight(line, "\r\n \t") }

func (a *answer) statusLine(line []byte) error {
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.")) || line[7] != '0' && line[7] != '1' || line[8] != ' ' || len(line) > 12 && line[12] != ' ' {
		return errAnswer
	}
	status, err := strconv.ParseUint(string(line[9:12]), 10, 16)
	if err != nil || status < 100 {
		return errAnswer
	}
	a.status = int(status)
	a.reason = line[min(len(line), 13):]
	return checkValue(a.reason)
}

// field adds one field and notes what it says about the body and the connection.
func (a *answer) field(line []byte, old bool) error {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || len(a.fields) == maxAnswerFields {
		return errAnswer
	}
	f := parse.Field{Name: bytes.TrimRight(line[:colon], " \t"), Value: bytes.TrimLeft(line[colon+1:], " \t")}
	if !parse.IsToken(f.Name) {
		return errAnswer
	}
	if err := checkValue(f.Value); err != nil {
		return err
	}
	a.fields = append(a.fields, f)
	switch len(f.Name) {
	case len("trailer"):
		a.trailers = a.trailers || lex.Equal(f.Name, "trailer")
	case len("connection"):
		if lex.Equal(f.Name, "connection") {
			a.closes = a.closes || hasOption(f.Value, "close")
			a.listed = f.Value
		}
	case len("content-length"):
		if lex.Equal(f.Name, "content-length") {
			return a.contentLength(f.Value)
		}
	case len("transfer-encoding"):
		if lex.Equal(f.Name, "transfer-encoding") {
			if old || a.length == bodyChunked || !lex.Equal(f.Value, "chunked") {
				return errAnswer
			}
			a.closes = a.closes || a.length >= 0 // both: the encoding holds, trust nothing after (RFC 9112, 6.3)
			a.length = bodyChunked
		}
	}
	return nil
}

func (a *answer) contentLength(value []byte) error {
	n, err := strconv.ParseUint(string(value), 10, 62)
	switch {
	case err != nil || value[0] == '+' || a.length >= 0 && a.length != int64(n):
		return errAnswer
	case a.length == bodyChunked:
		a.closes = true
	default:
		a.length = int64(n)
	}
	return nil
}

// checkValue refuses bytes that could end a field or a head for some reader.
func checkValue(value []byte) error {
	for _, c := range value {
		if c < 0x20 && c != '\t' || c == 0x7f {
			return errAnswer
		}
	}
	return nil
}

// hasOption reports whether a list such as Connection holds an option, which must
// be in lower case.
func hasOption(list []byte, option string) bool {
	if len(list) == len(option) {
		return lex.Equal(list, option)
	}
	for len(list) > 0 {
		var item []byte
		item, list, _ = bytes.Cut(list, []byte(","))
		if lex.Equal(bytes.Trim(item, " \t"), option) {
			return true
		}
	}
	return false
}

// bodiless reports whether the answer to a method has no body whatever its fields say.
func (a *answer) bodiless(method []byte) bool {
	return a.status == 204 || a.status == 304 || string(method) == "HEAD"
}

// withheld reports whether a field of the answer is not for the client: it concerns
// the upstream's connection, or the framing that the node writes itself.
func (a *answer) withheld(name []byte) bool {
	if ofConnection(name) || lex.Equal(name, "content-length") || lex.Equal(name, "proxy-authenticate") {
		return true
	}
	return len(a.listed) > 0 && !lex.Equal(a.listed, "keep-alive") && !lex.Equal(a.listed, "close") && isListed(a.listed, name)
}
