package ssrf

import (
	"bytes"

	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// service reports whether port or path are those of a service that is no web site: a port
// that speaks no HTTP, a page for operators of a site, or what only the interface of an
// inner service is asked for.
func service(h *host.Host) bool {
	switch string(h.Port) {
	case "22", "23", "25", "110", "111", "143", "389", "445", "873", "1433", "1521", "2049", "2181", "2375", "2379", "3306", "3389", "5432", "5900", "6379", "6380", "9042", "9229", "10250", "10255", "11211", "26379", "27017", "61616":
		return true
	case "15672", "8161", "9990":
		return len(h.Rest) > 1
	case "", "80", "443":
		for _, p := range [...]string{"/admin", "/internal", "/flag"} {
			if lex.HasPrefix(h.Rest, p) {
				return true
			}
		}
	}
	if lex.Equal(h.Rest, "/script") {
		return true
	}
	return lex.PrefixLength(h.Rest, interfaces[:]) > 0
}

// interfaces are paths of databases, registries, secret stores, orchestrators and
// servers' own pages.
var interfaces = [...]string{
	"/_all_dbs", "/_cat/", "/_cluster", "/_nodes", "/_search", "/_config", "/_utils", "/_stats", "/_users", "/solr/", "/v1/secret", "/v1/sys/", "/v1/kv", "/v1/agent", "/v1/catalog", "/v1/auth/", "/v1/jobs", "/v1.2", "/v1.3", "/v1.4", "/v2/keys", "/v2/_catalog",
	"/containers/", "/images/json", "/info?", "/api/v1/namespaces", "/api/v1/pods", "/api/v1/secrets", "/api/v1/nodes", "/apis/", "/pods", "/runningpods", "/api/datasources", "/api/overview", "/actuator",
	"/jolokia", "/heapdump", "/server-status", "/server-info", "/debug/vars", "/phpmyadmin", "/adminer", "/.env", "/.git/", "/etc/passwd", "/manager/html", "/host-manager", "/scripttext", "/nifi-api", "/nacos/", "/eureka/",
	"/druid/", "/json/version", "/json/list", "/sidekiq", "/cgi-bin/", "/fastcgi", "/metadata", "/runtime/invocation", "/2018-06-01/runtime", "/ws/v1/cluster", "/webhdfs/", "/minio/", "/sys/health",
	"/api/v1/status/", "/api/v1/targets", "/api/v1/admin/", "/config_dump", "/nginx_status", "/fpm-status", "/metrics", "/computemetadata", "/v1/operator/", "/v1/acl/",
}

// account reports whether a URL is that of a file for which a user logs in by FTP, as
// settings of imports have it; loopback has no such accounts.
func account(u []byte, h *host.Host) bool {
	if !lex.HasPrefix(u, "ftp:") || bytes.IndexByte(h.User, ':') < 1 || bytes.ContainsAny(h.Rest, "%\r\n") {
		return false
	}
	ip, odd, ok := h.Address()
	return ok && !odd && ip.IsPrivate() && len(h.Port) == 0
}

// single reports whether a host is a name without a domain.
func single(name []byte) bool {
	return len(name) > 2 && lex.Letter(name[0]) && point.Classify(name)&^(point.Alpha|point.Digit|point.Dash) == 0
}

// twoPorts reports whether two ports follow the host, of which parsers take either.
func twoPorts(h *host.Host) bool {
	i := bytes.IndexByte(h.Name, ':')
	if len(h.Name) > 0 && h.Name[0] == '[' { // behind an address of IPv6
		if i = bytes.Index(h.Name, []byte("]:")); i > 0 {
			i++
		}
	}
	if i < 1 || len(h.Port) == 0 || i+1 == len(h.Name) {
		return false
	}
	for _, c := range h.Name[i+1:] {
		if !lex.Digit(c) {
			return false
		}
	}
	return true
}

// hostIn reports whether a host stands in front of an @: a.example@, a.example:443@,
// u@10.0.0.1@.
func hostIn(user []byte) bool {
	for first := true; len(user) > 0; first = false {
		part, rest, more := bytes.Cut(user, []byte("@"))
		name, port, _ := bytes.Cut(part, []byte(":"))
		switch string(port) {
		case "", "80", "443", "8080", "8443":
			h := host.Host{Name: name}
			_, _, numeric := h.Address()
			if host.Named(name) || numeric && (bytes.IndexByte(name, '.') > 0 || !first) {
				return true
			}
		}
		if !more {
			break
		}
		user = rest
	}
	return false
}

// hostBehind reports whether what follows a # or a ? is a host with a path, for checks
// that look for a trusted name: http://127.0.0.1#.a.example/
func hostBehind(rest []byte) bool {
	if len(rest) < 4 || bytes.IndexByte([]byte("#?;&"), rest[0]) < 0 {
		return false
	}
	name := bytes.TrimLeft(rest[1:], ".@")
	if end := bytes.IndexByte(name, '/'); end >= 0 {
		name = name[:end]
	}
	return host.Named(name)
}

// cut reports whether a host ends in a way that only some readers take for an end: with
// a control byte and no text behind it, or with the dot of the root.
func cut(h *host.Host) bool {
	c := at(h.Rest, 0)
	return len(h.Rest) > 0 && c < ' ' && len(bytes.TrimSpace(h.Rest)) > 0 && bytes.IndexByte(h.Rest, ' ') < 0 || bytes.HasSuffix(h.Name, []byte(".")) && bytes.IndexByte(h.Name, '*') < 0
}

// attribute reports whether a URL in a text with blanks is the value of an attribute or
// an argument, and no sentence stands in front.
func (s *scan) attribute(i int) bool {
	if bytes.IndexByte([]byte("\"'=("), s.data[i-1]) < 0 {
		return false
	}
	before := s.data[max(0, i-128):i]
	if tag := bytes.LastIndexByte(before, '<'); tag >= 0 && tag+1 < len(before) && lex.Letter(before[tag+1]) {
		before = before[tag:] // what a text says in front of a tag does not matter to who renders it
	}
	return !lex.Prose(before)
}

// split weighs a scheme in which a tab or a line end stands, which parsers of URLs drop.
func (s *scan) split(start int) {
	var buf [12]byte
	n, dropped := 0, 0
	for i := start; i < len(s.data) && n < len(buf); i++ {
		switch c := s.data[i]; {
		case c == '\t' || c == '\n' || c == '\r':
			if n > 0 {
				dropped++
			}
		case c == ':':
			if dropped > 0 && isScheme(buf[:n]) && at(s.data, i+1) == '/' {
				s.best.Add(&userTrick, start, i-start)
			}
			return
		case !lex.Letter(c):
			return
		default:
			buf[n] = c
			n++
		}
	}
}

func isScheme(word []byte) bool {
	return lex.OneOf(word, "http", "https", "file", "gopher", "dict", "ftp", "ldap")
}
