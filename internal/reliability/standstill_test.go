package reliability

import (
	"context"
	"sync"
	"time"
)

// standstills are times in which this process was not let run: machines that others use,
// and virtual ones, stand still for seconds, and nothing that is measured is better than
// that.
type standstills struct {
	mu   sync.Mutex // guards list
	list [][2]time.Time
}

// watch looks for them until ctx ends.
func (s *standstills) watch(ctx context.Context) {
	const pause = 10 * time.Millisecond
	for last := time.Now(); ctx.Err() == nil; {
		<-time.After(pause)
		now := time.Now()
		if now.Sub(last) > 3*pause {
			s.mu.Lock()
			s.list = append(s.list, [2]time.Time{last, now})
			s.mu.Unlock()
		}
		last = now
	}
}

// within returns how much of a time was one.
func (s *standstills) within(from, to time.Time) (sum time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.list {
		begin, end := one[0], one[1]
		if begin.Before(from) {
			begin = from
		}
		if end.After(to) {
			end = to
		}
		sum += max(0, end.Sub(begin))
	}
	return sum
}

func (s *standstills) total() time.Duration {
	return s.within(time.Now().Add(-24*time.Hour), time.Now())
}
