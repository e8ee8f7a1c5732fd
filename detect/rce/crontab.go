package rce

import (
	"github.com/weirnode/weir/detect/lex"
)

// moments are the most that the fields of a crontab's line hold: a minute, an hour, a day of the
// month, a month, a day of the week.
var moments = [...]int{59, 23, 31, 12, 7}

// scheduled reports whether a value is a line of a crontab, whose commands nobody
// injects: 0 3 * * 1-5 cd /srv && make.
func scheduled(data []byte) bool {
	if c := data[0]; !lex.Digit(c) && c != '*' {
		return false
	}
	i := 0
	for n, most := range moments {
		end := momentEnd(data, i, most, n > 2)
		if end == i || end == len(data) || data[end] != ' ' && data[end] != '\t' {
			return false
		}
		i = lex.SkipSpace(data, end)
	}
	return runsAt(data[i:], true)
}

// momentEnd returns the index behind a field that begins at i and whose numbers are no more than
// most. Months and days of the week have names.
func momentEnd(data []byte, i, most int, named bool) int {
	from, number := i, 0
	for ; i < len(data) && i-from < longestWord; i++ {
		switch c := data[i]; {
		case lex.Digit(c):
			if number = number*10 + int(c-'0'); number > most {
				return from
			}
			continue
		case c == '*' || c == '/' || c == '-' || c == ',' || named && lex.Letter(c):
			number = 0
			continue
		}
		break
	}
	return i
}

// runsAt reports whether a command follows, maybe behind the name of who is to run it.
func runsAt(line []byte, asUser bool) bool {
	w := readWord(line, 0)
	if w.n == 0 {
		return false
	}
	if w.path || rankOf(w.text()) != unknown || scriptFile(w.buf[:w.n]) {
		return true
	}
	if !asUser || w.end == len(line) || line[w.end] != ' ' {
		return false
	}
	return lex.OneOf(w.text(), "root", "nobody", "www-data", "nginx", "apache", "postgres", "mysql", "git") || runsAt(line[lex.SkipSpace(line, w.end):], false)
}
