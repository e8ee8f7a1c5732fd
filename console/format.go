package console

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/event"
)

// functions are what templates may call. None returns markup.
var functions = template.FuncMap{
	"visible": visible, "short": short, "number": number, "size": size, "title": title, "codes": codes,
	"moment": moment, "iso": iso, "nano": nano, "span": span, "until": until, "ms": milliseconds, "percent": percent,
	"cwe": cwe, "severity": severity, "has": has, "dict": dict, "term": term,
	"add": func(a, b int) int { return a + b }, "int": func(n int64) int { return int(n) },
}

// dict makes a map of keys and values for a part that needs several.
func dict(pairs ...any) map[string]any {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// term makes a search term of a key and any text; ? stands for what cannot be written.
func term(key, value string) string {
	value = strings.Map(func(r rune) rune {
		if hidden(r) {
			return '?' // it would not show in the search field
		}
		return r
	}, value)
	if strings.ContainsAny(value, " \t:!\"*?") || value == "" {
		value = `"` + strings.NewReplacer(`"`, "?", "*", "?").Replace(value) + `"`
	}
	return key + ":" + value
}

// visible replaces what would not show, or would show something else: control and
// direction characters, invalid UTF-8, invisible spaces.
func visible(s string) string {
	clean := true
	for _, r := range s {
		if hidden(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString("\n")
		case r == '\t':
			b.WriteString("\t")
		case r == '\r':
			// the line feed behind it shows
		case hidden(r) && r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		case hidden(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

func hidden(r rune) bool {
	return r == utf8.RuneError || r < 0x20 || r == 0x7f || r > 0x7f && !unicode.IsPrint(r)
}

// short cuts a text for a table cell.
func short(n int, s string) string {
	s = visible(s)
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	return string(runes[:n-1]) + "…"
}

func number(v any) string {
	s := fmt.Sprint(v)
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 && c != '-' && s[i-1] != '-' {
			b.WriteRune('\u202f') // narrow no-break space
		}
		b.WriteRune(c)
	}
	return b.String()
}

func size(n int64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	v, i := float64(n), 0
	for v >= 1024 && i < len(units)-1 {
		v, i = v/1024, i+1
	}
	if i == 0 {
		return strconv.FormatInt(n, 10) + " B"
	}
	return fmt.Sprintf("%.1f %s", v, units[i])
}

func title(code string) string {
	if t, err := attack.Parse(code); err == nil {
		return t.Title()
	}
	return code
}

func severity(code string) string {
	t, err := attack.Parse(code)
	if err != nil {
		return ""
	}
	return t.Severity().String()
}

func cwe(code string) int {
	t, err := attack.Parse(code)
	if err != nil {
		return 0
	}
	return t.CWE()
}

func codes(joined string) []string {
	if joined == "" {
		return nil
	}
	return strings.Split(joined, ",")
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func nano(n int64) time.Time { return time.Unix(0, n) }

func milliseconds(n int64) string { return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) }

// span says how long something lasted.
func span(from, to time.Time) string {
	d := to.Sub(from)
	switch {
	case d < time.Second:
		return "an instant"
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	default:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	}
}

// until says when something ends, seen from now.
func until(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return "in " + span(time.Now(), t)
}

func percent(part, whole int64) string {
	if whole == 0 {
		return "0 %"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}

func has(s event.Session) bool { return s != event.Session{} }
