package mutate

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
)

var (
	tagName   = regexp.MustCompile(`<(/?[a-zA-Z]+)`)
	attribute = regexp.MustCompile(`([a-z]+)=([^\s"'>` + "`" + `]+|"[^"]*"|'[^']*')`)
	alertCall = regexp.MustCompile(`alert\((\d+|document\.\w+)\)`)
)

// HTML returns mutators of markup with scripts.
func HTML() []Mutator {
	return []Mutator{
		{"case", func(r *rand.Rand, s string) string {
			return tagName.ReplaceAllStringFunc(s, func(m string) string { return swapCase(r, m) })
		}},
		{"attribute case", func(r *rand.Rand, s string) string {
			return attribute.ReplaceAllStringFunc(s, func(m string) string {
				name, value, _ := strings.Cut(m, "=")
				return swapCase(r, name) + "=" + value
			})
		}},
		{"separators", func(r *rand.Rand, s string) string {
			return tagName.ReplaceAllStringFunc(s, func(m string) string {
				if i := strings.Index(s, m+" "); i < 0 {
					return m
				}
				return m + pick(r, " ", "/", "\t", "\n", "/ /", " x ", " id=a", " class='b' ")
			})
		}},
		{"around equals", func(r *rand.Rand, s string) string {
			return attribute.ReplaceAllStringFunc(s, func(m string) string {
				return strings.Replace(m, "=", pick(r, "=", " =", "= ", "\n=\n", "\t="), 1)
			})
		}},
		{"entities", htmlEntities},
		{"scheme", htmlScheme},
		{"calls", jsCalls},
		{"prefix", func(r *rand.Rand, s string) string {
			if !strings.HasPrefix(s, "<") { // code is run where it stands
				return s
			}
			return pick(r, "", "x", "\">", "'>", "</title>", "</textarea>", "-->", "<b>x</b>", "<a href=\"#\">y</a>") + s
		}},
	}
}

// htmlEntities encodes letters of attribute values that hold code.
func htmlEntities(r *rand.Rand, s string) string {
	if strings.Contains(s, "&") || !strings.Contains(s, "<") { // encoded once is enough, and only markup decodes
		return s
	}
	return attribute.ReplaceAllStringFunc(s, func(m string) string {
		name, value, _ := strings.Cut(m, "=")
		if !strings.HasPrefix(name, "on") && name != "href" && name != "action" && name != "formaction" {
			return m
		}
		var b strings.Builder
		for i, c := range value {
			if r.IntN(4) > 0 || c < '(' || c > 'z' || i == 0 {
				b.WriteRune(c)
				continue
			}
			fmt.Fprintf(&b, pick(r, "&#%d;", "&#x%x;", "&#0%d;", "&#X%X;", "&#000%d;"), c)
		}
		return name + "=" + b.String()
	})
}

// htmlScheme puts what browsers skip into a script scheme.
func htmlScheme(r *rand.Rand, s string) string {
	i := strings.Index(s, "javascript:")
	if i < 0 {
		return s
	}
	at := i + r.IntN(len("javascript:"))
	if at == i {
		return s[:i] + pick(r, "JaVaScRiPt:", "java\tscript:", "javascript\t:", "&#106;avascript:", "javascript&colon;") + s[i+len("javascript:"):]
	}
	if i > 0 && s[i-1] != '"' && s[i-1] != '\'' { // a tab would end an unquoted value
		return s
	}
	return s[:at] + pick(r, "\t", "\n", "&Tab;", "&NewLine;", "&#9;", "&#x0a;") + s[at:]
}

// jsCalls writes the call of a sink otherwise.
func jsCalls(r *rand.Rand, s string) string {
	return alertCall.ReplaceAllStringFunc(s, func(m string) string {
		argument := strings.TrimSuffix(strings.TrimPrefix(m, "alert("), ")")
		call := pick(
			r, "alert(%s)", "(alert)(%s)", "alert/**/(%s)", "alert.call(null,%s)", "window['alert'](%s)", "top['al'+'ert'](%s)", "self['alert'](%s)",
			"confirm(%s)", "prompt(%s)", "eval('alert(%s)')", "[%s].map(alert)", "Reflect.apply(alert,null,[%s])", "alert?.(%s)", "globalThis['alert'](%s)", "\\u0061lert(%s)",
			"setTimeout('alert(%s)')", "Function('alert(%s)')()", "[].constructor.constructor('alert(%s)')()", "parent.alert(%s)", "alert`%s`", "(a=alert)(%s)", "window[\"alert\"](%s)", "alert\t(%s)", "al\\u0065rt(%s)", "this['ale'+'rt'](%s)", "(0,alert)(%s)", "new Function('alert(%s)')()",
		)
		return strings.Replace(call, "%s", argument, 1)
	})
}
