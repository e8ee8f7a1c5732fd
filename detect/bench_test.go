package detect

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/point"
)

// harmlessValues makes n values of one kind of traffic from a fixed seed.
func harmlessValues(kind string, n int) []point.Value {
	r := rand.New(rand.NewPCG(1, 2026))
	values := make([]point.Value, n)
	for i := range values {
		data := []byte(makers[kind](r))
		values[i] = point.Value{Data: data, Classes: point.Classify(data), Kind: point.Text}
	}
	return values
}

// makers make one value of the kinds of traffic that detection.md asks figures for.
var makers = map[string]func(*rand.Rand) string{
	"web": func(r *rand.Rand) string {
		return [...]string{
			strconv.Itoa(r.IntN(1e6)), "price_asc", fmt.Sprintf("https://shop.example.com/p/%d?from=home&page=%d", r.IntN(1e4), r.IntN(9)),
			fmt.Sprintf("GA1.2.%d.%d", r.IntN(1e9), r.IntN(1e9)), "O'Neil & sons", prose(r, 3), fmt.Sprintf("user%d@example.com", r.IntN(1e4)), "text/html,*/*;q=0.8",
		}[r.IntN(8)]
	},
	"text": func(r *rand.Rand) string { return prose(r, 20+r.IntN(120)) },
	"json": func(r *rand.Rand) string {
		return [...]string{
			fmt.Sprintf("%08x-%04x-4%03x", r.Uint32(), r.IntN(1<<16), r.IntN(1<<12)), fmt.Sprintf("2026-11-%02dT10:00:00Z", 1+r.IntN(28)), "true",
			fmt.Sprintf("%d.%02d", r.IntN(1e4), r.IntN(100)), prose(r, 5), "application/json; charset=utf-8", fmt.Sprintf("%d x %d (mm)", r.IntN(99), r.IntN(99)),
		}[r.IntN(7)]
	},
	"html": func(r *rand.Rand) string {
		return fmt.Sprintf("<p class=\"lead\">It&rsquo;s %s &mdash; <a href=\"/p/%d?a=1&amp;b=2\" title=\"%s\">more</a></p><ul><li>%s; 5 &lt; 7</li></ul>",
			prose(r, 12), r.IntN(1e4), prose(r, 2), prose(r, 6))
	},
}

var proseWords = strings.Fields(`the a of and in for with from we it order invoice courier chair select table update before drop union
 between arrived returned; (small) garden, "green" like where it's large. and/or group by script exec cat echo sleep null not`)

func prose(r *rand.Rand, n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = proseWords[r.IntN(len(proseWords))]
	}
	return strings.Join(words, " ")
}

const valuesOfKind = 10_000

// BenchmarkDetector reads 10,000 values of a kind of traffic with one detector.
func BenchmarkDetector(b *testing.B) {
	for _, kind := range []string{"web", "text", "json", "html"} {
		values := harmlessValues(kind, valuesOfKind)
		for _, d := range table {
			b.Run(d.Type.String()+"/"+kind, func(b *testing.B) { scanAll(b, New(d), values) })
		}
		b.Run("all/"+kind, func(b *testing.B) { scanAll(b, Default(), values) })
	}
}

func scanAll(b *testing.B, e *Engine, values []point.Value) {
	b.Helper()
	var s Scanner
	b.ReportAllocs()
	for b.Loop() {
		s.Reset()
		e.Scan(&s, &point.Tree{}, values, len(values), &Options{})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(values)), "ns/value")
}

// worstPieces are texts whose repetition defeats gates or sends a scanner back.
var worstPieces = []string{
	"(", "'", `"`, "<", ">", ";", "`", "|", "&", "$", "#", "[", "{", "\\", "\n", "\x00", "é", "a\n", "a b\n", "../", "..\\", "{{", "${", "#{", "%{", "<%", "<?",
	"${${", "<a ", "<!--", "</", "<a href=", "&#", "&#x3c", "on=", "' or ", "'||'", "/*", "-- ", "0x", "@@", "|x", "a;b ", "$(", "`a", "union select ",
	"select ", "x' and 1=1 ", "java", "runtime", "javascript:", "http://", "data:", "-enc ", "cmd /c ", "%2e", "%0a", "a=b&", "a,b", "*)(", "O:8:\"a\"",
	";cat ", "|id", "\nls", "`id`", "$(id)", "$(id", "`cat", "<(sh", "|cat x", "&whoami", ";sleep 1", "${jndi:", "../etc/passwd", "or 1=1", "<script>", "alert(", "<svg onload=", " -e sh", "$'\\x69", ";f(){", ";then ", ";${A:0:1}", "{0}{", ";%a%\\", ";[ -f ", ";a=b;$a", "'a'+", "<g:evaluate", "{{'a'*", "{{7|add:", "{{|map([", "=\"http://10.0.0.1 ", "h\tt", "\"},\"a\":{", "db.a.find(", "\u2028a:", "\\r\\n", "=?q?q?", "/./\\", "\u00ad", "role ", "<img src=x onerror=a ", "\"><img ",
	"array_map('a',", "a b c d 'union e' ", "x 1.e(", "__init__.a.", "\\28\\29", "=?x?b?a?=", "javascript:a(", "g.v(", "$(<a", "[environment]::a ", "doc('", "<a id=a name=b ", "'+{toString:", "%n%s", "http://10.0.0.1,", "a/../../b/", "require('", "open('/a", "a>b;", "\"&a&\"", "`a b` c d e f ", "=HYPERLINK(\"", "on load call a(", "a:{\"b\":", "/proxy/http://",
	" //a/*[contains(*,'&", "*`/*\\`/*'/*\"", "chr(122)", "$a(1)", "||chr(", "java.io.File(", "${global.process", "\\\")) and (select", "eval(compile('", "<style>@key", "/<</script", "';COPY a FROM ",
	"f.call`${alert}", "document/**/.a ", "(document).a;", "this['a']['b'].", "if(a)b ", "{get a(){", "(0||alert)(1)", "[value^=a]{b:url(//", "process['a']", "a.b='javascript:c(", "(![]+[])[", "<form action=//a><textarea ", "meta http-equiv=a content=0;", "{ :;", "(eval);'", ";open(", "[php]<?php echo \"hello\"; ?>[/php] prin",
	"&c:\\windows\\whoami ", "& <nul ", "|cmd /c ", "&(echo a|cmd)", "|\"w^h\" ", "\n, ,;=@(", "|c:\\a|", ")tpsync {{7*7}}}", "&>", "> 2>&", "<&<>", "{lose()", "`::",
	"((\"|$;sleep", "returning'", "[href=..['", "\\x['@href=$$", "'}\"}=la<stor[", "]se=:[':", "<([\"@target(*=$", "/onload=", "';import (", "&uff=alert;=':", "`+='*//**", "=/*'*/", "|]*\">setTimeout`", "=*\"/',>\n#", "}\n#`load", "/*/", "\"|'%</*[", "below/*\")+\\",
	"1\vor\v(select\v2)\v=", "\rback;", "${ id;}", "/\n| ';new Image().sr", "<script><!--a", "<p hx-get=", "user-data*'/*\"/**/(/*", "<div\vmv-app>[self.alert", "\n\\",
}

// BenchmarkWorst reads 64 KB of each with all detectors.
func BenchmarkWorst(b *testing.B) {
	for _, piece := range worstPieces {
		values := []point.Value{repeatedly(piece, 64<<10, point.Text)}
		b.Run(fmt.Sprintf("%q", piece), func(b *testing.B) {
			b.SetBytes(64 << 10)
			scanAll(b, Default(), values)
		})
	}
}

func repeatedly(piece string, size int, kind point.Kind) point.Value {
	data := []byte(strings.Repeat(piece, size/len(piece)))
	return point.Value{Data: data, Classes: point.Classify(data), Kind: kind}
}

// BenchmarkPieces looks for the worst case: it reads 64 KB of each of many pieces cut from
// the attacks of the tests, and reports the slowest and the one in the middle. -v names the
// slowest; one that stands out belongs to worstPieces.
func BenchmarkPieces(b *testing.B) {
	texts := pieces(b, 2000)
	took := make([]time.Duration, len(texts))
	e := Default()
	var s Scanner
	for b.Loop() {
		for i, text := range texts {
			values := []point.Value{repeatedly(text, 64<<10, point.Text)}
			start := time.Now()
			s.Reset()
			e.Scan(&s, &point.Tree{}, values, 1, &Options{})
			if d := time.Since(start); took[i] == 0 || d < took[i] {
				took[i] = d
			}
		}
	}
	order := make([]int, len(texts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int { return int(took[y] - took[x]) })
	for _, i := range order[:10] {
		b.Logf("%v for 64 KB of %q", took[i], texts[i])
	}
	b.ReportMetric(float64(took[order[0]].Microseconds()), "worst-us")
	b.ReportMetric(float64(took[order[len(order)/2]].Microseconds()), "median-us")
}

// pieces cuts n pieces of 3 to 40 bytes from the attacks of the tests, from a fixed seed.
func pieces(b *testing.B, n int) (cut []string) {
	b.Helper()
	attacks := spread(b, "testdata/hit/*.txt", n)
	r := rand.New(rand.NewPCG(2, 2026))
	for range n {
		text := attacks[r.IntN(len(attacks))]
		from := r.IntN(len(text))
		cut = append(cut, text[from:min(len(text), from+3+r.IntN(38))])
	}
	return cut
}
