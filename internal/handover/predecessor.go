package handover

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"
)

// Predecessor is the node that this one takes the place of.
type Predecessor struct{ ready, gone *os.File }

// Ready tells it that this node serves. An error means that it has given up on this one.
func (p *Predecessor) Ready() error {
	_, err := p.ready.WriteString(ready)
	if closed := p.ready.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("tell the node before this one: %w", err)
	}
	return nil
}

// Wait returns when it has let go, or has ended, or ctx ends.
func (p *Predecessor) Wait(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() { _ = p.gone.SetReadDeadline(time.Now()) })
	defer stop()
	_, _ = io.Copy(io.Discard, p.gone)
	_ = p.gone.Close()
}
