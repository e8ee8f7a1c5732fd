package sqli

import (
	"strings"

	"github.com/weirnode/weir/detect/lex"
)

// rareHead is the first word of a statement and those that may follow it.
type rareHead struct {
	head    string
	seconds []string
}

// rareHeads are beginnings of statements whose words mean something else in any other text: only
// a semicolon in front makes statements of them. The second word is one of those listed; where
// there are none, a name must follow, and a comment that cuts off the rest.
var rareHeads = [...]rareHead{
	{"flush", []string{"tables", "logs", "hosts", "status", "query", "user_resources", "binary"}},
	{"reset", []string{"slave", "replica", "query", "persist", "role"}},
	{"start", []string{"transaction", "slave", "replica", "group_replication"}},
	{"stop", []string{"slave", "replica", "group_replication"}},
	{"unlock", []string{"table", "instance"}},
	{"discard", []string{"all", "plans", "temp", "temporary", "sequences"}},
	{"reindex", []string{"table", "index", "database", "schema", "system"}},
	{"optimize", []string{"table"}},
	{"repair", []string{"table"}},
	{"check", []string{"table"}},
	{"checksum", []string{"table"}},
	{"purge", []string{"binary", "master", "dba_recyclebin", "tablespace"}},
	{"change", []string{"master", "replication"}},
	{"import", []string{"foreign", "table"}},
	{"security", []string{"label"}},
	{"comment", []string{"on"}},
	{"undrop", []string{"table", "schema", "database"}},
	{"flashback", []string{"table", "database"}},
	{"audit", []string{"all", "select", "table"}},
	{"noaudit", []string{"all", "select", "table"}},
	{"lock", []string{"tables"}},
	{"install", []string{"plugin", "component"}},
	{"uninstall", []string{"plugin", "component"}},
	{"export", []string{"database"}},
	{"add", []string{"jar", "file"}},
	{"cancel", []string{"query", "queries", "job", "jobs", "session"}},
	{"deallocate", []string{"prepare", "all"}},
	{"listen", nil},
	{"unlisten", nil},
	{"notify", nil},
	{"savepoint", nil},
	{"cluster", nil},
	{"close", nil},
	{"table", nil},
}

// sureHeads are such statements whose two words mean nothing else.
var sureHeads = [...]rareHead{
	{"upsert", []string{"into"}},
	{"bulk", []string{"insert"}},
	{"msck", []string{"repair"}},
	{"signal", []string{"sqlstate"}},
	{"get", []string{"diagnostics"}},
	{"flush", []string{"privileges"}},
	{"unlock", []string{"tables"}},
	{"reset", []string{"master"}},
	{"purge", []string{"recyclebin"}},
	{"vacuum", []string{"into"}},
	{"load", []string{"xml"}},
	{"alter", []string{"session"}},
	{"set", []string{"session", "persist", "serveroutput"}},
	{"insert", []string{"overwrite"}},
	{"backup", []string{"log"}},
	{"restore", []string{"filelistonly", "headeronly", "verifyonly", "log"}},
	{"execute", []string{"block", "procedure", "statement"}},
	{"create", []string{"external", "cast", "aggregate"}},
}

// aloneHeads are statements of one word.
var aloneHeads = []string{"commit", "rollback", "revert", "checkpoint", "abort"}

// rareWords are the first words of all these statements, and of those that weighRare knows besides.
var rareWords = func() *lex.Words {
	words := append([]string{"while", "raiserror", "throw", "print", "load", "grant"}, aloneHeads...)
	for _, heads := range [][]rareHead{rareHeads[:], sureHeads[:]} {
		for i := range heads {
			words = append(words, heads[i].head)
		}
	}
	return lex.NewWords(strings.Join(words, " "))
}()

// rareObjects are objects of CREATE, ALTER and DROP whose names are words of any text.
var rareObjects = []string{"server", "event", "rule", "stage", "directory", "policy", "publication", "subscription", "type", "domain", "aggregate", "operator", "language", "package", "sequence", "synonym", "java", "outbound", "library", "assembly", "credential", "user", "resource"}

// rare takes a statement behind a semicolon that begins with an ordinary word.
func (p *parser) rare(t token) bool {
	if p.quote == 0 && !p.numbers && p.closed == 0 && p.tokens > 0 {
		return false
	}
	weight := p.weighRare(t, p.peek())
	if weight == 0 {
		return false
	}
	p.breakout()
	p.tally.AddWeight(&statement, weight, t.off, t.len)
	p.weighStacked(t, stacked.Weight)
	p.skipStatement()
	return true
}

// weighRare returns what the beginning of such a statement weighs, 0 if it is none.
func (p *parser) weighRare(t, second token) int8 {
	w := p.data[t.off : t.off+t.len]
	if !rareWords.Has(w) && t.key != kwDrop {
		return 0
	}
	switch {
	case second.kind == comment && cutsAll(p.data[second.off:]):
		if lex.OneOf(w, aloneHeads...) {
			return 4
		}
	case lex.Equal(w, "while") && p.has("waitfor"):
		return 5
	case lex.Equal(w, "raiserror") && second.kind == open, lex.Equal(w, "throw") && second.kind == number, lex.Equal(w, "print") && (second.kind == str || second.kind == sysvar):
		return 5
	case lex.Equal(w, "load") && second.kind == str && second.key != cutOff && p.endsBehind(second), lex.Equal(w, "grant") && second.kind == word && second.key == kwAll && p.grantsAll(second):
		return 5
	}
	for i := range sureHeads {
		if head := &sureHeads[i]; lex.Equal(w, head.head) && lex.OneOf(p.data[second.off:second.off+second.len], head.seconds...) {
			return 5
		}
	}
	if t.key == kwDrop {
		return p.weighObject(second)
	}
	for i := range rareHeads {
		head := &rareHeads[i]
		if !lex.Equal(w, head.head) {
			continue
		}
		if head.seconds == nil && second.kind == name && p.cutsBehind(second) || lex.OneOf(p.data[second.off:second.off+second.len], head.seconds...) {
			return 4
		}
	}
	return 0
}

// weighObject weighs CREATE, ALTER or DROP with a rare object and its name.
func (p *parser) weighObject(object token) int8 {
	l := p.lexer
	l.next()
	if object.kind == name && lex.OneOf(p.data[object.off:object.off+object.len], rareObjects...) && l.next().kind == name {
		return 4
	}
	return 0
}

// grantsAll reports whether what GRANT ALL goes on with follows.
func (p *parser) grantsAll(all token) bool {
	l := p.lexer
	l.pos = all.off + all.len
	next := l.next()
	return next.kind == word && next.key == kwOn || p.wordIs(next, "privileges") || p.wordIs(next, "to") && l.next().kind != word
}

// endsBehind reports whether the statement ends behind a token.
func (p *parser) endsBehind(t token) bool {
	l := p.lexer
	l.pos = t.off + t.len
	next := l.next()
	return next.kind == end || next.kind == semicolon || next.kind == comment
}

// cutsBehind reports whether a comment that cuts off the rest stands behind a name, or behind it
// and a constant.
func (p *parser) cutsBehind(named token) bool {
	l := p.lexer
	l.pos = named.off + named.len
	t := l.next()
	if t.kind == comma && l.next().kind == str {
		t = l.next()
	}
	return t.kind == comment && cutsAll(p.data[t.off:])
}
