package proxy

import (
	"net"

	"golang.org/x/sys/unix"
)

// unsent is how much of an answer the kernel takes from the node ahead of what it has
// sent, in bytes. Without a bound a client that does not read costs up to four megabytes
// of it; a thousand of them bring all connections of a machine into want of memory.
const unsent = 256 << 10

// boundUnsent sets that bound for a connection. Sockets do not inherit it.
func boundUnsent(c *net.TCPConn) {
	if raw, err := c.SyscallConn(); err == nil {
		_ = raw.Control(setUnsent) // where it is refused nothing is lost
	}
}

func setUnsent(fd uintptr) {
	_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, unsent)
}
