package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// programList are names of its programs that are no words of English and no names of parameters.
const programList = "bcdedit bitsadmin cacls certutil cmdkey cmstp cscript diskshadow driverquery dsquery esentutl findstr forfiles fsutil getmac gpresult " +
	"icacls installutil ipconfig msbuild mshta msiexec nbtstat net1 netsh netstat nltest nslookup odbcconf powershell pwsh quser qwinsta " +
	"regasm regsvcs regsvr32 rundll32 schtasks systeminfo taskkill tasklist vssadmin wevtutil whoami wmic wscript " + unranked

// unranked is the one of them that has no rank.
const unranked = "takeown"

// ownOfWindows are those programs, and words behind which it reads a command in its own way.
var (
	programsOfWindows = lex.NewWords(programList)
	ownOfWindows      = lex.NewWords(programList + " call cmd echo if start")
)

// foldersOfWindows are where its programs stand.
var foldersOfWindows = lex.NewWords("windows winnt system32 syswow64 sysnative wbem windowspowershell")

// odd says what stands in front of a command that only cmd.exe passes over.
type odd uint8

const (
	oddMark      odd = 1 << iota // a comma, a semicolon, a sign of equality, an @ right behind the separator
	oddInput                     // a redirection: <nul whoami
	oddCondition                 // if 1==1 whoami
	oddCall                      // call whoami, start /b whoami
	oddShell                     // cmd /q/c whoami
)

// cmdLine reads a command as cmd.exe does: marks are blanks, carets and quotes stand anywhere in a
// name, folders are parted by backslashes, and variables are put in before anything is read.
type cmdLine struct {
	data   []byte
	i      int
	odd    odd
	hidden bool // carets or quotes stand in the name
	folder bool // the name is a path into a folder of Windows
	cut    bool // letters of it are cut out of a variable
	fed    bool // it prints what a shell reads: echo whoami|cmd
	drive  bool // a letter and a colon stand in front
	name   [longestOwnName]byte
	n      int
}

// longestOwnName is longer than any name that is known.
const longestOwnName = 20

// maxAheadOfName bounds what is passed over in front of a name.
const maxAheadOfName = 8

// windowsCommand weighs the command of cmd.exe that begins at i, behind a separator, if it is written as
// no other shell has it.
func (r *reader) windowsCommand(i int) {
	if i >= len(r.data) || !has(r.data[i], opensForWindows|leadsForWindows) || !has(r.data[i], leadsForWindows) && r.noneOfWindows(i, min(len(r.data), i+window), 0) {
		return
	}
	l := cmdLine{data: r.data[i:min(len(r.data), i+window)]}
	for range maxAheadOfName {
		l.ahead()
		if !has(l.at(0), opensForWindows) || r.noneOfWindows(i+l.i, i+len(l.data), l.odd) {
			return
		}
		if !l.word() || !l.wrapper() {
			break
		}
	}
	if l.n == 0 || !l.runs() || r.toldOfWindows(i, &l) {
		return
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	t.AddWeight(&separated, separated.Weight, max(0, i-1), l.i+1)
	t.Add(&asWindows, i, l.i)
	keep(&t, r.best)
}

// noneOfWindows reports whether a word begins at i, and ends before end, that cmd.exe reads as others do: no command
// of any system, or behind nothing odd one that is no program of Windows.
func (r *reader) noneOfWindows(i, end int, behind odd) bool {
	word := r.plain(i)
	if !word.plain || word.end > end || word.end-i >= longestOwnName || word.end < len(r.data) && has(r.data[word.end], goesOnForWindows) {
		return false
	}
	if word.unknown {
		return !lex.Equal(r.data[i:word.end], unranked)
	}
	return behind == 0 && !ownOfWindows.Has(r.data[i:word.end])
}

// toldOfWindows reports whether an article or a table tells of the command.
func (r *reader) toldOfWindows(i int, l *cmdLine) bool {
	return r.documented() || !l.hidden && l.odd == 0 && r.inTable(i)
}

// inTable reports whether the bar in front of i, and a blank, begin a cell of a table or the next step of a way
// through menus: Start | Run | cmd
func (r *reader) inTable(i int) bool {
	around := r.data[max(0, i-window):min(len(r.data), i+window)]
	before := bytes.TrimRight(r.data[max(0, i-window):i], " ")
	return bytes.HasSuffix(before, []byte("|")) && i < len(r.data) && (r.data[i] == ' ' || r.data[i-1] == ' ') && bytes.Count(around, []byte("|")) > 1
}

// at returns the byte n behind the next one, zero behind the end.
func (l *cmdLine) at(n int) byte {
	if l.i+n < len(l.data) {
		return l.data[l.i+n]
	}
	return 0
}

// ahead passes over marks and redirections in front of a command.
func (l *cmdLine) ahead() {
	for l.i < len(l.data) {
		switch c := l.data[l.i]; {
		case c == ' ' || c == '\t' || c == '(':
		case c == ',' || c == ';' || c == '=' || c == '@' && l.i == 0:
			l.odd |= oddMark
		case c == '@':
		case c == '<' || c == '>' || lex.Digit(c) && l.at(1) == '>':
			if !l.redirection() {
				return
			}
			continue
		default:
			return
		}
		l.i++
	}
}

// The bytes of an operator that redirects, those that end the name of a file behind it, and those that end a name.
var (
	ofRedirection = setOf("0123456789<>&")
	endsFile      = setOf(" \t<>|&\n")
	endsOwnName   = setOf(" \t,;=/<>|&()\r\n")
)

func setOf(bytes string) (t [256]bool) {
	for i := range len(bytes) {
		t[bytes[i]] = true
	}
	return t
}

// redirection passes over one and reports whether a blank stands behind it.
func (l *cmdLine) redirection() bool {
	i := l.i
	for i < min(len(l.data), l.i+maxOperator) && ofRedirection[l.data[i]] {
		i++
	}
	i = lex.SkipSpace(l.data, i)
	for i < min(len(l.data), l.i+longestWord) && !endsFile[l.data[i]] {
		i++
	}
	if i == len(l.data) || l.data[i] != ' ' {
		return false
	}
	l.i, l.odd = i, l.odd|oddInput
	return true
}

// word reads a name and reports whether it ends as names do.
func (l *cmdLine) word() bool {
	l.n, l.hidden, l.folder, l.cut, l.drive = 0, false, false, false, false
	for ; l.i < len(l.data) && l.n < len(l.name); l.i++ {
		switch c := l.data[l.i]; {
		case lex.Word(c) || c == '.' || c == '-' || c == '+':
			l.name[l.n] = lex.Lower(c)
			l.n++
		case c == '^' || c == '"':
			l.hidden = l.hidden || c == '^' || l.n > 0 && lex.Word(l.at(1))
		case c == '%':
			if !l.variable() {
				return false
			}
		case c == ':' && l.n == 1:
			l.n, l.drive = 0, true
		case c == '\\' || c == '/' && (l.drive || l.folder):
			l.folder = l.folder || foldersOfWindows.Has(l.name[:l.n])
			l.n = 0
		default:
			return endsOwnName[c]
		}
	}
	return l.i == len(l.data)
}

// variable passes over a variable: one that names a folder of Windows, or its shell.
func (l *cmdLine) variable() bool {
	end := bytes.IndexByte(l.data[l.i+1:min(len(l.data), l.i+longestOwnName)], '%')
	if end < 0 {
		return false
	}
	name := l.data[l.i+1 : l.i+1+end]
	switch {
	case bytes.Contains(name, []byte(":~")), bytes.Contains(name, []byte(":^~")):
		l.cut = true
	case lex.OneOf(name, "windir", "systemroot"):
		l.folder = true
	case lex.Equal(name, "systemdrive"):
		l.drive = true
	case lex.Equal(name, "comspec"):
		l.n = copy(l.name[:], "cmd")
	default:
		return false
	}
	l.i += end + 1
	return true
}

// text returns the name without what ends the names of programs.
func (l *cmdLine) text() []byte {
	name := l.name[:l.n]
	if l.n < 4 || name[l.n-4] != '.' {
		return name
	}
	if n := lex.SuffixLength(name, []string{".exe", ".com", ".bat", ".cmd"}); n > 0 && n < len(name) {
		return name[:len(name)-n]
	}
	return name
}

// wrapper passes over a word that only runs the command behind it.
func (l *cmdLine) wrapper() bool {
	name, blank := l.text(), l.at(0) == ' ' || l.at(0) == '\t'
	switch {
	case blank && string(name) == "call":
		l.odd |= oddCall
	case blank && string(name) == "start":
		l.i = lex.SkipSpace(l.data, l.i)
		l.switches("")
		l.odd |= oddCall
	case blank && string(name) == "if":
		from := l.i - len("if")
		next := ifOfWindows(l.data, max(0, from))
		if from < 0 || next == from {
			return false
		}
		l.i, l.odd = next, l.odd|oddCondition
	case blank && string(name) == "echo":
		l.fed = feedsShell(l.data[l.i:])
		return false
	case string(name) == "cmd":
		l.i = lex.SkipSpace(l.data, l.i)
		if !l.switches("ckr") {
			return false
		}
		l.odd |= oddShell
	default:
		return false
	}
	return true
}

// feedsShell reports whether what is printed goes into a shell of Windows.
func feedsShell(rest []byte) bool {
	_, after, _ := bytes.Cut(rest, []byte("|"))
	l := cmdLine{data: after}
	l.ahead()
	return l.word() && lex.OneOf(l.text(), "cmd", "powershell", "pwsh")
}

// switches passes over options, and reports whether one of some letters is among them.
func (l *cmdLine) switches(wanted string) (found bool) {
	for l.at(0) == '/' && lex.Letter(l.at(1)) {
		found = found || bytes.IndexByte([]byte(wanted), lex.Lower(l.at(1))) >= 0
		end := lex.WordEnd(l.data, l.i+1)
		if end < len(l.data) && l.data[end] == ':' { // /v:on
			end = lex.WordEnd(l.data, end+1)
		}
		l.i = lex.SkipSpace(l.data, end)
	}
	return found
}

// runs reports whether the command is a program of Windows, and written as only cmd.exe reads it.
func (l *cmdLine) runs() bool {
	name := l.text()
	switch rank := rankOf(name); {
	case l.cut, l.fed:
		return true
	case programsOfWindows.Has(name):
		return l.odd != 0 || l.hidden || l.folder || l.marked() || l.callsLibrary()
	case rank == unknown || rank == grammar || rank == wrapper:
		return false
	case l.folder || l.odd&oddShell != 0:
		return true
	case rank == english:
		return false
	case l.odd&oddCondition != 0 || l.hidden && l.marked():
		return true
	case rank == strong:
		return l.odd&oddInput != 0
	}
	return l.odd != 0 && (l.hidden || l.at(0) == ' ' && (l.at(1) == '/' || l.at(1) == '-'))
}

// marked reports whether a mark stands where others have a blank: certutil,-urlcache
func (l *cmdLine) marked() bool {
	return l.i < len(l.data) && bytes.IndexByte([]byte(",;="), l.data[l.i]) >= 0 && l.at(1) > ' '
}

// callsLibrary reports whether the first argument is a function of a library: rundll32 a.dll,b
func (l *cmdLine) callsLibrary() bool {
	return bytes.Contains(l.data[l.i:min(len(l.data), l.i+longestWord)], []byte(".dll,"))
}
