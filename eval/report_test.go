package eval

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

func TestInterval(t *testing.T) {
	// Reference values: statsmodels proportion_confint(method="wilson").
	for _, c := range []struct {
		rate      Rate
		low, high float64
	}{
		{Rate{0, 10}, 0, 0.2775},
		{Rate{10, 10}, 0.7225, 1},
		{Rate{5, 10}, 0.2366, 0.7634},
		{Rate{1, 1000}, 0.0002, 0.0056},
		{Rate{0, 0}, 0, 1},
		{Rate{950, 1000}, 0.9347, 0.9619},
	} {
		low, high := c.rate.Interval()
		if math.Abs(low-c.low) > 6e-5 || math.Abs(high-c.high) > 6e-5 {
			t.Errorf("%+v: %.4f–%.4f, want %.4f–%.4f", c.rate, low, high, c.low, c.high)
		}
	}
}

func TestShape(t *testing.T) {
	f := func(a, b string, same bool) {
		t.Helper()
		if (Shape([]byte(a)) == Shape([]byte(b))) != same {
			t.Errorf("%q and %q: same shape %v, want %v", a, b, !same, same)
		}
	}
	f("id=1' OR 7=7", "name=23' and 1234=1234", true)
	f("id=1'", "id=1%27", true)
	f("a b", "x+yz", true)
	f("ö", "o", true)
	f("id=1'", `id=1"`, false)
	f("id=%2F", "id=%3C", false)
	f("((", "(", false)
	f("a%2", "b%4", true)
	f(strings.Repeat("-a", 600), strings.Repeat("-b", 600), true)
	f(strings.Repeat("-a", 600), strings.Repeat("-b", 601), false)
}

// words is an engine that takes requests with certain words for attacks.
type words struct {
	evil   string
	loaded atomic.Int64
}

type wordsRequest struct{ raw, evil string }

func (*words) Name() string { return "words" }

func (w *words) Load(raw []byte) (Request, error) {
	w.loaded.Add(1)
	if string(raw) == "broken" {
		return nil, errors.New("no request")
	}
	return &wordsRequest{string(raw), w.evil}, nil
}

func (r *wordsRequest) Inspect() bool { return strings.Contains(r.raw, r.evil) }
func (r *wordsRequest) Explain() Evidence {
	return Evidence{Types: []string{"word"}, Score: 9, Point: "[uri]", Payload: r.raw}
}

func samples() []Sample {
	return []Sample{
		{"f", "1", Attack, "x", "query", []byte("evil 1")},
		{"f", "2", Attack, "x", "form", []byte("evil 2")},
		{"f", "3", Attack, "y", "form", []byte("=hidden")},
		{"g", "4", Legit, "z", "form", []byte("good")},
		{"g", "5", Legit, "z", "form", []byte("+evil twin\x1b[2J")},
		{"g", "6", Legit, "z", "form", []byte("broken")},
	}
}

func judged(t *testing.T, evil string) *Run {
	t.Helper()
	run, err := Judge(t.Context(), &words{evil: evil}, samples(), 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestSummarize(t *testing.T) {
	r := Summarize(samples(), []*Run{judged(t, "evil")}, []Dimension{ByFile, ByClass})
	if r.Requests != 6 || r.Failed != 1 || r.Files != 2 {
		t.Errorf("%+v", r)
	}
	total := r.Total.Cells[0]
	if total.Attacks != (Rate{2, 3}) || total.Legit != (Rate{1, 2}) || total.Types["word"] != 1 {
		t.Errorf("total %+v", total)
	}
	if total.Shapes != 2 || total.PerShape != .5 {
		t.Errorf("%d shapes, %v of them found; the two evil ones are one", total.Shapes, total.PerShape)
	}
	if m := r.Means[0]; math.Abs(m.TPR-2./3) > 1e-9 || m.FPR != .5 {
		t.Errorf("means %+v", m)
	}
	keys := make([]string, 0, len(r.Rows))
	for _, row := range r.Rows {
		keys = append(keys, strings.Join(row.Key, "/"))
	}
	if got := strings.Join(keys, " "); got != "f f/x f/y g/z" {
		t.Errorf("rows %s", got)
	}
}

func TestTable(t *testing.T) {
	one, other := judged(t, "evil"), judged(t, "e")
	other.Engine, other.Cost = "letters", Cost{Requests: 1, P50: 1234}
	var b bytes.Buffer
	if err := Summarize(samples(), []*Run{one, other}, []Dimension{ByPlace}).WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"6 requests of 2 files; 1 could not be read", "N  words    letters", "query          1  100.00 %  100.00 %", "form           2  50.00 %   100.00 %", "mean of files     66.67 %   100.00 %", "letters  1234"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestJudgeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := &words{evil: "evil"}
	if _, err := Judge(ctx, w, samples(), 1, nil); !errors.Is(err, context.Canceled) || w.loaded.Load() != 0 {
		t.Errorf("%v after %d requests", err, w.loaded.Load())
	}
}

func TestMeasure(t *testing.T) {
	c := Measure(t.Context(), &words{evil: "evil"}, samples(), 3, 1)
	if c.Requests != 3 || c.P50 > c.P99 || c.Allocs > 3 {
		t.Errorf("%+v", c)
	}
	if all := Measure(t.Context(), &words{evil: "evil"}, samples(), 100, 1); all.Requests != 5 {
		t.Errorf("%+v", all)
	}
}

func TestCSV(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	if err := WriteCSV(dir, samples(), judged(t, "evil")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		MissesFile:      "file,id,class,place,type,score,point,payload\nf,3,y,form,word,9,[uri],'=hidden\n",
		FalseAlarmsFile: "file,id,class,place,type,score,point,payload\ng,5,z,form,word,9,[uri],'+evil twin\\x1b[2J\n",
	} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", name, got, err, want)
		}
	}
}

func TestCellsAreNoFormulas(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "a": "a", "=1": "'=1", " =1": "' =1", "\t=1": `\t=1`, "\r@x": `\r@x`, "-1": "'-1", "'=1": "''=1", `say "x"`: `say "x"`, "\x00": `\x00`,
	} {
		if got := cell(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestResults(t *testing.T) {
	one, other := judged(t, "evil"), judged(t, "good")
	other.Engine, other.Cost = "other", Cost{Requests: 7, P50: 1.5}
	name := filepath.Join(t.TempDir(), "results.jsonl")
	var b bytes.Buffer
	for _, run := range []*Run{one, other} {
		if err := WriteResults(&b, samples(), run); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	results, err := ReadResults([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	more := append([]Sample{{File: "f", ID: "0"}}, samples()...)
	common, runs := results.Common(more)
	if len(common) != 6 || common[0].ID != "1" || len(runs) != 2 || runs[1].Cost != other.Cost || runs[1].Engine != "other" {
		t.Fatalf("%d samples, %+v", len(common), runs)
	}
	for i := range common {
		if runs[0].Outcomes[i].Found != one.Outcomes[i].Found || runs[1].Outcomes[i].Failed != other.Outcomes[i].Failed {
			t.Errorf("sample %s: %+v", common[i].ID, runs[0].Outcomes[i])
		}
	}
	if _, err := ReadResults([]string{name + "x"}); !errors.Is(err, ErrBadInput) {
		t.Errorf("missing file: %v", err)
	}
}
