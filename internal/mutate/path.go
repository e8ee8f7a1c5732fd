package mutate

import (
	"math/rand/v2"
	"strings"
)

// Path returns mutators of paths that climb.
func Path() []Mutator {
	return []Mutator{
		{"separators", func(r *rand.Rand, s string) string {
			if strings.Contains(s, ":/") || strings.Contains(s, "text/") { // of a URL's own
				return s
			}
			return replaceSome(r, s, "/", func() string {
				return pick(r, "//", "/./", `\`, "%2f", "%252f", "%5c", "\xc0\xaf", "0x2f", "%u2215", "\xe2\x88\x95", "\xf0\x80\x80\xaf")
			})
		}},
		{"dots", func(r *rand.Rand, s string) string {
			return replaceSome(r, s, "..", func() string {
				return pick(r, "%2e%2e", "%2e.", ".%2e", "%252e%252e", "0x2e0x2e", "\xc0\xae\xc0\xae", "..")
			})
		}},
		{"nested", func(r *rand.Rand, s string) string {
			return strings.ReplaceAll(s, "../", pick(r, "....//", "..././", "../", "..;/"))
		}},
		{"case", func(r *rand.Rand, s string) string {
			if strings.Contains(strings.ToLower(s), "windows") {
				return swapCase(r, s)
			}
			return s
		}},
		{"folders", func(r *rand.Rand, s string) string {
			if !strings.HasPrefix(s, "..") { // what is absolute stays so
				return s
			}
			return pick(r, "x/../", "images/", "./", "/", "static/../", "a/b/../../") + s
		}},
		{"deeper", func(r *rand.Rand, s string) string {
			if !strings.HasPrefix(s, "..") {
				return s
			}
			return strings.Repeat("../", 1+r.IntN(6)) + s
		}},
		{"tail", func(r *rand.Rand, s string) string {
			return s + pick(r, "\x00", "\x00.png", "?", "?x=1", "%00", "#", "/.", "")
		}},
	}
}
