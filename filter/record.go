package filter

import (
	"time"

	"go.uber.org/zap"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/internal/arena"
	"github.com/weirnode/weir/session"
)

// Longest texts of a record, in bytes.
const (
	maxPath  = 512
	maxAgent = 256
)

// conclude counts and records an exchange whose answer is known. Requests in mode
// off leave no record.
func (f *Filter) conclude(ex *Exchange) {
	if ex.Decision.Action == Undecided {
		ex.Decision = Decision{Pass, NotEvaluated}
	}
	f.metrics.decided(ex)
	if ex.facts.mode == config.Off && ex.Settings != nil && !ex.facts.malformed {
		return
	}
	types := ex.types()
	f.observe(ex, types)
	if f.events == nil {
		return
	}
	f.recordRequest(ex, types)
	if types != 0 {
		f.recordHits(ex, types)
		f.logHits(ex, types)
	}
}

// types returns the attack types the exchange is recorded with.
func (ex *Exchange) types() attack.Set {
	s := ex.scanner.Types() | ex.whole
	switch ex.Decision.Reason { //nolint:exhaustive // the other reasons are no attack types
	case Malformed:
		s = s.With(attack.InvalidRequest)
	case Denylisted:
		s = s.With(attack.BlockedSource)
	case Overlimit:
		s = s.With(attack.OverlimitRes)
	}
	return s
}

func (f *Filter) observe(ex *Exchange, types attack.Set) {
	if f.sessions == nil || ex.session == (event.Session{}) {
		return
	}
	f.sessions.Observe(ex.session, session.Observation{
		Time: ex.Start, Address: ex.Client, Status: ex.Status,
		Attack: types != 0, Blocked: ex.Decision.Action == Deny,
	})
}

// recordRequest publishes the summary. The stream copies its texts.
func (f *Filter) recordRequest(ex *Exchange, types attack.Set) {
	r, in := &ex.record, &ex.Request
	*r = event.Request{
		ID: ex.ID, Session: ex.session, Time: ex.Start.UnixNano(), Duration: int64(time.Since(ex.Start)),
		RequestBytes: ex.RequestBytes, ResponseBytes: ex.ResponseBytes,
		Application: ex.application(), Status: uint16(ex.Status), Score: ex.score(),
		Address: ex.Client, Method: arena.View(in.Method), Host: arena.View(cut(in.Host, maxAgent)),
		Path: arena.View(cut(rawPath(in.Target), maxPath)), Agent: arena.View(cut(in.Field("user-agent"), maxAgent)),
		Mode: ex.facts.mode.String(), Action: ex.Decision.Action.String(), Reason: ex.Decision.Reason.String(),
	}
	if types != 0 {
		r.Types = types.String()
	}
	f.events.Request(r)
}

func (f *Filter) recordHits(ex *Exchange, types attack.Set) {
	raw := ex.raw()
	for i := range ex.scanner.Findings {
		f.publish(ex, ex.hitOf(&ex.scanner.Findings[i], f.engine), raw)
		raw = ""
	}
	if whole := types &^ ex.scanner.Types(); whole != 0 {
		for _, t := range whole.Types() {
			f.publish(ex, ex.wholeHit(t), raw)
			raw = ""
		}
	}
}

// publish completes a hit with what all hits of the exchange share.
func (f *Filter) publish(ex *Exchange, h event.Hit, raw string) {
	r := &ex.record
	h.ID = event.NewID(ex.Start)
	h.Request, h.Session, h.Time = r.ID, r.Session, r.Time
	h.Application, h.Status, h.Address = r.Application, r.Status, r.Address
	h.Method, h.Host, h.Path, h.Agent = r.Method, r.Host, r.Path, r.Agent
	h.Mode, h.Reason = r.Mode, r.Reason
	h.Blocked = ex.Decision.Action == Deny
	h.Raw = raw
	h.Attack = event.GroupKey(h.Application, h.Type, h.Host, h.Path, h.Point)
	ex.hit = h
	f.events.Hit(&ex.hit)
	t, _ := attack.Parse(h.Type)
	if c := f.metrics.found[t][ex.Decision.Action]; c != nil {
		c.Inc()
	}
}

func (f *Filter) logHits(ex *Exchange, types attack.Set) {
	f.log.Info("attack", zap.Stringer("request_id", ex.ID), zap.Stringer("types", types), zap.Stringer("action", ex.Decision.Action),
		zap.Stringer("reason", ex.Decision.Reason), zap.Stringer("mode", ex.facts.mode), zap.Int32("app", ex.application()),
		zap.Stringer("address", ex.Client), zap.ByteString("method", ex.Request.Method), zap.ByteString("host", ex.Request.Host),
		zap.ByteString("path", cut(rawPath(ex.Request.Target), maxPath)), zap.Int("status", ex.Status))
}

func (ex *Exchange) application() int32 {
	if ex.Settings == nil {
		return noApplication
	}
	return ex.Settings.Application
}

func (ex *Exchange) score() uint8 {
	best := 0
	for _, list := range [...][]detect.Finding{ex.scanner.Findings, ex.scanner.Suspicions} {
		for i := range list {
			best = max(best, list[i].Score())
		}
	}
	return uint8(best)
}

func cut(b []byte, n int) []byte {
	if len(b) > n {
		return b[:n]
	}
	return b
}
