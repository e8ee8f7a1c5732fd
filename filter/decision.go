package filter

// Action is what happens to a request.
type Action uint8

// The actions.
const (
	Undecided Action = iota
	Pass             // forwarded, nothing was found
	Monitor          // forwarded although something was found
	Deny             // answered by the node
)

var actions = [...]string{"undecided", "passed", "monitored", "blocked"}

// String returns the action's text code.
func (a Action) String() string { return actions[a&3] }

// Reason says why a request was passed or blocked.
type Reason uint8

// The reasons.
const (
	NoReason       Reason = iota
	Clean                 // inspected, nothing found
	ModeOff               // the mode is off
	Allowlisted           // the source is on the allowlist
	Denylisted            // the source is on the denylist
	SessionBlocked        // the session is blocked
	VirtualPatch          // a virtual patch matched
	Attack                // findings reached the score of an attack
	Suspicious            // findings came near the score of an attack
	Overlimit             // inspection was stopped at a limit
	NotEvaluated          // a detector failed, the rest found nothing
	Malformed             // the request is not well-formed HTTP
	NoSite                // no site matches the host
	Bypassed              // the node's kill switch is on
)

var reasons = [...]string{"", "clean", "mode_off", "allowlisted", "denylisted", "session_blocked", "virtual_patch", "attack", "suspicious", "overlimit", "not_evaluated", "malformed", "no_site", "bypassed"}

// String returns the reason's text code.
func (r Reason) String() string { return reasons[r] }

// Decision is what [decide] makes of the evidence.
type Decision struct {
	Action Action
	Reason Reason
}
