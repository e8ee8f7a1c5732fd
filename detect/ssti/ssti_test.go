package ssti

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// read reads a value of a kind, behind the gate.
func read(text string, kind point.Kind) evidence.Tally {
	var best evidence.Tally
	v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Kind: kind}
	if Gate(&v) {
		Scan(&v, &point.Tree{}, &best)
	}
	return best
}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	seen := map[evidence.Stamp]bool{}
	f := func(s *evidence.Sign, kind point.Kind, has, hasNot string) {
		t.Helper()
		seen[s.Stamp] = true
		if got := read(has, kind); got.Count(s.Stamp) == 0 {
			t.Errorf("%s is not in %q: %+v", s.Name, has, got.Marks[:got.N])
		}
		if got := read(hasNot, kind); got.Count(s.Stamp) > 0 {
			t.Errorf("%s is in %q", s.Name, hasNot)
		}
	}
	f(&arithmetic, point.Text, "{{7*7}}", "{{name*count}}")
	f(&arithmetic, point.Text, "{%print(7*7)%}", "{{7}} * {{7}}")
	f(&chain, point.Text, `{{''.__class__.__mro__}}`, "__class__")
	f(&chain, point.Text, "{user.__init__.__globals__}", "{0.__class__.__name__}")
	f(&globalName, point.Text, "{{self.__init__}}", `f"<{self.__class__.__name__} at {id(self)}>"`)
	f(&globalName, point.Text, "{{config.items()}}", "{{config.title}}")
	f(&globalName, point.Text, "${applicationScope}", "{{#this}}")
	f(&callback, point.Text, `{{['id']|map('system')}}`, `{{ items|map('name') }}`)
	f(&engineClass, point.Text, `${"freemarker.template.utility.Execute"?new()("id")}`, `${user.name?upper_case}`)
	f(&codeCall, point.Text, `<%= system('id') %>`, `<%= link_to 'x', system_path %>`)
	f(&literalCall, point.Text, `{{'a'.toUpperCase()}}`, `{{ 'a'|upper }}`)
	f(&delimiters, point.Text, "${{<%[%'\"}}%\\.", "${{ matrix.os }}")
	f(&statement, point.Text, "{% import os %}", `{% import "forms.html" as f %}`)
	f(&statement, point.Text, "{% if true %}", "{% if user %}")
	f(&perlBlock, point.Text, `@{[ system 'id' ]}`, "@{user}")
	for _, s := range Signs {
		if !seen[s.Stamp] {
			t.Errorf("%s has no test", s.Name)
		}
	}
}

// TestShownIsGray checks that an expression in the middle of prose is no attack.
func TestShownIsGray(t *testing.T) {
	for _, text := range []string{"In our templating course we write {{ 7*7 }} to show it", "Put an expression such as ${1+1} between the braces of the template"} {
		if got := read(text, point.Text); got.Score() >= evidence.Threshold || got.Score() < evidence.Gray {
			t.Errorf("%q scores %d", text, got.Score())
		}
	}
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	for _, piece := range []string{"{{", "${", "{{7*", "<%", "{%", "@{[", "{{a|map('", "${{<%"} {
		_ = read(strings.Repeat(piece, (256<<10)/len(piece)), point.Text)
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{"{{7*7}}", "${x}", "<%= 7*7 %>", "@{[x]}", "#set($x=7*7)", "{{'a'.b()}}", "@{@{%  "} {
		f.Add(seed, uint8(point.Text))
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		k := point.Kind(kind % 16)
		once := read(text, k)
		if once != read(text, k) {
			t.Fatal("two scans differ")
		}
		for _, m := range once.Marks[:once.N] {
			if int(m.Off)+int(m.Len) > len(text) {
				t.Fatalf("mark %+v outside of %d bytes", m, len(text))
			}
		}
	})
}
