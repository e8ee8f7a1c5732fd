package filter

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/parse"
)

// Sizes of the bodies that BenchmarkSlow makes: growth is what the longer takes of the
// shorter's time, 4 where it is linear.
const (
	slowBytes  = 32 << 10
	quickBytes = 8 << 10
	slowGrowth = 8
)

// slowTokens begin and end what parsers and detectors read, and send them back where they do
// not.
var slowTokens = []string{
	"{", "}", "[", "]", "\"", "'", ":", ",", "\\", "\\u00", "\\u003c", "%", "%25", "%3c", "<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE a [", "<!ENTITY", "%a;", "&a;", "&lt", "&#", "&#x3c;", ";", "=", "&", "a=", "a[", "a.b",
	"--b", "--b\r\n", "\r\n", "\n", "Content-Disposition: form-data; name=", "filename=", "\"a\"", "query", "{a(", "fragment", "...", "on", "$a:", "a:1", "O:8:", "s:5:\"", "a:9:{", "eyJhbGciOiJIUzI1NiJ9.", "YWFh", "+ADw-", "=?utf-8?b?", "?=", "\x00",
	"\xc0\xbc", "\xef\xbb\xbf", "＜", "é", "/*", "*/", "//", "#", "`", "$(", "${", "{{", "{%", "%}", "<?", "?>", "<%", "union select ", "or 1=1", "--", "../", "..\\", "http://", "javascript:", "on=", "<a ", "<svg ", "alert(", "(", ")", "||", "&&", "true",
	"1", "0x", "@", "*", "~", "^", "!", "-", "_", ".", " ", "\t", "__proto__", "data:;base64,", "\x1f\x8b", "PK\x03\x04", "/wEP", "chr(1)", "$a", "function", "return ", "\\x3c",
}

var slowTypes = []string{
	"application/x-www-form-urlencoded", "application/json", "text/xml", "multipart/form-data; boundary=b", "application/graphql", "text/plain", "application/grpc", "application/octet-stream", "text/html",
}

// BenchmarkSlow looks for bodies that take the filter long: one in an iteration, of a few tokens
// repeated behind others. -v names the slowest and those that take more than twice as long as
// their length explains; -benchtime 20000x takes a minute.
func BenchmarkSlow(b *testing.B) {
	f := forTest(b, config.Block)
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	type found struct {
		took, short time.Duration
		text        string
	}
	var slow []found
	for b.Loop() {
		mime := slowTypes[r.IntN(len(slowTypes))]
		begin, piece, end := tokens(r, r.IntN(3)), tokens(r, 1+r.IntN(4)), tokens(r, r.IntN(2))
		took := func(size int) time.Duration {
			body := []byte(begin + strings.Repeat(piece, size/len(piece)) + end)
			return quickest(f, &parse.Request{
				Method: []byte("POST"), Target: []byte("/"), Proto: []byte("HTTP/1.1"), Host: []byte("h"), Body: body,
				Fields: []parse.Field{{Name: []byte("Content-Type"), Value: []byte(mime)}},
			})
		}
		if long := took(slowBytes); long > 2*time.Millisecond {
			slow = append(slow, found{long, took(quickBytes), fmt.Sprintf("%s %q %q... %q", mime, begin, piece, end)})
		}
	}
	if len(slow) == 0 {
		return
	}
	slices.SortFunc(slow, func(x, y found) int { return int(y.took - x.took) })
	for i, s := range slow {
		if i < 5 || s.took > slowGrowth*s.short {
			b.Logf("%v for 32 KB, %v for 8 KB of %s", s.took, s.short, s.text)
		}
	}
	b.ReportMetric(float64(slow[0].took.Microseconds()), "worst-us")
}

func tokens(r *rand.Rand, n int) string {
	var text strings.Builder
	for range n {
		text.WriteString(slowTokens[r.IntN(len(slowTokens))])
	}
	return text.String()
}

// quickest returns the shorter of two inspections of a request.
func quickest(f *Filter, r *parse.Request) time.Duration {
	best := time.Hour
	for range 2 {
		start := time.Now()
		run(f, r)
		best = min(best, time.Since(start))
	}
	return best
}
