package rce

import "bytes"

// overwrites reports whether a parameter is named like what a program has before any comes:
// _SERVER[DOCUMENT_ROOT], which old programs of PHP import, or LD_PRELOAD, which a server may
// hand to the processes that it starts (CVE-2017-17562, CVE-2023-36845).
func overwrites(name []byte) bool {
	open := bytes.IndexByte(name, '[')
	if open > 0 {
		switch string(name[:open]) {
		case "_GET", "_POST", "_SERVER", "_SESSION", "_REQUEST", "_COOKIE", "_FILES", "_ENV", "GLOBALS":
			return true
		}
		return false
	}
	switch string(name) {
	case "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "LD_DEBUG", "DYLD_INSERT_LIBRARIES", "BASH_ENV", "PERL5OPT", "PERL5LIB", "RUBYOPT", "PYTHONSTARTUP", "GCONV_PATH", "PHPRC":
		return true
	}
	return false
}
