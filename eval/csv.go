package eval

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The files that [WriteCSV] writes.
const (
	MissesFile      = "misses.csv"
	FalseAlarmsFile = "false-alarms.csv"
)

// WriteCSV writes the attacks that a run missed and the legitimate requests that it
// flagged into a folder.
func WriteCSV(dir string, samples []Sample, run *Run) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	return errors.Join(
		writeFile(filepath.Join(dir, MissesFile), samples, run, Attack),
		writeFile(filepath.Join(dir, FalseAlarmsFile), samples, run, Legit))
}

func writeFile(name string, samples []Sample, run *Run, label Label) (err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // the user names it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return writeMistakes(f, samples, run, label)
}

func writeMistakes(out io.Writer, samples []Sample, run *Run, label Label) error {
	w := csv.NewWriter(out)
	if err := w.Write([]string{"file", "id", "class", "place", "type", "score", "point", "payload"}); err != nil {
		return err
	}
	for i := range samples {
		s, o := &samples[i], &run.Outcomes[i]
		if s.Label != label || !o.Mistaken(label) {
			continue
		}
		e := &o.Evidence
		row := []string{s.File, s.ID, s.Class, s.Place, strings.Join(e.Types, " "), strconv.Itoa(e.Score), e.Point, e.Payload}
		for i := range row {
			row[i] = cell(row[i])
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// cell keeps a spreadsheet from taking a text for a formula, and shows control bytes.
func cell(s string) string {
	s = visible(s)
	if begin := strings.TrimLeft(s, " '"); begin != "" && strings.ContainsRune("=+-@|%", rune(begin[0])) {
		return "'" + s
	}
	return s
}
