package point

import (
	"bytes"
	"testing"
)

func TestPatternMatches(t *testing.T) {
	f := func(pattern, path string, want bool) {
		t.Helper()
		p, err := ParsePattern(pattern)
		if err != nil {
			t.Fatal(err)
		}
		at, err := Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Matches(at); got != want {
			t.Errorf("%s matches %s: %v", pattern, path, got)
		}
		var tree Tree
		if got := p.Covers(&tree, plant(&tree, at)); got != want {
			t.Errorf("%s covers %s: %v", pattern, path, got)
		}
	}
	f("[get, 'q']", "[get, 'q']", true)
	f("[get, 'q']", "[get, 'q', base64]", true)
	f("[get, 'q']", "[get, 'r']", false)
	f("[get, 'q', base64]", "[get, 'q']", false)
	f("[get_all]", "[get, 'r', percent]", true)
	f("[get_all]", "[header, 'R']", false)
	f("[post, json_doc, array_all, hash, 'user']", "[post, json_doc, array, 7, hash, 'user']", true)
	f("[post, json_doc, array_all, hash, 'user']", "[post, json_doc, array, 7, hash, 'name']", false)
	f("[path, 1]", "[path, 1]", true)
	f("[path, 1]", "[path, 2]", false)
	f("[post]", "[post, json_doc]", true)
	f("[header, 'REFERER']", "[header, 'REFERER', get, 'q']", true)
	f("[header, 'REFERER']", "[header, 'ORIGIN']", false)
}

func TestBadPatterns(t *testing.T) {
	for _, text := range []string{"", "get", "[", "[get]", "[post_all]", "[nothing_all]", "[get, 'q'", "[get_all 'q']", "[path, x]"} {
		if p, err := ParsePattern(text); err == nil {
			t.Errorf("%q is %+v", text, p)
		}
	}
}

// plant adds the nodes of a path to a tree, fields of headers as they come on the wire.
func plant(tree *Tree, path Path) (at Ref) {
	for _, s := range path {
		name := []byte(s.Name)
		if s.Tag == Header {
			name = bytes.ToLower(name)
		}
		at = tree.add(node{parent: at, tag: s.Tag, name: name, index: int32(s.Index)})
	}
	return at
}
