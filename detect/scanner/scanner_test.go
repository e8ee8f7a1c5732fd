package scanner

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t)
	f(&tool, point.UserAgent, "sqlmap/1.7", "mysqlmapper/1")
	f(&secret, point.WholePath, "/.git/HEAD", "/a.git/HEAD")
	f(&backup, point.WholePath, "/index.php.bak", "/report.bak")
	f(&console, point.WholePath, "/actuator/heapdump", "/actuator/health")
	f(&weakness, point.WholePath, "/HNAP1/", "/hnap2/")
	f(&console, point.WholePath, "/_profiler/phpinfo", "/_profilers/phpinfo")
	f(&console, point.WholePath, "/mgmt/tm/util/bash", "/mgmt/tm/utilities")
	f(&weakness, point.WholePath, "/wls-wsat/RegistrationPortType", "/wls/wsat")
	f(&mark, point.WholePath, "/b*~1*/a.aspx", "/b*a~/a.aspx")
	f(&secret, point.WholePath, "/infra/terraform.tfstate", "/docs/terraform")
	f(&mark, point.WholePath, "/w00tw00t.at.isc.sans.dfind", "/w00t")
	f(&callback, point.HeaderText, "http://ab12.oastify.com/", "oastify.com")
	f(&callback, point.HeaderText, "k7@oastify.com", "k7@fastify.com")
	f(&callback, point.WholePath, "http://k7.oast.fun/", "/oast.fun/k7.html")
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.WholePath, "/", "/.", "/.git", "a", "nikto", ".oast")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.WholePath, "/.git/HEAD", "/a.php.bak", "sqlmap", "x.oast.me")
}
