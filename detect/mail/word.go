package mail

import (
	"bytes"
	"encoding/base64"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxWord bounds an encoded word, in bytes.
const maxWord = 256

// encodedWord finds =?utf-8?Q?a=0D=0ABcc:?=
func encodedWord(s []byte, t *evidence.Tally) {
	i := bytes.Index(s, []byte("=?"))
	if i < 0 {
		return
	}
	word := s[i:min(len(s), i+256)]
	if q := lex.Index(word, "?q?"); q > 0 {
		if lf := lex.Index(word[q:], "=0a"); lf > 0 {
			t.Add(&encoded, i, q+lf)
		}
	}
}

// wordAddress finds an address whose name is an encoded word that holds the end of the
// address in front of the real one: =?x?q?k=40m.example=3e=00?=k@other.example
func wordAddress(s []byte, t *evidence.Tally) {
	if len(s) > maxFirst || !bytes.HasPrefix(s, []byte("=?")) {
		return
	}
	end := bytes.Index(s, []byte("?="))
	if q := lex.Index(s, "?q?"); q < 0 || end < q || bytes.IndexByte(s[end:], '@') < 0 {
		return
	}
	if word := s[:end]; lex.Contains(word, "=40") && (lex.Contains(word, "=3e") || lex.Contains(word, "=00") || lex.Contains(word, "=20")) {
		t.Add(&encoded, 0, end+2)
	}
}

// wordLine finds an encoded word that holds a line end and a header line, in a value that
// has no line end itself: =?utf-8?q?a=0d=0abcc:b@m.example?=
func wordLine(s []byte, t *evidence.Tally) {
	i := bytes.Index(s, []byte("=?"))
	if i < 0 || i > maxFirst {
		return
	}
	word := s[i:min(len(s), i+maxWord)]
	if q := lex.Index(word, "?q?"); q > 0 {
		if lf := lex.Index(word[q:], "=0a"); lf > 0 && headed(word[q+lf+3:]) {
			t.Add(&encoded, i, q+lf+3)
		}
		return
	}
	b := lex.Index(word, "?b?")
	if b < 0 {
		return
	}
	text := word[b+3:]
	if end := bytes.Index(text, []byte("?=")); end >= 0 {
		text = text[:end]
	}
	var buf [maxWord]byte
	n, _ := base64.StdEncoding.Decode(buf[:], text)
	if lf := bytes.IndexByte(buf[:n], '\n'); lf >= 0 && headed(buf[lf+1:n]) {
		t.Add(&encoded, i, b+3+len(text))
	}
}

// headed reports whether a header line that sends a message elsewhere or gives it another
// form begins.
func headed(line []byte) bool {
	return lex.PrefixLength(line, []string{"bcc:", "cc:", "to:", "reply-to:", "from:", "content-type:", "subject:", "mime-version:", "sender:"}) > 0
}
