package eval

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// har is the part of an HTTP archive that matters here.
type har struct {
	Log struct {
		Entries []struct {
			Request harRequest `json:"request"`
		} `json:"entries"`
	} `json:"log"`
}

type harRequest struct {
	Method   string     `json:"method"`
	URL      string     `json:"url"`
	Headers  []harField `json:"headers"`
	PostData *struct {
		MimeType string     `json:"mimeType"`
		Text     string     `json:"text"`
		Params   []harField `json:"params"`
	} `json:"postData"`
}

type harField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// readHAR reads the requests that a browser or a proxy recorded.
func readHAR(s *source) error {
	var archive har
	if err := json.NewDecoder(s.in).Decode(&archive); err != nil {
		return err
	}
	for i := range archive.Log.Entries {
		raw, err := archive.Log.Entries[i].Request.raw()
		if err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
		s.emit(Sample{
			File: s.name, ID: strconv.Itoa(i), Label: orLabel(s.label, Legit),
			Class: "har", Place: "raw", Raw: raw,
		})
	}
	return nil
}

// raw writes the request as HTTP/1.1 would, whichever version it was sent with.
func (r *harRequest) raw() ([]byte, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, err
	}
	_, behind, _ := strings.Cut(r.URL, "://")
	target := "/"
	if i := strings.IndexAny(behind, "/?"); i >= 0 {
		target, _, _ = strings.Cut("/"+strings.TrimPrefix(behind[i:], "/"), "#")
	}
	body := r.body()
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", oneLine(r.Method), oneLine(target), u.Host)
	for _, f := range r.Headers {
		if !framing(f.Name) {
			fmt.Fprintf(&b, "%s: %s\r\n", oneLine(f.Name), oneLine(f.Value))
		}
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n" + body)
	return b.Bytes(), nil
}

// framing reports whether a field is written anew: pseudo fields of HTTP/2, the host,
// and what says how long the body is.
func framing(name string) bool {
	switch strings.ToLower(name) {
	case "", "host", "content-length", "transfer-encoding", "connection":
		return true
	}
	return strings.HasPrefix(name, ":")
}

func (r *harRequest) body() string {
	if r.PostData == nil {
		return ""
	}
	if r.PostData.Text != "" {
		return r.PostData.Text
	}
	pairs := make([]string, 0, len(r.PostData.Params))
	for _, p := range r.PostData.Params {
		pairs = append(pairs, url.QueryEscape(p.Name)+"="+url.QueryEscape(p.Value))
	}
	return strings.Join(pairs, "&")
}
