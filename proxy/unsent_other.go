//go:build !linux

package proxy

import "net"

// boundUnsent does nothing where the kernel has no such bound.
func boundUnsent(*net.TCPConn) {}
