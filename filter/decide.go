package filter

import (
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/iplist"
)

// facts are all that a decision depends on.
type facts struct {
	mode           config.Mode
	list           iplist.Kind
	malformed      bool
	noSite         bool
	bypass         bool // the kill switch is on
	sessionBlocked bool
	virtualPatch   bool
	attack         bool // a finding reached the score of an attack
	suspicious     bool // a finding came near that score
	overlimit      bool
	onOverlimit    config.Overlimit
	notEvaluated   bool
	inspected      bool // the whole request was read, not only its head
}

// decide is the only place that decides. The order of its cases is the order of
// precedence; testdata/decide.txt holds the whole matrix. With inspected false it
// answers from what is known before the body is read and returns Undecided when
// the body can still matter.
func decide(e facts) Decision {
	switch {
	case e.malformed:
		return Decision{Deny, Malformed}
	case e.noSite:
		return Decision{Deny, NoSite}
	case e.bypass:
		return Decision{Pass, Bypassed}
	case e.mode == config.Off:
		return Decision{Pass, ModeOff}
	case e.list == iplist.Allow:
		return Decision{Pass, Allowlisted}
	case e.list == iplist.Deny:
		return Decision{Deny, Denylisted}
	case e.sessionBlocked:
		return Decision{Deny, SessionBlocked}
	case e.virtualPatch:
		return Decision{Deny, VirtualPatch}
	case e.attack:
		return Decision{forAttack(e.mode, e.list), Attack}
	case !e.inspected:
		return Decision{}
	case e.overlimit && e.onOverlimit == config.BlockOverlimit:
		return Decision{forAttack(e.mode, e.list), Overlimit}
	case e.overlimit:
		return Decision{Monitor, Overlimit}
	case e.suspicious:
		return Decision{Pass, Suspicious}
	case e.notEvaluated:
		return Decision{Pass, NotEvaluated}
	default:
		return Decision{Pass, Clean}
	}
}

// forAttack returns what a mode does with an attack.
func forAttack(m config.Mode, list iplist.Kind) Action {
	if m == config.Block || m == config.SafeBlocking && list == iplist.Gray {
		return Deny
	}
	return Monitor
}
