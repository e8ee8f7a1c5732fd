package filter

import (
	"runtime/debug"
	"time"

	"go.uber.org/zap"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/point"
)

// Values and their bytes that are read between two looks at the clock.
const (
	step      = 256
	stepBytes = 64 << 10
)

// inspect parses the body, scans all values and turns findings into evidence.
func (f *Filter) inspect(ex *Exchange) {
	ex.inspectStart = time.Now()
	if !ex.leftOut {
		f.parseBody(ex)
	}
	f.scan(ex)
	spotless := len(ex.scanner.Findings) == 0 // whatever an application makes of them
	f.grade(ex)
	f.assess(ex)
	switch {
	case ex.points.Overrun != parse.Within:
		ex.beyond(ex.points.Overrun.String())
	case ex.scanner.Exhausted:
		ex.beyond("too_much_work")
	case ex.Request.BodyCut && ex.facts.onOverlimit == config.BlockOverlimit:
		ex.beyond("too_long")
	}
	if spotless && f.clean(ex) {
		ex.parsing().Memo.Learn(&ex.points)
	}
	f.metrics.inspected(time.Since(ex.inspectStart))
}

// beyond notes that inspection does not come to the end, and why.
func (ex *Exchange) beyond(limit string) {
	ex.facts.overlimit, ex.limit = true, limit
}

// clean reports whether all was inspected by all detectors and nothing at all was found.
func (f *Filter) clean(ex *Exchange) bool {
	e := &ex.facts
	return !e.attack && !e.suspicious && !e.overlimit && !e.notEvaluated && len(ex.points.Anomalies) == 0 && !ex.leftOut &&
		ex.parsing().Memo != nil
}

func (f *Filter) parseBody(ex *Exchange) {
	defer f.survive(ex, "parse")
	ex.points.Body(&ex.Request, ex.parsing())
}

// scan reads all values, some at a time, until they end or the time is up.
func (f *Filter) scan(ex *Exchange) {
	values := ex.points.Values
	for end := 0; end < len(values); {
		end = portion(values, end)
		for done := false; !done; {
			done = f.scanTo(ex, end, &ex.snapshot.detect)
		}
		if end < len(values) && time.Since(ex.inspectStart) > ex.snapshot.inspectTime {
			ex.beyond("too_slow")
			return
		}
	}
}

// portion returns the end of the values that are read next.
func portion(values []point.Value, from int) int {
	size := 0
	for i := from; i < min(from+step, len(values)); i++ {
		if size += len(values[i].Data); size >= stepBytes {
			return i + 1
		}
	}
	return min(from+step, len(values))
}

// scanTo scans up to a value and reports whether it came there; when a detector
// panics it steps over it on that value.
func (f *Filter) scanTo(ex *Exchange, end int, o *detect.Options) (done bool) {
	defer func() {
		if cause := recover(); cause != nil {
			f.failed(ex, ex.scanner.Skip(f.engine).Type, cause)
		}
	}()
	f.engine.Scan(&ex.scanner, &ex.points.Tree, ex.points.Values, end, o)
	return true
}

// failed notes that a detector panicked.
func (f *Filter) failed(ex *Exchange, t attack.Type, cause any) {
	ex.facts.notEvaluated = true
	f.metrics.failures(t).Inc()
	if f.failures.first(t, ex.Start) {
		f.log.Error("detector panicked; the request goes on without it", zap.Stringer("detector", t), zap.Stringer("request_id", ex.ID),
			zap.Any("cause", cause), zap.ByteString("stack", debug.Stack()))
	}
}

// survive is deferred around steps that must not fail a request.
func (f *Filter) survive(ex *Exchange, what string) {
	cause := recover()
	if cause == nil {
		return
	}
	ex.facts.notEvaluated = true
	f.metrics.parserPanics.Inc()
	if f.failures.first(attack.None, ex.Start) {
		f.log.Error("inspection panicked; the request goes on", zap.String("step", what), zap.Stringer("request_id", ex.ID),
			zap.Any("cause", cause), zap.ByteString("stack", debug.Stack()))
	}
}
