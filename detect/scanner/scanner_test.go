package scanner

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t, &weakField)
	f(&manyCalls, point.GQLDocument, `mutation{a:login(p:"k"){t}b:login(p:"l"){t}c:login(p:"m"){t}}`, `mutation{a:login(p:"k"){t}b:logout(p:"l"){t}c:name(p:"m")}`)
	f(&tool, point.UserAgent, "sqlmap/1.7", "mysqlmapper/1")
	f(&secret, point.WholePath, "/.git/HEAD", "/a.git/HEAD")
	f(&backup, point.WholePath, "/index.php.bak", "/report.bak")
	f(&console, point.WholePath, "/actuator/heapdump", "/actuator/health")
	f(&weakness, point.WholePath, "/HNAP1/", "/hnap2/")
	f(&console, point.WholePath, "/_profiler/phpinfo", "/_profilers/phpinfo")
	f(&console, point.WholePath, "/mgmt/tm/util/bash", "/mgmt/tm/utilities")
	f(&doubled, point.WholePath, "/%2577eb%2575i", "/100%25wool%2520and%252Fsilk")
	f(&doubled, point.WholePath, "/%2541%254D", "/50%2550")
	f(&weakness, point.WholePath, "/owa/k%40l.example/PowerShell", "/docs/owa/powershell")
	f(&console, point.WholePath, "/app/rest/users/id:1/tokens/RPC2", "/app/rest/users/id:1/tokens/k")
	f(&mark, point.Text, "ZAP%n%s%n%s%n%s%n%s", "100%nylon, 50%n")
	f(&mark, point.Text, "k %1!s!%2!s!%3!s!%4!s!%5!s!%6!s!", "%s of %s in %s by %s: %s, %s, %s")
	f(&mark, point.Text, "%s%s%s%s%s%s%s%s%s%s%s%s", `sprintf("%s%s%s%s%s%s", a, b, c, d, e, f)`)
	f(&mark, point.Text, "%p%p%p%p%p%p", "what the format of %p%p%p%p%p%p prints is six addresses")
	f(&mark, point.Text, "%x%x%x%x%x%x%x", "%Y%m%d%H%M%S")
	f(&tool, point.UserAgent, "xmlset_roodkcableoj28840ybtide", "xmlset/1.0")
	f(&weakness, point.WholePath, "/wls-wsat/RegistrationPortType", "/wls/wsat")
	f(&mark, point.WholePath, "/b*~1*/a.aspx", "/b*a~/a.aspx")
	f(&secret, point.WholePath, "/infra/terraform.tfstate", "/docs/terraform")
	f(&mark, point.WholePath, "/w00tw00t.at.isc.sans.dfind", "/w00t")
	f(&callback, point.HeaderText, "http://ab12.oastify.com/", "oastify.com")
	f(&callback, point.HeaderText, "k7@oastify.com", "k7@fastify.com")
	f(&callback, point.WholePath, "http://k7.oast.fun/", "/oast.fun/k7.html")
}

// TestFields looks at header fields and cookies that tell by their names, and at a call
// that tells by where it stands.
func TestFields(t *testing.T) {
	f := func(tag point.Tag, kind point.Kind, name, value string, attack bool) {
		t.Helper()
		var tree point.Tree
		var best evidence.Tally
		v := point.Value{Data: []byte(value), Classes: point.Classify([]byte(value)), Kind: kind, Ref: tree.AddName(0, tag, []byte(name))}
		if Gate(&v) {
			Scan(&v, &tree, &best)
		}
		if best.Score() >= evidence.Threshold != attack {
			t.Errorf("%s=%q scores %d", name, value, best.Score())
		}
	}
	f(point.Header, point.HeaderText, "X-Middleware-Subrequest", "pages/_middleware", true)
	f(point.Header, point.HeaderText, "X-Middleware-Rewrite", "pages/_middleware", false)
	f(point.Header, point.HeaderText, "X-Custom-IP-Authorization", "127.0.0.1", true)
	f(point.Header, point.HeaderText, "X-Custom-IP-Authorization", "203.0.113.7", false)
	f(point.Header, point.HeaderText, "X-Real-IP", "127.0.0.1", false)
	f(point.Header, point.HeaderText, "Forwarded", `for="[127.0.0.1]:81"`, true)
	f(point.Header, point.HeaderText, "Forwarded", `for="[2001:db8::1]:81"`, false)
	f(point.Cookie, point.CookieText, "X-BEResource", "mx01/ews/k.asmx?b=~1", true)
	f(point.Cookie, point.CookieText, "X-BEResource", "mx01~1942062522", false)
	f(point.XMLTag, point.XMLText, "member", "wp.getUsersBlogs", true)
	f(point.XMLTag, point.XMLText, "methodName", "wp.getUsersBlogs", false)
	f(point.XMLTag, point.XMLText, "member", "wp.getUsersBlobs", false)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.WholePath, "/", "/.", "/.git", "a", "nikto", ".oast", "%25", "%2577")
	detector.ReadRepeated(point.Text, "%", "%n", "%n%s%n%s ", "%1!")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.WholePath, "/.git/HEAD", "/a.php.bak", "sqlmap", "x.oast.me")
}
