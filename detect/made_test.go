package detect

import (
	"fmt"
	"testing"
)

// TestMadeClasses reads documents that have a class made, as bodies of their type, and such that only name one.
func TestMadeClasses(t *testing.T) {
	for body, want := range map[string]bool{
		`{"py/object": "ctypes.CDLL", "py/newargs": {"py/tuple": ["/tmp/x.so"]}}`:                   true,
		`{"v": {"py/type": "urllib.request.urlopen"}}`:                                              true,
		`{"py/object": "datetime.datetime", "a": 1}`:                                                false,
		`["oracle.jms.AQjmsQueueConnectionFactory", {"url": "x"}]`:                                  true,
		`["com.shop.model.Order", {"id": "x"}]`:                                                     false,
		`{"data": {"org.shop.names.OtherJndiFactory": {"name": "x"}}}`:                              true,
		`{"item": {"name": "x", "@type": "org.apache.openjpa.ee.JNDIManagedRuntime"}}`:              true,
		`{"logger": "com.zaxxer.hikari.HikariDataSource", "level": "INFO"}`:                         false,
		`{"exclude": ["com.zaxxer.hikari.HikariDataSource", "com.shop.Cart"]}`:                      false,
		`{"spring.datasource.type": "com.zaxxer.hikari.HikariDataSource"}`:                          false,
		`{"logging.level.com.shop.CartService": {"level": "debug"}}`:                                false,
		`{"a": {"f": "_CRYO_FUNCTION_function(){return 1}"}}`:                                       true,
		`<list><java.beans.EventHandler/></list>`:                                                   true,
		`<list><string>a</string><java.lang.ProcessBuilder/></list>`:                                true,
		`<list><com.shop.Order><id>7</id></com.shop.Order></list>`:                                  false,
		`<project><groovy.version>v3</groovy.version><java.io.tmpdir>/t</java.io.tmpdir></project>`: false,
	} {
		kind := "json"
		if body[0] == '<' {
			kind = "xml"
		}
		raw := fmt.Sprintf("POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/%s\r\nContent-Length: %d\r\n\r\n%s", kind, len(body), body)
		if got := len(flagged(t, []byte(raw))) > 0; got != want {
			t.Errorf("%s: found %v", body, got)
		}
	}
}
