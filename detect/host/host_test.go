package host

import (
	"net/netip"
	"strings"
	"testing"
)

func TestAddress(t *testing.T) {
	f := func(name, want string, odd bool) {
		t.Helper()
		h := Read([]byte(name), 0)
		ip, isOdd, ok := h.Address()
		got := ""
		if ok {
			got = ip.String()
		}
		if got != want || isOdd != odd {
			t.Errorf("%s: %q odd %v, want %q odd %v", name, got, isOdd, want, odd)
		}
	}
	f("127.0.0.1", "127.0.0.1", false)
	f("127.1", "127.0.0.1", true)
	f("127.0.0.1:80/x", "127.0.0.1", false)
	f("2130706433", "127.0.0.1", true)
	f("0x7f.0.0.1", "127.0.0.1", true)
	f("0x7f000001", "127.0.0.1", true)
	f("017700000001", "127.0.0.1", true)
	f("0251.00376.000251.0000376", "169.254.169.254", true)
	f("425.510.425.510", "169.254.169.254", true)
	f("7147006462", "169.254.169.254", true)
	f("[::ffff:a9fe:a9fe]", "169.254.169.254", true)
	f("[::127.0.0.1]", "127.0.0.1", true)
	f("[64:ff9b::a9fe:a9fe]", "169.254.169.254", true)
	f("[::1]", "::1", false)
	f("[fd00:ec2::254]:80", "fd00:ec2::254", false)
	f("93.184.216.34", "93.184.216.34", false)
	f("1.2.3.4.5", "", false)
	f("example.com", "", false)
	f("[zz]", "", false)
	f("0", "0.0.0.0", true)
}

// TestGroups compares the reader of IPv6 addresses with the standard library's.
func TestGroups(t *testing.T) {
	for _, text := range []string{
		"::", "::1", "1::", "1::2", "fe80::1", "2001:db8::7", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "64:ff9b::1.2.3.4",
		"", ":", ":::", "1", "1:", ":1", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1.2.3", "::1.2.3.4.5", "1.2.3.4", "::1.2.3.4:5", "::300.1.1.1",
	} {
		want, err := netip.ParseAddr(text)
		got, ok := groups([]byte(text))
		if ok != (err == nil && want.Is6()) || ok && netip.AddrFrom16(got) != netip.AddrFrom16(want.As16()) {
			t.Errorf("%q: %v %v, want %v %v", text, got, ok, want, err)
		}
	}
}

func TestJunk(t *testing.T) {
	for text, want := range map[string]bool{
		`a>b\c@203.0.113.7`:    true,
		`x{y@evil.example/p`:   true,
		`user:p@host.example`:  false,
		`a.example/x>y@b.test`: false,
		`a>b@c`:                false,
		`a>b`:                  false,
		`@a.example>`:          false,
	} {
		if h, ok := Junk([]byte(text), 0); ok != want {
			t.Errorf("%s: %v %q", text, ok, h.Name)
		}
	}
}

func TestMend(t *testing.T) {
	for text, want := range map[string]string{
		"http://a.example/k":                  "a.example|",
		"ht\ttp:\\\n/u p@a.example?":          "a.example|u p@",
		"//%61.ex%41mple":                     "a.exAmple|",
		"https:/Ⓐ\u200b⑯.ｅxample。":            "a16.example.|",
		"ftp://𝐚𝟎.example:80":                 "a0.example|",
		"http://a.example b":                  "",
		"http://a.example:80x/":               "",
		"http:///":                            "",
		"http://[::1%25lo]/":                  "[::1%lo]|",
		"http://a%2fb.example/":               "",
		"http://" + strings.Repeat("a", 2000): "",
		// what clients drop fills nothing up
		strings.Repeat("\n", 3000) + "h" + strings.Repeat("\t", 3000) + "ttp://a.example": "a.example|",
	} {
		var line, whole [MaxMended]byte
		m, ok := Mend(&line, &whole, []byte(text))
		got := string(m.Name) + "|" + string(m.User)
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestBegins(t *testing.T) {
	long := strings.Repeat("\r\n", 3000)
	for text, want := range map[string]bool{
		"http:": true, "ht\ttp:": true, "/": true, "\n\\": true, "Ws:": true, long + "h" + long + "ttps:": true, long + "//": true,
		"": false, long: false, "http": false, "he: said": false, long + "h" + long: false, "www.a.example:80": false,
	} {
		if got := Begins([]byte(text)); got != want {
			t.Errorf("%.20q of %d bytes: %v", text, len(text), got)
		}
	}
}

func TestRead(t *testing.T) {
	h := Read([]byte("http://a.b:c@example.com:8080/x"), 7)
	if string(h.User) != "a.b:c" || string(h.Name) != "example.com" || string(h.Port) != "8080" || string(h.Rest) != "/x" || !h.Named() {
		t.Errorf("%+v", h)
	}
}

func TestKnown(t *testing.T) {
	f := func(what string, is func([]byte) bool, name string, want bool) {
		t.Helper()
		if got := is([]byte(name)); got != want {
			t.Errorf("%s(%s) = %v", what, name, got)
		}
	}
	f("Wildcard", Wildcard, "10.0.0.1.nip.io", true)
	f("Wildcard", Wildcard, "app-192-168-1-9.sslip.io", true)
	f("Wildcard", Wildcard, "make-1.2.3.4-rebind-169.254-169.254-rr.1u.ms", true)
	f("Wildcard", Wildcard, "a.localtest.me", true)
	f("Wildcard", Wildcard, "notlocaltest.me", false)
	f("Wildcard", Wildcard, "8.8.8.8.nip.io", false)
	f("Inner", Inner, "LOCALHOST", true)
	f("Inner", Inner, "db.internal", true)
	f("Inner", Inner, "internal.example.com", false)
	f("MetadataName", MetadataName, "Metadata.Google.Internal.", true)
	f("MetadataName", MetadataName, "metadata.example.com", false)
	f("Named", Named, "example.com", true)
	f("Named", Named, "todo", false)
	f("Named", Named, "a.b1", false)
	callback := func(b []byte) bool { start, _ := Callback(b, nil); return start >= 0 }
	f("Callback", callback, "http://abc123.oastify.com/x", true)
	f("Callback", callback, "read about oastify.com", false)
	f("Callback", callback, "x.oast.members", false)
}

func FuzzHost(f *testing.F) {
	for _, seed := range []string{"127.1", "[::ffff:1.2.3.4]:80", "u@h:1/x", "0x7f.1", "10.0.0.1.nip.io", "a.oast.me", "::ffff:1.2.3.4", "1:2::3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h := Read([]byte(text), 0)
		if len(h.User)+len(h.Name)+len(h.Port)+len(h.Rest) > len(text) {
			t.Fatalf("%+v is more than %q", h, text)
		}
		_, _, _ = h.Address()
		if want, err := netip.ParseAddr(text); !strings.Contains(text, "%") {
			if _, ok := groups([]byte(text)); ok != (err == nil && want.Is6()) {
				t.Fatalf("%q: %v, but %v %v", text, ok, want, err)
			}
		}
		_, _, _ = Wildcard(h.Name), Inner(h.Name), MetadataName(h.Name)
		_ = Begins([]byte(text))
		var line, whole [MaxMended]byte
		if m, _ := Mend(&line, &whole, []byte(text)); len(m.Text) > MaxMended {
			t.Fatalf("%d bytes of %q", len(m.Text), text)
		}
		if start, end := Callback([]byte(text), nil); start > end || end > len(text) {
			t.Fatalf("callback %d to %d of %q", start, end, text)
		}
	})
}
