package parse

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// maxRaw bounds the part of a body of unknown form that is read as one value.
const maxRaw = 64 << 10

// Body reads the body by its content type, and by its first bytes where the type is
// missing, unknown or wrong.
func (p *Points) Body(r *Request, o *Options) {
	if len(r.Body) == 0 {
		return
	}
	p.use(o)
	at := place{ref: p.Tree.Add(0, point.Post), kind: point.Text}
	contentType := r.Field("content-type")
	switch formOf(contentType, r.Body) { //nolint:exhaustive // bodies have these forms
	case JSONParser:
		if p.on(JSONParser) {
			p.jsonBody(r.Body, at)
			return
		}
	case MultipartParser:
		if p.on(MultipartParser) {
			p.multipart(r.Body, contentType, at)
			return
		}
	case FormParser:
		if p.on(FormParser) {
			p.pairs(r.Body, point.FormURLEncoded, at.ref, at)
			return
		}
	}
	p.value(r.Body[:min(len(r.Body), maxRaw)], at)
}

func (p *Points) jsonBody(body []byte, at place) {
	before := len(p.Anomalies)
	p.json(body, at)
	if len(p.Anomalies) > before && p.room(0) { // somebody may read it as something else
		p.Values = append(p.Values, point.Value{Data: body[:min(len(body), maxRaw)], Ref: at.ref, Classes: point.Classify(body[:min(len(body), maxRaw)])})
	}
}

// formOf says how a body is read: by its type if that is known and fits, else by
// its first bytes; 0 as one value.
func formOf(contentType, body []byte) ParserSet {
	i := skipBlank(body, 0)
	var first byte
	if i < len(body) {
		first = body[i]
	}
	switch {
	case hasFold(contentType, "multipart/"):
		return MultipartParser
	case hasFold(contentType, "json"):
		return JSONParser
	case first == '{' || first == '[':
		return JSONParser
	case hasFold(contentType, "x-www-form-urlencoded"):
		return FormParser
	case len(contentType) == 0 && bytes.HasPrefix(body, []byte("--")):
		return MultipartParser
	case !hasFold(contentType, "xml") && !hasFold(contentType, "octet-stream") && looksLikeForm(body):
		return FormParser
	}
	return 0
}

// looksLikeForm reports whether text begins with a name and an equals sign.
func looksLikeForm(body []byte) bool {
	for i, c := range body[:min(len(body), 128)] {
		if c == '=' {
			return i > 0
		}
		if point.ClassOf[c]&(point.Alpha|point.Digit|point.Dash|point.Dot|point.Bracket|point.PercentSign) == 0 {
			return false
		}
	}
	return false
}

// hasFold reports whether s contains the lower-case word, ASCII case ignored.
func hasFold(s []byte, lower string) bool {
	for i := 0; i+len(lower) <= len(s); i++ {
		if equalFold(s[i:i+len(lower)], lower) {
			return true
		}
	}
	return false
}
