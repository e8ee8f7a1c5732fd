package rule

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// pathPattern is a compiled path of a route or a rule.
type pathPattern struct {
	exact  string
	prefix string
	re     *regexp.Regexp
}

// compilePath reads "= /exact", "~ regexp" or "/prefix".
func compilePath(text string) (*pathPattern, error) {
	if rest, ok := strings.CutPrefix(text, "="); ok {
		if rest = strings.TrimSpace(rest); !strings.HasPrefix(rest, "/") {
			return nil, fmt.Errorf("path %q: an exact path starts with /", text)
		}
		return &pathPattern{exact: rest}, nil
	}
	if rest, ok := strings.CutPrefix(text, "~"); ok {
		re, err := regexp.Compile(strings.TrimSpace(rest))
		if err != nil {
			return nil, fmt.Errorf("path %q: %w", text, err)
		}
		return &pathPattern{re: re}, nil
	}
	if !strings.HasPrefix(text, "/") {
		return nil, fmt.Errorf(`path %q: write "/prefix", "= /exact" or "~ regexp"`, text)
	}
	return &pathPattern{prefix: text}, nil
}

// matches reports whether a clean path fits. A prefix ends at a segment's end:
// /health fits /health and /health/db but not /healthy.
func (p *pathPattern) matches(path []byte) bool {
	switch {
	case p.re != nil:
		return p.re.Match(path)
	case p.exact != "":
		return string(path) == p.exact
	default:
		n := len(p.prefix)
		return len(path) >= n && string(path[:n]) == p.prefix &&
			(len(path) == n || p.prefix[n-1] == '/' || path[n] == '/')
	}
}

// matchesHost reports whether a lower-case pattern fits a host with or without port.
func matchesHost(pattern string, host []byte) bool {
	host = withoutPort(host)
	if pattern == "*" {
		return true
	}
	if suffix, ok := strings.CutPrefix(pattern, "*"); ok {
		return len(host) > len(suffix) && equalFold(host[len(host)-len(suffix):], suffix)
	}
	return equalFold(host, pattern)
}

func withoutPort(host []byte) []byte {
	if i := bytes.LastIndexByte(host, ':'); i >= 0 && bytes.IndexByte(host[i:], ']') < 0 {
		host = host[:i]
	}
	return bytes.TrimSuffix(host, []byte("."))
}

// equalFold reports whether b is lower, ASCII case ignored.
func equalFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func contains(list []string, b []byte) bool {
	for _, s := range list {
		if string(b) == s {
			return true
		}
	}
	return false
}
