package filter

import (
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/parse"
)

// admit gathers what is known before the body is read.
func (f *Filter) admit(ex *Exchange) {
	e := &ex.facts
	var tricky bool
	ex.path, tricky = parse.CleanPath(ex.pathBuf[:0], ex.Request.Target)
	if tricky {
		ex.pathBuf = ex.path
	}
	if ex.Fault != parse.NoFault {
		e.malformed = true
	}
	ex.Settings, e.onOverlimit = settingsFor(ex, ex.snapshot.rules, ex.path, tricky)
	if ex.Settings == nil {
		e.noSite = true
		return
	}
	if e.bypass = f.bypass.Load(); e.bypass {
		f.metrics.bypassed.Inc()
		return // the mode of the record is off: nothing is looked at
	}
	e.mode = ex.Settings.Mode
	if e.mode == config.Off || e.malformed {
		return
	}
	if f.lists != nil {
		ex.list = f.lists.Lookup(ex.Client, ex.Settings.Application)
		e.list = ex.list.Kind
	}
	f.identify(ex)
}

// identify reads the head's points and finds the session in them.
func (f *Filter) identify(ex *Exchange) {
	defer f.survive(ex, "parse")
	ex.points.Head(&ex.Request, ex.parsing())
	ex.session, ex.named = ex.snapshot.keys.Identify(ex, ex.Client, ex.Request.Field("user-agent"))
	if f.sessions != nil && ex.session != (event.Session{}) {
		ex.facts.sessionBlocked = f.sessions.Standing(ex.session, ex.Start).Blocked
	}
}

// Cookie returns the value of a cookie, as session keys ask for it.
func (ex *Exchange) Cookie(name []byte) ([]byte, bool) { return ex.points.Cookie(name) }

// Header returns the value of the first header field of a lower-case name.
func (ex *Exchange) Header(name string) []byte { return ex.Request.Field(name) }
