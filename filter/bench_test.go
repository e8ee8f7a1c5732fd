package filter

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/internal/killers"
	"github.com/weirnode/weir/parse"
)

// page, order and form are clean requests of the three kinds that the load tool
// calls W1, W2 and W3.
const page = "GET /api/v1/products/1234?q=desk+lamp+oak&page=3&sort=price_asc HTTP/1.1\r\nHost: shop.example.com\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0\r\nAccept: text/html,application/xhtml+xml,*/*;q=0.8\r\n" +
	"Accept-Language: en-US,en;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\nReferer: https://shop.example.com/catalog/audio?view=grid\r\n" +
	"Cookie: sid=Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A; theme=dark; cart=0f8fad5b-d9cb-469f-a165-70867728950e; _ga=GA1.1.123456789.1700000000\r\n" +
	"Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n\r\n"

func order(lines int) string {
	line := `{"sku":"SKU-1a2b3c4d","title":"standing desk oak top adjustable","qty":2,"unitPrice":199.5,"giftWrap":false,"options":{"colour":"grey","size":42}}`
	return "POST /api/v1/orders HTTP/1.1\r\nHost: shop.example.com\r\nContent-Type: application/json\r\nUser-Agent: ShopApp/4.2 (build 118)\r\n\r\n" +
		`{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","items":[` + strings.TrimSuffix(strings.Repeat(line+",", lines), ",") + `],"note":"please ring twice, the driver left it next to the garage"}`
}

const form = "POST /contact?lang=en HTTP/1.1\r\nHost: shop.example.com\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" +
	"csrf_token=Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaWpr&first_name=Maria&last_name=Jensen&email=maria%40example.com&phone=%2B49+30+5550123&street=12+Garden+Street&city=Berlin&zip=10115&newsletter=on&subject=Order+1234567&message="

func clean() map[string]string {
	return map[string]string{"W1": page, "W2": order(13), "W3": form + strings.Repeat("wireless+headphones+with+active+noise+cancelling+and+", 14)}
}

func forTest(tb testing.TB, mode config.Mode) *Filter {
	tb.Helper()
	cfg, problems := config.ForUpstream("http://127.0.0.1:1")
	if len(problems) > 0 {
		tb.Fatal(problems)
	}
	cfg.Mode = mode
	s, err := Compile(cfg, nil, make([]byte, 16))
	if err != nil {
		tb.Fatal(err)
	}
	return New(Options{Snapshot: s})
}

// run takes a request through begin and request, as the proxy does.
func run(f *Filter, r *parse.Request) Decision {
	ex := f.Acquire()
	fields := append(ex.Request.Fields[:0], r.Fields...)
	ex.Request = *r
	ex.Request.Fields = fields
	ex.Client = netip.AddrFrom4([4]byte{192, 0, 2, 1})
	d := f.Begin(ex)
	if d.Action == Undecided {
		d = f.Request(ex)
	}
	f.End(ex)
	return d
}

func request(tb testing.TB, raw string) *parse.Request {
	tb.Helper()
	var r parse.Request
	if err := parse.ReadRequest([]byte(raw), &r); err != nil {
		tb.Fatal(err)
	}
	return &r
}

func TestModes(t *testing.T) {
	attack := request(t, "GET /?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users-- HTTP/1.1\r\nHost: h\r\n\r\n")
	for mode, want := range map[config.Mode]Decision{
		config.Off: {Pass, ModeOff}, config.Monitoring: {Monitor, Attack}, config.SafeBlocking: {Monitor, Attack}, config.Block: {Deny, Attack},
	} {
		if d := run(forTest(t, mode), attack); d != want {
			t.Errorf("%s: %v, want %v", mode, d, want)
		}
	}
	for name, raw := range clean() {
		if d := run(forTest(t, config.Block), request(t, raw)); d != (Decision{Pass, Clean}) {
			t.Errorf("%s: %v", name, d)
		}
	}
}

func BenchmarkExchange(b *testing.B) {
	for _, name := range []string{"W1", "W2", "W3"} {
		f, r := forTest(b, config.Block), request(b, clean()[name])
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run(f, r)
			}
		})
	}
}

// BenchmarkKillers takes what brings parsers down through the filter, cut to the 128 KiB
// that a node inspects of a body.
func BenchmarkKillers(b *testing.B) {
	f := forTest(b, config.Block)
	all := killers.All()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		k := all[name]
		r := &parse.Request{Method: []byte("POST"), Target: []byte("/"), Proto: []byte("HTTP/1.1"), Host: []byte("h"), Body: []byte(k.Body[:min(len(k.Body), 128<<10)])}
		r.Fields = []parse.Field{{Name: []byte("Content-Type"), Value: []byte(k.ContentType)}}
		if k.Encoding != "" {
			r.Fields = append(r.Fields, parse.Field{Name: []byte("Content-Encoding"), Value: []byte(k.Encoding)})
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run(f, r)
			}
		})
	}
}
