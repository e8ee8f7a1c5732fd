package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is one mistake in a file.
type Problem struct {
	File string
	Line int    // from 1; 0 when it concerns the whole file
	Path string // sites[0].mode; empty when it concerns the whole file
	Text string // what is wrong and what to write instead
}

func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	b.WriteString(": ")
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Text)
	return b.String()
}

// Problems are all mistakes of a file in the order of their lines.
type Problems []Problem //nolint:errname // it is a list first, and an error when it is not empty

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// maxFile bounds a configuration file, in bytes.
const maxFile = 4 << 20

// Load reads a file. It returns a complete configuration or every problem.
func Load(path string) (*Config, Problems) {
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, Problems{{File: path, Text: reason(err)}}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, Problems{{File: path, Text: reason(err)}}
	}
	return Parse(path, data)
}

// reason returns what the system says without the path, which a Problem names itself.
func reason(err error) string {
	if pathError, ok := errors.AsType[*os.PathError](err); ok {
		return pathError.Op + ": " + pathError.Err.Error()
	}
	return err.Error()
}

// Parse reads the text of a file; name stands for it in problems.
func Parse(name string, data []byte) (*Config, Problems) {
	if len(data) > maxFile {
		return nil, Problems{{File: name, Text: fmt.Sprintf("the file is larger than %s", Size(maxFile))}}
	}
	root, err := parseYAML(data)
	if err != nil {
		return nil, Problems{syntaxProblem(name, err)}
	}
	cfg := Default()
	d := &decoder{file: name, lines: map[string]int{}}
	d.document(root, cfg)
	cfg.fill()
	v := &validator{decoder: d}
	v.config(cfg)
	if len(d.problems) > 0 {
		slices.SortStableFunc(d.problems, func(a, b Problem) int { return a.Line - b.Line })
		return nil, d.problems
	}
	return cfg, nil
}

// parseYAML reads exactly one document.
func parseYAML(data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var root yaml.Node
	if err := dec.Decode(&root); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the file is empty")
		}
		return nil, err
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("yaml: line %d: a second document begins here; write one only", more.Line)
	}
	return &root, nil
}

// syntaxProblem takes the line out of the YAML reader's text.
func syntaxProblem(name string, err error) Problem {
	p := Problem{File: name, Text: strings.TrimPrefix(err.Error(), "yaml: ")}
	var line int
	if n, _ := fmt.Sscanf(p.Text, "line %d:", &line); n == 1 {
		p.Line = line
		_, p.Text, _ = strings.Cut(p.Text, ": ")
	}
	return p
}

// ForUpstream returns what `weir serve --upstream URL` means: everything for one
// upstream, in monitoring mode, on the loopback.
func ForUpstream(url string) (*Config, Problems) {
	cfg := Default()
	cfg.Version = 1
	cfg.Upstreams = map[string]Upstream{"upstream": {Targets: []string{strings.TrimSuffix(url, "/")}}}
	cfg.Sites = []Site{{Hosts: []string{"*"}, Upstream: "upstream"}}
	cfg.fill()
	d := &decoder{file: "--upstream", lines: map[string]int{}}
	(&validator{decoder: d}).config(cfg)
	if len(d.problems) > 0 {
		return nil, d.problems
	}
	return cfg, nil
}
