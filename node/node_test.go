package node

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/internal/sample"
)

// running is a whole node with the sample shop behind it.
type running struct {
	*Node
	client *http.Client // signed in as administrator
	file   string
}

func start(t *testing.T, mode string) *running {
	t.Helper()
	shop := httptest.NewServer(sample.App())
	t.Cleanup(shop.Close)
	dir := t.TempDir()
	file := filepath.Join(dir, "weir.yaml")
	text := fmt.Sprintf("version: 1\nlisten: [{address: \"127.0.0.1:0\"}]\nmanage: {address: \"127.0.0.1:0\"}\nstore: {url: \"file:%s/data\"}\nmode: %q\nupstreams: {shop: {targets: [%q]}}\nsites: [{hosts: [\"*\"], upstream: shop}]\nclient_address: {trusted_proxies: [127.0.0.1]}\n", dir, mode, shop.URL)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.Load(file)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	n, err := Open(t.Context(), Options{Config: cfg, ConfigFile: file, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		n.Close()
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{n, &http.Client{Jar: jar, Timeout: 10 * time.Second}, file}
	link, err := n.Manage().FirstRun(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.form(t, "/welcome/"+link, "")
	return r
}

func (r *running) form(t *testing.T, path, body string) {
	t.Helper()
	resp, err := r.client.Post(r.ManageURL()+path, "application/x-www-form-urlencoded", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
}

// call sends JSON to the API and decodes the answer.
func (r *running) call(t *testing.T, client *http.Client, method, path, body string, into any) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.ManageURL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body)
	if into != nil {
		if err := json.NewDecoder(bytes.NewReader(data)).Decode(into); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, data)
		}
	}
	return resp.StatusCode
}

// get sends a request through the node from an address.
func (r *running) get(t *testing.T, path, from string) (status int, id string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+r.TrafficAddrs()[0].String()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", from)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode, resp.Header.Get("X-Request-Id")
}

const attackPath = "/search?q=1%27%20UNION%20SELECT%20username,password%20FROM%20users--"

type attackList struct {
	Items []struct {
		ID            int64
		Type          string
		Hits, Blocked int64
		Outcome       string
	}
}

func TestAnAttackIsFoundByItsRequestID(t *testing.T) {
	r := start(t, "block")
	status, id := r.get(t, attackPath, "192.0.2.1")
	if status != http.StatusForbidden || len(id) != 32 {
		t.Fatalf("status %d, id %q", status, id)
	}
	var list attackList
	if r.call(t, r.client, "GET", "/api/v1/attacks?q=request_id:"+id, "", &list); len(list.Items) != 1 || list.Items[0].Type != "sqli" || list.Items[0].Outcome != "blocked" {
		t.Fatalf("attacks %+v", list)
	}
	var raw struct{ Raw string }
	if r.call(t, r.client, "GET", "/api/v1/requests/"+id+"/raw", "", &raw); !strings.HasPrefix(raw.Raw, "GET "+attackPath) {
		t.Errorf("raw %q", raw.Raw)
	}
}

func TestMonitoringPassesAndRecords(t *testing.T) {
	r := start(t, "monitoring")
	if status, _ := r.get(t, attackPath, "192.0.2.1"); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	var list attackList
	if r.call(t, r.client, "GET", "/api/v1/attacks", "", &list); len(list.Items) != 1 || list.Items[0].Outcome != "monitored" {
		t.Errorf("attacks %+v", list)
	}
}

// TestListsAndSessionsDriveTheMatrix adds and removes what decides before detectors.
func TestListsAndSessionsDriveTheMatrix(t *testing.T) {
	r := start(t, "safe_blocking")
	expect := func(what, path, from string, want int) {
		t.Helper()
		if status, _ := r.get(t, path, from); status != want {
			t.Errorf("%s: status %d, want %d", what, status, want)
		}
	}
	put := func(kind, address string) int64 {
		t.Helper()
		var e struct{ ID int64 }
		r.call(t, r.client, "POST", "/api/v1/lists/"+kind, `{"address":"`+address+`","for":"1h"}`, &e)
		return e.ID
	}
	expect("attack, not listed", attackPath, "192.0.2.1", 200)
	gray := put("gray", "192.0.2.0/24")
	expect("attack, graylisted", attackPath, "192.0.2.1", 403)
	expect("clean, graylisted", "/", "192.0.2.1", 200)
	deny := put("deny", "192.0.2.1")
	expect("clean, denylisted", "/", "192.0.2.1", 403)
	put("allow", "192.0.2.1")
	expect("attack, allowlisted", attackPath, "192.0.2.1", 200)
	for _, id := range []int64{gray, deny} {
		if status := r.call(t, r.client, "DELETE", fmt.Sprintf("/api/v1/lists/entries/%d", id), "", nil); status != http.StatusNoContent {
			t.Errorf("delete %d: %d", id, status)
		}
	}
	expect("attack, unlisted again", attackPath, "192.0.2.2", 200)
	var sessions struct{ Items []struct{ ID string } }
	r.call(t, r.client, "GET", "/api/v1/sessions?address=192.0.2.2", "", &sessions)
	if len(sessions.Items) != 1 {
		t.Fatalf("sessions %+v", sessions)
	}
	block := "/api/v1/sessions/" + sessions.Items[0].ID + "/block"
	r.call(t, r.client, "PUT", block, `{"for":"forever"}`, nil)
	expect("blocked session", "/", "192.0.2.2", 403)
	r.call(t, r.client, "DELETE", block, "", nil)
	expect("unblocked session", "/", "192.0.2.2", 200)
}

func TestStoredRuleChangesTheMode(t *testing.T) {
	r := start(t, "monitoring")
	var rule struct{ ID int64 }
	if status := r.call(t, r.client, "POST", "/api/v1/rules", `{"kind":"mode","path":"/search","mode":"block"}`, &rule); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if status, _ := r.get(t, attackPath, "192.0.2.1"); status != http.StatusForbidden {
		t.Errorf("with the rule: %d", status)
	}
	r.call(t, r.client, "DELETE", fmt.Sprintf("/api/v1/rules/%d", rule.ID), "", nil)
	if status, _ := r.get(t, attackPath, "192.0.2.1"); status != http.StatusOK {
		t.Errorf("without the rule: %d", status)
	}
}

func TestReloadIsAllOrNothing(t *testing.T) {
	r := start(t, "monitoring")
	good, err := os.ReadFile(r.file)
	if err != nil {
		t.Fatal(err)
	}
	reload := func(text string) int {
		t.Helper()
		if err := os.WriteFile(r.file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return r.call(t, r.client, "POST", "/-/reload", "", nil)
	}
	if status := reload(string(good) + "nonsense: 1\n"); status != http.StatusUnprocessableEntity {
		t.Errorf("broken file: %d", status)
	}
	if status := reload(strings.Replace(string(good), "/data\"", "/other\"", 1)); status != http.StatusUnprocessableEntity {
		t.Errorf("another store: %d", status)
	}
	if status, _ := r.get(t, attackPath, "192.0.2.1"); status != http.StatusOK {
		t.Errorf("after refused reloads: %d", status)
	}
	if status := reload(strings.Replace(string(good), `"monitoring"`, "block", 1)); status != http.StatusOK {
		t.Errorf("good file: %d", status)
	}
	if status, _ := r.get(t, attackPath, "192.0.2.1"); status != http.StatusForbidden {
		t.Errorf("after the reload: %d", status)
	}
}

// TestRolesAreHeld asks as nobody and as a reader for what takes more.
func TestRolesAreHeld(t *testing.T) {
	r := start(t, "block")
	r.form(t, "/password", "new=correct+horse+battery")
	if status := r.call(t, r.client, "POST", "/api/v1/accounts", `{"name":"reader","role":"read_only","password":"staple staple"}`, nil); status != http.StatusOK {
		t.Fatalf("create account: %d", status)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	reader, nobody := &http.Client{Jar: jar}, &http.Client{}
	if status := r.call(t, reader, "POST", "/api/v1/login", `{"name":"reader","password":"wrong wrong"}`, nil); status != http.StatusUnprocessableEntity {
		t.Errorf("wrong password: %d", status)
	}
	if status := r.call(t, reader, "POST", "/api/v1/login", `{"name":"reader","password":"staple staple"}`, nil); status != http.StatusOK {
		t.Fatalf("login: %d", status)
	}
	for request, want := range map[string][2]int{
		"GET /api/v1/attacks":            {401, 200},
		"GET /api/v1/status":             {401, 200},
		"POST /api/v1/lists/deny":        {401, 403},
		"DELETE /api/v1/lists/entries/1": {401, 403},
		"POST /api/v1/rules":             {401, 403},
		"GET /api/v1/changes":            {401, 403},
		"GET /api/v1/accounts":           {401, 403},
		"POST /-/reload":                 {401, 403},
		"GET /api/v1/bypass":             {401, 200},
		"PUT /api/v1/bypass":             {401, 403},
		"GET /live":                      {200, 200},
	} {
		method, path, _ := strings.Cut(request, " ")
		for i, c := range []*http.Client{nobody, reader} {
			if got := r.call(t, c, method, path, "{}", nil); got != want[i] {
				t.Errorf("%s as %s: %d, want %d", request, [...]string{"nobody", "reader"}[i], got, want[i])
			}
		}
	}
}

// TestOtherSitesCannotAct refuses what a page elsewhere makes a browser send.
func TestOtherSitesCannotAct(t *testing.T) {
	r := start(t, "block")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.ManageURL()+"/lists", strings.NewReader("kind=deny&address=192.0.2.9&for=1h"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://evil.example")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := r.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", resp.StatusCode)
	}
}

// TestKillSwitch switches under traffic: effective at once, told, and undone.
func TestKillSwitch(t *testing.T) {
	r := start(t, "block")
	var state struct{ On bool }
	for _, on := range []bool{true, false, true, false} {
		if status := r.call(t, r.client, "PUT", "/api/v1/bypass", fmt.Sprintf(`{"on":%t}`, on), &state); status != http.StatusOK || state.On != on {
			t.Fatalf("status %d, %+v", status, state)
		}
		want := http.StatusForbidden
		if on {
			want = http.StatusOK
		}
		if status, _ := r.get(t, attackPath, "192.0.2.1"); status != want {
			t.Errorf("on %v: status %d, want %d", on, status, want)
		}
		if r.call(t, r.client, "GET", "/api/v1/bypass", "", &state); state.On != on {
			t.Errorf("told %v", state.On)
		}
	}
	if status := r.call(t, r.client, "PUT", "/api/v1/bypass", `{}`, nil); status != http.StatusUnprocessableEntity {
		t.Errorf("an empty wish: %d", status)
	}
	var list struct{ Items []struct{ Verb, Noun string } }
	r.call(t, r.client, "GET", "/api/v1/changes", "", &list)
	n := 0
	for _, c := range list.Items {
		if c.Noun == "bypass" {
			n++
		}
	}
	if n != 4 {
		t.Errorf("%d audit records, want 4", n)
	}
}

// TestMalformedRequestsAreRecorded sends what is refused by the header, before it by
// the HTTP library, and within a body.
func TestMalformedRequestsAreRecorded(t *testing.T) {
	r := start(t, "monitoring")
	for name, request := range map[string]string{
		"obs_fold":           "GET /fold HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
		"bad_content_length": "POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\nx",
		"bad_chunk":          "POST /chunk HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\n0\r\n\r\n",
	} {
		c, err := net.Dial("tcp", r.TrafficAddrs()[0].String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, request)
		if answer, _ := io.ReadAll(c); !bytes.HasPrefix(answer, []byte("HTTP/1.1 400 ")) {
			t.Errorf("%s: %q", name, answer)
		}
		_ = c.Close()
		var list struct {
			Items []struct{ Type, Payload string }
		}
		r.call(t, r.client, "GET", "/api/v1/hits", "", &list)
		found := false
		for _, h := range list.Items {
			found = found || h.Type == "invalid_request" && h.Payload == name
		}
		if !found {
			t.Errorf("%s is not recorded: %+v", name, list.Items)
		}
	}
}
