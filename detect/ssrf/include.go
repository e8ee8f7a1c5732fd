package ssrf

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// include weighs a value that is one foreign URL and ends as those do that a server is to
// include: with a ? or a NUL that cuts off what the application appends, or in the file of
// a well-known shell.
func (s *scan) include(start int) {
	if s.v.Kind != point.Text && s.v.Kind != point.XMLText && s.v.Kind != point.CookieText || s.v.Classes&(point.Space|point.Newline) != 0 {
		return
	}
	i := bytes.Index(s.data, []byte("//"))
	if i != start && (i < start+4 || !fetchable(s.data[start:i])) {
		return
	}
	h := host.Read(s.data, i+2)
	file := h.Rest[bytes.LastIndexByte(h.Rest, '/')+1:]
	stem, ext, ok := bytes.Cut(file, []byte("."))
	if !ok || len(h.Name) == 0 || len(h.Rest) == 0 || h.Rest[0] != '/' {
		return
	}
	end := lex.WordEnd(ext, 0)
	ext, behind := ext[:end], ext[end:]
	weight := int8(0)
	if len(behind) == 1 && (behind[0] == 0 || behind[0] == '?' && isOneOf(ext, texts[:])) {
		weight = cutInclude.Weight
	}
	if isOneOf(ext, programs[:]) || isOneOf(ext, texts[:]) {
		switch {
		case isOneOf(stem, shells[:]):
			weight = cutInclude.Weight
		case isOneOf(stem, tools[:]):
			weight = max(weight, 6)
		}
	}
	if weight > 0 {
		var t evidence.Tally
		t.Reset(s.best.Type, evidence.URLScheme)
		t.AddWeight(&cutInclude, weight, start, len(s.data)-start)
		if t.Score() > s.best.Score() {
			*s.best = t
		}
	}
}

// texts are extensions of files that a foreign server hands out as they are, programs
// those of what the server that includes them executes.
var (
	texts    = [...]string{"txt", "inc", "dat", "log"}
	programs = [...]string{"php", "php5", "phtml", "gif", "jpg", "png", "asp", "aspx", "jsp"}
	shells   = [...]string{"c99", "c100", "r57", "b374k", "wso", "wso2", "webshell", "weevely", "phpshell", "p0wny"}
	tools    = [...]string{"shell", "cmd", "backdoor", "rfi", "sh3ll", "evil"}
)

func fetchable(scheme []byte) bool {
	return isOneOf(scheme, []string{"http:", "https:", "ftp:", "ftps:"})
}

func isOneOf(word []byte, words []string) bool {
	for _, w := range words {
		if lex.Equal(word, w) {
			return true
		}
	}
	return false
}
