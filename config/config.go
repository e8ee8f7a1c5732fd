// Package config is what the YAML file says: data, defaults and validation.
//
// [Load] and [Parse] either return a complete, valid [Config] or every problem of
// the file, each with its line and path. Packages take their section by value and
// never see the file.
package config

import (
	"net/netip"

	"github.com/weirnode/weir/attack"
)

// Config is one whole file with every default filled in.
type Config struct {
	Version       int                 `yaml:"version"`
	Listen        []Listen            `yaml:"listen"`
	Manage        Manage              `yaml:"manage"`
	Store         Store               `yaml:"store"`
	Mode          Mode                `yaml:"mode"`
	ModeOverride  Override            `yaml:"mode_override"`
	Overlimit     Overlimit           `yaml:"overlimit"` // monitoring or block: what becomes of requests beyond a limit, default monitoring
	Upstreams     map[string]Upstream `yaml:"upstreams"`
	Sites         []Site              `yaml:"sites"`
	ClientAddress ClientAddress       `yaml:"client_address"`
	BlockPage     BlockPage           `yaml:"block_page"`
	Limits        Limits              `yaml:"limits"`
	Parse         Parsing             `yaml:"parse"`
	Detect        Detection           `yaml:"detect"`
	Lists         Lists               `yaml:"lists"`
	Session       Session             `yaml:"session"`
	Log           Log                 `yaml:"log"`
}

// Listen is one traffic listener.
type Listen struct {
	Address string `yaml:"address"` // host:port
	// ProxyProtocol asks for a PROXY protocol v1 or v2 header on connections
	// from trusted proxies and refuses those without one.
	ProxyProtocol bool    `yaml:"proxy_protocol"`
	Framing       Framing `yaml:"framing"` // strict or lenient, default strict
	TLS           TLS     `yaml:"tls"`
	// H2C takes HTTP/2 without encryption too, from clients that begin with its
	// preface. Over TLS HTTP/2 is always offered.
	H2C bool `yaml:"h2c"`
}

// TLS is what an encrypted listener shows. Without certificates it is not encrypted.
// Files are read again on every reload.
type TLS struct {
	Certificates []Certificate `yaml:"certificates"` // the first is for names that none is for
	MinVersion   string        `yaml:"min_version"`  // 1.2 or 1.3, default 1.2
}

// Certificate is a chain and its key, in PEM files.
type Certificate struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
}

// Manage is the listener of the console, the API, metrics and health.
type Manage struct {
	Address string `yaml:"address"` // host:port, default 127.0.0.1:9080
}

// Store says where events and state are kept and for how long.
type Store struct {
	URL           string   `yaml:"url"`            // file:DIR, default file:./weir-data
	FlushInterval Duration `yaml:"flush_interval"` // longest time an event is only in memory, 10ms to 10s, default 100ms
	QueueBytes    Size     `yaml:"queue_bytes"`    // events waiting for the store, default 64MiB
	KeepRequests  Duration `yaml:"keep_requests"`  // requests and sessions, default 7d
	KeepAttacks   Duration `yaml:"keep_attacks"`   // attacks and hits, default 180d
}

// Upstream is an application server, or several that are alike.
type Upstream struct {
	Targets         []string `yaml:"targets"`          // http://host:port or https://host:port, at least one
	ConnectTimeout  Duration `yaml:"connect_timeout"`  // default 2s
	ResponseTimeout Duration `yaml:"response_timeout"` // until the first byte of the answer, default 30s
	IdleTimeout     Duration `yaml:"idle_timeout"`     // of a pooled connection, default 50s
	MaxConnections  int      `yaml:"max_connections"`  // to one target, default 1024

	Protocol   Protocol    `yaml:"protocol"`    // http1, h2 (https targets) or h2c (http targets), default http1; gRPC needs HTTP/2
	Balance    Balance     `yaml:"balance"`     // round_robin, least_connections or hash (of the session), default round_robin
	EjectAfter int         `yaml:"eject_after"` // failures in a row until a target is passed over, default 5
	EjectFor   Duration    `yaml:"eject_for"`   // the first time, longer each further time; then one request tries it, default 10s
	SlowStart  Duration    `yaml:"slow_start"`  // until a target that came back takes its full share, default 10s
	Health     HealthCheck `yaml:"health"`
	TLS        UpstreamTLS `yaml:"tls"` // for https targets
}

// HealthCheck asks targets how they are. Two bad answers in a row take a target out,
// two good ones bring it back.
type HealthCheck struct {
	Path     string   `yaml:"path"`     // answers with 2xx or 3xx when all is well; empty: nobody asks
	Interval Duration `yaml:"interval"` // default 5s
	Timeout  Duration `yaml:"timeout"`  // default 2s
}

// UpstreamTLS says how https targets prove who they are.
type UpstreamTLS struct {
	ServerName         string `yaml:"server_name"`          // default: the target's host
	CAFile             string `yaml:"ca_file"`              // PEM; default: the system's authorities
	InsecureSkipVerify bool   `yaml:"insecure_skip_verify"` // believe anybody
}

// Application names what a site belongs to in records, lists and rules.
type Application struct {
	ID   int    `yaml:"id"` // positive; -1 when not said
	Name string `yaml:"name"`
}

// Site says how requests for some hosts are treated. The first site that has a
// matching host pattern wins, exact names before wildcards before "*".
type Site struct {
	Hosts       []string    `yaml:"hosts"` // exact, "*.example.com" or "*"
	Application Application `yaml:"application"`
	Upstream    string      `yaml:"upstream"`
	Mode        *Mode       `yaml:"mode"`      // nil: the file's mode
	Overlimit   *Overlimit  `yaml:"overlimit"` // nil: the file's
	Routes      []Route     `yaml:"routes"`
	// WebSocketInspect has the messages that clients send over WebSockets
	// inspected. Compression of messages is then not negotiated.
	WebSocketInspect bool     `yaml:"websocket_inspect"`
	ResponseTimeout  Duration `yaml:"response_timeout"` // until the first byte of the answer; default: the upstream's
}

// Route overrides its site for some paths: an exact path before a regular
// expression in file order before the longest prefix.
type Route struct {
	Path      string     `yaml:"path"`    // "/prefix", "= /exact" or "~ regexp"
	Methods   []string   `yaml:"methods"` // empty: all
	Mode      *Mode      `yaml:"mode"`
	Overlimit *Overlimit `yaml:"overlimit"`
	Upstream  string     `yaml:"upstream"` // empty: the site's

	ResponseTimeout Duration `yaml:"response_timeout"` // default: the site's
}

// ClientAddress says how the address of the client is found behind proxies.
type ClientAddress struct {
	TrustedProxies []netip.Prefix `yaml:"trusted_proxies"`
	Header         string         `yaml:"header"` // default X-Forwarded-For; the rightmost untrusted address counts
}

// BlockPage is what a blocked client gets.
type BlockPage struct {
	Status int    `yaml:"status"` // 400 to 599, default 403
	File   string `yaml:"file"`   // HTML with {{request_id}}, {{address}}, {{time}}; default: built in
}

// Limits bound what a client may ask of the node.
type Limits struct {
	HeaderBytes   Size     `yaml:"header_bytes"`   // request line and header fields, default 16KiB; more is 431
	HeaderFields  int      `yaml:"header_fields"`  // default 100
	BodyBytes     Size     `yaml:"body_bytes"`     // default 1GiB; more is 413
	BufferBytes   Size     `yaml:"buffer_bytes"`   // bodies up to this size are buffered, longer ones streamed, default 256KiB
	HeaderTimeout Duration `yaml:"header_timeout"` // from the first byte of a request to the end of its header, default 10s
	BodyTimeout   Duration `yaml:"body_timeout"`   // between two reads of a body, and for a client to take a piece of an answer, default 30s
	BodyRate      Size     `yaml:"body_rate"`      // least bytes a second of a request body over all, after 10s, default 1KiB; 0: none
	IdleTimeout   Duration `yaml:"idle_timeout"`   // of a kept connection, default 60s
	WebSocketIdle Duration `yaml:"websocket_idle"` // longest silence of both ends of a WebSocket, default 10m
	Connections   int      `yaml:"connections"`    // at once, default 10000
	// ConnectionsPerAddress bounds the connections of one IPv4 address or IPv6 /64;
	// trusted proxies are exempt. Default a quarter of connections.
	ConnectionsPerAddress int `yaml:"connections_per_address"`
	// InFlight is how many requests may wait for their answers before bodies are no
	// longer inspected; above twice as many requests get 503. Default half of
	// connections.
	InFlight       int      `yaml:"in_flight"`
	DrainTimeout   Duration `yaml:"drain_timeout"`   // for exchanges in flight at shutdown, default 10s
	InspectTimeout Duration `yaml:"inspect_timeout"` // of one request, default 100ms; then overlimit_res
}

// Parsing bounds the inspection of one request.
type Parsing struct {
	InspectBytes Size     `yaml:"inspect_bytes"` // of the body, default 128KiB
	Depth        int      `yaml:"depth"`         // decodings, default 8
	Values       int      `yaml:"values"`        // default 4096
	Off          []string `yaml:"off"`           // parsers that are not applied
	OffAt        []OffAt  `yaml:"off_at"`        // parsers that are not applied at a point
}

// OffAt switches parsers off at a point and below it.
type OffAt struct {
	Parsers     []string `yaml:"parsers"`
	Application int      `yaml:"application"` // 0: all
	Point       string   `yaml:"point"`
}

// Detection says what is looked for.
type Detection struct {
	Off         []attack.Type `yaml:"off"`         // types that are not looked for
	Sensitivity Sensitivity   `yaml:"sensitivity"` // low, default or high
	Adjust      []Adjustment  `yaml:"adjust"`      // exceptions to it
	GraphQL     GraphQL       `yaml:"graphql"`
}

// GraphQL bounds GraphQL documents. 0 means no bound.
type GraphQL struct {
	Depth         int  `yaml:"depth"`          // levels of selections, default 20
	Aliases       int  `yaml:"aliases"`        // of one request, default 100
	Documents     int  `yaml:"documents"`      // in a batch, default 50
	DocumentBytes Size `yaml:"document_bytes"` // default 128KiB
	ValueBytes    Size `yaml:"value_bytes"`    // one string of a document, default 64KiB
	Introspection bool `yaml:"introspection"`  // may tools ask for the schema, in an operation named IntrospectionQuery; default true
}

// Lists are entries of the allowlist, denylist and graylist that the file sets.
type Lists struct {
	Allow     []ListEntry `yaml:"allow"`
	Deny      []ListEntry `yaml:"deny"`
	Gray      []ListEntry `yaml:"gray"`
	Netfilter Netfilter   `yaml:"netfilter"`
}

// Netfilter says whether the kernel drops what sources send that are denied for all
// applications, and where its rules stand.
type Netfilter struct {
	Enabled bool   `yaml:"enabled"`
	Table   string `yaml:"table"`  // filter, mangle or raw; default filter
	Parent  string `yaml:"parent"` // the chain that jumps to ours, default INPUT
	Chain   string `yaml:"chain"`  // of this node alone, default WEIR
	Ports   []int  `yaml:"ports"`  // TCP; empty: those of the traffic listeners
	Target  string `yaml:"target"` // DROP or REJECT, default DROP
	Max     int    `yaml:"max"`    // rules of both address families, default 10000
}

// ListEntry is one address or subnet on a list, for one application or all.
type ListEntry struct {
	Address     netip.Prefix `yaml:"address"` // a single address is a full-length prefix
	Application int          `yaml:"application"`
	Reason      string       `yaml:"reason"`
}

// Session says how requests are grouped into sessions. Keys are tried in order;
// then common session cookies, then address and User-Agent together.
type Session struct {
	Keys []SessionKey `yaml:"keys"`
	Idle Duration     `yaml:"idle"` // a session ends after this time without requests, default 30m
	Max  int          `yaml:"max"`  // sessions kept in memory, default 100000
}

// SessionKey is one grouping key: exactly one of its fields is set.
type SessionKey struct {
	Cookie string `yaml:"cookie"`
	Header string `yaml:"header"`
}

// Log says what the node's own log holds.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn, error; default info
	Format string `yaml:"format"` // json or console; default json
}
