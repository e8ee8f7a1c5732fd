package rule

import (
	"cmp"
	"slices"
	"strings"
	"time"

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
	ResponseTimeout time.Duration // 0: the upstream's
	Messages        bool          // messages of WebSockets are inspected
	Mode            config.Mode
	Overlimit       config.Overlimit
	ModeSource      string // what set the mode: "file", "site shop.example.com", "route /health" or "rule 12"
}

// Set is the compiled sites, routes and rules. It is immutable.
type Set struct {
	exact    map[string]*site // by lower-case host
	wild     []wildSite       // longest suffix first
	fallback *site            // the site of "*"
	sites    []*site
	rules    []condition // the most specific first
	override config.Override
}

type wildSite struct {
	pattern string
	site    *site
}

type site struct {
	hosts  []string // as plainHost writes them
	rules  []int    // of Set.rules, those that can be about the site, in their order
	whole  variants // for paths that no route names
	routes []route  // as compareRoutes orders them
}

type route struct {
	path     *pathPattern
	methods  []string
	settings variants
}

// variants are one route's settings by what gave the mode. They are made in advance
// so that resolving never allocates.
type variants struct {
	file  *Settings
	rules map[int]*Settings // by index of Set.rules; only those that change something
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
		s.addHosts(compiled)
	}
	slices.SortStableFunc(s.wild, func(a, b wildSite) int { return cmp.Compare(len(b.pattern), len(a.pattern)) })
	return s, nil
}

func (s *Set) addHosts(to *site) {
	for _, h := range to.hosts {
		switch {
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
		Upstream: from.Upstream, ResponseTimeout: from.ResponseTimeout.Std(), Messages: from.WebSocketInspect, Mode: cfg.Mode, ModeSource: "file",
		Overlimit: cfg.Overlimit,
	}
	if base.Application == 0 {
		base.Application = -1
	}
	if from.Mode != nil {
		base.Mode, base.ModeSource = *from.Mode, "site "+base.Site
	}
	if from.Overlimit != nil {
		base.Overlimit = *from.Overlimit
	}
	out := &site{}
	for _, h := range from.Hosts {
		out.hosts = append(out.hosts, plainHost(h))
	}
	for i := range s.rules {
		if s.rules[i].concerns(base.Application, out.hosts) {
			out.rules = append(out.rules, i)
		}
	}
	out.whole = s.variants(&base, out.rules)
	for _, r := range from.Routes {
		p, err := compilePath(r.Path)
		if err != nil {
			return nil, err
		}
		settings := base
		settings.Route, settings.Methods = r.Path, r.Methods
		if r.ResponseTimeout > 0 {
			settings.ResponseTimeout = r.ResponseTimeout.Std()
		}
		if r.Mode != nil {
			settings.Mode, settings.ModeSource = *r.Mode, "route "+r.Path
		}
		if r.Overlimit != nil {
			settings.Overlimit = *r.Overlimit
		}
		if r.Upstream != "" {
			settings.Upstream = r.Upstream
		}
		out.routes = append(out.routes, route{p, r.Methods, s.variants(&settings, out.rules)})
	}
	slices.SortStableFunc(out.routes, compareRoutes)
	return out, nil
}

// compareRoutes orders routes as they are tried. Regular expressions stay in the order
// of the file; of equal paths the one with methods goes first.
func compareRoutes(a, b route) int {
	if byForm := cmp.Compare(a.path.rank(), b.path.rank()); byForm != 0 || a.path.re != nil {
		return byForm
	}
	return cmp.Or(cmp.Compare(len(b.path.prefix), len(a.path.prefix)), cmp.Compare(len(b.methods), len(a.methods)))
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

// variants prepares what each of a site's rules would make of some settings.
func (s *Set) variants(base *Settings, rules []int) variants {
	v := variants{file: base}
	for _, i := range rules {
		mode := s.override.Apply(base.Mode, s.rules[i].mode)
		if mode == base.Mode {
			continue
		}
		changed := *base
		changed.Mode, changed.ModeSource = mode, s.rules[i].source
		if v.rules == nil {
			v.rules = map[int]*Settings{}
		}
		v.rules[i] = &changed
	}
	return v
}

// Resolve returns the settings of a request, nil if no site has its host. The path
// must be clean (parse.CleanPath).
func (s *Set) Resolve(host, method, path []byte) *Settings {
	var buf [maxHost]byte
	host = appendLower(buf[:0], withoutPort(host))
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
	for _, i := range to.rules {
		if s.rules[i].matches(host, method, path) {
			if changed := v.rules[i]; changed != nil {
				return changed
			}
			break
		}
	}
	return v.file
}

func (s *Set) siteOf(host []byte) *site {
	if found := s.exact[string(host)]; found != nil {
		return found
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
