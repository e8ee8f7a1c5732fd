package node

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/weirnode/weir/access"
	"github.com/weirnode/weir/api"
	"github.com/weirnode/weir/console"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/rule"
)

// openManage opens the management listener with API and console behind it.
func (n *Node) openManage(context.Context) error {
	n.manage = manage.New(manage.Options{
		Events: n.store, State: n.store, Lists: n.lists, Table: n.sessions, Stream: n.stream, Node: n, Switch: n.filter,
		Config: n.config.Load, Rules: func() *rule.Set { return n.filter.Snapshot().Rules() }, Logger: n.log,
	})
	gate := access.New(n.manage)
	mux := http.NewServeMux()
	api.Register(mux, gate, n.manage, api.Ops{Gatherer: n.registry, Ready: n.ready.Load})
	console.Register(mux, gate, n.manage)
	n.server = &http.Server{
		Handler:           gate.Protect(mux),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          zap.NewStdLog(n.log.Named("manage")),
	}
	address := n.options.Config.Manage.Address
	var err error
	if n.listener, err = n.options.Sockets.Listen(address); err != nil {
		return fmt.Errorf("listen on manage.address %s: %w", address, err)
	}
	return nil
}

// serveManage serves console and API until ctx ends. A node that takes over does so when
// the one before has stopped: requests wait for that in the socket.
func (n *Node) serveManage(ctx context.Context) error {
	if err := n.follow(ctx); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() {
		patience := 5 * time.Second
		if n.handed.Load() {
			patience = time.Second // the successor waits
		}
		wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		if n.server.Shutdown(wait) != nil {
			_ = n.server.Close()
		}
	})
	defer stop()
	if err := n.server.Serve(n.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Status tells the node's state.
func (n *Node) Status(ctx context.Context) (manage.Status, error) {
	cfg := n.config.Load()
	stats, err := n.store.Stats(ctx)
	if err != nil {
		return manage.Status{}, err
	}
	s := manage.Status{
		Version: n.options.Version, Started: n.started, Mode: cfg.Mode, Override: cfg.ModeOverride,
		ConfigFile: n.options.ConfigFile, Stream: n.stream.Stats(), Store: stats,
	}
	s.Generation, s.LastReload, s.ReloadFailed = n.history.read()
	return s, nil
}

// storeDir returns the folder of a store URL.
func storeDir(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil {
		return "", fmt.Errorf("store.url %q: %w", text, err)
	}
	if u.Scheme != "file" {
		return "", fmt.Errorf("store.url %q: only file: is known", text)
	}
	dir, _ := strings.CutPrefix(text, "file:")
	return strings.TrimPrefix(dir, "//"), nil
}

func stampText(e *detect.Engine) func(uint16) string {
	return func(number uint16) string {
		if sign := e.Sign(evidence.Stamp(number)); sign != nil {
			return sign.Text
		}
		return ""
	}
}
