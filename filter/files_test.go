package filter

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/parse"
)

// BenchmarkFiles inspects the raw requests of each folder below WEIR_REQUESTS in a hot
// loop, bodies cut to the 128 KiB that a node inspects. `bin/loadpair -dump DIR` writes
// those of the paired benchmark into DIR/legit.
func BenchmarkFiles(b *testing.B) {
	dirs, err := filepath.Glob(filepath.Join(os.Getenv("WEIR_REQUESTS"), "*"))
	if os.Getenv("WEIR_REQUESTS") == "" || err != nil || len(dirs) == 0 {
		b.Skip("WEIR_REQUESTS names no folder of folders of requests")
	}
	for _, dir := range dirs {
		requests := filesIn(b, dir)
		b.Run(filepath.Base(dir), func(b *testing.B) {
			f, i := forTest(b, config.Block), 0
			b.ReportAllocs()
			for b.Loop() {
				run(f, requests[i%len(requests)])
				i++
			}
		})
	}
}

func filesIn(b *testing.B, dir string) []*parse.Request {
	b.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.http"))
	if err != nil || len(names) == 0 {
		b.Fatalf("no .http files in %s", dir)
	}
	requests := make([]*parse.Request, len(names))
	for i, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		requests[i] = request(b, string(raw))
		requests[i].Body = requests[i].Body[:min(len(requests[i].Body), 128<<10)]
	}
	return requests
}
