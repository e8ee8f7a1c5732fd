package filter

import (
	"time"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/rule"
	"github.com/weirnode/weir/session"
)

// Snapshot is one generation of all compiled settings. It is immutable; an
// exchange keeps the snapshot it began with.
type Snapshot struct {
	rules        *rule.Set
	keys         *session.Keys
	parse        parsing
	detect       detect.Options
	grading      grading
	graphql      []gqlLimit
	inspectBytes int
	inspectTime  time.Duration
}

// Compile makes a snapshot of a configuration and the stored rules. The key
// derives session ids. It touches nothing and fails on rules that do not compile.
func Compile(cfg *config.Config, rules []rule.Rule, key []byte) (*Snapshot, error) {
	set, err := rule.Compile(cfg, rules)
	if err != nil {
		return nil, err
	}
	parsing, err := compileParsing(cfg.Parse)
	if err != nil {
		return nil, err
	}
	grading, err := compileGrading(&cfg.Detect)
	if err != nil {
		return nil, err
	}
	return &Snapshot{
		rules:        set,
		keys:         session.Compile(cfg.Session, key),
		parse:        parsing,
		detect:       detect.Options{Off: attack.SetOf(cfg.Detect.Off...), Score: grading.floor},
		grading:      grading,
		graphql:      gqlLimits(cfg.Detect.GraphQL),
		inspectBytes: int(cfg.Parse.InspectBytes),
		inspectTime:  cfg.Limits.InspectTimeout.Std(),
	}, nil
}

// Rules returns the compiled sites and rules.
func (s *Snapshot) Rules() *rule.Set { return s.rules }

// Complete returns a copy of the snapshot that keeps values which no detector reads,
// for people to look at.
func (s *Snapshot) Complete() *Snapshot {
	other := *s
	other.parse = s.parse.changed(func(o *parse.Options) { o.Lean, o.Memo = false, nil })
	return &other
}

// AtScore returns a copy of the snapshot that takes every finding of a score for an
// attack, wherever it stands.
func (s *Snapshot) AtScore(least int) *Snapshot {
	other := *s
	other.grading = grading{least: least, floor: least}
	other.detect.Score = least
	other.parse = s.parse.changed(func(o *parse.Options) { o.Memo = nil })
	return &other
}
