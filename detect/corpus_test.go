package detect

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// lines reads a file of values, one a line, Go-quoted where a line begins with a
// backquote-free double quote; # begins a remark.
func lines(tb testing.TB, file string) (values []string) {
	tb.Helper()
	f, err := os.Open(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		text := s.Text()
		if text == "" || strings.HasPrefix(text, "# ") {
			continue
		}
		if quoted, ok := strings.CutPrefix(text, "go:"); ok {
			if text, err = strconv.Unquote(quoted); err != nil {
				tb.Fatalf("%s: %s: %v", file, quoted, err)
			}
		}
		values = append(values, text)
	}
	return values
}

// find scans one value of a kind with all detectors.
func find(text string, kind point.Kind) []Finding {
	v := []point.Value{{Data: []byte(text), Classes: point.Classify([]byte(text)), Kind: kind}}
	var s Scanner
	Default().Scan(&s, &point.Tree{}, v, 1, &Options{})
	return s.Findings
}

// TestHits holds each line of testdata/hit/TYPE.txt to a finding of its type.
func TestHits(t *testing.T) {
	files, err := filepath.Glob("testdata/hit/*.txt")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		typ, err := attack.Parse(strings.TrimSuffix(filepath.Base(file), ".txt"))
		if err != nil {
			t.Fatal(err)
		}
		values := lines(t, file)
		if len(values) < 30 {
			t.Errorf("%s has only %d values", file, len(values))
		}
		for _, text := range values {
			found := false
			text, kind := kindOf(text)
			for _, f := range find(text, kind) {
				found = found || f.Type == typ
			}
			if !found {
				t.Errorf("%s: not found: %q", typ, text)
			}
		}
	}
}

// TestMisses holds every line of testdata/miss to no finding of any type, also as a
// cookie and as a header field.
func TestMisses(t *testing.T) {
	files, err := filepath.Glob("testdata/miss/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	n := 0
	for _, file := range files {
		for _, line := range lines(t, file) {
			n++
			kinds := []point.Kind{point.Text, point.CookieText, point.HeaderText, point.UserAgent}
			text, kind := kindOf(line)
			if strings.HasPrefix(line, "@") {
				kinds = []point.Kind{kind}
			}
			for _, kind := range kinds {
				for _, f := range find(text, kind) {
					t.Errorf("%s found in kind %d with %d: %q %s", f.Type, kind, f.Score(), text, marks(&f.Tally))
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d values", n)
	}
}

func marks(t *evidence.Tally) string {
	var b strings.Builder
	for _, m := range t.Marks[:t.N] {
		fmt.Fprintf(&b, " %d:%+d", m.Stamp, m.Weight)
	}
	return b.String()
}

// TestStampsAreTheirOwn checks that no number is used twice and all say what they mean.
func TestStampsAreTheirOwn(t *testing.T) {
	seen := map[evidence.Stamp]string{}
	for _, d := range table {
		for _, s := range d.Signs {
			if other, taken := seen[s.Stamp]; taken {
				t.Errorf("stamp %d is %s and %s", s.Stamp, other, s.Name)
			}
			if seen[s.Stamp] = s.Name; s.Name == "" || s.Text == "" || s.Weight < 1 {
				t.Errorf("stamp %d: %+v", s.Stamp, s)
			}
		}
	}
}

// TestWorstCasesEnd feeds inputs that could make a scanner slow; a quadratic scan of
// them would run into the test's time limit.
func TestWorstCasesEnd(*testing.T) {
	for _, piece := range []string{"(", "'", `"`, "<", "${", ";", "`", "../", "{{", "[", "&#", "<a ", "' or ", "|x", "union select ", "\\", "/*", "$(", "on=", "%2e", "{{7*", "<!ENTITY ", "\n", "@{[", "$ne:", "http://", ")(", "<!--#", "/.git", "<?php "} {
		text := strings.Repeat(piece, (64<<10)/len(piece))
		for _, kind := range []point.Kind{point.Text, point.WholePath, point.FileName, point.FileHead, point.UserAgent} {
			_ = find(text, kind)
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, pattern := range []string{"testdata/hit/*.txt", "testdata/miss/*.txt"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			for _, text := range lines(f, file) {
				value, kind := kindOf(text)
				f.Add(value, uint8(kind))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		k := point.Kind(kind % 16)
		once, twice := find(text, k), find(text, k)
		if fmt.Sprint(once) != fmt.Sprint(twice) {
			t.Fatal("two scans differ")
		}
		for _, fd := range once {
			for _, m := range fd.Marks[:fd.N] {
				if int(m.Off) > len(text) {
					t.Fatalf("mark %+v outside of %d bytes", m, len(text))
				}
			}
		}
	})
}
