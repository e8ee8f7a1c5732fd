package detect

import (
	"strings"

	"github.com/weirnode/weir/point"
)

// kinds are the words by which a line of testdata says that its value is no text.
var kinds = map[string]point.Kind{
	"text": point.Text, "key": point.Key, "path": point.WholePath, "segment": point.Segment, "header": point.HeaderText, "agent": point.UserAgent, "referer": point.Referer,
	"cookie": point.CookieText, "name": point.FileName, "file": point.FileHead, "member": point.JSONKey, "decl": point.XMLDecl, "document": point.Document,
}

// kindOf cuts the kind off a line such as "@agent sqlmap/1.7"; other lines are texts.
func kindOf(text string) (value string, kind point.Kind) {
	if word, rest, ok := strings.Cut(strings.TrimPrefix(text, "@"), " "); ok && strings.HasPrefix(text, "@") {
		if k, known := kinds[word]; known {
			return rest, k
		}
	}
	return text, point.Text
}
