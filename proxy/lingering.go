package proxy

import "sync"

// lingering is work that outlives what began it, such as a polite end of a connection.
// The zero lingering is ready.
type lingering struct {
	mu     sync.Mutex // guards over
	over   bool
	active sync.WaitGroup
}

// Go begins work. Once Wait was called the caller does it itself.
func (l *lingering) Go(work func()) {
	l.mu.Lock()
	if l.over {
		l.mu.Unlock()
		work()
		return
	}
	l.active.Add(1)
	l.mu.Unlock()
	go func() {
		defer l.active.Done()
		work()
	}()
}

// Wait waits for all work that was begun.
func (l *lingering) Wait() {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.active.Wait()
}
