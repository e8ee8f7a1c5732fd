package event

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"sync/atomic"
	"time"
)

// ID names a record: 48 bits of Unix milliseconds, a 16-bit counter, and 64 bits
// that are random for the process and mixed with the counter. IDs of one process
// sort by time; the text form is 32 lower-case hexadecimal digits, which is also
// the request id that clients see.
type ID [16]byte

var (
	processSeed = maphash.MakeSeed()
	processSalt = randomSalt()
	counter     atomic.Uint64
)

func randomSalt() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	return binary.LittleEndian.Uint64(b[:])
}

// NewID returns an ID for a record of time t.
func NewID(t time.Time) ID {
	n := counter.Add(1)
	var id ID
	binary.BigEndian.PutUint64(id[:8], uint64(t.UnixMilli())<<16|n&0xffff)
	binary.BigEndian.PutUint64(id[8:], processSalt^maphash.Comparable(processSeed, n))
	return id
}

// Time returns the time in the ID, to the millisecond.
func (id ID) Time() time.Time {
	return time.UnixMilli(int64(binary.BigEndian.Uint64(id[:8]) >> 16))
}

// String returns the text form.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// AppendTo appends the text form to dst.
func (id ID) AppendTo(dst []byte) []byte { return hex.AppendEncode(dst, id[:]) }

// MarshalText writes the text form.
func (id ID) MarshalText() ([]byte, error) { return id.AppendTo(nil), nil }

// UnmarshalText reads the text form.
func (id *ID) UnmarshalText(b []byte) error {
	if len(b) != 32 {
		return errors.New("an id has 32 hexadecimal digits")
	}
	_, err := hex.Decode(id[:], b)
	return err
}

// ParseID reads the text form.
func ParseID(s string) (ID, error) {
	var id ID
	err := id.UnmarshalText([]byte(s))
	return id, err
}

// String returns the session's text form: 32 hexadecimal digits.
func (s Session) String() string { return ID(s).String() }

// MarshalText writes the text form.
func (s Session) MarshalText() ([]byte, error) { return ID(s).MarshalText() }

// UnmarshalText reads the text form.
func (s *Session) UnmarshalText(b []byte) error { return (*ID)(s).UnmarshalText(b) }
