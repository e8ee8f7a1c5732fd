package nosqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// graphClause is the beginning of a clause.
type graphClause struct {
	text    string
	returns bool // something must be returned behind it
}

// graphClauses are beginnings of clauses of Cypher, and of ArangoDB's language. Behind those
// that are conditions or loops something must be returned.
var graphClauses = []graphClause{
	{"return ", false},
	{"match ", false},
	{"match(", false},
	{"with ", false},
	{"unwind ", false},
	{"foreach(", false},
	{"foreach (", false},
	{"load csv ", false},
	{"call db.", false},
	{"call apoc.", false},
	{"call dbms.", false},
	{"call {", false},
	{"call{", false},
	{"yield ", true},
	{"remove ", false},
	{"delete ", false},
	{"detach delete ", false},
	{"union match", false},
	{"union return", false},
	{"union call ", false},
	{"union with ", false},
	{"union unwind ", false},
	{"union all ", false},
	{"merge ", false},
	{"create ", false},
	{"or 1=1 return", false},
	{"or 1=1 ", true},
	{"or true ", true},
	{"optional match", true},
	{"filter ", true},
	{"or ", true},
	{"and ", true},
	{"insert {", false},
	{"update ", false},
	{"let ", true},
	{"for ", true},
}

// clausesBy are the same by their first byte.
var clausesBy = func() (by [256][]graphClause) {
	for _, c := range graphClauses {
		by[c.text[0]] = append(by[c.text[0]], c)
	}
	return by
}()

// telling are parts of graph queries that load or delete, or call what the database comes
// with.
var telling = lex.NewList("load csv from", "load csv with headers", "call db.", "call apoc.", "call dbms.", "detach delete")

// graph reads a clause of a graph query behind a closed string.
func graph(data []byte, start, i int, t *evidence.Tally) {
	rest := bytes.TrimRight(data[i:], " \x00")
	head := rest[:min(len(rest), maxClause)]
	ends := bytes.HasSuffix(rest, []byte("//"))
	if len(head) == 0 {
		return
	}
	for _, clause := range clausesBy[lex.Lower(head[0])] {
		if !lex.HasPrefix(rest, clause.text) {
			continue
		}
		if telling.In(head) || ends && (!clause.returns || lex.Contains(head, " return ")) {
			t.Add(&graphQuery, start, len(data)-start)
		}
		return
	}
	pattern := len(head) > 3 && (bytes.HasPrefix(head, []byte("-[")) || bytes.HasPrefix(head, []byte("<-[")) || bytes.HasPrefix(head, []byte("--("))) && lex.Contains(head, ") return ")
	sets := lex.HasPrefix(head, "set ") && bytes.IndexByte(head, '.') > 0 && bytes.IndexByte(head, '=') > 0
	if ends && (pattern || sets) {
		t.Add(&graphQuery, start, len(data)-start)
	}
}

// traversal finds a traversal of Gremlin that drops or changes what it reaches, or closes
// the string of another: g.V().drop(), x').drop();g.V('
func traversal(data []byte, t *evidence.Tally) {
	i, _ := traversals.First(data)
	if i < 0 || i > 0 && (lex.Word(data[i-1]) || data[i-1] == '.') || lex.Prose(data[:i]) {
		return
	}
	behind := data[i+3:]
	if at, word := changes.First(data[:min(len(data), maxClause)]); at >= 0 && (at > i || i > 0 && data[i-1] == ';') {
		t.Add(&shellCall, min(i, at), max(i, at)+len(word)-min(i, at))
		return
	}
	if end := bytes.IndexByte(behind, ')'); end > 0 && end+1 < len(behind) && behind[end+1] == '.' && t.Score() == 0 {
		weight := int8(evidence.Gray)
		if i > 0 && data[i-1] == ';' && bytes.IndexByte(data[:i], ')') > 0 && bytes.ContainsAny(data[:i], "'\"") { // which closes another
			weight = shellCall.Weight
		}
		t.AddWeight(&shellCall, weight, i, end+4)
	}
}

// traversals begin a query of Gremlin; changes are what one does to what it reaches.
var (
	traversals = lex.NewCalls("g.v(", "g.e(")
	changes    = lex.NewList(".drop()", ".addv(", ".sideeffect(")
)
