package rule

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/weirnode/weir/detect/lex"
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

// plainHost returns a host pattern as hosts of requests are compared with it: lower
// case, without the root's dot, IPv6 addresses in brackets.
func plainHost(pattern string) string {
	if addr, err := netip.ParseAddr(strings.Trim(pattern, "[]")); err == nil && addr.Is6() {
		return "[" + addr.String() + "]"
	}
	return strings.TrimSuffix(strings.ToLower(pattern), ".")
}

// matchesHost reports whether a pattern fits a host, both in lower case.
func matchesHost(pattern string, host []byte) bool {
	if pattern == "*" {
		return true
	}
	if suffix, ok := strings.CutPrefix(pattern, "*"); ok {
		return len(host) > len(suffix) && string(host[len(host)-len(suffix):]) == suffix
	}
	return string(host) == pattern
}

func withoutPort(host []byte) []byte {
	if i := bytes.LastIndexByte(host, ':'); i >= 0 && bytes.IndexByte(host[i:], ']') < 0 {
		host = host[:i]
	}
	return bytes.TrimSuffix(host, []byte("."))
}

// maxHost bounds the hosts that are compared, in bytes. No name has more than 253, so
// of a longer host only the end can matter, for wildcards.
const maxHost = 255

// appendLower appends a host in ASCII lower case, the end of it if it is too long.
func appendLower(dst, host []byte) []byte {
	for _, c := range host[max(0, len(host)-maxHost):] {
		c = lex.Lower(c)
		dst = append(dst, c)
	}
	return dst
}

func contains(list []string, b []byte) bool {
	return slices.Contains(list, string(b))
}
