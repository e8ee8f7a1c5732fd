package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// evalProgress tells on a terminal how far a run is; elsewhere only every ten seconds.
type evalProgress struct {
	mu      sync.Mutex // guards the rest
	w       io.Writer
	every   time.Duration
	next    time.Time
	rewrite bool // the line can be written again
	written bool
}

func newProgress(w io.Writer) *evalProgress {
	p := &evalProgress{w: w, every: 10 * time.Second}
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.every, p.rewrite = 200*time.Millisecond, true
		}
	}
	p.next = time.Now().Add(p.every)
	return p
}

func (p *evalProgress) tell(done, all int) {
	if done&63 != 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Before(p.next) {
		return
	}
	p.next = now.Add(p.every)
	if p.rewrite {
		fmt.Fprintf(p.w, "\r  %d of %d requests", done, all)
		p.written = true
	} else {
		fmt.Fprintf(p.w, "  %d of %d requests\n", done, all)
	}
}

// end clears the line.
func (p *evalProgress) end() {
	if p.written {
		fmt.Fprintf(p.w, "\r%40s\r", "")
	}
}
