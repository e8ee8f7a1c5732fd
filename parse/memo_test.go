package parse

import (
	"fmt"
	"testing"
)

func TestMemoSkipsWhatItLearned(t *testing.T) {
	memo := NewMemo()
	values := func(fields ...Field) int {
		var p Points
		p.Head(&Request{Target: []byte("/a/long/enough/path?q=a+b"), Fields: fields}, &Options{Memo: memo})
		if v, ok := p.Cookie([]byte("sid")); ok && string(v) != "0123456789abcdef" {
			t.Errorf("cookie %q", v)
		} else if !ok && len(fields) > 1 {
			t.Error("the cookie is gone")
		}
		memo.Learn(&p)
		return len(p.Values)
	}
	agent := Field{[]byte("User-Agent"), []byte("Mozilla/5.0 (X11; Linux x86_64)")}
	cookies := Field{[]byte("Cookie"), []byte("sid=0123456789abcdef; theme=dark")}
	if first, again := values(agent, cookies), values(agent, cookies); again >= first || again != 1 { // the query
		t.Errorf("%d values at first, then %d", first, again)
	}
	other := Field{[]byte("X-Agent"), agent.Value}
	if n := values(other); n != 2 {
		t.Errorf("the value under another name: %d values", n)
	}
	override := Field{[]byte("X-Original-URL"), []byte("/admin/users/delete")}
	if first, again := values(override), values(override); again != first {
		t.Error("a field that overrides the path is remembered")
	}
	aliased := func(host, target string, fields ...Field) int {
		var p Points
		p.Head(&Request{Host: []byte(host), Target: []byte(target), Fields: fields}, &Options{Memo: memo})
		memo.Learn(&p)
		return len(p.Values)
	}
	like := Field{[]byte("shop.example"), []byte("/actuator/heapdump")}
	aliased("shop.example", "/", like)
	if n := aliased("shop.example", "/actuator/heapdump"); n == 0 {
		t.Error("a field that is called like the host makes a path known")
	}
	if n := aliased("other.example", "/", like); n < 2 {
		t.Error("a field is known at another host")
	}
	short := Field{[]byte("X-A"), []byte("' or 1=1")}
	if values(short); values(short) != 2 {
		t.Error("a short field is remembered")
	}
}

// TestMemoForgets fills a memo with more fields than it has room for.
func TestMemoForgets(t *testing.T) {
	memo := NewMemo()
	for i := range 3 * len(memo.slot) {
		var p Points
		p.fresh = append(p.fresh, memo.hash(nil, []byte("X"), fmt.Appendf(nil, "value %d", i)))
		memo.Learn(&p)
	}
	known := 0
	for i := range 3 * len(memo.slot) {
		if memo.knows(memo.hash(nil, []byte("X"), fmt.Appendf(nil, "value %d", i))) {
			known++
		}
	}
	if known == 0 || known > len(memo.slot) {
		t.Errorf("%d fields are known, in %d slots", known, len(memo.slot))
	}
}
