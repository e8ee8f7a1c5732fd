package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func bypassCommand() *cobra.Command {
	var url, token string
	cmd := &cobra.Command{
		Use:   "bypass [on|off]",
		Short: "Switch inspection of a running node off and on again: the kill switch",
		Long: `With "on" the node forwards everything uninspected from the next request on: nothing
is blocked, no list is read, nothing is recorded. "off" ends that, and so does a
restart. Without a word it tells how things stand. Switching takes a token of an
administrator and is written to the audit log.`,
		Example:   "  weir bypass on --url http://127.0.0.1:9080 --token TOKEN\n  WEIR_TOKEN=TOKEN weir bypass off",
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"on", "off"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if token == "" {
				token = os.Getenv("WEIR_TOKEN")
			}
			method, body := http.MethodGet, ""
			if len(args) == 1 {
				method, body = http.MethodPut, fmt.Sprintf(`{"on":%t}`, args[0] == "on")
			}
			req, err := http.NewRequestWithContext(cmd.Context(), method, strings.TrimSuffix(url, "/")+"/api/v1/bypass", strings.NewReader(body))
			if err != nil {
				return invalidError{err}
			}
			req.Header.Set("Authorization", "Bearer "+token)
			return tellBypass(req, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&url, "url", "http://127.0.0.1:9080", "management URL of the node")
	cmd.Flags().StringVar(&token, "token", "", "API token; default: $WEIR_TOKEN")
	return cmd
}

// tellBypass sends a request about the kill switch and tells the answer.
func tellBypass(req *http.Request, w io.Writer) error {
	client := http.Client{Timeout: 5 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var out struct {
		On     bool   `json:"on"`
		Detail string `json:"detail"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(&out); err != nil {
		return fmt.Errorf("read the answer of the node: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return errors.New(out.Detail)
	}
	state := "off: requests are inspected"
	if out.On {
		state = "on: nothing is inspected"
	}
	_, err = fmt.Fprintln(w, "bypass is "+state)
	return err
}
