package load

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// EventEvery is the pause between two events of [Origin].
const EventEvery = 20 * time.Millisecond

// Origin is an application to send requests to:
//
//	/          answers 200 when it has read the body
//	/wait      answers after ms milliseconds
//	/events    sends an event every EventEvery, whose data are Unix nanoseconds, until the client leaves
//	/ws        is a WebSocket that sends every message back
//	/bytes     sends n bytes
//
// Every answer has the id of its request in X-Request-Id.
func Origin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		_, _ = fmt.Fprintf(w, "%d bytes\n", n)
	})
	mux.HandleFunc("/wait", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(time.Duration(number(r, "ms")) * time.Millisecond):
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, "waited\n")
	})
	mux.HandleFunc("/events", sendEvents)
	mux.HandleFunc("/ws", echo)
	mux.HandleFunc("/bytes", sendBytes)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", r.Header.Get("X-Request-Id"))
		mux.ServeHTTP(w, r)
	})
}

func number(r *http.Request, name string) int64 {
	n, _ := strconv.ParseInt(r.URL.Query().Get(name), 10, 64)
	return n
}

func sendEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	tick := time.NewTicker(EventEvery)
	defer tick.Stop()
	for {
		if _, err := fmt.Fprintf(w, "data: %d\n\n", time.Now().UnixNano()); err != nil {
			return
		}
		if http.NewResponseController(w).Flush() != nil {
			return
		}
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		}
	}
}

func sendBytes(w http.ResponseWriter, r *http.Request) {
	left := number(r, "n")
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(left, 10))
	piece := make([]byte, 64<<10)
	for left > 0 {
		n, err := w.Write(piece[:min(left, int64(len(piece)))])
		if left -= int64(n); err != nil {
			return
		}
	}
}
