// Command weir is an inline filtering node: a reverse proxy that takes every
// request apart, finds attacks, decides by a filtration mode, and keeps what
// happened for a console, an API and Prometheus.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/weirnode/weir/internal/inert"
)

// Exit codes besides 0 and 1 (something failed).
const exitInvalid = 2 // the configuration or the command line is wrong

// invalidError marks errors that end with exitInvalid.
type invalidError struct{ error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string) int {
	root := &cobra.Command{
		Use:           "weir",
		Short:         "An inline filtering node for web applications and APIs",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.AddCommand(serveCommand(), demoCommand(), checkCommand(), inspectCommand(), evalCommand(), schemaCommand(), versionCommand(), healthCommand(), bypassCommand())
	root.SetArgs(args)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return invalidError{err} })
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if text := said(err); text != "" {
		fmt.Fprintln(os.Stderr, "weir: "+text)
	}
	if _, ok := errors.AsType[invalidError](err); ok {
		return exitInvalid
	}
	return 1
}

// said returns an error as it is printed: it may have words of a hostile request.
func said(err error) string { return inert.Text(err.Error()) }
