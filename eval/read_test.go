package eval

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree writes files, by their slash-separated names, into a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "corpus")
	for name, text := range files {
		p := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const (
	combined = `192.0.2.7 - - [25/Nov/2026:10:00:00 +0000] "GET /a?b=c HTTP/1.1" 200 12 "https://shop.example/" "Mozilla/5.0 \"x\""` + "\n"
	archive  = `{"log":{"entries":[{"request":{"method":"POST","url":"https://shop.example/cart?x=1#top","headers":[{"name":":method","value":"POST"},` +
		`{"name":"content-length","value":"99"},{"name":"X-A","value":"b"}],"postData":{"mimeType":"application/json","text":"{\"q\":1}"}}}]}}`
)

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRead(t *testing.T) {
	const raw = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n"
	for _, c := range []struct {
		name, text string
		want       Sample
	}{
		{"x.jsonl", `{"id":"a","label":"attack","class":"sqli","place":"query","req":"GET /"}`, Sample{"corpus/x.jsonl", "a", Attack, "sqli", "query", []byte("GET /")}},
		{"x.jsonl", `{"label":"legit","req_b64":"/w=="}`, Sample{"corpus/x.jsonl", "1", Legit, "", "", []byte{0xff}}},
		{"noext", "\n" + `{"id":"a","label":"legit","req":"GET /"}`, Sample{"corpus/noext", "a", Legit, "", "", []byte("GET /")}},
		{"attack/sqli/1.http", raw, Sample{"corpus/attack/sqli", "1.http", Attack, "sqli", "raw", []byte(raw)}},
		{"legit/1.txt", raw, Sample{"corpus/legit", "1.txt", Legit, "raw", "raw", []byte(raw)}},
		{"access.log", combined, Sample{"corpus/access.log", "1", Legit, "accesslog", "raw", []byte("GET /a?b=c HTTP/1.1\r\nHost: log.example\r\nUser-Agent: Mozilla/5.0 \"x\"\r\nReferer: https://shop.example/\r\n\r\n")}},
		{"access.log.1", combined, Sample{"corpus/access.log.1", "1", Legit, "accesslog", "raw", []byte("GET /a?b=c HTTP/1.1\r\nHost: log.example\r\nUser-Agent: Mozilla/5.0 \"x\"\r\nReferer: https://shop.example/\r\n\r\n")}},
		{"access.log.2.gz", zipped(t, `h - - [x] "GET / HTTP/1.0" 200 1`), Sample{"corpus/access.log.2.gz", "1", Legit, "accesslog", "raw", []byte("GET / HTTP/1.0\r\nHost: log.example\r\n\r\n")}},
		{"x.har", archive, Sample{"corpus/x.har", "0", Legit, "har", "raw", []byte("POST /cart?x=1 HTTP/1.1\r\nHost: shop.example\r\nX-A: b\r\nContent-Length: 7\r\n\r\n{\"q\":1}")}},
		{"x.json", archive, Sample{"corpus/x.json", "0", Legit, "har", "raw", []byte("POST /cart?x=1 HTTP/1.1\r\nHost: shop.example\r\nX-A: b\r\nContent-Length: 7\r\n\r\n{\"q\":1}")}},
	} {
		corpus, err := Read([]string{tree(t, map[string]string{c.name: c.text, "README.md": "# nothing", ".hidden.jsonl": "{"})}, ReadOptions{})
		if err != nil || len(corpus.Samples) != 1 {
			t.Errorf("%s: %+v, %v", c.name, corpus, err)
			continue
		}
		got := corpus.Samples[0]
		if string(got.Raw) != string(c.want.Raw) {
			t.Errorf("%s: request\n%q, want\n%q", c.name, got.Raw, c.want.Raw)
		}
		got.Raw, c.want.Raw = nil, nil
		if got.File != c.want.File || got.ID != c.want.ID || got.Label != c.want.Label || got.Class != c.want.Class || got.Place != c.want.Place {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		if len(corpus.Skipped) != 1 || corpus.Skipped[0] != "corpus/README.md" {
			t.Errorf("%s: skipped %q", c.name, corpus.Skipped)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"x.jsonl": {`{"id":"a","label":"evil","req":"GET /"}`, `line 1: label "evil" is neither`},
		"y.jsonl": {"\n" + `{"id":"a","req":"GET /"}`, "line 2: no \"label\""},
		"z.jsonl": {`{"id":"a","label":"legit"}`, `no "req"`},
		"b.jsonl": {`{"label":"legit","req_b64":"*"}`, "req_b64"},
		"x.http":  {"GET / HTTP/1.1\r\n\r\n", "is it an attack?"},
		"x.log":   {"nothing here", "no line is of the common"},
		"x.har":   {"[]", "cannot unmarshal"},
		"x.md":    {"# words", "neither JSON lines"},
		"x.gz":    {"nothing zipped", "not gzip"},
	} {
		_, err := Read([]string{filepath.Join(tree(t, map[string]string{name: c.text}), name)}, ReadOptions{})
		if !errors.Is(err, ErrBadInput) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := Read([]string{filepath.Join(t.TempDir(), "missing")}, ReadOptions{}); !errors.Is(err, ErrBadInput) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Read([]string{t.TempDir()}, ReadOptions{}); !errors.Is(err, ErrBadInput) {
		t.Errorf("empty folder: %v", err)
	}
}

func TestLabelOfTheUser(t *testing.T) {
	root := tree(t, map[string]string{"x.log": combined, "y.jsonl": `{"label":"legit","req":"GET /"}`, "z.http": "GET / HTTP/1.1\r\n\r\n"})
	corpus, err := Read([]string{root}, ReadOptions{Label: Attack})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range corpus.Samples {
		if want := s.File != "corpus/y.jsonl"; want != (s.Label == Attack) {
			t.Errorf("%s has label %s", s.File, s.Label)
		}
	}
}

// TestDraw checks that a draw is bounded for each label, in order, the same for the
// same seed and another for another, and that every sample has the same chance.
func TestDraw(t *testing.T) {
	draw := func(seed uint64) string {
		d := newDraw(&ReadOptions{Sample: 3, Seed: seed}, "f")
		for i := range 10 {
			d.add(Sample{ID: string(rune('0' + i)), Label: Legit})
			d.add(Sample{ID: string(rune('a' + i)), Label: Attack})
		}
		var b strings.Builder
		for _, s := range d.samples() {
			b.WriteString(s.ID)
		}
		return b.String()
	}
	seen, different := map[rune]int{}, map[string]bool{}
	for seed := range uint64(2000) {
		ids := draw(seed)
		if len(ids) != 6 || ids != draw(seed) {
			t.Fatalf("seed %d: %q, %q", seed, ids, draw(seed))
		}
		different[ids] = true
		last := -1
		for _, r := range ids {
			seen[r]++
			at := int(r-'0') * 2
			if r >= 'a' {
				at = int(r-'a')*2 + 1
			}
			if at <= last {
				t.Fatalf("%q is not in the order of the file", ids)
			}
			last = at
		}
	}
	if len(different) < 1000 {
		t.Errorf("2000 seeds gave %d draws", len(different))
	}
	for r, n := range seen {
		if n < 500 || n > 700 {
			t.Errorf("%c was drawn %d times of 2000, want about 600", r, n)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{combined, archive, `{"id":"a","label":"legit","req":"GET /"}`, "GET / HTTP/1.1\r\n\r\n", `x "GET / HTTP/1.1" "\x41\" "`} {
		f.Add(seed, uint8(0))
	}
	f.Fuzz(func(t *testing.T, text string, form uint8) {
		in := bufio.NewReaderSize(strings.NewReader(text), readBuffer)
		read := formOf("f"+[]string{".jsonl", ".log", ".har", ".http", ""}[form%5], in)
		if read == nil {
			return
		}
		s := source{in: in, name: "attack/f", label: Attack, emit: func(s Sample) {
			if len(s.Raw) == 0 || s.Label == "" {
				t.Fatalf("%+v", s)
			}
			Shape(s.Raw)
		}}
		_ = read(&s) // says what is wrong with the file
	})
}
