package filter

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/parse"
)

func TestRawMasksSecrets(t *testing.T) {
	f := func(name string, fields []parse.Field, target, body, want string) {
		t.Helper()
		ex := &Exchange{Request: parse.Request{Method: []byte("POST"), Target: []byte(target), Proto: []byte("HTTP/1.1"), Fields: fields, Body: []byte(body)}}
		if got := strings.ReplaceAll(ex.raw(), "\r\n", "|"); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
	field := func(name, value string) []parse.Field {
		return []parse.Field{{Name: []byte(name), Value: []byte(value)}}
	}
	f("nothing to hide", field("Accept", "*/*"), "/a?b=1&c=2", "x=1", "POST /a?b=1&c=2 HTTP/1.1|Accept: */*||x=1")
	f("query", nil, "/login?user=bob&password=hunter2&x=1", "", "POST /login?user=bob&password=***&x=1 HTTP/1.1||")
	f("last of the query", nil, "/?api_key=abc", "", "POST /?api_key=*** HTTP/1.1||")
	f("bearer", field("Authorization", "Bearer abc.def"), "/", "", "POST / HTTP/1.1|Authorization: Bearer ***||")
	f("bare key", field("x-api-key", "abc"), "/", "", "POST / HTTP/1.1|x-api-key: ***||")
	f("cookies", field("Cookie", "sid=abcdefghijklmnop; theme=dark; flag"), "/", "", "POST / HTTP/1.1|Cookie: sid=abcd***; theme=d***; flag||")
	f("form", nil, "/", "user=bob&passwd=x%26y&z=1", "POST / HTTP/1.1||user=bob&passwd=***&z=1")
	f("json", nil, "/", `{"user":"bob","password" : "a\"b","n":{"pin":1234},"token":["kept"]}`, `POST / HTTP/1.1||{"user":"bob","password" : "***","n":{"pin":"***"},"token":["kept"]}`)
	f("cut json", nil, "/", `{"password":"abc`, `POST / HTTP/1.1||{"password":"***"`)
	f("multipart", field("Content-Type", "multipart/form-data; boundary=b"), "/",
		"--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n--b\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\nok\r\n--b--\r\n",
		`POST / HTTP/1.1|Content-Type: multipart/form-data; boundary=b||--b|Content-Disposition: form-data; name="password"||***|--b|Content-Disposition: form-data; name="q"||ok|--b--|`)
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{`{"password":"x"}`, `name="password"`, "a=1&token=2", `"token`, `"token":`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, mask := range []func(dst, text []byte) []byte{maskPairs, maskJSON, maskParts, maskCookies} {
			once := mask(nil, text)
			if len(once) > 8*len(text)+16 {
				t.Fatalf("%q grew to %d bytes", text, len(once))
			}
		}
	})
}
