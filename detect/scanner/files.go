package scanner

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// hidden weighs files and folders whose names begin with a dot.
func (s *segment) hidden(rest []byte) {
	name := s.name[1:]
	folder := !s.last && len(rest) > 0
	switch k := hiddenNames[string(name)]; {
	case k == repository:
		weight := secret.Weight
		if len(rest) == 0 {
			weight = 6
		}
		s.add(&secret, weight)
	case k == settingsFolder && folder, k == plainFile, k == listed && s.depth < deep-1:
		s.add(&secret, secret.Weight)
	case k == settingsFolder && s.depth == 0 && s.last && len(name) > 2, k == listed:
		s.add(&secret, 6)
	case k == toldFile:
		weight := secret.Weight
		if s.depth > 0 {
			weight = 7 // sites write about it
		}
		s.add(&secret, weight)
	case bytes.HasPrefix(name, []byte("env")) && (len(name) == 3 || !lex.Letter(name[3])) || bytes.HasPrefix(name, []byte("wp-config")):
		s.add(&secret, secret.Weight)
	case s.last && k == 0 && ofShell(name):
		s.add(&secret, secret.Weight)
	case s.last && k == 0:
		s.dotted(name)
	}
}

// ofShell reports whether a name is one that programs give to what they keep in a home
// folder: .zsh_history, .wgetrc, .dockerignore, .node-version
func ofShell(name []byte) bool {
	for _, end := range [...]string{"_history", "-history", "ignore", "rc", "_profile", "-version", "_login", "_logout", "hosts", "authority", "_token", "-token", "passwd", "_pass", "_secret", "_aliases", "attributes", "keep", "~"} {
		if len(name) > len(end) && bytes.HasSuffix(name, []byte(end)) {
			return true
		}
	}
	return false
}

// dotted weighs a hidden file by its extension: .drone.yml, .config.swp
func (s *segment) dotted(name []byte) {
	dot := bytes.LastIndexByte(name, '.')
	if dot < 1 {
		if fileKinds[string(name)].sign == isBackup && fileKinds[string(name)].words != 0 && s.depth < deep { // .zip, .sql
			s.add(&backup, backup.Weight)
		}
		return
	}
	ext := bytes.TrimRight(name[dot+1:], "~")
	switch k := fileKinds[string(ext)]; {
	case k.alone, k.words != 0, sources[string(ext)]&settings != 0, string(ext) == "json" && s.depth == 0, string(ext) == "cache":
		s.add(&secret, secret.Weight)
	}
}

// copies weighs copies of scripts, dumps, archives, logs and keys by the words and the
// ending of their names.
func (s *segment) copies(own []byte) {
	if copyOf(s.name) {
		weight := backup.Weight
		if bytes.HasSuffix(s.name, []byte(".txt")) {
			weight = s.placed(weight)
		}
		s.add(&backup, weight)
		return
	}
	if !s.told && begins(s.name) {
		s.add(&secret, s.placed(secret.Weight))
		return
	}
	dot := bytes.LastIndexByte(s.name, '.')
	k, ok := fileKinds[string(s.name[dot+1:])]
	if !ok {
		s.numbered()
		return
	}
	sign := &secret
	if k.sign == isBackup {
		sign = &backup
	}
	stem := s.name[:dot]
	packed := k.words == copied|stored|whole
	if inner := bytes.LastIndexByte(stem, '.'); packed && inner > 0 {
		switch string(stem[inner+1:]) {
		case "sql", "mysql", "pgsql", "psql":
			s.add(sign, sign.Weight)
			return
		case "tar", "log", "dump", "sqlite", "sqlite3", "mdb", "bson", "rdb":
			stem = stem[:inner]
		}
	}
	switch known := fits(stem, k.words, own); {
	case k.alone && s.depth < deep && !s.told, known && (!packed || s.depth == 0 || fits(s.before, copied|stored, nil)):
		weight := sign.Weight
		if k.words == settings {
			weight = s.placed(weight)
		}
		s.add(sign, weight)
	case string(s.name[dot+1:]) == "sql":
		s.add(sign, 6) // a schema to download
	}
}

// begins reports whether a file with an extension is one of those whose names begin with
// what they are for: docker-compose.ci.yml, web.debug.config, firebase-adminsdk-k1.json.
func begins(name []byte) bool {
	for _, b := range [...]struct{ head, tail string }{
		{"docker-compose", ".yml"},
		{"docker-compose", ".yaml"},
		{"dockerfile.", ""},
		{"jenkinsfile.", ""},
		{"id_rsa", ""},
		{"web.", ".config"},
		{"", ".dll.config"},
		{"", ".exe.config"},
		{"", ".aspx.cs"},
		{"", ".aspx.vb"},
		{"", ".ascx.cs"},
		{"", ".ashx.cs"},
		{"", ".asmx.cs"},
		{"appsettings.", ".json"},
		{"firebase-adminsdk", ".json"},
		{"", "service-account.json"},
		{"", "service_account.json"},
		{"client_secret", ".json"},
		{"application-", ".yml"},
		{"application-", ".properties"},
		{"bootstrap-", ".yml"},
		{"", ".code-workspace"},
		{"hs_err_pid", ".log"},
		{"java_pid", ".hprof"},
		{"core.", ".dmp"},
	} {
		if bytes.HasPrefix(name, []byte(b.head)) && bytes.HasSuffix(name, []byte(b.tail)) && string(name) != "appsettings.json" && string(name) != "appsettings.production.json" {
			return !bytes.HasSuffix(name, []byte(".pub")) && len(name) > len(b.head)+len(b.tail)
		}
	}
	return false
}

// placed takes from the weight of settings and sources in folders in which somebody may
// have put them for others to read.
func (s *segment) placed(weight int8) int8 {
	if s.depth > 0 && !fits(s.before, settings|copied|stored|whole|filler, nil) && string(s.before) != "etc" {
		return min(weight, 5)
	}
	return weight
}

// numbered weighs logs that were put aside: access.log.1, error.log.2026-05-01
func (s *segment) numbered() {
	i := bytes.Index(s.name, []byte(".log."))
	if i > 0 && lex.Digit(s.name[len(s.name)-1]) && fits(s.name[:i], logged, nil) {
		s.add(&secret, secret.Weight)
	}
}

// copyOf reports whether a name is that of a source or of settings with the ending of a
// copy: config.php.bak, web.config~, Copy of index.aspx
func copyOf(name []byte) bool {
	for _, end := range copyEnds {
		base, found := bytes.CutSuffix(name, []byte(end))
		if !found {
			continue
		}
		if k := sources[string(base[bytes.LastIndexByte(base, '.')+1:])]; k&settings != 0 || k != 0 && end != ".txt" && end != ".1" && end != ".2" && end != "_" && end != ".new" && end != ".tmp" {
			return len(base) > 1 && bytes.IndexByte(base, '.') >= 0
		}
	}
	for _, end := range packEnds {
		if base, found := bytes.CutSuffix(name, []byte(end)); found && bytes.IndexByte(base, '.') > 0 {
			k := sources[string(base[bytes.LastIndexByte(base, '.')+1:])]
			return k&settings != 0 && !bytes.HasSuffix(base, []byte(".db")) && !bytes.HasSuffix(base, []byte(".sqlite")) && !bytes.HasSuffix(base, []byte(".master")) // of repositories
		}
	}
	dot := bytes.LastIndexByte(name, '.')
	if sources[string(name[dot+1:])]&settings == 0 {
		return false
	}
	stem := name[:dot]
	return bytes.HasPrefix(name, []byte("copy%20of%20")) || bytes.HasSuffix(stem, []byte("%20copy")) || bytes.HasSuffix(stem, []byte("%20-%20copy")) || bytes.HasSuffix(stem, []byte("_bak")) || bytes.HasSuffix(stem, []byte(".bak")) || bytes.HasSuffix(stem, []byte(".old"))
}

// maxLong bounds a word that may be two.
const maxLong = 20

// fits reports whether a name is made of known words, at least one of them of a family,
// of numbers, and of the labels of the own host.
func fits(stem []byte, want kind, own []byte) bool {
	found, letters := false, false
	for i := 0; i < len(stem); {
		if !lex.Letter(stem[i]) {
			i++
			continue
		}
		start := i
		for i < len(stem) && lex.Letter(stem[i]) {
			i++
		}
		letters = true
		k := wordKind(stem[start:i])
		if k == 0 && label(stem[start:i], own) {
			k = filler | whole
		}
		if k&(want|filler|copied) == 0 {
			return false
		}
		found = found || k&want != 0
	}
	return found || !letters && len(stem) > 0 && want&(filler|whole) != 0
}

// wordKind looks a word up, or two that were written as one: dbbackup.
func wordKind(word []byte) kind {
	var buf [maxName]byte
	w := buf[:copy(buf[:], word)]
	for i, c := range w {
		w[i] = lex.Lower(c)
	}
	if k := wordKinds[string(w)]; k != 0 || len(w) > maxLong {
		return k
	}
	for i := 2; i+2 <= len(w); i++ {
		if a := wordKinds[string(w[:i])]; a != 0 {
			if b := wordKinds[string(w[i:])]; b != 0 {
				return a | b
			}
		}
	}
	return 0
}

// label reports whether a word is a label of the host that the request is for.
func label(word, own []byte) bool {
	for len(own) > 0 {
		name, rest, _ := bytes.Cut(own, []byte("."))
		if len(name) == len(word) && bytes.EqualFold(name, word) {
			return true
		}
		own = rest
	}
	return false
}

// less takes from what a name counts that people write about.
func (s *segment) less(sign *evidence.Sign, weight int8) int8 {
	if s.told && (sign == &secret || sign == &console) && !bytes.HasSuffix(s.name, []byte(".php")) {
		return min(weight, 5)
	}
	return weight
}
