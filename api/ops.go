package api

import (
	_ "embed"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/weirnode/weir/access"
	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/store"
)

//go:embed openapi.yaml
var spec []byte

func serveSpec(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(spec) // the client may be gone
}

func (a *api) ready(w http.ResponseWriter, _ *http.Request) {
	if a.ops.Ready() {
		plain(w, http.StatusOK, "ready")
		return
	}
	plain(w, http.StatusServiceUnavailable, "not ready")
}

// metrics answers scrapers on the loopback, and others with an account.
func (a *api) metrics() http.Handler {
	handler := promhttp.HandlerFor(a.ops.Gatherer, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 10 * time.Second})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !access.Address(r).IsLoopback() {
			if _, err := a.gate.Actor(r); err != nil {
				problem(w, err)
				return
			}
		}
		handler.ServeHTTP(w, r)
	})
}

type statusJSON struct {
	Version      string    `json:"version"`
	Started      time.Time `json:"started"`
	Mode         string    `json:"mode"`
	ModeOverride string    `json:"mode_override"`
	ConfigFile   string    `json:"config_file"`
	Generation   int64     `json:"config_generation"`
	LastReload   time.Time `json:"config_loaded"`
	ReloadFailed string    `json:"reload_failed"`
	Dropped      int64     `json:"events_dropped"`
	QueueBytes   int64     `json:"event_queue_bytes"`
	StoreBytes   int64     `json:"store_bytes"`
	Requests     int64     `json:"requests_kept"`
	Hits         int64     `json:"hits_kept"`
	Attacks      int64     `json:"attacks_kept"`
}

func status(a *api, actor manage.Actor, r *http.Request) (any, error) {
	s, err := a.manage.Status(r.Context(), actor)
	return statusJSON{
		Version: s.Version, Started: s.Started, Mode: s.Mode.String(), ModeOverride: s.Override.String(), ConfigFile: s.ConfigFile,
		Generation: s.Generation, LastReload: s.LastReload, ReloadFailed: s.ReloadFailed,
		Dropped: s.Dropped(), QueueBytes: s.Stream.Bytes,
		StoreBytes: s.Store.Bytes, Requests: s.Store.Requests, Hits: s.Store.Hits, Attacks: s.Store.Attacks,
	}, err
}

func reload(a *api, actor manage.Actor, r *http.Request) (any, error) {
	if err := a.manage.Reload(r.Context(), actor); err != nil {
		return nil, &manage.InvalidError{Text: err.Error()}
	}
	return map[string]string{"status": "in force"}, nil
}

type accountJSON struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	Role      string     `json:"role"`
	Created   time.Time  `json:"created"`
	LastLogin *time.Time `json:"last_login"`
}

func toAccount(c store.Account) accountJSON {
	out := accountJSON{ID: c.ID, Name: c.Name, Role: c.Role.String(), Created: c.Created}
	if !c.LastLogin.IsZero() {
		out.LastLogin = &c.LastLogin
	}
	return out
}
