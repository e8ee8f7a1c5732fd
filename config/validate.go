package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weirnode/weir/point"
)

// validator checks what types cannot: ranges, forms and references.
type validator struct{ *decoder }

// say tells a problem unless decoding has told one at the same place already.
func (v *validator) say(path, format string, args ...any) {
	if v.told(path) {
		return
	}
	v.problem(v.lineOf(path), path, format, args...)
}

// between refuses numbers outside a range; the text names the range.
func between[T ~int | ~int64](v *validator, path string, n, least, most T) {
	if n < least || n > most {
		v.say(path, "%v is outside of %v to %v", n, least, most)
	}
}

func (v *validator) config(c *Config) {
	if c.Version != 1 {
		v.say("version", "write version: 1")
	}
	v.listeners(c)
	v.store(c.Store)
	v.upstreams(c.Upstreams)
	v.sites(c)
	v.clientAddress(c.ClientAddress)
	v.blockPage(c.BlockPage)
	v.limits(c.Limits)
	v.parse(c.Parse)
	v.detect(c.Detect)
	v.lists(c.Lists)
	v.netfilter(c)
	v.session(c.Session)
	v.log(c.Log)
}

func (v *validator) detect(d Detection) {
	between(v, "detect.graphql.depth", d.GraphQL.Depth, 0, 10_000)
	between(v, "detect.graphql.aliases", d.GraphQL.Aliases, 0, 1_000_000)
	between(v, "detect.graphql.documents", d.GraphQL.Documents, 0, 1_000_000)
	between(v, "detect.graphql.document_bytes", d.GraphQL.DocumentBytes, 0, 1<<30)
	between(v, "detect.graphql.value_bytes", d.GraphQL.ValueBytes, 0, 1<<30)
	for i, a := range d.Adjust {
		path := fmt.Sprintf("detect.adjust[%d]", i)
		if len(a.Types) == 0 && a.Application == 0 && a.Point == "" {
			v.say(path, "name types, an application or a point; for all, set detect.sensitivity")
		}
		between(v, path+".application", a.Application, 0, 1<<30)
		if a.Point == "" {
			continue
		}
		if _, err := point.ParsePattern(a.Point); err != nil {
			v.say(path+".point", "%v", err)
		}
	}
}

func (v *validator) listeners(c *Config) {
	if len(c.Listen) == 0 {
		v.say("listen", "name at least one address, for example - address: 127.0.0.1:8080")
	}
	seen := map[string]string{}
	check := func(path, address string) {
		v.address(path, address)
		if other, taken := seen[address]; taken && !strings.HasSuffix(address, ":0") {
			v.say(path, "%s is the address of %s too", address, other)
		}
		seen[address] = path
	}
	for i, l := range c.Listen {
		check(fmt.Sprintf("listen[%d].address", i), l.Address)
		v.listenTLS(fmt.Sprintf("listen[%d].tls", i), l.TLS)
	}
	check("manage.address", c.Manage.Address)
}

func (v *validator) listenTLS(path string, t TLS) {
	if t.MinVersion != "1.2" && t.MinVersion != "1.3" {
		v.say(path+".min_version", "%q is not a version: use \"1.2\" or \"1.3\"", t.MinVersion)
	}
	for i, c := range t.Certificates {
		item := fmt.Sprintf("%s.certificates[%d]", path, i)
		if c.Cert == "" || c.Key == "" {
			v.say(item, "name two files: cert and key")
			continue
		}
		v.file(item+".cert", c.Cert)
		v.file(item+".key", c.Key)
	}
}

// file checks that a file can be found.
func (v *validator) file(path, name string) {
	if info, err := os.Stat(name); err != nil {
		v.say(path, "%s: %s", name, reason(err))
	} else if info.IsDir() {
		v.say(path, "%s is a folder", name)
	}
}

// address checks host:port.
func (v *validator) address(path, address string) {
	host, port, err := net.SplitHostPort(address)
	n, portErr := strconv.Atoi(port)
	if err != nil || portErr != nil || n < 0 || n > 65535 || strings.ContainsAny(host, " /") {
		v.say(path, "%q is not an address: write host:port, for example 127.0.0.1:8080", address)
	}
}

func (v *validator) store(s Store) {
	if scheme, dir, ok := strings.Cut(s.URL, ":"); !ok || scheme != "file" || strings.TrimPrefix(dir, "//") == "" {
		v.say("store.url", "%q is not a store: write file:./weir-data", s.URL)
	}
	between(v, "store.flush_interval", s.FlushInterval, Duration(10*time.Millisecond), seconds(10))
	between(v, "store.queue_bytes", s.QueueBytes, 1<<20, 4<<30)
	between(v, "store.keep_requests", s.KeepRequests, seconds(60), days(3650))
	between(v, "store.keep_attacks", s.KeepAttacks, seconds(60), days(3650))
}

func (v *validator) upstreams(all map[string]Upstream) {
	if len(all) == 0 {
		v.say("upstreams", "name at least one upstream with its targets")
	}
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		u, path := all[name], "upstreams."+name
		if len(u.Targets) == 0 {
			v.say(path, "targets are missing, for example targets: [\"http://127.0.0.1:3000\"]")
		}
		for i, target := range u.Targets {
			item := fmt.Sprintf("%s.targets[%d]", path, i)
			v.target(item, target)
			if secure := strings.HasPrefix(target, "https:"); u.Protocol == H2 && !secure || u.Protocol == H2C && secure {
				v.say(item, "protocol h2 goes with https targets, h2c with http targets")
			}
		}
		if u.TLS.CAFile != "" {
			v.file(path+".tls.ca_file", u.TLS.CAFile)
		}
		between(v, path+".connect_timeout", u.ConnectTimeout, Duration(10*time.Millisecond), seconds(60))
		between(v, path+".response_timeout", u.ResponseTimeout, Duration(10*time.Millisecond), seconds(3600))
		between(v, path+".idle_timeout", u.IdleTimeout, seconds(1), seconds(3600))
		between(v, path+".eject_after", u.EjectAfter, 1, 1000)
		between(v, path+".eject_for", u.EjectFor, Duration(100*time.Millisecond), seconds(3600))
		between(v, path+".slow_start", u.SlowStart, Duration(0), seconds(3600))
		between(v, path+".health.interval", u.Health.Interval, Duration(100*time.Millisecond), seconds(3600))
		between(v, path+".health.timeout", u.Health.Timeout, Duration(10*time.Millisecond), seconds(60))
		if u.Health.Path != "" && !pathForm.MatchString(u.Health.Path) {
			v.say(path+".health.path", "%q is not a path: write for example /health", u.Health.Path)
		}
		between(v, path+".max_connections", u.MaxConnections, 1, 65536)
	}
}

var pathForm = regexp.MustCompile(`^/[!-~]*$`)

func (v *validator) target(path, text string) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		v.say(path, "%q is not a target: write http://host:port", text)
	case u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil || u.Fragment != "":
		v.say(path, "%q: a target is http://host:port or https://host:port and nothing else; requests keep their own path", text)
	}
}

func (v *validator) sites(c *Config) {
	if len(c.Sites) == 0 {
		v.say("sites", "name at least one site, for example - {hosts: [\"*\"], upstream: NAME}")
	}
	hosts, names := map[string]string{}, map[int]string{}
	for i := range c.Sites {
		path, s := fmt.Sprintf("sites[%d]", i), &c.Sites[i]
		v.hosts(path+".hosts", s.Hosts, hosts)
		v.upstreamName(path+".upstream", s.Upstream, c, true)
		if id := s.Application.ID; id < -1 || id > 1<<30 {
			v.say(path+".application.id", "%d: an application's id is a positive number", id)
		} else if other, known := names[id]; known && id > 0 && other != s.Application.Name {
			v.say(path+".application.id", "%d is the id of application %q too", id, other)
		}
		names[s.Application.ID] = s.Application.Name
		between(v, path+".response_timeout", s.ResponseTimeout, 0, seconds(3600))
		for j := range s.Routes {
			v.route(fmt.Sprintf("%s.routes[%d]", path, j), &s.Routes[j], c)
		}
	}
}

var hostForm = regexp.MustCompile(`^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$`)

func (v *validator) hosts(path string, hosts []string, seen map[string]string) {
	if len(hosts) == 0 {
		v.say(path, `name at least one host, or "*" for all`)
	}
	for i, h := range hosts {
		item := fmt.Sprintf("%s[%d]", path, i)
		if _, err := netip.ParseAddr(strings.Trim(h, "[]")); h != "*" && err != nil && (!hostForm.MatchString(h) || len(h) > 253) {
			v.say(item, "%q is not a host: write example.com, *.example.com or \"*\", without a port", h)
		}
		key := strings.ToLower(h)
		if other, taken := seen[key]; taken {
			v.say(item, "%q stands at %s already", h, other)
			continue
		}
		seen[key] = item
	}
}

func (v *validator) upstreamName(path, name string, c *Config, required bool) {
	if name == "" {
		if required {
			v.say(path, "name the upstream of the site")
		}
		return
	}
	if _, ok := c.Upstreams[name]; !ok {
		known := make([]string, 0, len(c.Upstreams))
		for k := range c.Upstreams {
			known = append(known, k)
		}
		slices.Sort(known)
		v.say(path, "there is no upstream %q%s", name, suggestion(name, known))
	}
}

var methodForm = regexp.MustCompile(`^[A-Z][A-Z-]{0,31}$`)

func (v *validator) route(path string, r *Route, c *Config) {
	v.upstreamName(path+".upstream", r.Upstream, c, false)
	between(v, path+".response_timeout", r.ResponseTimeout, 0, seconds(3600))
	for i, m := range r.Methods {
		if !methodForm.MatchString(m) {
			v.say(fmt.Sprintf("%s.methods[%d]", path, i), "%q is not a method: write it in capitals, for example POST", m)
		}
	}
	text := r.Path
	switch {
	case strings.HasPrefix(text, "="):
		text = strings.TrimSpace(text[1:])
	case strings.HasPrefix(text, "~"):
		if _, err := regexp.Compile(strings.TrimSpace(text[1:])); err != nil {
			v.say(path+".path", "%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		return
	}
	if !strings.HasPrefix(text, "/") {
		v.say(path+".path", `%q: write "/prefix", "= /exact" or "~ regular expression"`, r.Path)
	}
}

var tokenForm = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

func (v *validator) clientAddress(c ClientAddress) {
	if !tokenForm.MatchString(c.Header) {
		v.say("client_address.header", "%q is not the name of a header field", c.Header)
	}
}

func (v *validator) blockPage(b BlockPage) {
	between(v, "block_page.status", b.Status, 400, 599)
	if b.File == "" {
		return
	}
	info, err := os.Stat(b.File)
	if err != nil {
		v.say("block_page.file", "%s", reason(err))
	} else if info.Size() > 1<<20 || info.IsDir() {
		v.say("block_page.file", "%s is not a file of at most 1MiB", b.File)
	}
}

func (v *validator) limits(l Limits) {
	between(v, "limits.header_bytes", l.HeaderBytes, 1<<10, 1<<20)
	between(v, "limits.header_fields", l.HeaderFields, 10, 10_000)
	between(v, "limits.body_bytes", l.BodyBytes, 0, 1<<50)
	between(v, "limits.buffer_bytes", l.BufferBytes, 4<<10, 64<<20)
	between(v, "limits.header_timeout", l.HeaderTimeout, Duration(100*time.Millisecond), seconds(600))
	between(v, "limits.body_timeout", l.BodyTimeout, Duration(100*time.Millisecond), seconds(3600))
	between(v, "limits.body_rate", l.BodyRate, 0, 1<<30)
	between(v, "limits.idle_timeout", l.IdleTimeout, Duration(100*time.Millisecond), seconds(3600))
	between(v, "limits.websocket_idle", l.WebSocketIdle, Duration(100*time.Millisecond), days(7))
	between(v, "limits.connections", l.Connections, 1, 1_000_000)
	between(v, "limits.connections_per_address", l.ConnectionsPerAddress, 1, 1_000_000)
	between(v, "limits.in_flight", l.InFlight, 1, 1_000_000)
	between(v, "limits.drain_timeout", l.DrainTimeout, Duration(0), seconds(3600))
	between(v, "limits.inspect_timeout", l.InspectTimeout, Duration(time.Millisecond), seconds(60))
}

// parsers are the names of parsers that can be switched off.
var parsers = []string{
	"percent", "base64", "cookie", "form_urlencoded", "json_doc", "multipart", "gzip", "xml", "gql", "grpc", "protobuf", "jwt", "htmljs",
	"hex", "viewstate", "php_serial", "charset", "csv", "lines", "msgpack", "cbor",
}

func (v *validator) parse(p Parsing) {
	between(v, "parse.inspect_bytes", p.InspectBytes, 0, 64<<20)
	between(v, "parse.depth", p.Depth, 1, 32)
	between(v, "parse.values", p.Values, 16, 1_000_000)
	v.parsers("parse.off", p.Off)
	for i, off := range p.OffAt {
		path := fmt.Sprintf("parse.off_at[%d]", i)
		if len(off.Parsers) == 0 {
			v.say(path+".parsers", "name at least one of %s", strings.Join(parsers, ", "))
		}
		v.parsers(path+".parsers", off.Parsers)
		between(v, path+".application", off.Application, 0, 1<<30)
		if _, err := point.ParsePattern(off.Point); err != nil {
			v.say(path+".point", "%v", err)
		}
	}
}

func (v *validator) parsers(path string, names []string) {
	for i, name := range names {
		if !slices.Contains(parsers, name) {
			v.say(fmt.Sprintf("%s[%d]", path, i), "unknown parser %q%s", name, suggestion(name, parsers))
		}
	}
}

func (v *validator) lists(l Lists) {
	for name, entries := range map[string][]ListEntry{"allow": l.Allow, "deny": l.Deny, "gray": l.Gray} {
		for i, e := range entries {
			path := fmt.Sprintf("lists.%s[%d]", name, i)
			if !e.Address.IsValid() && !v.told(path+".address") {
				v.say(path, "an address is missing")
			}
			between(v, path+".application", e.Application, 0, 1<<30)
		}
	}
}

// told reports whether a problem was found at a path already.
func (v *validator) told(path string) bool {
	return slices.ContainsFunc(v.problems, func(p Problem) bool { return p.Path == path })
}

func (v *validator) session(s Session) {
	between(v, "session.idle", s.Idle, seconds(1), days(7))
	between(v, "session.max", s.Max, 64, 10_000_000)
	for i, k := range s.Keys {
		path := fmt.Sprintf("session.keys[%d]", i)
		switch {
		case (k.Cookie == "") == (k.Header == ""):
			v.say(path, "write either cookie: NAME or header: NAME")
		case k.Header != "" && !tokenForm.MatchString(k.Header):
			v.say(path+".header", "%q is not the name of a header field", k.Header)
		}
	}
}

func (v *validator) log(l Log) {
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, l.Level) {
		v.say("log.level", "unknown level %q: use debug, info, warn or error", l.Level)
	}
	if l.Format != "json" && l.Format != "console" {
		v.say("log.format", "unknown format %q: use json or console", l.Format)
	}
}
