package parse

import (
	"slices"
	"testing"
)

// TestOtherReadings holds text that two readers take in two ways to being read in both.
func TestOtherReadings(t *testing.T) {
	f := func(raw, point, want string, found bool) {
		t.Helper()
		if p := take(t, raw, &Options{}); slices.ContainsFunc(p.Values, valueAt(p, point, want)) != found {
			t.Errorf("%s %q: found is %v among\n%s", point, want, !found, list(p))
		}
	}
	get := "GET / HTTP/1.1\r\nHost: h\r\n"
	// The signature of a cookie, a plus in one.
	f(get+"Cookie: a=PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg%3D%3D--0f6a12ab\r\n\r\n", "[header, 'COOKIE', cookie, 'a', base64]", "<script>alert(1)</script>", true)
	f(get+"Cookie: a=('i'+'d')%20k\r\n\r\n", "[header, 'COOKIE', cookie, 'a']", "('i'+'d') k", true)
	f(get+"Cookie: a=('i'+'d')%20k\r\n\r\n", "[header, 'COOKIE', cookie, 'a']", "('i' 'd') k", true)
	// Base64 whose padding looks like the equals sign of a pair.
	post := "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
	f(post+"PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "[post, form_urlencoded, 'PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg', base64]", "<script>alert(1)</script>", true)
	f(post+"a_rather_long_name_of_a_field_12=", "[post, form_urlencoded, 'a_rather_long_name_of_a_field_12']", "", true)
	// Quotes within the name of a file.
	multipart := "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=X\r\n\r\n--X\r\nContent-Disposition: form-data; name=\"f\"; "
	f(multipart+"filename=\"a|O:1:\"B\":0:{}.png\"\r\n\r\nk\r\n--X--\r\n", "[post, multipart, 'f', file]", `a|O:1:"B":0:{}.png`, true)
	f(multipart+"filename=\"a.png\"; size=\"1\"\r\n\r\nk\r\n--X--\r\n", "[post, multipart, 'f', file]", `a.png"; size="1`, false)
}
