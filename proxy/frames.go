package proxy

import (
	"encoding/binary"
	"io"
	"time"

	"github.com/weirnode/weir/filter"
)

// frames reads frames of one direction.
type frames struct {
	tunnel   *tunnel
	from, to *end
	masked   bool // frames must be masked
	inspect  bool // messages are inspected
	head     [14]byte
	held     []byte // frames of a message that is not yet complete
	message  []byte // what is in it
	limit    int    // of a message, how much is inspected
	within   bool   // a message has begun
	passing  bool   // it is longer than what is inspected and passes on
}

// Opcodes.
const (
	opContinuation = 0
	opText         = 1
	opBinary       = 2
	opControl      = 8
)

// next passes one frame. A code asks for the tunnel to be closed with it.
func (s *frames) next() (code uint16, err error) {
	if code, err = s.await(); code != 0 || err != nil {
		return code, err
	}
	n := 2
	if err := s.read(s.head[:2]); err != nil {
		return 0, err
	}
	length := uint64(s.head[1] & 0x7f)
	switch length {
	case 126:
		n = 4
	case 127:
		n = 10
	}
	if s.head[1]&0x80 != 0 {
		n += 4
	}
	if err := s.read(s.head[2:n]); err != nil {
		return 0, err
	}
	switch length {
	case 126:
		length = uint64(binary.BigEndian.Uint16(s.head[2:]))
	case 127:
		length = binary.BigEndian.Uint64(s.head[2:])
	}
	if s.masked != (s.head[1]&0x80 != 0) || length>>63 != 0 || s.head[0]&0x08 != 0 && length > 125 {
		return closeProtocol, nil
	}
	if s.inspect && s.head[0]&0x08 == 0 {
		return s.inspected(n, length)
	}
	return 0, s.copy(s.head[:n], length)
}

// await waits for the first byte of a frame, as long as the other direction is not
// silent for too long either.
func (s *frames) await() (code uint16, err error) {
	t := s.tunnel
	idle := t.proxy.limits.WebSocketIdle.Std()
	for {
		left := idle - time.Duration(steady(time.Now())-t.active.Load())
		switch {
		case t.ending.Load():
			return closeAway, nil
		case left <= 0:
			return closeAway, nil
		}
		if err := s.from.conn.SetReadDeadline(time.Now().Add(left)); err != nil {
			return 0, err
		}
		if t.ending.Load() { // leave may have come before the deadline
			return closeAway, nil
		}
		_, err := s.from.reader.Peek(1)
		if err == nil {
			t.touch()
			return 0, s.from.conn.SetReadDeadline(time.Now().Add(t.proxy.limits.BodyTimeout.Std()))
		}
		if !isTimeout(err) {
			return 0, err
		}
	}
}

func (s *frames) read(b []byte) error {
	_, err := io.ReadFull(s.from.reader, b)
	return err
}

func (s *frames) write(b []byte, last bool) error {
	s.from.bytes += int64(len(b))
	s.from.passed.Add(float64(len(b)))
	s.tunnel.touch()
	return s.to.write(b, last, s.tunnel.proxy.limits.BodyTimeout.Std())
}

// copy passes a frame of which head has been read.
func (s *frames) copy(head []byte, left uint64) error {
	var buf [8 << 10]byte
	n := copy(buf[:], head)
	for {
		m := int(min(left, uint64(len(buf)-n)))
		if m > 0 {
			var err error
			if m, err = s.from.reader.Read(buf[n : n+m]); err != nil {
				return err
			}
			left -= uint64(m)
		}
		if left == 0 || s.from.reader.Buffered() == 0 || n+m == len(buf) {
			if err := s.write(buf[:n+m], left == 0); err != nil {
				return err
			}
			n, m = 0, 0
			if left > 0 {
				if err := s.from.conn.SetReadDeadline(time.Now().Add(s.tunnel.proxy.limits.BodyTimeout.Std())); err != nil {
					return err
				}
			}
		}
		n += m
		if left == 0 {
			return nil
		}
	}
}

// inspected passes a data frame. A message is held until it is complete or longer than
// what is inspected, decided about, and passed. Applications read what is binary as they
// read text.
func (s *frames) inspected(n int, length uint64) (code uint16, err error) {
	opcode, final := s.head[0]&0x0f, s.head[0]&0x80 != 0
	switch {
	case s.head[0]&0x70 != 0, s.within && opcode != opContinuation:
		return closeProtocol, nil // an extension that was not agreed on, or a message within another
	case opcode == opText || opcode == opBinary:
		s.within, s.passing = true, false
		s.held, s.message = s.held[:0], s.message[:0]
	case !s.within: // nothing that anybody knows
		return 0, s.copy(s.head[:n], length)
	}
	s.within = !final
	if s.passing {
		return 0, s.copy(s.head[:n], length)
	}
	now := int(min(length, uint64(s.limit-len(s.message))))
	if err := s.hold(n, now); err != nil {
		return 0, err
	}
	left := length - uint64(now)
	if s.passing = left > 0; !final && !s.passing {
		return 0, nil
	}
	if d := s.tunnel.proxy.filter.Message(s.tunnel.ex.Exchange, s.message); d.Action == filter.Deny {
		return closePolicy, nil
	}
	if err := s.release(left == 0); err != nil || left == 0 {
		return 0, err
	}
	return 0, s.copy(nil, left)
}

// hold keeps the beginning of a frame and what is in it.
func (s *frames) hold(n, length int) error {
	s.held = append(s.held, s.head[:n]...)
	begun := len(s.held)
	s.held = append(s.held, make([]byte, length)...)
	payload := s.held[begun:]
	if err := s.read(payload); err != nil {
		return err
	}
	mask := s.head[n-4 : n]
	for i, c := range payload {
		s.message = append(s.message, c^mask[i&3])
	}
	return nil
}

// release passes what was held.
func (s *frames) release(last bool) error {
	err := s.write(s.held, last)
	s.held, s.message = kept(s.held), kept(s.message)
	return err
}
