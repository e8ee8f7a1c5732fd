package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/internal/load"
	"github.com/weirnode/weir/store"
	"github.com/weirnode/weir/store/sqlite"
)

const (
	// flush is the longest time for which a record is only in memory, by default, and
	// what writing it takes.
	flush = 200 * time.Millisecond
	// busy is what that may become where other tests have the processor.
	busy = 500 * time.Millisecond
)

// TestKillLosesOnlyWhatWasNotFlushed kills a node in the middle of attack traffic, round
// after round on the same store: it opens each time and holds every answered request
// that is older than a flush interval.
func TestKillLosesOnlyWhatWasNotFlushed(t *testing.T) {
	origin := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer origin.Close()
	dir := t.TempDir()
	for round := range load.Rounds(4) {
		sent, killed := attackAndKill(t, dir, origin.URL, time.Duration(700+37*(round%12))*time.Millisecond)
		s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
		if err != nil {
			t.Fatalf("round %d: the store does not open: %v", round, err)
		}
		old, lost, late := 0, 0, 0
		for _, a := range sent {
			if killed.Sub(a.Time) < flush {
				continue
			}
			old++
			err := kept(s, a.ID, true)
			if err != nil {
				late++
			}
			if err != nil && killed.Sub(a.Time) > busy {
				lost++
				t.Errorf("round %d: request %s, answered %s before the kill: %v", round, a.ID, killed.Sub(a.Time), err)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if old == 0 {
			t.Errorf("round %d: no request was old enough to tell", round)
		}
		t.Logf("R1 round %d: %d answers, %d of them older than %s, %d of those lost, %d older than %s", round, len(sent), old, flush, late, lost, busy)
	}
}

// kept returns nil if the store holds a request, and with hit a hit of one.
func kept(s *sqlite.Store, id string, hit bool) error {
	request, err := event.ParseID(id)
	if err != nil {
		return err
	}
	if _, err := s.Request(context.Background(), request); err != nil || !hit {
		return err
	}
	attacks, err := s.Totals(context.Background(), store.Query{})
	if err == nil && attacks.Hits == 0 {
		err = errors.New("no hits are counted")
	}
	return err
}

// attackAndKill runs a node, sends attacks, kills it after a while and returns what was
// answered.
func attackAndKill(t *testing.T, dir, origin string, after time.Duration) (sent []load.Answer, killed time.Time) {
	t.Helper()
	traffic, manage := load.FreeAddress(t), load.FreeAddress(t)
	weir := exec.CommandContext(t.Context(), os.Args[0], "serve", "--mode", "block", "--upstream", origin, "--data", dir, "--listen", traffic, "--manage", manage)
	weir.Env = append(os.Environ(), runAsWeir+"=1")
	log, err := os.Create(filepath.Join(t.TempDir(), "weir.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	weir.Stdout, weir.Stderr = log, log
	if err := weir.Start(); err != nil {
		t.Fatal(err)
	}
	waitReady(t, "http://"+manage+"/ready", log.Name())
	ctx, stop := context.WithTimeout(t.Context(), after)
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		load.Run(ctx, load.Options{URL: "http://" + traffic + "/?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users--", Rate: 500, Workers: 8, Answer: func(a load.Answer) {
			if a.Status == http.StatusForbidden {
				sent = append(sent, a)
			}
		}})
	}()
	<-ctx.Done()
	killed = time.Now()
	if err := weir.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = weir.Wait() // it was killed
	<-done
	return sent, killed
}

func waitReady(t *testing.T, url, log string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-time.After(10 * time.Millisecond) {
		if resp, err := http.Get(url); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
	}
	text, _ := os.ReadFile(log)
	t.Fatalf("the node did not become ready:\n%s", text)
}
