package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/eval"
	"github.com/weirnode/weir/internal/load"
	"github.com/weirnode/weir/node"
)

// acting returns the first character of a text that does something to a terminal in the
// place of being seen, other than ending a line. Tabs are layout.
func acting(text string) string {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError && n == 1 {
			return fmt.Sprintf("%+q in %+q", r, text[max(0, i-40):min(len(text), i+40)])
		}
		i += n
	}
	return ""
}

// hostileWords are what an attacker would like a terminal, a log or a spreadsheet to
// obey. Each goes behind an attack, so that it is recorded and logged.
var hostileWords = []string{
	"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\u009b31m", "a\r\n{\"level\":\"info\",\"msg\":\"forged\"}", "a\nb", "\x00", "\x7f\x08\x08",
	"\u202eevil\u202c", "\u2066x\u2069", "\u200f", "\u2028", "\u0085", "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\xff\xfe", "\u00a0",
}

const attackWords = "1' UNION SELECT username,password FROM users-- "

// hostileRequests returns requests that carry a word in each place that a client fills.
// Places that must not hold control bytes are refused by the node, which is recorded,
// too.
func hostileRequests(word string) (list []string) {
	q := url.QueryEscape(attackWords + word)
	attack := "GET /search?q=" + url.QueryEscape(attackWords) + " HTTP/1.1\r\n"
	form := "user=" + url.QueryEscape(word) + "&password=" + q
	multipart := "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" + word + ".php\"\r\n\r\n<?php system($_GET['c']);\r\n--b--\r\n"
	document, _ := json.Marshal(map[string]string{word: attackWords + word})
	return []string{
		"GET /" + q + " HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /" + word + "?q=" + q + " HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /search?" + url.QueryEscape(word) + "=" + q + "&q=" + q + " HTTP/1.1\r\nHost: h\r\n\r\n",
		word + " /search?q=" + q + " HTTP/1.1\r\nHost: h\r\n\r\n",
		attack + "Host: " + word + "\r\n\r\n",
		attack + "Host: h\r\nUser-Agent: " + word + "\r\n\r\n",
		attack + "Host: h\r\nX-Forwarded-For: " + word + ", 192.0.2.1\r\n\r\n",
		attack + "Host: h\r\nCookie: sid=" + word + "; other=" + q + "\r\n\r\n",
		attack + "Host: h\r\nReferer: " + attackWords + word + "\r\n\r\n",
		attack + "Host: h\r\nX-" + word + ": " + attackWords + "\r\n\r\n",
		attack + "Host: h\r\nX-Request-Id: " + word + "\r\n\r\n",
		attack + "Host: h\r\nAuthorization: Basic " + base64.StdEncoding.EncodeToString([]byte(word+":"+attackWords)) + "\r\n\r\n",
		fmt.Sprintf("POST /login HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len(form), form),
		fmt.Sprintf("POST /login HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n%s", len(multipart), multipart),
		fmt.Sprintf("POST /login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(document), document),
	}
}

// syncBuffer is a log.
type syncBuffer struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (*syncBuffer) Sync() error { return nil }

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// hostileNode is a node whose log, API and console the test reads. Sessions are told
// apart by a cookie that clients choose.
func hostileNode(t *testing.T, format string) (traffic string, n *node.Node, client *http.Client, log *syncBuffer) {
	t.Helper()
	origin := httptest.NewServer(load.Origin())
	t.Cleanup(origin.Close)
	file := filepath.Join(t.TempDir(), "weir.yaml")
	text := fmt.Sprintf("version: 1\nlisten: [{address: \"127.0.0.1:0\"}]\nmanage: {address: \"127.0.0.1:0\"}\nstore: {url: \"file:%s\"}\nmode: block\nlog: {level: debug, format: %s}\nupstreams: {app: {targets: [%q]}}\n"+
		"sites: [{hosts: [\"*\"], upstream: app}]\nclient_address: {trusted_proxies: [127.0.0.1]}\nsession: {keys: [{cookie: sid}]}\n", t.TempDir(), format, origin.URL)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.Load(file)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	log = &syncBuffer{}
	logger, err := newLogger(cfg.Log, log)
	if err != nil {
		t.Fatal(err)
	}
	if n, err = node.Open(t.Context(), node.Options{Config: cfg, ConfigFile: file, Logger: logger}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		n.Close()
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client = &http.Client{Jar: jar, Timeout: 10 * time.Second}
	token, err := n.Manage().FirstRun(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Post(n.ManageURL()+"/welcome/"+token, "application/x-www-form-urlencoded", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return n.TrafficAddrs()[0].String(), n, client, log
}

// sendRaw sends bytes and reads the answer's head.
func sendRaw(t *testing.T, address, request string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	_ = resp.Body.Close()
}

// links are the pages and parts of the API that one page leads to.
var links = regexp.MustCompile(`href="(/(?:attacks|sessions|requests|lists)[^"#]*)"`)

// TestHostileText sends hostile words in every place through a whole node, and looks for
// bytes that act in its log, in all answers of API and console, in what the command line
// prints of the same requests, and in exports.
func TestHostileText(t *testing.T) {
	for _, format := range []string{"json", "console"} {
		t.Run(format, func(t *testing.T) {
			traffic, n, client, log := hostileNode(t, format)
			sent := 0
			for _, word := range hostileWords {
				for _, request := range hostileRequests(word) {
					sendRaw(t, traffic, request)
					sent++
				}
			}
			if err := n.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			text := log.String()
			if bad := acting(text); bad != "" {
				t.Errorf("log: %s", bad)
			}
			if strings.Count(text, "\n") < 50 || strings.Contains(text, "\n{\"level\":\"info\",\"msg\":\"forged\"}") {
				t.Errorf("the log has %d lines, or a forged one", strings.Count(text, "\n"))
			}
			if format == "json" {
				pages := readPages(t, n.ManageURL(), client)
				t.Logf("%d requests, %d bytes of log, %d pages", sent, len(text), pages)
			}
		})
	}
}

// readPages reads lists of the API and the console, and what they lead to.
func readPages(t *testing.T, base string, client *http.Client) int {
	t.Helper()
	queue := []string{
		"/", "/attacks", "/sessions", "/lists", "/attacks?q=" + url.QueryEscape("\x1b[31m\u202e"),
		"/api/v1/attacks?limit=100", "/api/v1/hits?limit=100", "/api/v1/requests?limit=100", "/api/v1/sessions?limit=100", "/api/v1/changes",
		"/api/v1/top/path?n=50", "/api/v1/top/host?n=50", "/api/v1/hits?q=" + url.QueryEscape("\x1b\u202e"),
	}
	seen := map[string]bool{}
	for len(queue) > 0 && len(seen) < 400 {
		path := queue[0]
		if queue = queue[1:]; seen[path] {
			continue
		}
		seen[path] = true
		resp, err := client.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode >= 500 || resp.StatusCode == http.StatusUnauthorized {
			t.Errorf("%s: status %d", path, resp.StatusCode)
		}
		if bad := acting(string(body)); bad != "" {
			t.Errorf("%s: %s", path, bad)
		}
		for _, m := range links.FindAllStringSubmatch(string(body), -1) {
			queue = append(queue, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
	}
	return len(seen)
}

// TestHostileTextOnTheCommandLine prints the same requests.
func TestHostileTextOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	var samples []eval.Sample
	for i, word := range hostileWords {
		for k, request := range hostileRequests(word) {
			name := filepath.Join(dir, fmt.Sprintf("%d-%d.txt", i, k))
			if err := os.WriteFile(name, []byte(request), 0o600); err != nil {
				t.Fatal(err)
			}
			samples = append(samples, eval.Sample{File: "f", ID: word, Label: eval.Legit, Class: word, Place: word, Raw: []byte(request)})
		}
	}
	lines := &bytes.Buffer{}
	for _, s := range samples {
		line, _ := json.Marshal(map[string]any{"id": s.ID, "label": "legit", "class": s.Class, "place": s.Place, "req_b64": base64.StdEncoding.EncodeToString(s.Raw)})
		lines.Write(append(line, '\n'))
	}
	corpus := filepath.Join(dir, "corpus.jsonl")
	if err := os.WriteFile(corpus, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f := func(cmd *cobra.Command, args ...string) string {
		t.Helper()
		var out bytes.Buffer
		cmd.SetOut(&out)
		cmd.SetErr(&out)
		cmd.SetArgs(args)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		if err := cmd.ExecuteContext(t.Context()); err != nil { // with words of the request
			_, _ = out.WriteString(said(err))
		}
		if bad := acting(out.String()); bad != "" {
			t.Errorf("%v: %s", args, bad)
		}
		return out.String()
	}
	for i := range hostileWords {
		for k := range hostileRequests("") {
			name := filepath.Join(dir, fmt.Sprintf("%d-%d.txt", i, k))
			f(inspectCommand(), name)
			f(inspectCommand(), "--json", name)
		}
	}
	out := filepath.Join(dir, "out")
	if text := f(evalCommand(), "--timed", "0", "--by", "class", "--csv", out, corpus); !strings.Contains(text, "requests of 1 files") {
		t.Fatalf("eval: %s", text)
	}
	f(evalCommand(), "--timed", "0", "--json", "--results", filepath.Join(dir, "results.jsonl"), corpus)
	for _, name := range []string{filepath.Join(out, eval.FalseAlarmsFile), filepath.Join(dir, "results.jsonl")} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bad := acting(string(text)); bad != "" {
			t.Errorf("%s: %s", filepath.Base(name), bad)
		}
	}
	checkCells(t, filepath.Join(out, eval.FalseAlarmsFile))
}

// checkCells looks for cells that a spreadsheet takes for formulas.
func checkCells(t *testing.T, name string) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 50 {
		t.Errorf("only %d rows", len(rows))
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a cell begins with %q: %q", cell[0], cell)
			}
		}
	}
}
