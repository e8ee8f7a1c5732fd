package point

import "testing"

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
}

func TestBadPatterns(t *testing.T) {
	for _, text := range []string{"", "get", "[", "[get]", "[post_all]", "[nothing_all]", "[get, 'q'", "[get_all 'q']", "[path, x]"} {
		if p, err := ParsePattern(text); err == nil {
			t.Errorf("%q is %+v", text, p)
		}
	}
}
