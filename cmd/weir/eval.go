package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/weirnode/weir/eval"
	"github.com/weirnode/weir/internal/inert"
)

type evalFlags struct {
	file, sensitivity, label, by, csv, results, relabel string
	compare                                             []string
	json, places                                        bool
	workers, sample, timed                              int
	seed                                                uint64
	minTPR, maxFPR                                      float64
}

func evalCommand() *cobra.Command {
	var f evalFlags
	cmd := &cobra.Command{
		Use:   "eval DIR|FILE...",
		Short: "Measure detection on labelled traffic: attacks found, false alarms, time per request",
		Long: `Read requests from files and folders, inspect each as the node would, and print how many
attacks were found and how many legitimate requests were flagged, with 95 % intervals,
and what inspection costs. Nothing is sent anywhere. A request counts as found when the
node would record an attack or refuse the request for its framing, whatever the
filtration mode does with it.

Files may be
  JSON lines       {"id","label":"attack|legit","class","place","req" or "req_b64"}
  raw requests     .http, .raw, .txt; the label is a folder's name, attack or legit, or --label
  access logs      common or combined form, also .gz; legit unless --label says otherwise
  HAR archives     as browsers save them; legit unless --label says otherwise

"TPR of shapes" counts near copies once: requests that differ only in words and numbers.
Results of other engines (make compare; tools/compare) stand beside weir's with --compare-with.

Exits with 0 when it ran, 2 on input it cannot read, 1 when --min-tpr or --max-fpr is missed.`,
		Example: "  weir eval corpus/\n  weir eval --csv mistakes --by class corpus/*.jsonl\n  weir eval --max-fpr 0.001 access.log",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			err := f.run(cmd.Context(), args, cmd.OutOrStdout(), cmd.ErrOrStderr())
			if errors.Is(err, eval.ErrBadInput) {
				return invalidError{err}
			}
			return err
		},
	}
	f.register(cmd)
	return cmd
}

func (f *evalFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVarP(&f.file, "config", "c", "", "configuration whose parsers, detectors and rules hold (default: all of weir's)")
	flags.StringVar(&f.sensitivity, "sensitivity", "", "low, default or high: how much evidence an attack needs (default: as configured)")
	flags.StringVar(&f.label, "label", "", "attack or legit: label of requests that bring none")
	flags.StringVar(&f.relabel, "relabel", "", "corrections of labels: JSON lines {\"id\",\"label\":\"attack|legit|drop\",\"reason\"}")
	flags.StringVar(&f.by, "by", "file,class", "what rows are grouped by: file, class, place, or a list of these")
	flags.StringVar(&f.csv, "csv", "", "folder for misses.csv and false-alarms.csv")
	flags.StringVar(&f.results, "results", "", "file for the outcome of every request, as JSON lines that --compare-with takes")
	flags.StringSliceVar(&f.compare, "compare-with", nil, "results of other engines; only requests that all were shown count")
	flags.BoolVar(&f.json, "json", false, "print JSON")
	flags.BoolVar(&f.places, "places", false, "instead of every attack, put its value in fifteen places of a request, one after another")
	flags.IntVar(&f.workers, "workers", 0, "requests at once (default: the number of processors)")
	flags.IntVar(&f.sample, "sample", 0, "read at most so many attacks and so many legitimate requests of each file, drawn evenly")
	flags.Uint64Var(&f.seed, "seed", 1, "seed of --sample")
	flags.IntVar(&f.timed, "timed", 2000, "requests to time, 0 for none")
	flags.Float64Var(&f.minTPR, "min-tpr", 0, "exit with 1 if a smaller part of all attacks is found, 0 to 1")
	flags.Float64Var(&f.maxFPR, "max-fpr", 1, "exit with 1 if a larger part of all legitimate requests is flagged, 0 to 1")
}

func (f *evalFlags) run(ctx context.Context, paths []string, out, terminal io.Writer) error {
	by, err := eval.ParseDimensions(f.by)
	if err != nil {
		return err
	}
	engine, err := f.engine()
	if err != nil {
		return err
	}
	samples, peers, err := f.read(paths, engine, terminal)
	if err != nil {
		return err
	}
	run, err := f.judge(ctx, engine, samples, terminal)
	if err != nil {
		return err
	}
	report := eval.Summarize(samples, append([]*eval.Run{run}, peers...), by)
	if err := errors.Join(f.show(report, out), f.keep(samples, run)); err != nil {
		return err
	}
	return f.gate(&report.Total)
}

// read reads the samples, and the results of other engines for them.
func (f *evalFlags) read(paths []string, engine *evalEngine, terminal io.Writer) ([]eval.Sample, []*eval.Run, error) {
	label, err := eval.ParseLabel(f.label)
	if err != nil {
		return nil, nil, invalidError{err}
	}
	corpus, err := eval.Read(paths, eval.ReadOptions{Label: label, Sample: f.sample, Seed: f.seed})
	if err != nil {
		return nil, nil, err
	}
	for _, name := range corpus.Skipped {
		fmt.Fprintf(terminal, "weir: skipped %s: it holds no requests in a form weir reads\n", printable(name))
	}
	samples, err := f.corrected(corpus.Samples, terminal)
	if err != nil {
		return nil, nil, err
	}
	if f.places {
		samples = inPlaces(engine, samples)
	}
	if len(f.compare) == 0 {
		return samples, nil, nil
	}
	results, err := eval.ReadResults(f.compare)
	if err != nil {
		return nil, nil, err
	}
	common, peers := results.Common(samples)
	if len(common) == 0 {
		return nil, nil, invalidError{errors.New("--compare-with: the results are of other requests; use the same files, --sample and --seed")}
	}
	return common, peers, nil
}

// corrected applies --relabel.
func (f *evalFlags) corrected(samples []eval.Sample, terminal io.Writer) ([]eval.Sample, error) {
	if f.relabel == "" {
		return samples, nil
	}
	relabels, err := eval.ReadRelabels(f.relabel)
	if err != nil {
		return nil, err
	}
	samples, n := relabels.Apply(samples)
	fmt.Fprintf(terminal, "weir: %d labels corrected by %s\n", n, printable(f.relabel))
	return samples, nil
}

func (f *evalFlags) judge(ctx context.Context, engine *evalEngine, samples []eval.Sample, terminal io.Writer) (*eval.Run, error) {
	p := newProgress(terminal)
	run, err := eval.Judge(ctx, engine, samples, f.workers, p.tell)
	p.end()
	if err == nil && f.timed > 0 {
		run.Cost = eval.Measure(ctx, engine, samples, f.timed, f.seed)
		err = ctx.Err()
	}
	return run, err
}

func (f *evalFlags) show(r *eval.Report, out io.Writer) error {
	if !f.json {
		return r.WriteTable(out)
	}
	e := json.NewEncoder(inert.JSON(out))
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// keep writes the files that were asked for.
func (f *evalFlags) keep(samples []eval.Sample, run *eval.Run) error {
	if f.csv != "" {
		if err := eval.WriteCSV(f.csv, samples, run); err != nil {
			return err
		}
	}
	if f.results == "" {
		return nil
	}
	return writeResults(f.results, samples, run)
}

// gate fails when a bound is missed. A bound on what the samples do not hold is missed.
func (f *evalFlags) gate(total *eval.Row) error {
	if len(total.Cells) == 0 {
		return invalidError{errors.New("no request could be read")}
	}
	attacks, legit := total.Cells[0].Attacks, total.Cells[0].Legit
	var missed []error
	if tpr := attacks.Value(); tpr < f.minTPR {
		missed = append(missed, fmt.Errorf("%d of %d attacks found (%.4f), --min-tpr asks for %.4f", attacks.Hit, attacks.Of, tpr, f.minTPR))
	}
	if fpr := legit.Value(); fpr > f.maxFPR {
		missed = append(missed, fmt.Errorf("%d of %d legitimate requests flagged (%.4f), --max-fpr allows %.4f", legit.Hit, legit.Of, fpr, f.maxFPR))
	}
	if f.maxFPR < 1 && legit.Of == 0 {
		missed = append(missed, errors.New("--max-fpr: there are no legitimate requests"))
	}
	return errors.Join(missed...)
}
