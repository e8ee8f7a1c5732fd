package rce

import (
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

func TestOrdered(t *testing.T) {
	for text, want := range map[string]bool{
		"id": true, "whoami": true, "ls -la": true, "uname -a": true, "ipconfig /all": true, "echo k123": true,
		"": false, "ls": false, "open": false, "reboot": false, "list items": false, "set volume 5": false, "say hello to all": false, "/start": false,
		"/usr/bin/php /srv/cron.php >/dev/null": false, "windows 10 pro": false,
	} {
		v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Flags: point.Command}
		var best evidence.Tally
		if Gate(&v) {
			Scan(&v, &point.Tree{}, &best)
		}
		if got := best.Count(asksShell.Stamp) > 0; got != want {
			t.Errorf("%q: %v, %+v", text, got, best.Marks[:best.N])
		}
	}
}
