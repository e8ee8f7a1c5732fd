package filter

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/internal/golden"
	"github.com/weirnode/weir/iplist"
)

// TestDecideMatrix writes the whole matrix of evidence and decision. The file is
// what a security reviewer reads and signs; docs/decisions.md embeds it.
func TestDecideMatrix(t *testing.T) {
	var b strings.Builder
	row := func(cells ...any) { fmt.Fprintf(&b, "%-13s  %-5s  %-8s  %-6s  %-15s  %-9s  %s\n", cells...) }
	row("mode", "list", "session", "vpatch", "inspection", "action", "reason")
	for mode := config.Off; mode <= config.Block; mode++ {
		for _, list := range []iplist.Kind{0, iplist.Allow, iplist.Deny, iplist.Gray} {
			for _, blocked := range []bool{false, true} {
				for _, patch := range []bool{false, true} {
					for _, result := range []string{"head only", "clean", "attack", "suspicious", "overlimit", "overlimit block", "not_evaluated"} {
						onOverlimit := config.RecordOverlimit
						if result == "overlimit block" {
							onOverlimit = config.BlockOverlimit
						}
						d := decide(facts{
							mode: mode, list: list, sessionBlocked: blocked, virtualPatch: patch, inspected: result != "head only",
							attack: result == "attack", suspicious: result == "suspicious", overlimit: strings.HasPrefix(result, "overlimit"), onOverlimit: onOverlimit, notEvaluated: result == "not_evaluated",
						})
						row(mode, or(list.String(), list != 0), or("blocked", blocked), or("match", patch), result, d.Action, d.Reason)
					}
				}
			}
		}
	}
	golden.Check(t, "testdata/decide.txt", b.String())
	page, err := os.ReadFile("../docs/decisions.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), b.String()) {
		t.Error("docs/decisions.md does not hold the matrix: copy filter/testdata/decide.txt into it")
	}
}

func or(s string, set bool) string {
	if set {
		return s
	}
	return "-"
}

func TestMalformedAndUnknownHostsAreRefusedInEveryMode(t *testing.T) {
	for mode := config.Off; mode <= config.Block; mode++ {
		for _, list := range []iplist.Kind{0, iplist.Allow, iplist.Deny, iplist.Gray} {
			if d := decide(facts{mode: mode, list: list, malformed: true}); d != (Decision{Deny, Malformed}) {
				t.Errorf("malformed, %s, %s: %v", mode, list, d)
			}
			if d := decide(facts{mode: mode, list: list, noSite: true}); d != (Decision{Deny, NoSite}) {
				t.Errorf("no site, %s, %s: %v", mode, list, d)
			}
		}
	}
}

func TestAttackBeatsOverlimit(t *testing.T) {
	d := decide(facts{mode: config.Block, attack: true, overlimit: true, notEvaluated: true, inspected: true})
	if d != (Decision{Deny, Attack}) {
		t.Errorf("got %v", d)
	}
}
