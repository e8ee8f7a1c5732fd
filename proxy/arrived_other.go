//go:build !linux

package proxy

// arrived reports that nothing is known of what has arrived: bodies are read.
func arrived(uintptr) int64 { return 0 }
