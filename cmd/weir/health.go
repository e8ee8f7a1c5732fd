package main

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

func healthCommand() *cobra.Command {
	var address string
	cmd := &cobra.Command{
		Use:     "health",
		Short:   "Ask a running node whether it is ready; for container health checks",
		Example: "  weir health --manage 127.0.0.1:9080",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client := http.Client{Timeout: 3 * time.Second}
			req, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, "http://"+address+"/ready", nil)
			if err != nil {
				return invalidError{err}
			}
			resp, err := client.Do(req)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				return errors.New("not ready")
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "ready")
			return err
		},
	}
	cmd.Flags().StringVar(&address, "manage", "127.0.0.1:9080", "management address of the node")
	return cmd
}
