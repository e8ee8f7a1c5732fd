package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// ownOptions returns the index at which the options of a value begin, behind one name, path or address that is
// no command: a.txt -o /tmp/k; 0 if it is not so.
func ownOptions(data []byte) int {
	blank := bytes.IndexByte(data[:min(len(data), maxAhead)], ' ')
	if blank < 1 || blank+2 >= len(data) || data[blank+1] != '-' || rankOf(data[:blank]) != unknown || cmdlet(data[:blank]) ||
		point.Classify(data[:blank])&^(point.Alpha|point.Digit|point.Dot|point.Slash|point.Colon|point.Dash) != 0 {
		return 0
	}
	return blank + 1
}

// runsCode reports whether an option of an interpreter is given code that runs a command or prints the
// environment, without a call in parentheses: -e 'puts `id`', -e "p ENV"
func runsCode(name, operand []byte) bool {
	if !lex.OneOf(name, "e", "r", "p", "c", "eval", "print") {
		return false
	}
	operand = operand[:min(len(operand), 2*longestWord)]
	if executesLine(operand) > 0 {
		return true
	}
	if i := bytes.IndexByte(operand, '`'); i >= 0 && runs(operand[i+1:]) {
		return true
	}
	if containsAnyOf(operand, "process.env", "p ENV", "ENV.", "%ENV", "$ENV{", "ENVIRON") {
		return true
	}
	i, word := lex.First(operand, []string{"exec q(", "exec %q(", "system q(", "exec qw", "system qw", "exec '", "exec \"", "system '", "system \""})
	return i >= 0 && runs(operand[i+len(word):])
}

// commanded reports whether an option of a debugger, an editor or a terminal is given a command by its own
// command for it, or a pipe in quotes for a file: -ex '!id', --eval-command='shell id', -c 'spawn id', -o '|id'
func commanded(name, operand, written []byte) bool {
	switch n := lex.PrefixLength(operand, []string{"!", ":!", "shell ", ".shell ", ".system ", "spawn ", "|"}); {
	case n == 0:
		return false
	case operand[0] == '|':
		return lex.IndexQuote(written) == 0 && isCommand(operand[n:])
	default:
		return lex.OneOf(name, "ex", "-ex", "-eval-command", "-cmd", "cmd", "c", "iex", "x", "-command") && isCommand(operand[n:])
	}
}

// isCommand reports whether text begins with the name of a command.
func isCommand(text []byte) bool {
	w := readWord(text, 0)
	return rankOf(w.text()) != unknown
}

// executesLine returns the length of the address and command by which sed runs a program: 1e id
func executesLine(data []byte) int {
	n := digits(data)
	if n == 0 || n+2 >= len(data) || data[n] != 'e' || data[n+1] != ' ' || len(data) > longestHanded {
		return 0
	}
	if command := data[n+2:]; !asked(command) && !interpreter(command) {
		return 0
	}
	return n + 1
}

// startsLoaded returns the length of a variable by which a shell or a loader takes code, set to a file where
// everybody writes: LD_PRELOAD=/tmp/k.so
func startsLoaded(data []byte) int {
	if n := lex.PrefixLength(data, []string{"git_ssh_command=", "git_proxy_command=", "git_external_diff=", "git_askpass=", "ssh_askpass=", "git_editor=", "git_pager=", "prompt_command=", "lessopen=|"}); n > 0 && asked(data[n:]) {
		return n
	}
	n := lex.PrefixLength(data, []string{"ld_preload=", "ld_audit=", "bash_env=", "pythonstartup=", "perl5lib=", "node_options=--require=", "node_options=--require ", "gconv_path="})
	if n == 0 || lex.PrefixLength(data[n:], []string{"/tmp/", "/var/tmp/", "/dev/shm/", "/proc/self/fd/", "/proc/self/environ"}) == 0 {
		return 0
	}
	return n
}

// served reports whether a path is below a folder that servers publish.
func served(path []byte) bool {
	return containsAnyOf(path[:min(len(path), longestWord)], "/www/", "/html/", "/htdocs/", "/public", "/webapps/", "/wwwroot/")
}

// consoleReads are commands of SQLite that take a pipe for a file.
var consoleReads = []string{".import ", ".read ", ".output ", ".once "}

// mediaSources are filters and protocols of ffmpeg that read files.
var mediaSources = []string{"subfile,,start,", "movie=/etc/", "movie=/proc/", "movie=/var/", "movie=/home/", "amovie=/etc/", "amovie=/proc/", "drawtext=textfile=/", "lavfi:movie=/", "concatf:/"}

// consolePipe returns the length of such a command with a pipe behind it, .read '|id'
func consolePipe(data []byte) int {
	n := lex.PrefixLength(data, consoleReads)
	if n == 0 {
		return 0
	}
	rest := bytes.TrimLeft(data[n:], "'\"")
	if len(rest) < 3 || rest[0] != '|' || !isCommand(rest[1:]) {
		return 0
	}
	return n
}
