package mutate

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
)

var (
	number     = regexp.MustCompile(`(^|[\s(=,<>])(\d{1,4})\b`)
	logicWord  = regexp.MustCompile(`(?i)(\s)(or|and)(\s)`)
	comparison = regexp.MustCompile(`(\d)\s*=\s*(\d)`)
	tail       = regexp.MustCompile(`(--\s*|#)$`)
)

// SQL returns mutators of SQL injections.
func SQL() []Mutator {
	return []Mutator{
		{"case", func(r *rand.Rand, s string) string {
			return outside(s, func(p string) string { return swapCase(r, p) })
		}},
		{"blanks", sqlBlanks},
		{"numbers", sqlNumbers},
		{"operators", sqlOperators},
		{"comparison", sqlComparison},
		{"tail", sqlTail},
		{"all", func(r *rand.Rand, s string) string {
			return strings.Replace(s, "union select", pick(r, "union all select", "union distinct select", "union(select", "union select distinct"), 1)
		}},
		{"invariant", sqlInvariant},
		{"executed comment", func(r *rand.Rand, s string) string {
			word := pick(r, "union", "select", "and", "or", "from")
			return strings.Replace(s, " "+word+" ", pick(r, " /*!"+word+"*/ ", " /*!50000"+word+"*/ "), 1)
		}},
		{"prefix", func(r *rand.Rand, s string) string {
			if strings.HasPrefix(s, "1") {
				before := []string{"-1", "1.0", "0", "99999", "1 "}
				if len(s) > 1 && (s[1] == '\'' || s[1] == '"') { // a string may hold anything
					before = append(before, "abc", "x%", "a@b.example", "")
				}
				if len(s) > 1 && strings.IndexByte(" '\")(;", s[1]) >= 0 {
					return pick(r, before...) + s[1:]
				}
			}
			return s
		}},
	}
}

// sqlBlanks writes blanks in other ways. A closing comment mark keeps its blank.
func sqlBlanks(r *rand.Rand, s string) string {
	return outside(s, func(p string) string {
		return replaceSome(r, p, " ", func() string {
			return pick(r, "\t", "\n", "\r\n", "\v", "\f", "/**/", "/*x*/", "  ", "\u00a0", "/**//**/", "--\n", "#x\n")
		})
	})
}

func sqlNumbers(r *rand.Rand, s string) string {
	return number.ReplaceAllStringFunc(s, func(m string) string {
		digits := strings.TrimLeft(m, " \t\n\r\v\f(=,<>")
		n, err := strconv.Atoi(digits)
		if err != nil || r.IntN(2) == 0 {
			return m
		}
		before := m[:len(m)-len(digits)]
		return before + pick(r, fmt.Sprintf("0x%x", n), fmt.Sprintf("%d.0", n), fmt.Sprintf("%de0", n), fmt.Sprintf("(%d)", n), fmt.Sprintf("%d+0", n), fmt.Sprintf("- -%d", n), fmt.Sprintf("((%d))", n))
	})
}

func sqlOperators(r *rand.Rand, s string) string {
	return logicWord.ReplaceAllStringFunc(s, func(m string) string {
		if r.IntN(2) == 0 {
			return m
		}
		word := "||"
		if strings.Contains(strings.ToLower(m), "and") {
			word = "&&"
		}
		return m[:1] + word + m[len(m)-1:]
	})
}

func sqlComparison(r *rand.Rand, s string) string {
	return comparison.ReplaceAllString(s, pick(r, "$1 like $2", "$1 <=> $2", "$1 in ($2)", "$1 >= $2", "$1 rlike $2", "$1 between $2 and $2", "($1)=($2)", "$1 = $2 "))
}

func sqlTail(r *rand.Rand, s string) string {
	return tail.ReplaceAllString(s, pick(r, "-- ", "-- x", "#", "--+", "/*", "-- -", ";--", ";#", "--\t"))
}

// sqlInvariant adds what is always true in front of a comment.
func sqlInvariant(r *rand.Rand, s string) string {
	i := tail.FindStringIndex(s)
	if i == nil || !strings.Contains(s, "=") || strings.Contains(s, ";") || strings.Contains(strings.ToLower(s), "union") {
		return s
	}
	n := r.IntN(1000)
	return s[:i[0]] + pick(r, fmt.Sprintf(" and %d=%d", n, n), fmt.Sprintf(" or %d<%d", n, n+1), " and 'a'='a'", " and not 1=2", " or true") + s[i[0]:]
}
