package filter

import (
	"net/netip"
	"time"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/rule"
)

// Exchange is one request with its answer. The proxy owns it between
// [Filter.Acquire] and [Filter.End]; nothing reachable from it may be kept longer.
type Exchange struct {
	// Set by the proxy before Begin. Body and BodyCut may be set as late as
	// before Request.
	Request parse.Request
	Fault   parse.Fault // what was wrong with the framing, if anything
	Client  netip.Addr
	Start   time.Time

	// Set by the proxy before End.
	Status        int   // of the answer, 0 if the client got none
	RequestBytes  int64 // of the body
	ResponseBytes int64 // of the body

	// Set by Begin.
	ID       event.ID
	Settings *rule.Settings // nil if no site matches
	Decision Decision

	snapshot     *Snapshot
	points       parse.Points
	scanner      detect.Scanner
	session      event.Session
	named        bool // the client names its session itself
	list         iplist.Match
	facts        facts
	whole        attack.Set // attacks that lie in how the request is made
	path         []byte     // cleaned path of the target
	pathBuf      []byte
	record       event.Request
	hit          event.Hit
	inspectStart time.Time
	leftOut      bool   // the body is not inspected
	limit        string // beyond which inspection did not come
}

// Session returns the session the request belongs to.
func (ex *Exchange) Session() event.Session { return ex.session }

// Findings returns what detectors found; valid until End.
func (ex *Exchange) Findings() []detect.Finding { return ex.scanner.Findings }

// Suspicions returns what came near an attack; valid until End.
func (ex *Exchange) Suspicions() []detect.Finding { return ex.scanner.Suspicions }

// Points returns the points of the request; valid until End.
func (ex *Exchange) Points() *parse.Points { return &ex.points }

// InspectBytes returns how much of the body Request wants to see.
func (ex *Exchange) InspectBytes() int { return ex.snapshot.inspectBytes }

// LeaveOut has [Filter.Request] look at the head only: there is too much to do. What
// finds nothing then is not evaluated rather than clean.
func (ex *Exchange) LeaveOut() {
	ex.leftOut, ex.facts.notEvaluated = true, true
}

const keptPath = 4 << 10

func (ex *Exchange) reset() {
	ex.points.Reset()
	ex.scanner.Reset()
	fields := ex.Request.Fields
	clear(fields)
	path := ex.pathBuf
	if cap(path) > keptPath {
		path = nil
	}
	*ex = Exchange{points: ex.points, scanner: ex.scanner, pathBuf: path[:0]}
	ex.Request.Fields = fields[:0]
}
