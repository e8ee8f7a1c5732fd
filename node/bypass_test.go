package node

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/internal/load"
	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/rule"
)

// probe is a request that the node blocks.
type probe struct {
	target, header, kind, body, from string
	passes                           bool // what it shows is a suspicion only
}

func get(query string) probe { return probe{target: "/search?" + query} }

func param(value string) probe { return get("q=" + url.QueryEscape(value)) }

// detectorProbes has an attack of each type that a detector finds.
var detectorProbes = map[attack.Type]probe{
	attack.SQLi:           param("1' UNION SELECT username,password FROM users--"),
	attack.XSS:            param(`"><script>alert(document.domain)</script>`),
	attack.RCE:            param("; cat /etc/passwd"),
	attack.PTrav:          param("../../../../etc/passwd"),
	attack.SSTI:           param("{{7*7}}{{config.__class__.__init__.__globals__}}"),
	attack.NoSQLi:         get("username[$ne]=x&password[$ne]=y"),
	attack.LDAPi:          param("*)(uid=*))(|(uid=*"),
	attack.XXE:            {target: "/login", kind: "application/xml", body: `<?xml version="1.0"?><!DOCTYPE foo [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><foo>&xxe;</foo>`},
	attack.SSRF:           get("url=" + url.QueryEscape("http://169.254.169.254/latest/meta-data/iam/security-credentials/")),
	attack.Redir:          get("next=" + url.QueryEscape(`/\/evil.example.org/x`)),
	attack.CRLF:           param("x\r\nSet-Cookie: a=b"),
	attack.MailInjection:  param("a@b.example\r\nbcc: c@d.example"),
	attack.SSI:            param(`<!--#exec cmd="id" -->`),
	attack.Scanner:        {target: "/", header: "User-Agent: sqlmap/1.7.2#stable (https://sqlmap.org)"},
	attack.FileUpload:     {target: "/upload", kind: "multipart/form-data; boundary=b", body: "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"shell.php\"\r\n\r\n<?php system($_GET['c']); ?>\r\n--b--\r\n"},
	attack.MassAssignment: {target: "/search?user[is_admin]=true", passes: true},
}

// meansProbes has what a rule, a list or a block of a session stops; each has its source.
var meansProbes = map[string]probe{
	rule.KindMode:        {target: "/ruled?q=" + url.QueryEscape("1' UNION SELECT username,password FROM users--"), from: "198.51.100.1"},
	iplist.Deny.String(): {target: "/", from: "198.51.100.2"},
	iplist.Gray.String(): {target: "/gray?q=" + url.QueryEscape("1' UNION SELECT username,password FROM users--"), from: "198.51.100.3"},
	"session":            {target: "/", from: "198.51.100.4"},
}

// send sends a probe and returns the status.
func (r *running) send(t *testing.T, p probe) int {
	t.Helper()
	method := http.MethodGet
	if p.body != "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+r.TrafficAddrs()[0].String()+p.target, strings.NewReader(p.body))
	if err != nil {
		t.Fatal(err)
	}
	if name, value, ok := strings.Cut(p.header, ": "); ok {
		req.Header.Set(name, value)
	}
	if p.kind != "" {
		req.Header.Set("Content-Type", p.kind)
	}
	if p.from == "" {
		p.from = "192.0.2.1"
	}
	req.Header.Set("X-Forwarded-For", p.from)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// probes returns what must be blocked, by what it shows: every type of the table of
// detectors, every kind of rule, every list that stops requests, sessions. What has no
// row fails the test.
func probes(t *testing.T) map[string]probe {
	t.Helper()
	all := map[string]probe{}
	for _, kind := range detect.Default().Types().Types() {
		p, ok := detectorProbes[kind]
		if !ok {
			t.Errorf("the detector of %s has no row", kind)
			continue
		}
		all["detector "+kind.String()] = p
	}
	for _, kind := range rule.Kinds {
		if _, ok := meansProbes[kind]; !ok {
			t.Errorf("rules of kind %s have no row", kind)
		}
	}
	for _, kind := range iplist.Kinds() {
		if _, ok := meansProbes[kind.String()]; !ok && kind != iplist.Allow {
			t.Errorf("list %s has no row", kind)
		}
	}
	maps.Copy(all, meansProbes)
	return all
}

// TestKillSwitchStopsEverything blocks in every way there is, switches inspection off
// and on again over the API, while attacks come all the time, and looks that each way
// ends and begins again at once.
func TestKillSwitchStopsEverything(t *testing.T) {
	r := start(t, "block")
	all := probes(t)
	r.arrange(t)
	var wrong atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	loaded := make(chan struct{})
	var answers atomic.Int64
	go func() {
		defer close(loaded)
		load.Run(ctx, load.Options{URL: "http://" + r.TrafficAddrs()[0].String() + attackPath, Rate: 300, Answer: func(a load.Answer) {
			if answers.Add(1); a.Status != http.StatusOK && a.Status != http.StatusForbidden {
				wrong.Add(1)
			}
		}})
	}()
	var longest time.Duration
	for _, on := range []bool{false, true, false, true, false} {
		for seen := answers.Load(); answers.Load() < seen+30; {
			<-time.After(time.Millisecond)
		}
		begun := time.Now()
		if status := r.call(t, r.client, "PUT", "/api/v1/bypass", fmt.Sprintf(`{"on":%t}`, on), nil); status != http.StatusOK {
			t.Fatalf("switch: %d", status)
		}
		for name, p := range all {
			status := r.send(t, p)
			if want := !on && !p.passes; (status == http.StatusForbidden) != want || status >= 500 {
				t.Errorf("bypass %t, %s: status %d", on, name, status)
			}
		}
		longest = max(longest, time.Since(begun))
	}
	stop()
	<-loaded
	t.Logf("%d ways to block, each switched 4 times; the switch and a request of each way took %s at most; %d attacks meanwhile, %d of them neither passed nor blocked", len(all), longest.Round(time.Millisecond), answers.Load(), wrong.Load())
	if longest > 5*time.Second {
		t.Errorf("switching took %s", longest)
	}
	if wrong.Load() > 0 {
		t.Errorf("%d of %d requests failed", wrong.Load(), answers.Load())
	}
}

// arrange makes the rules, lists and blocks that meansProbes are about.
func (r *running) arrange(t *testing.T) {
	t.Helper()
	post := func(method, path, body string) {
		t.Helper()
		if status := r.call(t, r.client, method, path, body, nil); status >= 300 {
			t.Fatalf("%s %s: %d", method, path, status)
		}
	}
	post("POST", "/api/v1/lists/deny", `{"address":"198.51.100.2","for":"1h"}`)
	post("POST", "/api/v1/lists/gray", `{"address":"198.51.100.3","for":"1h"}`)
	post("POST", "/api/v1/rules", `{"kind":"mode","path":"/gray","mode":"safe_blocking"}`)
	post("POST", "/api/v1/rules", `{"kind":"mode","path":"/ruled","mode":"monitoring"}`)
	if status := r.send(t, meansProbes[rule.KindMode]); status == http.StatusForbidden {
		t.Errorf("the rule for monitoring blocks: %d", status)
	}
	post("POST", "/api/v1/rules", `{"kind":"mode","path":"/ruled","methods":["GET"],"mode":"block"}`)
	r.send(t, meansProbes["session"])
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var sessions struct{ Items []struct{ ID string } }
	r.call(t, r.client, "GET", "/api/v1/sessions?address=198.51.100.4", "", &sessions)
	if len(sessions.Items) != 1 {
		t.Fatalf("sessions %+v", sessions)
	}
	post("PUT", "/api/v1/sessions/"+sessions.Items[0].ID+"/block", `{"for":"forever"}`)
}
