package detect

import (
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// beyondDoubt is the score of what no report of a crash holds by itself.
const beyondDoubt = 10

// maxSteps bounds the steps from a value upwards that are looked at.
const maxSteps = 8

// doubt lowers what was found in a report to a suspicion, unless it is beyond doubt.
func doubt(v *point.Value, tree *point.Tree, t *evidence.Tally) {
	if t.Score() < beyondDoubt && reported(tree, v.Ref) {
		t.Cap(evidence.Threshold - 1)
	}
}

// reported reports whether a value stands where programs that report crashes and breaches of a
// page's policy put lines of source and of traces, which browsers and servers send as they are.
func reported(tree *point.Tree, ref point.Ref) bool {
	for range maxSteps {
		if ref == 0 {
			return false
		}
		name := tree.Name(ref)
		for _, known := range reportNames[min(len(name), len(reportNames)-1)] {
			if lex.Equal(name, known) {
				return true
			}
		}
		ref = tree.Parent(ref)
	}
	return false
}

// reportNames are names of such fields by their length: of Sentry, Bugsnag, Rollbar, Elastic
// APM, and of reports on content security policies.
var reportNames = [...][]string{
	10: {"stacktrace"}, 11: {"pre_context", "stack_trace"}, 12: {"context_line", "post_context"}, 13: {"script-sample"}, 14: nil,
}
