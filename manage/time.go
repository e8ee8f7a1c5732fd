package manage

import (
	"fmt"
	"strconv"
	"time"

	"github.com/weirnode/weir/config"
)

// ParseTime reads a moment: RFC 3339 (2026-11-24T10:00:00Z), a date, the
// 2026-11-24T10:00 of a browser's field (UTC), Unix seconds, or a duration back
// from now (-24h, 7d).
func ParseTime(text string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04", "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 && n < 1<<40 {
		return time.Unix(n, 0), nil
	}
	span := text
	if span != "" && span[0] == '-' {
		span = span[1:]
	}
	var d config.Duration
	if err := d.UnmarshalText([]byte(span)); err == nil && d > 0 {
		return now.Add(-d.Std()), nil
	}
	return time.Time{}, fmt.Errorf("%q is not a time: write 2026-11-24T10:00:00Z, Unix seconds, or a span back from now such as 24h or 7d", text)
}

// ParseHold reads how long something holds: 1h, 7d, or forever, which is 0.
func ParseHold(text string) (time.Duration, error) {
	if text == "forever" {
		return 0, nil
	}
	var d config.Duration
	if err := d.UnmarshalText([]byte(text)); err != nil || d <= 0 {
		return 0, &InvalidError{fmt.Sprintf("%q: say how long, for example 1h or 7d, or forever", text)}
	}
	return d.Std(), nil
}
