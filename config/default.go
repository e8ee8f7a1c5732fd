package config

import "time"

// Default returns a configuration with every default but no upstream and no site.
func Default() *Config {
	return &Config{
		Listen:        []Listen{{Address: "127.0.0.1:8080"}},
		Manage:        Manage{Address: "127.0.0.1:9080"},
		Mode:          Monitoring,
		ClientAddress: ClientAddress{Header: "X-Forwarded-For"},
		BlockPage:     BlockPage{Status: 403},
		Log:           Log{Level: "info", Format: "json"},
		Store: Store{
			URL: "file:./weir-data", FlushInterval: Duration(100 * time.Millisecond), QueueBytes: 64 << 20,
			KeepRequests: days(7), KeepAttacks: days(180),
		},
		Limits: Limits{
			HeaderBytes: 16 << 10, HeaderFields: 100, BodyBytes: 1 << 30, BufferBytes: 256 << 10,
			HeaderTimeout: seconds(10), BodyTimeout: seconds(30), BodyRate: 1 << 10, IdleTimeout: seconds(60), WebSocketIdle: seconds(600), Connections: 10_000,
			DrainTimeout: seconds(10), InspectTimeout: Duration(100 * time.Millisecond),
		},
		Parse:   Parsing{InspectBytes: 128 << 10, Depth: 8, Values: 4096},
		Detect:  Detection{GraphQL: GraphQL{Depth: 20, Aliases: 100, Documents: 50, DocumentBytes: 128 << 10, ValueBytes: 64 << 10, Introspection: true}},
		Lists:   Lists{Netfilter: Netfilter{Table: "filter", Parent: "INPUT", Chain: "WEIR", Target: "DROP", Max: 10_000}},
		Session: Session{Idle: seconds(30 * 60), Max: 100_000},
	}
}

func seconds(n int) Duration { return Duration(time.Duration(n) * time.Second) }

func days(n int) Duration { return seconds(n * 24 * 60 * 60) }

// fill sets the defaults of list items, which exist only after decoding.
func (c *Config) fill() {
	for name, u := range c.Upstreams {
		u.fill()
		c.Upstreams[name] = u
	}
	orElse(&c.Limits.ConnectionsPerAddress, max(1, c.Limits.Connections/4))
	orElse(&c.Limits.InFlight, max(1, c.Limits.Connections/2))
	for i := range c.Listen {
		orElse(&c.Listen[i].TLS.MinVersion, "1.2")
	}
	for i := range c.Sites {
		if c.Sites[i].Application.ID == 0 {
			c.Sites[i].Application.ID = -1
		}
	}
}

func (u *Upstream) fill() {
	orElse(&u.ConnectTimeout, seconds(2))
	orElse(&u.ResponseTimeout, seconds(30))
	orElse(&u.IdleTimeout, seconds(50))
	orElse(&u.MaxConnections, 1024)
	orElse(&u.EjectAfter, 5)
	orElse(&u.EjectFor, seconds(10))
	orElse(&u.SlowStart, seconds(10))
	orElse(&u.Health.Interval, seconds(5))
	orElse(&u.Health.Timeout, seconds(2))
}

func orElse[T comparable](v *T, missing T) {
	var zero T
	if *v == zero {
		*v = missing
	}
}
