package detect

import (
	"testing"

	"github.com/weirnode/weir/point"
)

func TestHarmless(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "name": true, "61c75996-6e4f-4869-92d0-e659fdcec89c": true, "+351 21 3205352": true, "1,299 - 1,499": true,
		"2026-11-24T10:23:00Z": true, "2026-11-24 10:23:00.123+01:00": true, "2026-11-24T10:23": true,
		"2026-11-24": true, "10:23": false, "2026-11-24T10:23:00 OR": false, "2026-11-24T10:23:00.--": true, "2026-11-24Tnc:nc": false, "127.0.0.1": false, "::1": false,
		"aced00057372001b6a6176": false, "__construct": false, "1 or 1": false,
	} {
		if got := harmless(&point.Value{Data: []byte(text), Classes: point.Classify([]byte(text))}); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestMailbox(t *testing.T) {
	for text, want := range map[string]bool{
		"ana.sousa-1@mail.example.com": true, "a@b": true, "@b": false, "a@": false, "a@@b": false, "a@b@c": false, "a@b#c": false, "a@b c": false, "a.b": false, "a@.b": false,
	} {
		if got := mailbox(&point.Value{Data: []byte(text), Classes: point.Classify([]byte(text))}); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
