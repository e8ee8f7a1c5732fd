package console

import (
	"time"

	"github.com/weirnode/weir/store"
)

// chart is a bar chart of requests over time, ready to be drawn as SVG: every
// length is in user units of a view box of chartWidth by chartHeight.
type chart struct {
	Bars  []bar
	Most  int64 // requests of the highest bar
	Width int
	Steps string // length of a step, for people
}

type bar struct {
	X, Width              int
	CleanY, CleanH        int
	MonitoredY, MonitorH  int
	BlockedY, BlockedH    int
	Time                  time.Time
	Requests, Found, Deny int64
}

const (
	chartWidth  = 960
	chartHeight = 180
	barGap      = 1
)

// stepFor returns a step that makes at most 96 bars of a time range.
func stepFor(d time.Duration) time.Duration {
	for _, s := range []time.Duration{
		10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
	} {
		if d/s <= 96 {
			return s
		}
	}
	return 48 * time.Hour
}

func newChart(buckets []store.Bucket, step time.Duration) chart {
	c := chart{Width: chartWidth, Steps: span(time.Time{}, time.Time{}.Add(step))}
	for _, b := range buckets {
		c.Most = max(c.Most, b.Requests)
	}
	if len(buckets) == 0 || c.Most == 0 {
		return c
	}
	width := max(1, chartWidth/len(buckets)-barGap)
	for i, b := range buckets {
		c.Bars = append(c.Bars, newBar(b, i*chartWidth/len(buckets), width, c.Most))
	}
	return c
}

// newBar stacks blocked requests at the bottom, then monitored, then clean ones.
func newBar(b store.Bucket, x, width int, most int64) bar {
	height := func(n int64) int {
		h := int(n * chartHeight / most)
		if n > 0 && h == 0 {
			return 1
		}
		return h
	}
	monitored := max(0, b.Attacks-b.Blocked)
	clean := max(0, b.Requests-b.Blocked-monitored)
	out := bar{X: x, Width: width, Time: b.Time, Requests: b.Requests, Found: b.Attacks, Deny: b.Blocked}
	out.BlockedH, out.MonitorH, out.CleanH = height(b.Blocked), height(monitored), height(clean)
	out.BlockedY = chartHeight - out.BlockedH
	out.MonitoredY = out.BlockedY - out.MonitorH
	out.CleanY = max(0, out.MonitoredY-out.CleanH)
	return out
}
