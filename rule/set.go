package rule

import (
	"cmp"
	"slices"
	"strings"

	"github.com/weirnode/weir/config"
)

// Settings are what holds for one route. They are shared and immutable.
type Settings struct {
	Site            string // first host pattern of the site
	Route           string // path of the route, "" for the rest of the site
	Methods         []string
	Application     int32 // -1 when the site names none
	ApplicationName string
	Upstream        string
	Mode            config.Mode
	ModeSource      string // file, site, route, or rule and its number
}

// Set is the compiled sites, routes and rules. It is immutable.
type Set struct {
	exact    map[string]*site // by lower-case host
	wild     []wildSite       // longest suffix first
	fallback *site            // the site of "*"
	sites    []*site
	rules    []condition
	override config.Override
}

type wildSite struct {
	pattern string
	site    *site
}

type site struct {
	whole  variants // for paths that no route names
	routes []route  // exact ones, then regular expressions, then longest prefix first
}

type route struct {
	path     *pathPattern
	methods  []string
	settings variants
}

// variants are one route's settings by the mode that a stored rule gave: index 0
// has the file's own mode. They are made in advance so that resolving never
// allocates.
type variants struct {
	file  *Settings
	rules []*Settings // by index of Set.rules; nil where the rule changes nothing
}

// Compile compiles a valid configuration and the stored rules.
func Compile(cfg *config.Config, rules []Rule) (*Set, error) {
	conditions, err := compileRules(rules)
	if err != nil {
		return nil, err
	}
	s := &Set{exact: map[string]*site{}, rules: conditions, override: cfg.ModeOverride}
	for _, from := range cfg.Sites {
		compiled, err := s.compileSite(cfg, from)
		if err != nil {
			return nil, err
		}
		s.sites = append(s.sites, compiled)
		s.addHosts(from.Hosts, compiled)
	}
	slices.SortStableFunc(s.wild, func(a, b wildSite) int { return cmp.Compare(len(b.pattern), len(a.pattern)) })
	return s, nil
}

func (s *Set) addHosts(hosts []string, to *site) {
	for _, h := range hosts {
		switch h = strings.ToLower(h); {
		case h == "*":
			s.fallback = to
		case strings.HasPrefix(h, "*"):
			s.wild = append(s.wild, wildSite{h, to})
		default:
			s.exact[h] = to
		}
	}
}

func (s *Set) compileSite(cfg *config.Config, from config.Site) (*site, error) {
	base := Settings{
		Site: from.Hosts[0], Application: int32(from.Application.ID), ApplicationName: from.Application.Name,
		Upstream: from.Upstream, Mode: cfg.Mode, ModeSource: "file",
	}
	if base.Application == 0 {
		base.Application = -1
	}
	if from.Mode != nil {
		base.Mode, base.ModeSource = *from.Mode, "site"
	}
	out := &site{whole: s.variants(base)}
	for _, r := range from.Routes {
		p, err := compilePath(r.Path)
		if err != nil {
			return nil, err
		}
		settings := base
		settings.Route, settings.Methods = r.Path, r.Methods
		if r.Mode != nil {
			settings.Mode, settings.ModeSource = *r.Mode, "route"
		}
		if r.Upstream != "" {
			settings.Upstream = r.Upstream
		}
		out.routes = append(out.routes, route{p, r.Methods, s.variants(settings)})
	}
	slices.SortStableFunc(out.routes, func(a, b route) int {
		return cmp.Or(cmp.Compare(a.path.rank(), b.path.rank()), cmp.Compare(len(b.path.prefix), len(a.path.prefix)), cmp.Compare(len(b.methods), len(a.methods)))
	})
	return out, nil
}

// rank orders the forms of paths: exact, regular expression, prefix.
func (p *pathPattern) rank() int {
	switch {
	case p.exact != "":
		return 0
	case p.re != nil:
		return 1
	default:
		return 2
	}
}

// variants prepares what each stored rule would make of the settings.
func (s *Set) variants(base Settings) variants {
	v := variants{file: &base}
	for _, c := range s.rules {
		changed := base
		changed.Mode = s.override.Apply(base.Mode, c.mode)
		if changed.Mode == base.Mode {
			v.rules = append(v.rules, nil)
			continue
		}
		changed.ModeSource = c.source
		v.rules = append(v.rules, &changed)
	}
	return v
}

// Resolve returns the settings of a request, nil if no site has its host. The path
// must be clean (parse.CleanPath).
func (s *Set) Resolve(host, method, path []byte) *Settings {
	to := s.siteOf(host)
	if to == nil {
		return nil
	}
	v := &to.whole
	for i := range to.routes {
		if r := &to.routes[i]; r.path.matches(path) && (len(r.methods) == 0 || contains(r.methods, method)) {
			v = &r.settings
			break
		}
	}
	for i := range s.rules {
		if s.rules[i].matches(v.file.Application, host, method, path) {
			if v.rules[i] != nil {
				return v.rules[i]
			}
			break
		}
	}
	return v.file
}

// maxHost is the longest host name that is looked up exactly, in bytes.
const maxHost = 255

func (s *Set) siteOf(host []byte) *site {
	host = withoutPort(host)
	var buf [maxHost]byte
	if len(host) <= maxHost {
		lower := buf[:len(host)]
		for i, c := range host {
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			lower[i] = c
		}
		if found := s.exact[string(lower)]; found != nil {
			return found
		}
	}
	for i := range s.wild {
		if matchesHost(s.wild[i].pattern, host) {
			return s.wild[i].site
		}
	}
	return s.fallback
}

// All returns the settings of every site and route as the file says them, in the
// order in which they are tried.
func (s *Set) All() []*Settings {
	var list []*Settings
	for _, site := range s.sites {
		for i := range site.routes {
			list = append(list, site.routes[i].settings.file)
		}
		list = append(list, site.whole.file)
	}
	return list
}
