package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/internal/sample"
	"github.com/weirnode/weir/node"
)

type demoFlags struct {
	check                bool
	data, listen, manage string
	rate                 int
}

func demoCommand() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run a sample shop, the node in front of it, and mixed traffic",
		Long: `Run a sample shop, the node in front of it in block mode, and a bounded stream of mixed
traffic: people who browse, API clients, attackers, one scraper. Everything stays on
the loopback. Prints the console's address with a one-time sign-in link and serves
until Ctrl-C. With --check it verifies its own results and exits.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), cmd.OutOrStdout()) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.check, "check", false, "verify hits, attacks, sessions and untouched harmless traffic, print a table, exit 0 or 1")
	flags.StringVar(&f.data, "data", "", "folder for data (default: a new one below the system's folder for temporary files)")
	flags.StringVar(&f.listen, "listen", "", "address for traffic (default 127.0.0.1:8080, or a free port if that is taken)")
	flags.StringVar(&f.manage, "manage", "", "address for console and API (default 127.0.0.1:9080, or a free port if that is taken)")
	flags.IntVar(&f.rate, "rate", 200, "requests a second at most, 1 to 2000")
	return cmd
}

func (f *demoFlags) run(ctx context.Context, out io.Writer) error {
	if f.rate < 1 || f.rate > 2000 {
		return invalidError{errors.New("--rate goes from 1 to 2000")}
	}
	shop, err := startShop()
	if err != nil {
		return err
	}
	defer shop.Close()
	cfg, err := f.config("http://" + shop.Addr)
	if err != nil {
		return err
	}
	log, err := f.logger()
	if err != nil {
		return err
	}
	n, err := node.Open(ctx, node.Options{Config: cfg, Version: version(), Logger: log})
	if err != nil {
		return err
	}
	defer n.Close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	err = f.show(ctx, n, "http://"+shop.Addr, out)
	stop()
	return errors.Join(err, <-ended)
}

// startShop serves the sample shop on a free port of the loopback.
func startShop() (*http.Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // lives as long as the process
	if err != nil {
		return nil, err
	}
	server := &http.Server{Addr: listener.Addr().String(), Handler: sample.App(), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener) //nolint:errcheck // ends with Close
	return server, nil
}

func (f *demoFlags) config(upstream string) (*config.Config, error) {
	cfg, problems := config.ForUpstream(upstream)
	if len(problems) > 0 {
		return nil, invalidError{problems}
	}
	if f.data == "" {
		dir, err := os.MkdirTemp("", "weir-demo-")
		if err != nil {
			return nil, err
		}
		f.data = dir
	}
	cfg.Store.URL = "file:" + f.data
	cfg.Mode = config.Block
	cfg.Sites[0].Application = config.Application{ID: 1, Name: "shop"}
	cfg.ClientAddress.TrustedProxies = loopback
	cfg.Listen[0].Address = addressOr(f.listen, cfg.Listen[0].Address)
	cfg.Manage.Address = addressOr(f.manage, cfg.Manage.Address)
	return cfg, nil
}

// addressOr returns the asked address, else the usual one if it is free, else any.
func addressOr(asked, usual string) string {
	if asked != "" {
		return asked
	}
	listener, err := net.Listen("tcp", usual) //nolint:noctx // closed at once
	if err != nil {
		return "127.0.0.1:0"
	}
	_ = listener.Close()
	return usual
}

// logger keeps the node's log in the data folder, away from what the demo prints.
func (f *demoFlags) logger() (*zap.Logger, error) {
	if err := os.MkdirAll(f.data, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(f.data+"/weir.log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return newLogger(config.Log{Level: "info", Format: "json"}, file)
}

// show runs the traffic and tells what came of it.
func (f *demoFlags) show(ctx context.Context, n *node.Node, shop string, out io.Writer) error {
	link, err := n.Manage().DemoLink(ctx)
	if err != nil {
		return err
	}
	traffic := "http://" + n.TrafficAddrs()[0].String()
	fmt.Fprintf(out, "\n  shop      %s   behind the node\n  traffic   %s   the node, in block mode\n  console   %s/welcome/%s   signs you in, works once\n  data      %s   (log: weir.log)\n\n",
		shop, traffic, n.ManageURL(), link, f.data)
	plan := sample.NewPlan(sample.DemoScale, 1)
	runner := sample.Runner{Node: traffic, Direct: shop, Host: "shop.example.com", Concurrency: 8, Rate: f.rate, Progress: progress(out)}
	outcome, err := runner.Run(ctx, plan)
	if err != nil {
		return stopped(ctx, err)
	}
	fmt.Fprintln(out)
	verified := verify(ctx, n, plan, outcome, out)
	if f.check {
		return verified
	}
	fmt.Fprintf(out, "\n  Still serving. Try:  curl -i '%s/?id=1%%27%%20UNION%%20SELECT%%20username,password%%20FROM%%20users--'\n  Ctrl-C stops.\n", traffic)
	<-ctx.Done()
	return nil
}

// stopped is nil when a person stopped the demo.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// progress prints one line that it keeps up to date; where nobody can see it move, a
// line now and then.
func progress(out io.Writer) func(sent, total int) {
	step, begin := 250, "  "
	if f, ok := out.(*os.File); ok && isTerminal(f) {
		step, begin = 50, "\r  "
	}
	return func(sent, total int) {
		if sent%step != 0 && sent != total {
			return
		}
		fmt.Fprintf(out, "%straffic   %d of %d requests", begin, sent, total)
		if begin == "  " || sent == total {
			fmt.Fprintln(out)
		}
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
