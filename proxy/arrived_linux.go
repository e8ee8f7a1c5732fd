package proxy

import "golang.org/x/sys/unix"

// arrived returns how many bytes can be read from a socket without waiting.
func arrived(fd uintptr) int64 {
	n, err := unix.IoctlGetInt(int(fd), unix.SIOCINQ)
	if err != nil {
		return 0
	}
	return int64(n)
}
