package ldapi

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t)
	f(&operator, point.Text, "!(cn=k)", "!(cn==k)")
	f(&presence, point.Text, "*)\n(|\n(sn=*", "*)\nk (sn=*")
	f(&breakout, point.Text, "*)(uid=x", "(a)(uid=x)")
	f(&operator, point.Text, "x)(|(uid=a)", "x)(uid=a|b)")
	f(&attribute, point.Text, "x)(uid=a)", "x)(weight=a)")
	f(&unknown, point.Text, "x)(weight=a)", "x)(uid=a)")
	f(&presence, point.Text, "x)(uid=*", "x)(uid=a*")
	f(&absolute, point.Text, "x)(&)", "x)(&(uid=a))")
	f(&matching, point.Text, "x)(cn:dn:2.5.13.5:=a", "x)(cn=a:b")
	f(&cutOff, point.Text, "*)\x00", "*) %20")
	f(&filter, point.Text, "(&(uid=a)(cn=b))", "(uid=a)(cn=b)")
	f(&presence, point.Text, `k\29\28uid=\2a`, `C:\28\29\uid=k`)
	f(&dangling, point.Text, "x)(|", "x)(|(uid=a)")
	f(&attribute, point.Text, "k)(2.5.4.3=*", "k)(2.5.4=*")
	f(&attribute, point.Text, "'|(cn=*)", "k|(cn=*)")
	f(&attribute, point.Text, "|(uid=*)(k=*)", "||(uid=*)")
	f(&scoped, point.Text, "k??sub?(cn=*)", "k??sub?cn=*")
	f(&presence, point.Text, " * ( | ( objectClass = * ) )", "2 * ( a | ( b = 3 ) )")
	f(&probe, point.Text, "*()|&", "!@#$%^&*()_+|")
}

// TestEnded checks that a NUL behind two parentheses of the application is an attack.
func TestEnded(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= evidence.Threshold != attack {
			t.Errorf("%q scores %d", text, got.Score())
		}
	}
	f(`clerk))%00`, true)
	f("clerk))\x00", true)
	f(`clerk)%00`, true)
	f(`f(k)%00`, false)
	f(`k) see %00`, false)
	f(`f(g(k))%00`, false)
	f(`(nice))`, false)
	f(`\28\29 are the codes`, false)
	f(`k)(ms-Mcs-AdmPwd=*)`, true)
	f(`k)(a=*)`, true)
	f(`k)(1=1`, true)
	f(`))(|(`, true)
	f(`x)(y=2`, false)
	f(`50)(100`, false)
	f(`f(a)(someValue=*)`, false)
	f(`Model A)(Model B`, false)
}

// TestBehindTexts reads filters behind texts of any kind, which end where a parenthesis closes that they
// did not open.
func TestBehindTexts(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= evidence.Threshold != attack {
			t.Errorf("%.60q scores %d", text, got.Score())
		}
	}
	f(`all the clerks of this house*)(mail=*))(|(mail=*`, true)
	f(`all the clerks of this house)(|)`, true)
	f(strings.Repeat("k", 999)+`\29\28uid=\2a`, true)
	f("all the clerks (and more) of this house)(sn=*)\x00", true)
	f(`k;l"m<n)(objectClass=*`, true)
	f(strings.Repeat("k", 999)+`)(!(uid=l))(|(mail=*`, true)
	f(`(we like it :) all of this :)(and that = fine)`, false)
	f(`a) the first (k=1) b) the second (l=2)`, false)
	f(`all of the clerks write (uid=k) or (cn=l*) into the field`, false)
	f(`use (&(uid=k)(cn=l)) in the box of the tool, then (|(mail=*)) too`, false)
	f(`})(window.app = window.app || {});`, false)
	f(`return k; })(jQuery, l=1)`, false)
	f(`the words user)(cn make a bad name for all`, false)
	f(`regex of the name: ^k)(l=m)$ and so on`, false)
	f(`1) buy milk 2) call (mum) 3) rest (uid = 5)`, false)
	f(`smile at all of them :) *)(k`, false)
	f(`what it costs (5)(k=2) in all of the town`, false)
}

// TestWholeFilters reads filters where an application expects them.
func TestWholeFilters(t *testing.T) {
	f := func(name, text string, attack bool) {
		t.Helper()
		var best evidence.Tally
		var tree point.Tree
		Scan(&point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Ref: tree.AddName(0, point.Get, []byte(name))}, &tree, &best)
		if best.Score() >= evidence.Threshold != attack {
			t.Errorf("%s=%s scores %d", name, text, best.Score())
		}
	}
	f("userFilter", "(&(objectClass=person)(|(cn=*k*)(mail=*@example.org)))", false)
	f("user", "(&(objectClass=person)(|(cn=*k*)(mail=*@example.org)))", true)
	f("filter", "(&(uid=k)(userPassword:2.5.13.18:=x))", true)
	f("filter", "*)(uid=*))(|(uid=*", true)
	f("url", "ldap://127.0.0.1:389/dc=example,dc=test?uid?sub?(objectClass=person)", false)
	f("url", "ldap://127.0.0.1:389/dc=example,dc=test?userPassword?sub?(objectClass=*)", true)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "(", ")", "*)(", "(&", "(a=", ")(a=b", `\29\28`)
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "*)(uid=*))(|(uid=*", "(&(a=b)(c=d))", "x)(cn:dn:1.2:=y", "*()|&")
}

// TestFlood: what stands in front of an attack does not hide it, however long it is.
func TestFlood(t *testing.T) {
	for _, before := range []string{strings.Repeat("(cn=c)", 200), "(cn=" + strings.Repeat("k", 400) + ")"} {
		if got := detector.Read("a)"+before+"(uid=*))(|(uid=*", point.Text); got.Score() < 8 {
			t.Errorf("%.20q scores %d", before, got.Score())
		}
	}
}
