package filter

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// weighing is an engine that finds sqli in values with stars: as many points as stars.
func weighing() *detect.Engine {
	signs := make([]evidence.Sign, 21)
	for i := range signs {
		signs[i] = evidence.Sign{Stamp: 60000 + evidence.Stamp(i), Name: "stars", Text: "stars", Weight: int8(i)}
	}
	return detect.New(detect.Detector{
		Type: attack.SQLi, Signs: signs[:1],
		Gate: func(v *point.Value) bool { return v.Classes&point.Star != 0 },
		Scan: func(v *point.Value, _ *point.Tree, best *evidence.Tally) {
			best.Add(&signs[min(20, strings.Count(string(v.Data), "*"))], 0, len(v.Data))
		},
	})
}

// graded returns a filter that weighs stars, with settings of the detect section.
func graded(t *testing.T, d config.Detection) *Filter {
	t.Helper()
	cfg, problems := config.ForUpstream("http://127.0.0.1:1")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	cfg.Mode, cfg.Detect = config.Block, d
	s, err := Compile(cfg, nil, make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{Snapshot: s, Detectors: weighing()})
}

// ask decides about a request with a query, of a session if there is a cookie.
func ask(t *testing.T, f *Filter, query, cookie string) string {
	t.Helper()
	ex := f.Acquire()
	defer f.End(ex)
	head := ""
	if cookie != "" {
		head = "Cookie: sid=" + cookie + "\r\n"
	}
	r := request(t, "GET /page?"+query+" HTTP/1.1\r\nHost: h\r\n"+head+"\r\n")
	fields := append(ex.Request.Fields[:0], r.Fields...)
	ex.Request, ex.Client = *r, netip.AddrFrom4([4]byte{192, 0, 2, 1})
	ex.Request.Fields = fields
	if d := f.Begin(ex); d.Action != Undecided {
		return d.Action.String() + " " + d.Reason.String()
	}
	d := f.Request(ex)
	return d.Action.String() + " " + d.Reason.String()
}

func stars(n int) string { return strings.Repeat("*", n) }

const (
	blocked    = "blocked attack"
	suspicious = "passed suspicious"
	passed     = "passed clean"
)

func TestSensitivity(t *testing.T) {
	at := func(s config.Sensitivity, adjust ...config.Adjustment) config.Detection {
		return config.Detection{Sensitivity: s, Adjust: adjust}
	}
	f := func(d config.Detection, query, want string) {
		t.Helper()
		if got := ask(t, graded(t, d), query, ""); got != want {
			t.Errorf("%+v, %s: %s, want %s", d, query, got, want)
		}
	}
	f(at(config.DefaultSensitivity), "a="+stars(8), blocked)
	f(at(config.DefaultSensitivity), "a="+stars(7), suspicious)
	f(at(config.DefaultSensitivity), "a="+stars(6), suspicious)
	f(at(config.DefaultSensitivity), "a="+stars(5), passed)
	f(at(config.LowSensitivity), "a="+stars(10), blocked)
	f(at(config.LowSensitivity), "a="+stars(9), suspicious)
	f(at(config.LowSensitivity), "a="+stars(7), passed)
	f(at(config.HighSensitivity), "a="+stars(6), blocked)
	f(at(config.HighSensitivity), "a="+stars(5), passed)
	f(at(config.HighSensitivity), "a="+stars(5)+"&b="+stars(5), passed)

	low := config.Adjustment{Types: []attack.Type{attack.SQLi}, Sensitivity: config.LowSensitivity}
	atA := config.Adjustment{Point: "[get, 'a']", Sensitivity: config.HighSensitivity}
	f(at(config.DefaultSensitivity, low), "a="+stars(9), suspicious)
	f(at(config.DefaultSensitivity, config.Adjustment{Types: []attack.Type{attack.XSS}, Sensitivity: config.LowSensitivity}), "a="+stars(9), blocked)
	f(at(config.DefaultSensitivity, atA, low), "a="+stars(6), blocked)
	f(at(config.DefaultSensitivity, atA, low), "b="+stars(9), suspicious)
	f(at(config.DefaultSensitivity, config.Adjustment{Application: 7, Sensitivity: config.HighSensitivity}), "a="+stars(6), suspicious)
	f(at(config.DefaultSensitivity, low, config.Adjustment{Types: []attack.Type{attack.SQLi}, Sensitivity: config.HighSensitivity}), "a="+stars(6), blocked)
}

func TestSuspicionsAddUp(t *testing.T) {
	f := graded(t, config.Detection{})
	if got := ask(t, f, "a="+stars(6)+"&b="+stars(7), ""); got != blocked {
		t.Errorf("two in one request: %s", got)
	}
	if got := ask(t, f, "a="+stars(6)+"&b=1"+stars(6), ""); got != suspicious {
		t.Errorf("the same doubt twice: %s", got)
	}
	if got := ask(t, f, "a="+stars(6)+"%2525", ""); got != suspicious {
		t.Errorf("the same text at two steps of decoding: %s", got)
	}
	for _, one := range []struct{ query, want string }{
		{"a=1" + stars(6), suspicious},
		{"a=1" + stars(6), suspicious},
		{"a=1" + stars(6), suspicious},
		{"a=2" + stars(6), suspicious},
		{"a=3" + stars(6), blocked},
		{"a=4" + stars(6), blocked},
	} {
		if got := ask(t, f, one.query, "session-7"); got != one.want {
			t.Errorf("%s of one session: %s, want %s", one.query, got, one.want)
		}
	}
	if got := ask(t, f, "a="+stars(6), "session-8"); got != suspicious {
		t.Errorf("another session: %s", got)
	}
}

func TestItemsOfAListAreOneSuspicion(t *testing.T) {
	f := graded(t, config.Detection{})
	for body, want := range map[string]Decision{
		`{"a":["1` + stars(6) + `","2` + stars(6) + `"]}`:     {Pass, Suspicious},
		`{"a":["1` + stars(6) + `"],"b":"2` + stars(7) + `"}`: {Deny, Attack},
	} {
		r := request(t, "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\r\n"+body)
		if got := run(f, r); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

// TestAnAddressIsNotBlamed sends suspicions that no session names: they may be of many
// people.
func TestAnAddressIsNotBlamed(t *testing.T) {
	f := graded(t, config.Detection{})
	for i := range 20 {
		if got := ask(t, f, fmt.Sprintf("a=%d%s", i, stars(6)), ""); got != suspicious {
			t.Errorf("suspicion %d: %s", i, got)
		}
	}
}

// TestManyWeakCannotHideAStrongOne fills a request with suspicions.
func TestManyWeakCannotHideAStrongOne(t *testing.T) {
	d := config.Detection{Adjust: []config.Adjustment{{Point: "[header_all]", Sensitivity: config.HighSensitivity}}}
	query := strings.Repeat("a="+stars(4)+"&", 200) + "z=" + stars(9)
	if got := ask(t, graded(t, d), query, ""); got != blocked {
		t.Errorf("behind 200 weak findings: %s", got)
	}
}

func TestPortionsAreBoundedInValuesAndBytes(t *testing.T) {
	f := func(sizes []int, want ...int) {
		t.Helper()
		values := make([]point.Value, len(sizes))
		for i, n := range sizes {
			values[i].Data = make([]byte, n)
		}
		var got []int
		for end := 0; end < len(values); {
			end = portion(values, end)
			got = append(got, end)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d values: %v, want %v", len(sizes), got, want)
		}
	}
	f(nil)
	f([]int{1, 2, 3}, 3)
	f(make([]int, 600), 256, 512, 600)
	f([]int{10, 128 << 10, 10, 40 << 10, 40 << 10, 10}, 2, 5, 6)
}
