package manage

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParseSearch(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		list, err := ParseSearch(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			return
		}
		var got []string
		for _, c := range list {
			got = append(got, fmt.Sprint(c.Field, [...]string{"=", "!=", " in "}[c.Op], strings.Join(c.Values, "|")))
		}
		if s := strings.Join(got, " & "); s != want {
			t.Errorf("%s: got %s, want %s", text, s, want)
		}
	}
	f("", "")
	f("  ", "")
	f("sqli", "type=sqli")
	f("SQLi xss !rce", "type=sqli|xss & type!=rce")
	f("ip:192.0.2.0/24 method:GET", "address=192.0.2.0/24 & method=GET")
	f("192.0.2.7", "address=192.0.2.7")
	f("2001:db8::1 /login", "address=2001:db8::1 & path=/login")
	f(`u:"/a b*"`, "path=/a b*")
	f("statuscode:400-499", "status in 400|499")
	f("status:500+ status:404", "status in 500|999 & status=404")
	f("0123456789abcdef0123456789abcdef", "request=0123456789abcdef0123456789abcdef")
	f("union", "payload=union")
	f(`"union select"`, "payload=union select")
}

func TestParseSearchSaysWhere(t *testing.T) {
	f := func(text string, column int) {
		t.Helper()
		_, err := ParseSearch(text)
		var se *SearchError
		if !errors.As(err, &se) || se.Column != column {
			t.Errorf("%s: %v, want an error at column %d", text, err, column)
		}
	}
	f("ip:", 1)
	f("sqli ip:", 6)
	f("sqli nosuch:x", 6)
	f(`u:"/a`, 3)
	f("!", 1)
}

func FuzzParseSearch(f *testing.F) {
	for _, s := range []string{"sqli !ip:1.2.3.4", `u:"x"`, "::1", "a:b:c", `"`, "!:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParseSearch(text)
		if err != nil {
			return
		}
		for _, c := range list {
			if c.Field == "" || len(c.Values) == 0 {
				t.Fatalf("%q: %+v", text, c)
			}
		}
	})
}
