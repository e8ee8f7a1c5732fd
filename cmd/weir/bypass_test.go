package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
