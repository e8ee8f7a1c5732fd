package eval

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf8"
)

// WriteTable writes the report for people: all columns for one engine, the rates side
// by side for more.
func (r *Report) WriteTable(w io.Writer) error {
	t := &table{w: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0), report: r}
	fmt.Fprintf(w, "%d requests of %d files", r.Requests, r.Files)
	if r.Failed > 0 {
		fmt.Fprintf(w, "; %d could not be read as a request and count nowhere", r.Failed)
	}
	fmt.Fprintln(w)
	if r.Total.Cells == nil {
		return nil
	}
	if r.Total.Cells[0].Attacks.Of > 0 {
		t.section("ATTACKS", t.attackHead(), t.attackCells, func(c *Cell) int { return c.Attacks.Of }, func(m *Mean) float64 { return m.TPR })
	}
	if r.Total.Cells[0].Legit.Of > 0 {
		t.section("LEGITIMATE", t.legitHead(), t.legitCells, func(c *Cell) int { return c.Legit.Of }, func(m *Mean) float64 { return m.FPR })
	}
	t.costs()
	return t.w.Flush()
}

type table struct {
	w      *tabwriter.Writer
	report *Report
}

func (t *table) line(cells ...string) { fmt.Fprintln(t.w, strings.Join(cells, "\t")) }

// section writes the rows that have samples of one label.
func (t *table) section(title string, head []string, cells func([]Cell) []string, of func(*Cell) int, mean func(*Mean) float64) {
	t.line("")
	lead := append(make([]string, 0, 16), title)
	for _, d := range t.report.Dimensions[1:] {
		lead = append(lead, strings.ToUpper(string(d)))
	}
	t.line(slices.Concat(lead, head)...)
	above := ""
	for _, row := range t.rows(of) {
		key := t.key(row.Key, len(lead))
		if len(key) > 1 && key[0] == above {
			key[0] = ""
		} else {
			above = key[0]
		}
		t.line(append(key, cells(row.Cells)...)...)
	}
	t.line(append(t.key([]string{"all"}, len(lead)), cells(t.report.Total.Cells)...)...)
	if t.report.Files > 1 {
		t.means(len(lead), mean)
	}
}

// means writes the mean over files below the rates.
func (t *table) means(lead int, of func(*Mean) float64) {
	line := append(t.key([]string{"mean of files"}, lead), "")
	if len(t.report.Engines) == 1 {
		line = append(line, "")
	}
	for i := range t.report.Means {
		line = append(line, percent(of(&t.report.Means[i])))
	}
	t.line(line...)
}

// rows returns the rows that have samples, without sums of a single row.
func (t *table) rows(of func(*Cell) int) []Row {
	var rows []Row
	for _, row := range t.report.Rows {
		n := len(rows)
		if of(&row.Cells[0]) == 0 {
			continue
		}
		if n > 0 && len(rows[n-1].Key) < len(row.Key) && of(&rows[n-1].Cells[0]) == of(&row.Cells[0]) {
			n--
		}
		rows = append(rows[:n], row)
	}
	return rows
}

// key fills a row's key up with blanks.
func (t *table) key(key []string, n int) []string {
	out := make([]string, n)
	for i, part := range key {
		out[i] = visible(part)
	}
	return out
}

// visible shows the control bytes of a hostile corpus instead of obeying them.
func visible(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) < 0 {
		return s
	}
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

func (t *table) attackHead() []string {
	if len(t.report.Engines) == 1 {
		return []string{"N", "FOUND", "TPR", "95 %", "SHAPES", "TPR OF SHAPES"}
	}
	return append([]string{"N"}, t.report.Engines...)
}

func (t *table) attackCells(cells []Cell) []string {
	c := &cells[0]
	if len(cells) > 1 {
		return rates(c.Attacks.Of, cells, func(c *Cell) Rate { return c.Attacks })
	}
	return []string{
		strconv.Itoa(c.Attacks.Of), strconv.Itoa(c.Attacks.Hit), percent(c.Attacks.Value()), interval(c.Attacks),
		strconv.Itoa(c.Shapes), percent(c.PerShape),
	}
}

// maxTypes bounds the types that a row lists.
const maxTypes = 6

func (t *table) legitHead() []string {
	if len(t.report.Engines) == 1 {
		return []string{"N", "FLAGGED", "FPR", "95 %", "AS"}
	}
	return append([]string{"N"}, t.report.Engines...)
}

func (t *table) legitCells(cells []Cell) []string {
	c := &cells[0]
	if len(cells) > 1 {
		return rates(c.Legit.Of, cells, func(c *Cell) Rate { return c.Legit })
	}
	flagged := make([]string, 0, maxTypes+1)
	for i, name := range frequent(c.Types) {
		if i == maxTypes {
			flagged = append(flagged, fmt.Sprintf("and %d more", len(c.Types)-i))
			break
		}
		flagged = append(flagged, fmt.Sprintf("%s %d", name, c.Types[name]))
	}
	return []string{
		strconv.Itoa(c.Legit.Of), strconv.Itoa(c.Legit.Hit), percent(c.Legit.Value()), interval(c.Legit), strings.Join(flagged, ", "),
	}
}

func rates(n int, cells []Cell, of func(*Cell) Rate) []string {
	out := append(make([]string, 0, 1+len(cells)), strconv.Itoa(n))
	for i := range cells {
		out = append(out, percent(of(&cells[i]).Value()))
	}
	return out
}

// costs writes what inspection took, an engine a line.
func (t *table) costs() {
	if !slices.ContainsFunc(t.report.Costs, func(c Cost) bool { return c.Requests > 0 }) {
		return
	}
	t.line("")
	t.line("COST", "p50 µs", "p99 µs", "CPU µs", "ALLOCATIONS", "REQUESTS TIMED")
	for i, c := range t.report.Costs {
		if c.Requests > 0 {
			t.line(t.report.Engines[i], number(c.P50), number(c.P99), number(c.CPU), fmt.Sprintf("%.2f", c.Allocs), strconv.Itoa(c.Requests))
		}
	}
}

func percent(v float64) string {
	if 0 < v && v < .001 {
		return fmt.Sprintf("%.3f %%", v*100)
	}
	return fmt.Sprintf("%.2f %%", v*100)
}

func interval(r Rate) string {
	low, high := r.Interval()
	if high < .01 {
		return fmt.Sprintf("%.3f–%.3f", low*100, high*100)
	}
	return fmt.Sprintf("%.1f–%.1f", low*100, high*100)
}

func number(v float64) string {
	if v >= 1000 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.1f", v)
}
