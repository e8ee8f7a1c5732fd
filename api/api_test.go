package api

import (
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/weirnode/weir/store"
)

// open are the routes without an account.
var open = map[string]bool{
	"POST /api/v1/login": true, "GET /api/v1/openapi.yaml": true, "GET /live": true, "GET /ready": true, "GET /metrics": true,
}

// TestSpecDescribesEveryRoute holds openapi.yaml and the route table together: the
// same operations, with the same least role.
func TestSpecDescribesEveryRoute(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(spec)
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]string{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			role, _ := op.Extensions["x-role"].(string)
			described[method+" "+path] = role
		}
	}
	for _, r := range routes {
		if got := described[r.pattern]; got != r.role.String() {
			t.Errorf("%s: described for %q, needs %s", r.pattern, got, r.role)
		}
		delete(described, r.pattern)
	}
	for pattern := range described {
		if !open[pattern] {
			t.Errorf("%s is described and does not exist", pattern)
		}
	}
}

// TestEveryRouteHasARole refuses a route that anybody could use, and one that
// changes something for those who may only look.
func TestEveryRouteHasARole(t *testing.T) {
	own := regexp.MustCompile(`/me|/tokens|/logout`)
	for _, r := range routes {
		method, _, _ := strings.Cut(r.pattern, " ")
		if r.role == store.Nobody || method != "GET" && r.role < store.Analyst && !own.MatchString(r.pattern) {
			t.Errorf("%s is for %s", r.pattern, r.role)
		}
	}
}
