package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

func TestGoodFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range append(files, "weir.example.yaml") {
		if _, problems := Load(file); len(problems) > 0 {
			t.Errorf("%s:\n%v", file, problems)
		}
	}
}

// TestBadFiles holds each file to exactly the problems beside it.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(files) < 14 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil || len(archive.Files) != 2 || archive.Files[1].Name != "problems" {
			t.Fatalf("%s: want the sections weir.yaml and problems (%v)", file, err)
		}
		cfg, problems := Parse("weir.yaml", archive.Files[0].Data)
		got := problems.Error() + "\n"
		if *update {
			archive.Files[1].Data = []byte(got)
			if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if want := string(archive.Files[1].Data); got != want || cfg != nil || len(problems) == 0 {
			t.Errorf("%s: got\n%swant\n%s", file, got, want)
		}
	}
}

var update = flag.Bool("update", false, "rewrite golden files")

func TestIssueFile(t *testing.T) {
	cfg, problems := Load("testdata/good/issue.yaml")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	s := cfg.Sites[0]
	if cfg.Mode != Monitoring || *s.Mode != Block || *s.Routes[0].Mode != Off || s.Application.ID != 1 || cfg.Sites[1].Application.ID != -1 ||
		cfg.Upstreams["shop"].MaxConnections != 1024 || cfg.ClientAddress.TrustedProxies[0].Bits() != 8 {
		t.Errorf("%+v", cfg)
	}
}

func TestForUpstream(t *testing.T) {
	cfg, problems := ForUpstream("http://127.0.0.1:3000/")
	if len(problems) > 0 || cfg.Upstreams["upstream"].Targets[0] != "http://127.0.0.1:3000" || cfg.Mode != Monitoring {
		t.Errorf("%+v %v", cfg, problems)
	}
	for _, bad := range []string{"", "127.0.0.1:3000", "ftp://x", "http://x/path"} {
		if _, problems := ForUpstream(bad); len(problems) == 0 {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestScalars(t *testing.T) {
	for text, want := range map[string]string{"100ms": "100ms", "7d": "7d", "48h": "2d", "90s": "1m30s"} {
		var d Duration
		if err := d.UnmarshalText([]byte(text)); err != nil || d.String() != want {
			t.Errorf("%s: %s %v", text, d, err)
		}
	}
	for text, want := range map[string]string{"512": "512", "16KiB": "16KiB", "1 MiB": "1MiB", "2048B": "2KiB"} {
		var s Size
		if err := s.UnmarshalText([]byte(text)); err != nil || s.String() != want {
			t.Errorf("%s: %s %v", text, s, err)
		}
	}
	for _, bad := range []string{"", "x", "-1s", "-5d", "1y", "99999999d"} {
		var d Duration
		if d.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("duration %q is accepted", bad)
		}
	}
	for _, bad := range []string{"", "x", "-1", "1XB", "99999999999999GiB"} {
		var s Size
		if s.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("size %q is accepted", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg, problems := Parse("f", data)
		if (cfg == nil) == (len(problems) == 0) {
			t.Fatalf("configuration %v with %d problems", cfg, len(problems))
		}
		for _, p := range problems {
			if p.Text == "" || strings.Contains(p.Text, "%!") {
				t.Fatalf("problem %+v", p)
			}
		}
	})
}
