package event

// Tail is a live view of hits. A reader that is slower than the hits is cut off.
type Tail struct {
	C      <-chan Hit // closed when the reader was cut off or Close was called
	hits   chan Hit
	stream *Stream
}

// Tail returns a live view that may lag n hits behind.
func (s *Stream) Tail(n int) *Tail {
	hits := make(chan Hit, max(1, n))
	t := &Tail{C: hits, hits: hits, stream: s}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tails[t] = struct{}{}
	return t
}

// Close ends the view.
func (t *Tail) Close() {
	t.stream.mu.Lock()
	defer t.stream.mu.Unlock()
	t.cut()
}

// offer gives a hit to the reader or cuts it off. The stream's mutex is held.
func (t *Tail) offer(h Hit) {
	select {
	case t.hits <- h:
	default:
		t.cut()
	}
}

func (t *Tail) cut() {
	if _, open := t.stream.tails[t]; open {
		delete(t.stream.tails, t)
		close(t.hits)
	}
}
