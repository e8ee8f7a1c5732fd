package xss

import (
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// scan reads one free value.
func scan(text string, kind point.Kind) (best evidence.Tally) {
	v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Kind: kind}
	if Gate(&v) {
		Scan(&v, nil, &best)
	}
	return best
}

// TestSigns holds every sign to a value that shows it and to one that nearly does.
func TestSigns(t *testing.T) {
	shown := map[evidence.Stamp]bool{}
	for _, c := range []struct {
		sign      *evidence.Sign
		hit, miss string
	}{
		{&scriptTag, `<script>alert(1)</script>`, `<b>alert</b>`},
		{&scriptOpen, `<script>`, `<scripture>`},
		{&handler, `<img onerror=x>`, `<img online=x>`},
		{&handlerCode, `<img onerror=alert(1)>`, `<img onerror=x>`},
		{&attrHandler, `" onfocus=alert(1) x="`, `"on focus" group`},
		{&scriptURL, `<a href="javascript:alert(1)">x</a>`, `<a href="https://example.com">x</a>`},
		{&bareURL, `javascript:alert(1)`, `javascript: the good parts`},
		{&activeTag, `<base href=//x.example>`, `<base target="_top">`},
		{&srcdoc, `<iframe srcdoc="<b>x</b>">`, `<iframe srcdoc="x">`},
		{&styleCode, `<p style="width:expr/**/ession(alert(1))">`, `<p style="width:10px">`},
		{&sinkCall, `';alert(1)//`, `'alert' the press`},
		{&jsBreakout, `';alert(1)//`, `alert(1)`},
		{&domAccess, `(document.cookie)`, `document the cookie`},
		{&computedCall, `top['al'+'ert'](1)`, `top [of the page] (1)`},
		{&symbolsOnly, `[][(![]+[])[+[]]+([![]]+[][[]])[+!+[]+[+[]]]]`, `[ ] [ ] [x] (a) (b)`},
		{&danglingURL, `"><img src='//x.example/?`, `<img src='//x.example/a.png'>`},
		{&utf7Tag, `+ADw-script+AD4-`, `+1 -1 +2`},
		{&domWrite, `document.write('<b>')`, `document.title`},
		{&sinkPassed, `[1].map(alert)`, `[1].map(parse)`},
		{&tailComment, `';alert(1)//`, `';alert(1)`},
	} {
		if got := scan(c.hit, point.Text); got.Count(c.sign.Stamp) == 0 {
			t.Errorf("%s: %q shows only %v with %d", c.sign.Name, c.hit, got.Marks[:got.N], got.Score())
		}
		if got := scan(c.miss, point.Text); got.Count(c.sign.Stamp) > 0 {
			t.Errorf("%s: %q shows it: %v", c.sign.Name, c.miss, got.Marks[:got.N])
		}
		shown[c.sign.Stamp] = true
	}
	for _, s := range Signs {
		if !shown[s.Stamp] {
			t.Errorf("no value shows %s", s.Name)
		}
	}
}
