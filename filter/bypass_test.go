package filter

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/point"
)

// TestBypassStopsEverything switches on every mode, with a detector that must not run.
func TestBypassStopsEverything(t *testing.T) {
	evil := request(t, "GET /?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users-- HTTP/1.1\r\nHost: h\r\n\r\n")
	for mode := config.Off; mode <= config.Block; mode++ {
		f := forTest(t, mode)
		before := run(f, evil)
		f.SetBypass(true)
		if d := run(f, evil); d != (Decision{Pass, Bypassed}) || !f.Bypass() {
			t.Errorf("%s, on: %v", mode, d)
		}
		f.SetBypass(false)
		if d := run(f, evil); d != before {
			t.Errorf("%s, off again: %v, before %v", mode, d, before)
		}
	}
	f := forTest(t, config.Block)
	f.engine = detect.New(detect.Detector{
		Type: attack.SQLi, Gate: func(*point.Value) bool { return true },
		Scan: func(*point.Value, *point.Tree, *evidence.Tally) { t.Error("a detector ran") },
	})
	f.SetBypass(true)
	run(f, evil)
	ex := f.Acquire()
	ex.Request = parse.Request{Method: []byte("GET"), Target: []byte("/"), Proto: []byte("HTTP/1.1"), Host: []byte("h")}
	f.Begin(ex)
	if d := f.Message(ex, []byte("1' UNION SELECT username,password FROM users--")); d != (Decision{Pass, Bypassed}) {
		t.Errorf("message: %v", d)
	}
	f.End(ex)
	malformed := f.Acquire()
	malformed.Fault = parse.BareLF
	if d := f.Begin(malformed); d.Action != Deny {
		t.Errorf("what cannot be forwarded safely: %v", d)
	}
	f.End(malformed)
}

// TestMessagesOfGRPC reads them in their frames, be they compressed.
func TestMessagesOfGRPC(t *testing.T) {
	const field = "\x0a\x2fx' UNION SELECT username,password FROM users-- "
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(field)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f := forTest(t, config.Block)
	ex := f.Acquire()
	ex.Request = parse.Request{Method: []byte("POST"), Target: []byte("/a.B/C"), Proto: []byte("HTTP/2"), Host: []byte("h"), Fields: []parse.Field{{Name: []byte("content-type"), Value: []byte("application/grpc+proto")}}}
	f.Begin(ex)
	for flag, message := range []string{field, packed.String()} {
		frame := append(binary.BigEndian.AppendUint32([]byte{byte(flag)}, uint32(len(message))), message...)
		if d := f.Message(ex, frame); d != (Decision{Deny, Attack}) {
			t.Errorf("flag %d: %v", flag, d)
		}
	}
	if d := f.Message(ex, []byte("\x00\x00\x00\x00\x06\x0a\x04good")); d != (Decision{Pass, Clean}) {
		t.Errorf("a good message: %v", d)
	}
	f.End(ex)
}

func TestMessagesAreDecidedAbout(t *testing.T) {
	for mode, want := range map[config.Mode]Decision{
		config.Off: {Pass, ModeOff}, config.Monitoring: {Monitor, Attack}, config.Block: {Deny, Attack},
	} {
		f := forTest(t, mode)
		ex := f.Acquire()
		ex.Request = parse.Request{Method: []byte("GET"), Target: []byte("/chat?t=1"), Proto: []byte("HTTP/1.1"), Host: []byte("h")}
		f.Begin(ex)
		if d := f.Message(ex, []byte(`{"q":"1' UNION SELECT username,password FROM users--"}`)); d != want {
			t.Errorf("%s: %v, want %v", mode, d, want)
		}
		if d := f.Message(ex, []byte("good morning")); d.Action != Pass {
			t.Errorf("%s: %v", mode, d)
		}
		f.End(ex)
	}
}
