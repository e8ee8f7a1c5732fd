package upload

import (
	archivetar "archive/tar"
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/weirnode/weir/internal/pkzip"
	"github.com/weirnode/weir/internal/tape"
	"github.com/weirnode/weir/point"
)

// tar returns an archive of empty members.
func tar(names ...string) string {
	var heads []archivetar.Header
	for _, name := range names {
		heads = append(heads, archivetar.Header{Name: name, Typeflag: archivetar.TypeReg})
	}
	return tarOf(heads...)
}

func tarOf(heads ...archivetar.Header) string {
	var b strings.Builder
	w := archivetar.NewWriter(&b)
	for i := range heads {
		if err := w.WriteHeader(&heads[i]); err != nil {
			panic(err)
		}
	}
	return b.String()
}

// TestArchives reads archives that are unpacked outside of their folder, and others with links.
func TestArchives(t *testing.T) {
	const link, hard = archivetar.TypeSymlink, archivetar.TypeLink
	long := strings.Repeat("k", 120)
	for _, c := range []struct {
		about string
		heads []archivetar.Header
		want  int
	}{
		{"steps", []archivetar.Header{{Name: "k"}, {Name: "../../l"}}, 8},
		{"an absolute name", []archivetar.Header{{Name: "/etc/cron.d/k"}}, 8},
		{"steps in a long name of GNU", []archivetar.Header{{Name: long + "/../../l", Format: archivetar.FormatGNU}}, 8},
		{"steps in a record of pax", []archivetar.Header{{Name: long + "\u00e9/../../l", Format: archivetar.FormatPAX}}, 8},
		{"a member behind a link", []archivetar.Header{{Name: "k", Typeflag: link, Linkname: "/etc"}, {Name: "k/cron.d/l"}}, 8},
		{"a link upwards", []archivetar.Header{{Name: "a/k", Typeflag: link, Linkname: "../../l"}}, 8},
		{"a link to a secret", []archivetar.Header{{Name: "k.png", Typeflag: link, Linkname: "/etc/passwd"}}, 8},
		{"a hard link upwards", []archivetar.Header{{Name: "k", Typeflag: hard, Linkname: "../l"}}, 8},
		{"plain names", []archivetar.Header{{Name: "a/b..c"}, {Name: "..d"}}, 0},
		{"links of a system", []archivetar.Header{{Name: "usr/bin/awk", Typeflag: link, Linkname: "/usr/bin/mawk"}, {Name: "bin/x", Typeflag: link, Linkname: "../lib/x"}, {Name: "usr/bin/awkward"}}, 0},
		{"a hard link", []archivetar.Header{{Name: "a/k"}, {Name: "a/l", Typeflag: hard, Linkname: "a/k"}}, 0},
	} {
		if got := detector.Read(tarOf(c.heads...), point.FileHead); got.Score() != c.want {
			t.Errorf("%s scores %d, want %d", c.about, got.Score(), c.want)
		}
	}
	old := []byte(tarOf(archivetar.Header{Name: "../l"}))
	for i := range old[tape.Magic : tape.Magic+8] { // as archives were before POSIX
		old[tape.Magic+i] = 0
	}
	copy(old[tape.Sum:], "        ")
	sum := 0
	for _, c := range old[:tape.Block] {
		sum += int(c)
	}
	copy(old[tape.Sum:], fmt.Sprintf("%06o\x00 ", sum))
	if got := detector.Read(string(old), point.FileHead); got.Score() != 8 {
		t.Errorf("an old archive scores %d", got.Score())
	}
}

// TestZip reads heads and directories of ZIP archives.
func TestZip(t *testing.T) {
	type member struct {
		name, body string
		mode       fs.FileMode
	}
	zipOf := func(members ...member) string {
		var b strings.Builder
		w := zip.NewWriter(&b)
		for _, m := range members {
			h := zip.FileHeader{Name: m.name, Method: zip.Store}
			h.SetMode(m.mode | 0o644)
			f, err := w.CreateRaw(&zip.FileHeader{Name: h.Name, ExternalAttrs: h.ExternalAttrs, CreatorVersion: h.CreatorVersion, CompressedSize64: uint64(len(m.body)), UncompressedSize64: uint64(len(m.body))})
			if err == nil {
				_, err = io.WriteString(f, m.body)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	plain := zipOf(member{name: "good/a"})
	directory := strings.LastIndex(plain, pkzip.Central)
	for about, c := range map[string]struct {
		archive string
		want    int
	}{
		"steps":                  {zipOf(member{name: "a"}, member{name: "../../k"}), 8},
		"a drive":                {zipOf(member{name: `C:\k`}), 8},
		"steps in the directory": {plain[:directory] + strings.ReplaceAll(plain[directory:], "good/a", "../a/b"), 8},
		"the directory alone":    {strings.ReplaceAll(plain[directory:], "good/a", "../a/b"), 8},
		"a link to a secret":     {zipOf(member{"k.pdf", "/etc/passwd", fs.ModeSymlink}), 8},
		"a link upwards":         {zipOf(member{"k", "../..", fs.ModeSymlink}), 8},
		"a member behind a link": {zipOf(member{"k", "/etc", fs.ModeSymlink}, member{name: "k/cron.d/l"}), 8},
		"a link beside it":       {zipOf(member{"a/k", "l", fs.ModeSymlink}, member{name: "a/l"}), 0},
		"plain":                  {plain, 0},
	} {
		if got := detector.Read(c.archive, point.FileHead); got.Score() != c.want {
			t.Errorf("%s scores %d, want %d", about, got.Score(), c.want)
		}
	}
}
