package filter

import (
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/parse"
)

// switched is the status of exchanges that go on as something else.
const switched = 101

var contentTypeName = []byte("content-type")

// Message inspects one message that a client sends within an exchange that has
// become a tunnel, or a call of gRPC, whose messages are in frames, and decides. What is found is recorded as a request of its own
// with the message as its body; clean messages leave no record. The opening exchange
// must not have ended.
func (f *Filter) Message(opened *Exchange, data []byte) Decision {
	ex := f.Acquire()
	r := &opened.Request
	ex.Request = parse.Request{Method: r.Method, Target: rawPath(r.Target), Proto: r.Proto, Host: r.Host, Fields: ex.Request.Fields[:0], Body: data}
	if contentType := r.Field("content-type"); lex.HasPrefix(contentType, "application/grpc") {
		ex.Request.Fields = append(ex.Request.Fields, parse.Field{Name: contentTypeName, Value: contentType})
	}
	ex.Client, ex.Settings, ex.session = opened.Client, opened.Settings, opened.session
	ex.named, ex.path = opened.named, opened.path
	ex.RequestBytes, ex.Status = int64(len(data)), switched
	ex.facts.mode, ex.facts.bypass = ex.Settings.Mode, f.bypass.Load()
	ex.facts.onOverlimit = opened.facts.onOverlimit
	if f.lists != nil {
		ex.list = f.lists.Lookup(ex.Client, ex.Settings.Application)
		ex.facts.list = ex.list.Kind
	}
	if f.sessions != nil && ex.session != (event.Session{}) {
		ex.facts.sessionBlocked = f.sessions.Standing(ex.session, ex.Start).Blocked
	}
	ex.Decision = decide(ex.facts)
	if ex.Decision.Action == Undecided {
		f.Request(ex)
	}
	d := ex.Decision
	if d.Action == Pass {
		f.Release(ex)
	} else {
		f.End(ex)
	}
	return d
}
