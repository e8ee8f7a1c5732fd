package filter

import (
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/point"
)

// parsing are the options of the parsers, of applications that have some of their own
// and of all others.
type parsing struct {
	others parse.Options
	own    map[int32]*parse.Options
}

// offAt is a compiled config.OffAt.
type offAt struct {
	parsers     parse.ParserSet
	application int32 // 0: all
	point       point.Pattern
}

func compileParsing(c config.Parsing) (parsing, error) {
	off, err := parse.Parsers(c.Off)
	if err != nil {
		return parsing{}, err
	}
	rows := make([]offAt, 0, len(c.OffAt))
	for _, o := range c.OffAt {
		row := offAt{application: int32(o.Application)}
		if row.parsers, err = parse.Parsers(o.Parsers); err != nil {
			return parsing{}, err
		}
		if row.point, err = point.ParsePattern(o.Point); err != nil {
			return parsing{}, err
		}
		rows = append(rows, row)
	}
	options := func(application int32) parse.Options {
		return parse.Options{
			Limits: parse.Limits{Depth: c.Depth, Values: c.Values},
			Off:    off,
			OffAt:  offFor(rows, application),
			Lean:   true,
			Memo:   parse.NewMemo(),
		}
	}
	p := parsing{others: options(0), own: map[int32]*parse.Options{}}
	for _, row := range rows {
		if _, known := p.own[row.application]; row.application != 0 && !known {
			own := options(row.application)
			p.own[row.application] = &own
		}
	}
	return p, nil
}

// offFor returns what is asked for an application's parsers at a point, nil if no row is
// about it.
func offFor(rows []offAt, application int32) func(*point.Tree, point.Ref) parse.ParserSet {
	var its []offAt
	for _, row := range rows {
		if row.application == 0 || row.application == application {
			its = append(its, row)
		}
	}
	if len(its) == 0 {
		return nil
	}
	return func(tree *point.Tree, ref point.Ref) (off parse.ParserSet) {
		for i := range its {
			if its[i].point.Covers(tree, ref) {
				off |= its[i].parsers
			}
		}
		return off
	}
}

// of returns the options for an application.
func (p *parsing) of(application int32) *parse.Options {
	if own, ok := p.own[application]; ok {
		return own
	}
	return &p.others
}

// changed returns the same options for all applications with one thing changed.
func (p *parsing) changed(change func(*parse.Options)) parsing {
	other := parsing{others: p.others, own: make(map[int32]*parse.Options, len(p.own))}
	change(&other.others)
	for application, o := range p.own {
		own := *o
		change(&own)
		other.own[application] = &own
	}
	return other
}

// parsing returns the options for the exchange's application.
func (ex *Exchange) parsing() *parse.Options { return ex.snapshot.parse.of(ex.application()) }
