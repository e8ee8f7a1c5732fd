package proxy

import "net"

// gather writes two pieces at once, and keeps the memory for that between calls.
type gather struct {
	parts [2][]byte
	both  net.Buffers
}

// write writes a and b to one of the connections of package net in one system call, to others in
// one after the other.
func (g *gather) write(to net.Conn, a, b []byte) error {
	g.parts = [2][]byte{a, b}
	g.both = g.parts[:]
	_, err := g.both.WriteTo(to)
	g.parts = [2][]byte{}
	return err
}
