package nosqli

import (
	"testing"

	"github.com/weirnode/weir/point"
)

// TestSparql reads what a value puts into a query of SPARQL, and what looks like it.
func TestSparql(t *testing.T) {
	for text, want := range map[string]bool{
		`ann" . ?u <http://x/pass> ?p } #`:                   true,
		`x> ?p ?o . <http://x/b`:                             true,
		`x') } UNION { ?s ?p ?o } # x`:                       true,
		`" } ; drop all ;#`:                                  true,
		"a\" }; CLEAR ALL; INSERT DATA { <urn:a> <urn:b> \"": true,
		`1 . OPTIONAL { ?u a ?o } } #`:                       true,
		`p WHERE { ?s ?p ?o } # x`:                           true,
		`ann"@en . ?u ?x "`:                                  true,
		`SELECT ?s WHERE { ?s ?p "ann" . ?s ?q ?r } # all`:   false,
		`prefix x: <http://x/> select * { ?s ?p ?o }`:        false,
		`"Really ?" . I ask ?you and ?him`:                   false,
		`a "b" { c } #`:                                      false,
		`"{0}/lists/(?P<name>[^/]+)$": dispatch, }`:          false,
		`x > 1 ? a : b; } # done`:                            false,
		`p { margin: 0 } #a { top: 0 }`:                      false,
		`is it ?ok or ?not`:                                  false,
	} {
		best := detector.Read(text, point.Text)
		if got := best.Count(graphPattern.Stamp) > 0; got != want {
			t.Errorf("%s: found %v", text, got)
		}
	}
}
