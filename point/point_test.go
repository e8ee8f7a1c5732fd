package point

import (
	"slices"
	"testing"
)

func TestTextForm(t *testing.T) {
	f := func(text string, want Path) {
		t.Helper()
		got, err := Parse(text)
		if err != nil {
			t.Fatalf("Parse(%s): %v", text, err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("Parse(%s) = %v, want %v", text, got, want)
		}
		if s := got.String(); s != text {
			t.Fatalf("String() = %s, want %s", s, text)
		}
	}
	f(`[uri]`, Path{{Tag: URI}})
	f(`[get, 'id']`, Path{{Tag: Get, Name: "id"}})
	f(`[path, 0]`, Path{{Tag: PathPart, Index: 0}})
	f(`[post, json_doc, hash, 'user', array, 3, base64]`,
		Path{{Tag: Post}, {Tag: JSONDoc}, {Tag: Hash, Name: "user"}, {Tag: Array, Index: 3}, {Tag: Base64}})
	f(`[get, 'a\'], [uri\x00\\']`, Path{{Tag: Get, Name: "a'], [uri\x00\\"}})
}

// TestEveryTagRoundTrips writes and reads a path with each tag.
func TestEveryTagRoundTrips(t *testing.T) {
	n := 0
	for tag, info := range tags {
		if info.code == "" {
			continue
		}
		n++
		step := Step{Tag: Tag(tag)}
		switch info.arg {
		case argName:
			step.Name = "it's \\ \x01"
		case argIndex:
			step.Index = 7
		case argNone:
		}
		want := Path{{Tag: Post}, step}
		got, err := Parse(want.String())
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s became %v (%v)", want, got, err)
		}
	}
	if n < 50 {
		t.Errorf("only %d tags", n)
	}
}

func TestKindsHaveCodes(t *testing.T) {
	for k := Text; k <= TokenHead; k++ {
		if k.String() == "" {
			t.Errorf("kind %d has no code", k)
		}
	}
	if len(kindCodes) != int(TokenHead)+1 {
		t.Error("a code without a kind")
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "uri", "[", "[]", "[nosuch]", "[get]", "[get, id]", "[get, 'id]", "[path, x]", "[uri uri]", "[uri", `[get, '\xzz']`} {
		if p, err := Parse(text); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", text, p)
		}
	}
}

func TestTreePath(t *testing.T) {
	var tree Tree
	h := tree.AddName(0, Header, []byte("x-Id"))
	a := tree.AddIndex(tree.Add(h, JSONDoc), Array, 2)
	if got, want := tree.Path(a).String(), "[header, 'X-ID', json_doc, array, 2]"; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	tree.Reset()
	if tree.Len() != 0 || len(tree.Path(0)) != 0 {
		t.Fatal("reset tree is not empty")
	}
}

func TestEveryByteHasOneClass(t *testing.T) {
	for b, c := range ClassOf {
		if c == 0 || c&(c-1) != 0 {
			t.Errorf("byte %#x has classes %b", b, c)
		}
	}
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	if got := Classify(all); got != 1<<28-1 {
		t.Errorf("Classify(all) = %b", got)
	}
}

func FuzzPath(f *testing.F) {
	f.Add(`[post, json_doc, hash, 'user', base64]`)
	f.Add(`[get, '\x00\'']`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			return
		}
		q, err := Parse(p.String())
		if err != nil || !slices.Equal(p, q) {
			t.Fatalf("%q: %v became %v (%v)", text, p, q, err)
		}
	})
}

// TestClassifyTellsEveryByte puts each byte among eight letters and blanks, which are told at once.
func TestClassifyTellsEveryByte(t *testing.T) {
	for c := range 256 {
		for at := range 16 {
			text := []byte("a text of words.")
			text[at] = byte(c)
			want := Classes(0)
			for _, b := range text {
				want |= ClassOf[b]
			}
			if got := Classify(text); got != want {
				t.Errorf("%q: %b, want %b", text, got, want)
			}
		}
	}
	if got := Classify([]byte("abcdefgh")); got != Alpha {
		t.Errorf("letters alone: %b", got)
	}
	if got := Classify([]byte("        ")); got != Space {
		t.Errorf("blanks alone: %b", got)
	}
}
