package node

import (
	"context"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/weirnode/weir/internal/load"
)

// TestReloadsUnderLoadFailNoRequest reloads again and again, each tenth time a broken
// file, while requests go through.
func TestReloadsUnderLoadFailNoRequest(t *testing.T) {
	r := start(t, "block")
	good, err := os.ReadFile(r.file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	answers, failed := 0, 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		load.Run(ctx, load.Options{URL: "http://" + r.TrafficAddrs()[0].String() + "/products/1001", Rate: 2000, Answer: func(a load.Answer) {
			answers++
			if a.Status != http.StatusOK {
				failed++
				t.Errorf("status %d, %v", a.Status, a.Err)
			}
		}})
	}()
	rounds := load.Rounds(20)
	for i := range rounds {
		text, want := good, http.StatusOK
		if i%10 == 5 {
			text, want = append(slices.Clip(good), "nonsense: 1\n"...), http.StatusUnprocessableEntity
		}
		if err := os.WriteFile(r.file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if status := r.call(t, r.client, "POST", "/-/reload", "", nil); status != want {
			t.Errorf("reload %d: %d, want %d", i, status, want)
		}
		<-time.After(20 * time.Millisecond)
	}
	stop()
	<-done
	t.Logf("%d reloads, %d answers, %d failed", rounds, answers, failed)
	if answers < rounds*10 {
		t.Errorf("only %d answers: the load did not run", answers)
	}
}
