package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/rule"
)

func checkCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Check a configuration file and show what it means",
		Long: `Check a configuration file. Prints every problem with its line and exits with 2, or
prints the effective filtration mode and the upstream of every route and exits with 0.`,
		Example: "  weir check weir.yaml",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				file = args[0]
			}
			if file == "" {
				return invalidError{errors.New("name the file: weir check weir.yaml")}
			}
			cfg, err := valid(config.Load(file))
			if err != nil {
				return err
			}
			return explain(cmd.OutOrStdout(), cfg)
		},
	}
	cmd.Flags().StringVarP(&file, "config", "c", "", "configuration file")
	return cmd
}

// explain prints what every route comes to.
func explain(w io.Writer, cfg *config.Config) error {
	set, err := rule.Compile(cfg, nil)
	if err != nil {
		return invalidError{err}
	}
	for _, l := range cfg.Listen {
		fmt.Fprintf(w, "traffic    %s\n", l.Address)
	}
	fmt.Fprintf(w, "manage     %s\nstore      %s\noverride   %s\n\n", cfg.Manage.Address, cfg.Store.URL, cfg.ModeOverride)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SITE\tROUTE\tAPPLICATION\tMODE\tFROM\tOVERLIMIT\tUPSTREAM")
	for _, s := range set.All() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.Site, orDash(s.Route), application(s), s.Mode, s.ModeSource, s.Overlimit, s.Upstream)
	}
	return table.Flush()
}

func application(s *rule.Settings) string {
	if s.ApplicationName == "" {
		return strconv.Itoa(int(s.Application))
	}
	return fmt.Sprintf("%d %s", s.Application, s.ApplicationName)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the configuration file, for editors",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			schema, err := config.Schema()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), string(schema))
			return err
		},
	}
}
