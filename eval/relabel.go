package eval

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// Relabels are corrections of labels that somebody looked at. The zero Relabels
// corrects nothing.
type Relabels struct{ byID map[string]relabel }

// relabel is one line of the file.
type relabel struct {
	ID     string `json:"id"`
	Label  string `json:"label"` // attack, legit, or drop: neither
	Reason string `json:"reason"`
}

// drop is the label of samples that say nothing, such as half of an attack.
const drop = "drop"

// ReadRelabels reads JSON lines {"id","label":"attack|legit|drop","reason"}. Each needs
// its reason: a correction that nobody can follow is a figure that was made up.
func ReadRelabels(name string) (Relabels, error) {
	r := Relabels{map[string]relabel{}}
	f, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return r, badInput("%w", err)
	}
	defer f.Close()
	err = eachLine(bufio.NewReader(f), func(n int, line []byte) error {
		var l relabel
		if err := json.Unmarshal(line, &l); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := l.check(); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		r.byID[l.ID] = l
		return nil
	})
	if err != nil {
		return r, badInput("%s: %w", name, err)
	}
	return r, nil
}

func (l *relabel) check() error {
	if l.ID == "" || l.Reason == "" {
		return errors.New(`"id" and "reason" are needed`)
	}
	if l.Label == drop {
		return nil
	}
	if label, err := ParseLabel(l.Label); err != nil || label == "" {
		return fmt.Errorf("label %q is not among attack, legit, drop", l.Label)
	}
	return nil
}

// Apply returns the samples with their labels corrected, and how many that were.
func (r Relabels) Apply(samples []Sample) (corrected []Sample, n int) {
	if len(r.byID) == 0 {
		return samples, 0
	}
	corrected = make([]Sample, 0, len(samples))
	for _, s := range samples {
		l, known := r.byID[s.ID]
		switch {
		case !known || l.Label == string(s.Label):
		case l.Label == drop:
			n++
			continue
		default:
			n++
			s.Label = Label(l.Label)
		}
		corrected = append(corrected, s)
	}
	return corrected, n
}
