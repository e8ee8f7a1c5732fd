package upload

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// read reads a value of a kind, behind the gate.
func read(text string, kind point.Kind) evidence.Tally {
	var best evidence.Tally
	v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Kind: kind}
	if Gate(&v) {
		Scan(&v, &point.Tree{}, &best)
	}
	return best
}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	seen := map[evidence.Stamp]bool{}
	f := func(s *evidence.Sign, kind point.Kind, has, hasNot string) {
		t.Helper()
		seen[s.Stamp] = true
		if got := read(has, kind); got.Count(s.Stamp) == 0 {
			t.Errorf("%s is not in %q: %+v", s.Name, has, got.Marks[:got.N])
		}
		if got := read(hasNot, kind); got.Count(s.Stamp) > 0 {
			t.Errorf("%s is in %q", s.Name, hasNot)
		}
	}
	f(&scriptName, point.FileName, "a.php", "a.phpx")
	f(&hiddenName, point.FileName, "a.php.jpg", "a.pl.jpg")
	f(&configName, point.FileName, ".htaccess", "a.htaccess")
	f(&scriptTag, point.FileHead, "<?php echo 1;", "<?xml x")
	f(&imageScript, point.FileHead, "GIF89a<?php echo 1;", "GIF89a<?xpacket x")
	f(&commandCall, point.FileHead, "<?php system(1);", "<?php echo 1;")
	f(&oneLiner, point.FileHead, "<?php echo 1;", "<?php namespace A;")
	f(&settings, point.FileHead, "SetHandler x", "x: reSetHandler x")
	f(&activeImage, point.FileHead, "<svg onload=alert(1)>", "<svg><path/></svg>")
	f(&activePage, point.FileHead, "<html><script>x</script>", "<html><p>x</p>")
	f(&archiveStep, point.FileHead, "PK\x03\x04"+strings.Repeat("\x00", 22)+"\x05\x00\x00\x00../ab <", "PK\x03\x04"+strings.Repeat("\x00", 22)+"\x05\x00\x00\x00ab/cd <")
	f(&program, point.FileName, "a.exe", "a.exes")
	for _, s := range Signs {
		if !seen[s.Stamp] {
			t.Errorf("%s has no test", s.Name)
		}
	}
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	for _, piece := range []string{"<", "<?php", "<%", "PK\x03\x04", "<?=", ".", "\x00", ";"} {
		_ = read(strings.Repeat(piece, (256<<10)/len(piece)), point.FileHead)
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{"<?php system($_GET[1]);", "GIF8<?php ", "<svg onload=x>", "a.php.jpg", "PK\x03\x04"} {
		f.Add(seed, uint8(point.FileHead))
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		k := point.Kind(kind % 16)
		once := read(text, k)
		if once != read(text, k) {
			t.Fatal("two scans differ")
		}
		for _, m := range once.Marks[:once.N] {
			if int(m.Off)+int(m.Len) > len(text) {
				t.Fatalf("mark %+v outside of %d bytes", m, len(text))
			}
		}
	})
}
