package proxy

import (
	"bufio"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
)

// vector is one line of testdata/desync.txt.
type vector struct{ tier, reason, name, head string }

func vectors(t *testing.T) (list []vector) {
	t.Helper()
	data, err := os.ReadFile("testdata/desync.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(parts) != 4 {
			continue
		}
		name, err1 := strconv.Unquote(parts[2])
		head, err2 := strconv.Unquote(parts[3])
		if err1 != nil || err2 != nil {
			t.Fatalf("%s: %v, %v", line, err1, err2)
		}
		list = append(list, vector{parts[0], parts[1], name, head})
	}
	if len(list) != 144 {
		t.Fatalf("%d vectors: the file is not whole", len(list))
	}
	return list
}

// complete adds a host and a body that fits what the head says, as far as it can.
func (v *vector) complete() string {
	line, fields, _ := strings.Cut(v.head, "\r\n")
	request := line + "\r\nHost: h\r\n" + fields + "\r\n"
	lower := "\r\n" + strings.ToLower(fields)
	if strings.Contains(lower, "\r\ntransfer-encoding") {
		return request + "0\r\n\r\n"
	}
	if _, after, ok := strings.Cut(lower, "content-length:"); ok {
		text, _, _ := strings.Cut(after, "\r\n")
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && n > 0 {
			return request + strings.Repeat("x", n)
		}
	}
	return request
}

// asked sends bytes and tells whether anything was forwarded and whether the
// connection then still serves.
func asked(t *testing.T, u *raw, address, request string) (answer string, forwarded, kept bool) {
	t.Helper()
	for len(u.got) > 0 {
		<-u.got
	}
	answer, kept = exchangeRaw(t, address, request)
	return answer, len(u.got) > 0, kept
}

// TestDesyncVectors holds the node to other people's vectors: what is severe or
// ambiguous is never forwarded with the connection kept, what is compliant passes.
func TestDesyncVectors(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, func(c *config.Config) { c.Limits.HeaderTimeout = config.Duration(300 * time.Millisecond) }, nil, u.url())
	counts := map[string]int{}
	for _, v := range vectors(t) {
		answer, forwarded, kept := asked(t, u, address, v.complete())
		switch v.tier {
		case "Severe":
			if forwarded || kept {
				t.Errorf("severe: %s (%s): forwarded %v, kept %v, %.60q", v.name, v.reason, forwarded, kept, answer)
			}
		case "Ambiguous":
			if kept {
				t.Errorf("ambiguous: %s (%s): forwarded %v, kept %v, %.60q", v.name, v.reason, forwarded, kept, answer)
			}
		case "Compliant":
			if codings(v.head) {
				if !strings.HasPrefix(answer, "HTTP/1.1 400") {
					t.Errorf("transfer codings besides chunked are refused: %s: %.60q", v.name, answer)
				}
				counts["compliant, other codings"]++
				continue
			}
			if v.name == "Compliant URL" || v.name == "Empty URI" { // a fragment, and no target at all: not HTTP/1 (RFC 9112, 3.2)
				counts["compliant to them only"]++
				continue
			}
			if !forwarded || !kept || !strings.HasPrefix(answer, "HTTP/1.1 200") {
				t.Errorf("compliant: %s: forwarded %v, kept %v, %.60q", v.name, forwarded, kept, answer)
			}
		}
		counts[v.tier]++
	}
	t.Logf("%v", counts)
}

// codings reports whether a head asks for more than chunks.
func codings(head string) bool {
	lower := strings.ToLower(head)
	_, after, _ := strings.Cut(lower, "transfer-encoding:")
	value, _, _ := strings.Cut(after, "\r\n")
	return strings.Count(lower, "\r\ntransfer-encoding:") > 1 || strings.ContainsAny(value, ",;")
}

// smuggled is what must never arrive as a request of its own.
const smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"

// techniques are requests after which two readers could disagree, each followed by
// a request that must not be answered. The fault "" means it is answered, and the
// connection ends.
var techniques = []struct{ name, request, fault string }{
	{"length and chunks", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "length_and_encoding"},
	{"chunks and length", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "length_and_encoding"},
	{"identity and length", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc", "bad_transfer_encoding"},
	{"two lengths alike", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "duplicate_content_length"},
	{"list of lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 3\r\n\r\nabc", "bad_content_length"},
	{"length with plus", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +3\r\n\r\nabc", "bad_content_length"},
	{"length with minus", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "bad_content_length"},
	{"length in hex", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x3\r\n\r\nabc", "bad_content_length"},
	{"length with blank", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3 0\r\n\r\nabc", "bad_content_length"},
	{"length with underscore", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1_0\r\n\r\nabc", "bad_content_length"},
	{"length out of range", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551619\r\n\r\nabc", "bad_content_length"},
	{"empty length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\nabc", "bad_content_length"},
	{"length with disguised dash", "POST / HTTP/1.1\r\nHost: h\r\nContent_Length: 3\r\n\r\nabc", "disguised_framing"},
	{"length with two dashes", "POST / HTTP/1.1\r\nHost: h\r\nContent--Length: 3\r\n\r\nabc", "disguised_framing"},
	{"coding without dash", "POST / HTTP/1.1\r\nHost: h\r\nTransferEncoding: chunked\r\n\r\n0\r\n\r\n", "disguised_framing"},
	{"quoted name of coding", "POST / HTTP/1.1\r\nHost: h\r\n'Transfer-Encoding': chunked\r\n\r\n0\r\n\r\n", "disguised_framing"},
	{"trailer that frames", "POST / HTTP/1.1\r\nHost: h\r\nTrailer: Content-Length\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "bad_field_value"},
	{"blank before colon", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "bad_field_name"},
	{"tab before colon", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", "bad_field_name"},
	{"vertical tab before coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", "bad_field_value"},
	{"form feed after coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\x0c\r\n\r\n0\r\n\r\n", "bad_field_value"},
	{"NUL in coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chun\x00ked\r\n\r\n0\r\n\r\n", "bad_field_value"},
	{"NUL in name", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-\x00Encoding: chunked\r\n\r\n0\r\n\r\n", "bad_field_name"},
	{"no-break blank after coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\xa0\r\n\r\n0\r\n\r\n", "bad_transfer_encoding"},
	{"quoted coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", "bad_transfer_encoding"},
	{"coding with comma", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n", "bad_transfer_encoding"},
	{"coding with parameter", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n", "bad_transfer_encoding"},
	{"unknown coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "bad_transfer_encoding"},
	{"empty coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n", "bad_transfer_encoding"},
	{"two codings", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "bad_transfer_encoding"},
	{"coding and cow", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n", "bad_transfer_encoding"},
	{"underscored coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer_Encoding: chunked\r\n\r\n0\r\n\r\n", "disguised_framing"},
	{"coding on 1.0", "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "bad_transfer_encoding"},
	{"folded coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", "bad_transfer_encoding"},
	{"coding behind a fold", "POST / HTTP/1.1\r\nHost: h\r\nX: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "obs_fold"},
	{"first line folded", "POST / HTTP/1.1\r\n Host: h\r\nX: a\r\n\r\n", "obs_fold"},
	{"bare line feed", "POST / HTTP/1.1\r\nHost: h\r\nX: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "bare_lf"},
	{"bare line feed ends a head without fields", "GET / HTTP/1.0\r\n\n", "bare_lf"},
	{"bare line feed ends the last line", "GET / HTTP/1.1\r\nHost: h\n\r\n", "bare_lf"},
	{"bare line feed ends the head", "GET / HTTP/1.1\r\nHost: h\r\n\nX: a\r\n\r\n", "bare_lf"},
	{"bare return in value", "POST / HTTP/1.1\r\nHost: h\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "bad_field_value"},
	{"no colon", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding chunked\r\n\r\n0\r\n\r\n", "bad_field_name"},
	{"empty name", "POST / HTTP/1.1\r\nHost: h\r\n: chunked\r\n\r\n0\r\n\r\n", "bad_field_name"},
	{"high byte in name", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding\xa0: chunked\r\n\r\n0\r\n\r\n", "bad_field_name"},
	{"size in C", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", "bad_chunk"},
	{"size with plus", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n", "bad_chunk"},
	{"size with minus", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n", "bad_chunk"},
	{"size with blank before", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n 3\r\nabc\r\n0\r\n\r\n", "bad_chunk"},
	{"size out of range", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n", "bad_chunk"},
	{"no size", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n", "bad_chunk"},
	{"size line ends with LF", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", "bad_chunk"},
	{"chunk ends with LF", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\n0\r\n\r\n", "bad_chunk"},
	{"chunk ends with two bytes", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcXX0\r\n\r\n", "bad_chunk"},
	{"chunk ends with return", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r0\r\n\r\n", "bad_chunk"},
	{"LF in extension", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;a\nb\r\nabc\r\n0\r\n\r\n", "bad_chunk"},
	{"return in extension", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;a\rb\r\nabc\r\n0\r\n\r\n", "bad_chunk"},
	{"body that never ends well", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n", "bad_chunk"},
	{"size with blank behind", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n", "bad_chunk"},
	{"control byte in extension", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;\v\r\nabc\r\n0\r\n\r\n", "bad_chunk"},
	{"trailers end with LF", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\n", "bad_chunk"},
	{"trailer ends with LF", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: 1\n\r\n", "bad_chunk"},
	{"return in trailer", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: 1\rY: 2\r\n\r\n", "bad_chunk"},
	{"folded trailer", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: 1\r\n 2\r\n\r\n", "bad_chunk"},
	{"blank in name of trailer", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX Y: 1\r\n\r\n", "bad_chunk"},
	{"trailer without colon", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nGET /smuggled HTTP/1.1\r\n\r\n", "bad_chunk"},
	{"trailer that frames", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n", "bad_chunk"},
	{"trailer that routes", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nHost: x\r\n\r\n", "bad_chunk"},
	{"absolute target, userinfo", "GET http://a@h/ HTTP/1.1\r\nHost: h\r\n\r\n", "userinfo_in_host"},
	{"absolute target, other scheme", "GET file:///etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", "bad_target"},
	{"absolute target, malformed Host", "GET http://h/ HTTP/1.1\r\nHost: a#b\r\n\r\n", "bad_host"},
	{"absolute target, userinfo in Host", "GET http://h/ HTTP/1.1\r\nHost: a@b\r\n\r\n", "userinfo_in_host"},
	{"absolute target of HTTP/1.0, no host", "GET http:///x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "bad_host"},
	{"absolute target, no host", "GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n", "bad_host"},
	{"userinfo", "GET / HTTP/1.1\r\nHost: u:p@h\r\n\r\n", "userinfo_in_host"},
	{"fragment", "GET /#f HTTP/1.1\r\nHost: h\r\n\r\n", "fragment_in_target"},
	{"tab in request line", "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", "bad_method"},
	{"blank in target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", "bad_version"},
	{"target of control bytes", "GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n", "bad_target"},
	{"method in braces", "G(T / HTTP/1.1\r\nHost: h\r\n\r\n", "bad_method"},
	{"HTTP/1.2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", "bad_version"},
	{"HTTP/0.9", "GET / HTTP/0.9\r\nHost: h\r\n\r\n", "bad_version"},
	{"HTTP/2.0", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", "bad_version"},
	{"no version", "GET /\r\nHost: h\r\n\r\n", "bad_request_line"},
	{"lower case version", "GET / http/1.1\r\nHost: h\r\n\r\n", "bad_version"},
	{"two hosts alike", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", "duplicate_host"},
	{"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "missing_host"},
	{"host with path", "GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", "bad_host"},
	{"host with blank", "GET / HTTP/1.1\r\nHost: h x\r\n\r\n", "bad_host"},
	{"port without digits", "GET / HTTP/1.1\r\nHost: h:x\r\n\r\n", "bad_host"},
	{"zone in host", "GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n", "bad_host"},
	{"body of GET", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc", ""},
	{"chunks of GET", "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", ""},
	{"body of HEAD", "HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc", ""},
}

func TestDesyncTechniques(t *testing.T) {
	u := newRaw(t, nil)
	p, address := running(t, nil, nil, u.url())
	for _, c := range techniques {
		t.Run(c.name, func(t *testing.T) {
			for len(u.got) > 0 {
				<-u.got
			}
			before := 0.0
			if c.fault != "" {
				before = counted(p.metrics.invalid(c.fault))
			}
			all := everything(t, address, c.request+smuggled)
			if n := strings.Count(all, "HTTP/1.1 "); n != 1 {
				t.Errorf("%d answers: %.200q", n, all)
			}
			for len(u.got) > 0 {
				if got := <-u.got; c.fault != "" || strings.Contains(got, "smuggled") {
					t.Errorf("forwarded %q", got)
				}
			}
			if c.fault == "" {
				return
			}
			if !strings.HasPrefix(all, "HTTP/1.1 400 ") || !strings.Contains(all, "Connection: close\r\n") {
				t.Errorf("answer %.100q", all)
			}
			if counted(p.metrics.invalid(c.fault)) != before+1 {
				t.Errorf("not counted as %s", c.fault)
			}
		})
	}
}

// everything sends bytes and returns all that comes until the node closes.
func everything(t *testing.T, address, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = io.WriteString(c, request)
	all, err := io.ReadAll(bufio.NewReader(c))
	if err != nil {
		t.Errorf("the connection was not closed in order: %v", err)
	}
	return string(all)
}

// TestLenientMendsWhatIsOnlyOdd: folds and bare line feeds pass, re-written; what is
// ambiguous does not.
func TestLenientMendsWhatIsOnlyOdd(t *testing.T) {
	u := newRaw(t, nil)
	p, address := running(t, func(c *config.Config) { c.Listen[0].Framing = config.Lenient }, nil, u.url())
	answer, forwarded, kept := asked(t, u, address, "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n  b\r\nY: 1\nZ: 2\r\n\r\n")
	if !forwarded || !kept || !strings.HasPrefix(answer, "HTTP/1.1 200") {
		t.Fatalf("forwarded %v, kept %v, %q", forwarded, kept, answer)
	}
	if got := <-u.got; !strings.Contains(got, "\r\nX: a    b\r\nY: 1\r\nZ: 2\r\n") {
		t.Errorf("got %q", got)
	}
	if counted(p.metrics.tolerated("obs_fold")) != 1 || counted(p.metrics.tolerated("bare_lf")) != 1 {
		t.Error("not counted")
	}
	for name, request := range map[string]string{
		"length and chunks":     "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
		"length and LF chunks":  "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"LF ends the head":      "GET / HTTP/1.1\r\nHost: h\r\n\nX: a\r\n\r\n",
		"folded length":         "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n 0\r\n\r\nx",
		"fold before the colon": "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding\r\n : chunked\r\n\r\n0\r\n\r\n",
	} {
		if answer, forwarded, kept := asked(t, u, address, request); forwarded || kept || !strings.HasPrefix(answer, "HTTP/1.1 400") {
			t.Errorf("%s: forwarded %v, kept %v, %.60q", name, forwarded, kept, answer)
		}
	}
}

// TestStreamedBodiesDoNotDesync breaks bodies that are streamed, where the error
// comes after the head has been forwarded.
func TestStreamedBodiesDoNotDesync(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, func(c *config.Config) { c.Limits.BufferBytes = 4 << 10 }, nil, u.url())
	big := strings.Repeat("x", 8<<10)
	all := everything(t, address, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2000\r\n"+big+"\n"+smuggled)
	if !strings.HasPrefix(all, "HTTP/1.1 400 ") || strings.Count(all, "HTTP/1.1 ") != 1 {
		t.Errorf("answer %.200q", all)
	}
	for len(u.got) > 0 {
		if got := <-u.got; strings.HasPrefix(got, "GET /smuggled") {
			t.Error("smuggled")
		}
	}
}

// TestTrailersOfRequestsEndHere: what follows a body cannot add to its head.
func TestTrailersOfRequestsEndHere(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, nil, nil, u.url())
	_, kept := exchangeRaw(t, address, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n3\r\nabc\r\n0\r\nX-Late: 1\r\nX-Role: admin\r\n\r\n")
	if got := <-u.got; !strings.HasSuffix(got, "\r\n\r\n3\r\nabc\r\n0\r\n\r\n") || strings.Contains(got, "X-Late") || strings.Contains(got, "X-Role") || !kept {
		t.Errorf("kept %v, got %q", kept, got)
	}
}
