package rce

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/point"
)

// TestTagHandles reads tags of YAML whose namespace a directive names.
func TestTagHandles(t *testing.T) {
	for text, want := range map[string]bool{
		"%TAG ! tag:yaml.org,2002:\n---\n!java.io.File x":                        true,
		"%TAG !e! tag:yaml.org,2002:java.net.U\n---\na: &a !e!RL [x]":            true,
		"%TAG !x! !ru\n---\n- !x!by/object:Gem::Requirement {}":                  true,
		"%TAG !a! tag:a\n%TAG !x! tag:yaml.org,2002:py\n--- !x!thon/name:os.a x": true,
		"%TAG !u! tag:unity3d.com,2011:\n--- !u!1 &1\nGameObject:":               false,
		"%TAG !yaml! tag:yaml.org,2002:\n---\n!yaml!str x":                       false,
		"%TAG":   false,
		"%TAG !": false,
		strings.Repeat("%TAG !a! tag:a\n", 9) + "%TAG ! tag:yaml.org,2002:\n--- !java.io.File x": true,
	} {
		best := detector.Read(text, point.Text)
		if got := best.Count(serialized.Stamp) > 0; got != want {
			t.Errorf("%q: found %v", text, got)
		}
	}
}
