package proxy

import "golang.org/x/sys/unix"

// peerClosed reports whether a socket's peer has closed its side, whatever is still
// unread before that.
func peerClosed(fd uintptr) bool {
	fds := [1]unix.PollFd{{Fd: int32(fd), Events: unix.POLLRDHUP}}
	n, err := unix.Poll(fds[:], 0)
	return err == nil && n == 1 && fds[0].Revents&(unix.POLLRDHUP|unix.POLLHUP|unix.POLLERR) != 0
}
