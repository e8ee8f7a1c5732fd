package node

import (
	"context"

	"go.uber.org/zap"
)

// Upgrade starts the program again, as it is on disk now, with the listening sockets of
// this node. When the new node serves, this one lets it have console, API and kernel
// chains, finishes what is in flight, and [Node.Run] returns. If the new one does not
// come to serve this one stays as it was.
//
// Both write to the store until this one has ended, which package store/sqlite allows.
func (n *Node) Upgrade(ctx context.Context) error {
	n.upgrading.Lock()
	defer n.upgrading.Unlock()
	if n.handed.Load() {
		return nil
	}
	n.log.Info("upgrade begins: starting the new node")
	successor, err := n.options.Sockets.Start(ctx, n.options.Successor)
	if err != nil {
		n.log.Error("upgrade failed; this node stays", zap.Error(err))
		return err
	}
	n.log.Info("upgrade: the new node serves, this one finishes what is in flight", zap.Int("pid", successor.PID))
	n.handed.Store(true)
	n.succeeded <- successor
	return nil
}

// succeed waits for a successor, has this node let go of what only one can do, and tells
// the successor so. It returns early when ctx ends.
func (n *Node) succeed(ctx context.Context, letGo func()) {
	select {
	case <-ctx.Done():
	case successor := <-n.succeeded:
		letGo()
		if err := successor.LetGo(); err != nil {
			n.log.Error("let the new node go on", zap.Error(err))
		}
	}
}

// follow waits until the node before has let go, then takes over the rules that were
// stored meanwhile; lists and blocked sessions are read from the store all the time.
func (n *Node) follow(ctx context.Context) error {
	if n.options.Predecessor == nil {
		return nil
	}
	n.options.Predecessor.Wait(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return n.Rebuild(ctx)
}
