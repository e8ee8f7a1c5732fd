package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/filter"
	"github.com/weirnode/weir/internal/inert"
	"github.com/weirnode/weir/parse"
)

func inspectCommand() *cobra.Command {
	var file, address, mode string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "inspect [FILE]",
		Short: "Take a raw HTTP request apart and say what the node would do with it",
		Long: `Read a raw HTTP request from a file or from standard input and print its points, what
detectors find in them and why, and the decision. Nothing is sent anywhere.`,
		Example: "  printf 'GET /?id=1%%27%%20OR%%201=1-- HTTP/1.1\\r\\nHost: shop\\r\\n\\r\\n' | weir inspect\n  weir inspect --json request.txt",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			raw, err := readRequest(cmd.InOrStdin(), args)
			if err != nil {
				return err
			}
			report, err := inspect(cmd.Context(), raw, file, address, mode)
			if err != nil {
				return err
			}
			if asJSON {
				e := json.NewEncoder(inert.JSON(cmd.OutOrStdout()))
				e.SetIndent("", "  ")
				return e.Encode(report)
			}
			report.print(cmd.OutOrStdout())
			return nil
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&asJSON, "json", false, "print JSON")
	flags.StringVarP(&file, "config", "c", "", "configuration whose sites and modes decide (default: block everything that is an attack)")
	flags.StringVar(&address, "address", "192.0.2.1", "address of the client")
	flags.StringVar(&mode, "mode", "block", "filtration mode, without -c")
	return cmd
}

// maxRequest bounds what inspect reads, in bytes.
const maxRequest = 16 << 20

func readRequest(in io.Reader, args []string) ([]byte, error) {
	if len(args) == 1 && args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, maxRequest))
}

// report is what inspect prints.
type report struct {
	Method   string          `json:"method"`
	Target   string          `json:"target"`
	Host     string          `json:"host"`
	Points   []pointReport   `json:"points"`
	Findings []findingReport `json:"findings"`
	Near     []findingReport `json:"suspicions,omitempty"`
	Anomaly  []string        `json:"anomalies,omitempty"`
	Fault    string          `json:"fault,omitempty"` // of the framing: the wire answers 400
	Mode     string          `json:"mode"`
	Action   string          `json:"action"`
	Reason   string          `json:"reason"`
}

type pointReport struct {
	Point string `json:"point"`
	Value string `json:"value"`
	Layer uint8  `json:"layer"`
}

type findingReport struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Point    string       `json:"point"`
	Score    int          `json:"score"`
	Context  string       `json:"context"`
	Evidence string       `json:"evidence"`
	Signs    []signReport `json:"signs"`
}

type signReport struct {
	Stamp  uint16 `json:"stamp"`
	Weight int8   `json:"weight"`
	Text   string `json:"text"`
	Bytes  string `json:"bytes"`
}

func inspect(_ context.Context, raw []byte, file, address, mode string) (*report, error) {
	client, err := netip.ParseAddr(address)
	if err != nil {
		return nil, invalidError{err}
	}
	cfg, err := inspectConfig(file, mode)
	if err != nil {
		return nil, err
	}
	snapshot, err := filter.Compile(cfg, nil, make([]byte, 16))
	if err != nil {
		return nil, invalidError{err}
	}
	engine := detect.Default()
	f := filter.New(filter.Options{Snapshot: snapshot.Complete(), Detectors: engine})
	ex := f.Acquire()
	defer f.End(ex)
	if err := parse.ReadRequest(raw, &ex.Request); err != nil {
		return nil, err
	}
	ex.Client = client
	decision := f.Begin(ex)
	if decision.Action == filter.Undecided {
		decision = f.Request(ex)
	}
	if fault := ex.Request.Refusal(raw); fault != parse.NoFault {
		decision = f.Refuse(ex, fault)
	}
	return describe(ex, engine, decision), nil
}

func inspectConfig(file, mode string) (*config.Config, error) {
	if file != "" {
		return valid(config.Load(file))
	}
	cfg, err := valid(config.ForUpstream("http://127.0.0.1:1"))
	if err != nil {
		return nil, err
	}
	if err := cfg.Mode.UnmarshalText([]byte(mode)); err != nil {
		return nil, invalidError{err}
	}
	return cfg, nil
}

func describe(ex *filter.Exchange, engine *detect.Engine, d filter.Decision) *report {
	points := ex.Points()
	r := &report{
		Method: string(ex.Request.Method), Target: string(ex.Request.Target), Host: string(ex.Request.Host),
		Points: []pointReport{}, Findings: []findingReport{}, Action: d.Action.String(), Reason: d.Reason.String(), Mode: "-", Fault: ex.Fault.String(),
	}
	if ex.Settings != nil {
		r.Mode = ex.Settings.Mode.String()
	}
	for i := range points.Values {
		v := &points.Values[i]
		r.Points = append(r.Points, pointReport{points.Tree.Path(v.Ref).String(), string(v.Data), v.Layer})
	}
	for _, a := range points.Anomalies {
		r.Anomaly = append(r.Anomaly, a.Reason.String()+" at "+points.Tree.Path(a.Ref).String())
	}
	for _, fd := range ex.Findings() {
		r.Findings = append(r.Findings, describeFinding(points, engine, &fd))
	}
	for _, fd := range ex.Suspicions() {
		r.Near = append(r.Near, describeFinding(points, engine, &fd))
	}
	return r
}

func describeFinding(points *parse.Points, engine *detect.Engine, fd *detect.Finding) findingReport {
	data := points.Values[fd.Value].Data
	off, length := fd.Span()
	out := findingReport{
		Type: fd.Type.String(), Title: fd.Type.Title(), Point: points.Tree.Path(fd.Ref).String(), Score: fd.Score(),
		Context: fd.Context.String(), Evidence: slice(data, off, length),
	}
	marks := slices.Clone(fd.Marks[:fd.N])
	slices.SortStableFunc(marks, func(a, b evidence.Mark) int { return cmp.Compare(a.Off, b.Off) }) // as the value is read
	for _, m := range marks {
		s := signReport{Stamp: uint16(m.Stamp), Weight: m.Weight, Bytes: slice(data, int(m.Off), int(m.Len))}
		if sign := engine.Sign(m.Stamp); sign != nil {
			s.Text = sign.Text
		}
		out.Signs = append(out.Signs, s)
	}
	return out
}

func slice(data []byte, off, length int) string {
	off = min(off, len(data))
	return string(data[off:min(len(data), off+length)])
}

// print writes the report for people. Values are quoted as Go does, so that hostile
// bytes cannot reach the terminal.
func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "%s %s  host %s\n\npoints\n", printable(r.Method), printable(r.Target), printable(r.Host))
	for _, p := range r.Points {
		fmt.Fprintf(w, "  %s  %s\n", p.Point, printable(p.Value))
	}
	for _, a := range r.Anomaly {
		fmt.Fprintf(w, "  anomaly: %s\n", a)
	}
	fmt.Fprintln(w, "\nfindings")
	if len(r.Findings) == 0 {
		fmt.Fprintln(w, "  none")
	}
	for _, f := range r.Findings {
		f.print(w)
	}
	if len(r.Near) > 0 {
		fmt.Fprintln(w, "\nsuspicions, not enough for an attack by themselves")
	}
	for _, f := range r.Near {
		f.print(w)
	}
	if r.Fault != "" {
		fmt.Fprintf(w, "\nrefused for its framing before any of this was inspected: %s (docs/wire.md)\n", r.Fault)
	}
	fmt.Fprintf(w, "\ndecision  %s (%s) in mode %s\n", r.Action, r.Reason, r.Mode)
}

func (f *findingReport) print(w io.Writer) {
	fmt.Fprintf(w, "  %s (%s) at %s, score %d of 20, read %s\n    evidence  %s\n", f.Type, f.Title, f.Point, f.Score, spoken(f.Context), printable(f.Evidence))
	sum := 0
	for _, s := range f.Signs {
		sum += int(s.Weight)
		fmt.Fprintf(w, "    %+3d  %s  %s  [%d]\n", s.Weight, s.Text, printable(s.Bytes), s.Stamp)
	}
	if sum = min(sum, 20); sum > f.Score {
		fmt.Fprintf(w, "         these add up to %d; what stands around them lowers it to %d\n", sum, f.Score)
	}
}

// spoken says for people in what place of another language a value was read.
func spoken(context string) string {
	switch context {
	case "raw":
		return "from its first byte"
	case "'", `"`, "`", "]", "*/":
		return "behind a closing " + context
	case "js":
		return "as JavaScript behind a closed string"
	case "html", "xml":
		return "as " + strings.ToUpper(context)
	case "url":
		return "as a URL"
	case "filter":
		return "as a filter of a directory"
	case "query":
		return "as a query of a document database"
	case "wire":
		return "in the request's framing"
	case "agent", "upload-name", "name":
		return "as the name of " + map[string]string{"agent": "a client", "upload-name": "an upload", "name": "a field"}[context]
	case "upload":
		return "as the content of an upload"
	}
	return "as " + map[bool]string{true: "an ", false: "a "}[context == "attribute"] + context
}

// printable shortens a value and quotes it.
func printable(s string) string {
	const most = 200
	if len(s) > most {
		return fmt.Sprintf("%q… (%d bytes)", s[:most], len(s))
	}
	return strings.TrimSpace(fmt.Sprintf("%q", s))
}
