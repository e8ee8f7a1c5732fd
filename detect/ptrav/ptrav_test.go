package ptrav

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns holds every sign to a value that shows it and to one that nearly does.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t)
	f(&upwards, point.Text, `../../../etc/passwd`, `a/b/c`)
	f(&farUp, point.Text, `../../../../../x`, `../x`)
	f(&sensitive, point.Text, `../../etc/passwd`, `../../etc/x`)
	f(&absolute, point.Text, `/etc/passwd`, `/etc/app/x.conf`)
	f(&obfuscated, point.Text, `..%2f..%2fx`, `../../x`)
	f(&wrapper, point.Text, `php://filter/x`, `http://filter/x`)
	f(&fileURL, point.Text, `file:///etc/x`, `profile: x`)
	f(&nulByte, point.Text, "../../etc/passwd\u0000.png", `../../etc/passwd.png`)
	f(&dataStream, point.Text, `x.asp::$DATA`, `x::data`)
	f(&ownFile, point.Text, `../../config.php`, `../../app/config.js`)
	f(&shareRoot, point.Text, `\\host\c$\x`, `\\host\docs\x`)
	f(&badName, point.FileName, "../a.png", "a.png")
}
