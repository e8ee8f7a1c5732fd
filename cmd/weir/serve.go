package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/internal/handover"
	"github.com/weirnode/weir/node"
)

type serveFlags struct {
	file, upstream, listen, manage, data, mode string
	profile                                    string // where a CPU profile goes
}

func serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the node",
		Long: `Run the node until it is told to stop (Ctrl-C or SIGTERM), then finish what is in flight.

With --upstream no file is needed: attacks are recorded and nothing is blocked
(monitoring), traffic is taken on 127.0.0.1:8080, console and API are on
127.0.0.1:9080, data goes to ./weir-data. With -c everything is in the file, and
SIGHUP reads it again.

SIGUSR2 starts the program anew, as it is on disk then, hands it the listening
sockets, and ends this process once the new one serves. Sockets of systemd
(socket activation) are taken, too.`,
		Example: "  weir serve --upstream http://127.0.0.1:3000\n  weir serve -c weir.yaml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			sockets, predecessor, err := handover.Inherit()
			if err != nil {
				return err
			}
			cfg, err := f.config()
			if err != nil {
				return err
			}
			stop, err := profileTo(f.profile)
			if err != nil {
				return err
			}
			return errors.Join(serve(cmd.Context(), node.Options{Config: cfg, ConfigFile: f.file, Version: version(), Sockets: sockets, Predecessor: predecessor}, cmd.ErrOrStderr()), stop())
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.file, "config", "c", "", "configuration file")
	flags.StringVar(&f.upstream, "upstream", "", "base URL of the application, instead of a file")
	flags.StringVar(&f.listen, "listen", "", "address for traffic, with --upstream (default 127.0.0.1:8080)")
	flags.StringVar(&f.manage, "manage", "", "address for console and API, with --upstream (default 127.0.0.1:9080)")
	flags.StringVar(&f.data, "data", "", "folder for data, with --upstream (default ./weir-data)")
	flags.StringVar(&f.mode, "mode", "", "filtration mode, with --upstream: off, monitoring, safe_blocking or block (default monitoring)")
	flags.StringVar(&f.profile, "cpu-profile", "", "file for a CPU profile from start to stop, for developers")
	_ = flags.MarkHidden("cpu-profile") // fails only for a flag that is not there
	return cmd
}

// config returns the configuration that the flags ask for.
func (f *serveFlags) config() (*config.Config, error) {
	switch {
	case f.file != "" && (f.upstream != "" || f.listen != "" || f.manage != "" || f.data != "" || f.mode != ""):
		return nil, invalidError{errors.New("with -c everything is in the file: leave the other flags out")}
	case f.file != "":
		return valid(config.Load(f.file))
	case f.upstream == "":
		return nil, invalidError{errors.New("say what to serve: --upstream http://127.0.0.1:3000, or -c weir.yaml")}
	}
	cfg, problems := config.ForUpstream(f.upstream)
	if len(problems) > 0 {
		return nil, invalidError{problems}
	}
	if f.listen != "" {
		cfg.Listen[0].Address = f.listen
	}
	if f.manage != "" {
		cfg.Manage.Address = f.manage
	}
	if f.data != "" {
		cfg.Store.URL = "file:" + f.data
	}
	if f.mode != "" {
		if err := cfg.Mode.UnmarshalText([]byte(f.mode)); err != nil {
			return nil, invalidError{err}
		}
	}
	return cfg, nil
}

func valid(cfg *config.Config, problems config.Problems) (*config.Config, error) {
	if len(problems) > 0 {
		return nil, invalidError{problems}
	}
	return cfg, nil
}

// serve runs a node until ctx ends or another has taken over.
func serve(ctx context.Context, o node.Options, terminal io.Writer) (err error) {
	if o.Logger, err = newLogger(o.Config.Log, os.Stderr); err != nil {
		return err
	}
	defer o.Logger.Sync() //nolint:errcheck // stderr cannot be synced on every system
	n, err := node.Open(ctx, o)
	if err != nil {
		return err
	}
	defer n.Close()
	if err := greet(ctx, n, terminal); err != nil {
		return err
	}
	defer onSignals(ctx, n)()
	return n.Run(ctx)
}

// greet prints, on the first run only, the link that makes the first account.
func greet(ctx context.Context, n *node.Node, w io.Writer) error {
	token, err := n.Manage().FirstRun(ctx)
	if err != nil || token == "" {
		return err
	}
	_, err = fmt.Fprintf(w, "\n  First run: open the console and choose a password for the account \"admin\"\n\n    %s/welcome/%s\n\n  The link works once, within 24 hours. `weir serve` prints a new one while no password is set.\n\n",
		n.ManageURL(), token)
	return err
}

// onSignals reads the configuration again on SIGHUP and hands over to a new process on
// SIGUSR2, until the returned function is called.
func onSignals(ctx context.Context, n *node.Node) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGUSR2)
	done.Go(func() {
		for s := range signals {
			if s == syscall.SIGHUP {
				_ = n.Reload(ctx) // logged and shown by the node
			} else {
				done.Go(func() { _ = n.Upgrade(ctx) }) // logged by the node
			}
		}
	})
	return func() {
		signal.Stop(signals)
		close(signals)
		cancel()
		done.Wait()
	}
}

// newLogger returns a logger that writes structured lines and samples repeated
// ones: the first 100 of a message a second, then every 100th.
func newLogger(c config.Log, w zapSink) (*zap.Logger, error) {
	level, err := zap.ParseAtomicLevel(c.Level)
	if err != nil {
		return nil, err
	}
	return zap.New(newCore(c.Format, level, w)), nil
}
