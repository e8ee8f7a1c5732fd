package parse

import "bytes"

// maxFragments bounds the fragments of a document that are told apart.
const maxFragments = 16

// gqlSpreads holds which fragment spreads which.
type gqlSpreads struct {
	names   [maxFragments][]byte
	n       int
	current int                // fragment that is read, 1-based; 0 for a query
	reach   [maxFragments]uint // bit k: the fragment spreads names[k]
}

func (s *gqlSpreads) index(name []byte) int {
	for i := range s.n {
		if bytes.Equal(s.names[i], name) {
			return i
		}
	}
	if s.n == maxFragments {
		return -1
	}
	s.names[s.n] = name
	s.n++
	return s.n - 1
}

func (s *gqlSpreads) define(name []byte) { s.current = s.index(name) + 1 }

func (s *gqlSpreads) spread(name []byte) {
	if s.current == 0 {
		return
	}
	if i := s.index(name); i >= 0 {
		s.reach[s.current-1] |= 1 << i
	}
}

// circle reports whether a fragment spreads itself, through others or not.
func (s *gqlSpreads) circle() bool {
	for k := range s.n { // Warshall's closure
		for i := range s.n {
			if s.reach[i]>>k&1 != 0 {
				s.reach[i] |= s.reach[k]
			}
		}
	}
	for i := range s.n {
		if s.reach[i]>>i&1 != 0 {
			return true
		}
	}
	return false
}

// gqlPath holds the fields whose selections are open.
type gqlPath struct {
	field []byte // the last one, whose selection may follow
	names [maxPath][]byte
}

// Bounds of a path of fields.
const (
	maxPath  = 64 // levels that are kept
	maxTurns = 4  // times that two fields may take turns
)

// open notes that the selection of the last field opens and reports whether that field and the one
// around it have taken turns: posts { author { posts { author ... which only costs a server work.
// What leads to the parts of a list or a tree may.
func (p *gqlPath) open(level int) bool {
	if level < 1 || level > maxPath { // one that is closed more often than it was opened
		return false
	}
	i := level - 1
	p.names[i] = p.field
	if i < 2*maxTurns || bytes.Equal(p.names[i], p.names[i-1]) || leadsToParts(p.names[i]) || leadsToParts(p.names[i-1]) {
		return false
	}
	for k := i; k > i-2*(maxTurns-1); k-- {
		if !bytes.Equal(p.names[k], p.names[k-2]) {
			return false
		}
	}
	return true
}

func leadsToParts(field []byte) bool {
	switch string(field) {
	case "node", "nodes", "edges", "items", "item", "children", "child", "childItems", "data", "collection", "results", "list", "ofType", "fields", "replies", "comments", "parent":
		return true
	}
	return false
}
