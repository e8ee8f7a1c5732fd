//go:build !linux

package proxy

// peerClosed reports whether a socket's peer has closed its side, as far as that can
// be seen before unread bytes.
func peerClosed(fd uintptr) bool {
	n, err := peeked(fd)
	return n == 0 && err == nil
}
