package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestBypassCommand holds what the command asks of a node and how it ends.
func TestBypassCommand(t *testing.T) {
	on := false
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.URL.Path != "/api/v1/bypass" || r.Header.Get("Authorization") != "Bearer good":
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"detail":"your role does not allow this"}`)
			return
		case r.Method == http.MethodPut:
			on = strings.Contains(string(body), "true")
		}
		_, _ = io.WriteString(w, map[bool]string{true: `{"on":true}`, false: `{"on":false}`}[on])
	}))
	defer node.Close()
	f := func(want int, wantOn bool, args ...string) {
		t.Helper()
		got := run(t.Context(), append([]string{"bypass", "--url", node.URL + "/"}, args...))
		if got != want || on != wantOn {
			t.Errorf("%v: exit %d, on %v; want %d, %v", args, got, on, want, wantOn)
		}
	}
	f(0, false, "--token", "good")
	f(0, true, "on", "--token", "good")
	f(1, true, "off", "--token", "bad")
	f(0, false, "off", "--token", "good")
	f(1, false, "sideways", "--token", "good")
	t.Setenv("WEIR_TOKEN", "good")
	f(0, true, "on")
}

// TestBypassOfARunningNode switches a whole node by the command and looks that the next
// request meets the new state.
func TestBypassOfARunningNode(t *testing.T) {
	traffic, n, client, _ := hostileNode(t, "json")
	resp, err := client.Post(n.ManageURL()+"/api/v1/tokens", "application/json", strings.NewReader(`{"name":"test","for":"1h"}`))
	if err != nil {
		t.Fatal(err)
	}
	var made struct{ Token string }
	err = json.NewDecoder(resp.Body).Decode(&made)
	_ = resp.Body.Close()
	if err != nil || made.Token == "" {
		t.Fatalf("status %d, %v", resp.StatusCode, err)
	}
	for _, word := range []string{"off", "on", "off", "on", "off"} {
		begun := time.Now()
		if code := run(t.Context(), []string{"bypass", word, "--url", n.ManageURL(), "--token", made.Token}); code != 0 {
			t.Fatalf("bypass %s: exit %d", word, code)
		}
		resp, err := http.Get("http://" + traffic + "/?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users--")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if took := time.Since(begun); (resp.StatusCode == http.StatusForbidden) != (word == "off") || took > time.Second {
			t.Errorf("%s: status %d after %s", word, resp.StatusCode, took)
		}
	}
}
