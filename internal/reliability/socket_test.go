package reliability

import (
	"net"

	"golang.org/x/sys/unix"
)

// reset reports whether the peer has reset a connection, also behind unread bytes.
func reset(c *net.TCPConn) (gone bool) {
	raw, err := c.SyscallConn()
	if err != nil {
		return true
	}
	err = raw.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		gone = err != nil || info.State != 1 // established
	})
	return gone || err != nil
}
