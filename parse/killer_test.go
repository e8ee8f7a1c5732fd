package parse

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/internal/killers"
	"github.com/weirnode/weir/point"
)

// TestKillers bounds the work on each: values, nodes, bytes decoded, memory.
func TestKillers(t *testing.T) {
	for name, in := range killers.All() {
		var r Request
		r.Target = []byte("/")
		r.Fields = []Field{{[]byte("Content-Type"), []byte(in.ContentType)}, {[]byte("Content-Encoding"), []byte(in.Encoding)}}
		r.Body = []byte(in.Body)
		p := new(Points)
		p.Body(&r, &Options{})
		checkBounds(t, name, p, len(r.Body))
		if len(p.Values) == 0 && p.Overrun == Within {
			t.Errorf("%s: nothing is inspected and nothing says so", name)
		}
	}
}

func checkBounds(tb testing.TB, name string, p *Points, size int) {
	tb.Helper()
	if most := p.limits.Values; len(p.Values) > most {
		tb.Errorf("%s: %d values", name, len(p.Values))
	}
	if most := p.nodes + 2*defaultNesting; p.Tree.Len() > most {
		tb.Errorf("%s: %d nodes", name, p.Tree.Len())
	}
	if got, most := p.arena.Size(), p.inflated+decodedTimes*max(size, p.inflated)+decodedMore; got > most || got > defaultDecoded+ratioFrom {
		tb.Errorf("%s: %d bytes decoded of %d", name, got, size)
	}
	if len(p.Anomalies) > maxAnomalies {
		tb.Errorf("%s: %d anomalies", name, len(p.Anomalies))
	}
}

// TestBombsOfEntities looks for what entities grow to, and for what they do not.
func TestBombsOfEntities(t *testing.T) {
	all := killers.All()
	for name, want := range map[string]bool{"xml laughs": true, "xml quadratic": true, "xml self": true, "xml attribute": false} {
		p := take(t, "POST / HTTP/1.1\r\nContent-Type: "+all[name].ContentType+"\r\n\r\n"+all[name].Body, &Options{})
		if got := slices.Contains(reasons(p), "data_bomb"); got != want {
			t.Errorf("%s: data bomb %v", name, got)
		}
	}
}

// TestTailIsSeen hides a value behind what overruns nothing: it must be among the values.
func TestTailIsSeen(t *testing.T) {
	const value = "x' or 1=1"
	pad := strings.Repeat("lorem ipsum ", 20_000)
	for name, in := range map[string][2]string{
		"form":     {"application/x-www-form-urlencoded", "pad=" + pad + "&q=" + value},
		"json":     {"application/json", `{"pad":"` + pad + `","q":"` + value + `"}`},
		"xml":      {"application/xml", "<r><pad>" + pad + "</pad><q>" + value + "</q></r>"},
		"document": {"text/plain", pad + value},
	} {
		p := take(t, "POST / HTTP/1.1\r\nContent-Type: "+in[0]+"\r\n\r\n"+in[1], &Options{})
		if !slices.ContainsFunc(p.Values, func(v point.Value) bool { return bytes.HasSuffix(v.Data, []byte(value)) }) {
			t.Errorf("%s: the end is not inspected", name)
		}
	}
}
