package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// arrays reads the command in each array of PowerShell, @(whoami), which runs it. A program gives them to its own
// variables.
func (r *reader) arrays() {
	for i := 0; ; {
		next := bytes.Index(r.data[i:], []byte("@("))
		if next < 0 {
			return
		}
		i += next + len("@(")
		if before, ok := bytes.CutSuffix(bytes.TrimRight(r.data[:i-len("@(")], " "), []byte("=")); ok && ownVariable(bytes.TrimSuffix(before, []byte(" "))) {
			continue
		}
		r.command(i, substitution)
	}
}

// ownVariable reports whether a text is nothing but a variable, in a path behind its last slash.
func ownVariable(text []byte) bool {
	i := len(text) - len(lastWord(text)) - 1
	return i >= 0 && i < len(text)-1 && text[i] == '$' && (i == 0 || text[i-1] == '/')
}

// calledTexts finds a call of PowerShell whose name an expression in parentheses puts together or looks up:
// &('i'+'ex'), . (-join('xei'[-1..-3])), &(gal i*x)
func calledTexts(data []byte, best *evidence.Tally) {
	for i := lex.Next(data, 1, '('); i < len(data); i = lex.Next(data, i+1, '(') {
		before := bytes.TrimRight(data[:i], " ")
		operator := len(before) - 1
		if operator < 0 || before[operator] != '&' && before[operator] != '.' || i-operator > 2 || bytes.HasSuffix(before, []byte("&&")) {
			continue
		}
		inside := bytes.TrimLeft(data[i+1:], " \t\r\n")
		if !beginsStatement(before[:operator]) || !putsTogether(inside[:min(len(inside), 2*longestWord)]) {
			continue
		}
		var t evidence.Tally
		t.Reset(attack.RCE, evidence.Code)
		t.Add(&powershell, operator, i+1-operator)
		if document(data) || lex.Prose(data[max(0, operator-window):operator]) {
			t.Cap(5)
		}
		keep(&t, best)
		return
	}
}

// beginsStatement reports whether a statement of PowerShell may begin behind a text.
func beginsStatement(before []byte) bool {
	before = bytes.TrimRight(before, " \t")
	return len(before) == 0 || bytes.IndexByte([]byte(";|&({=,\r\n"), before[len(before)-1]) >= 0
}

// gathers are by what texts are put together, and commands looked up.
var gathers = lex.NewList("'+'", `"+"`, "-join", "-f ", "-f'", "-replace", ".replace(", "::join(", "[char]", "gal ", "gcm ", "get-alias", "get-command")

// putsTogether reports whether an expression puts a text together, or looks up a command.
func putsTogether(inside []byte) bool {
	at, word := gathers.First(inside)
	return at >= 0 && (word[0] == 'g' && at == 0 || lex.IndexQuote(inside) >= 0 || word == "[char]")
}

// cmdletVerbs begin names of PowerShell.
var cmdletVerbs = lex.NewPrefixes("get-", "set-", "new-", "add-", "remove-", "start-", "stop-", "invoke-", "import-", "out-", "copy-", "move-", "clear-", "restart-", "resolve-", "test-", "register-")

// shortCmdlets are names of such commands without a verb, and of programs of Windows that attackers fetch and run with.
var shortCmdlets = lex.NewWords("iwr irm saps iex iwmi gwmi icm sajb ipmo spps pwsh powershell certutil bitsadmin")

// tellsNothing are cmdlets that neither tell nor change anything.
var tellsNothing = lex.NewWords("get-date get-random get-culture get-member get-verb out-null out-string")

// argumentRun weighs a value of one word and a command of PowerShell with its arguments in parentheses behind it,
// of that alone, or of that joined to a string that is closed, which PowerShell runs for its result:
// a.txt (Get-Content C:\b), k'+(Start-Sleep 5)+'
func argumentRun(data []byte, best *evidence.Tally) {
	i := bytes.IndexByte(data, '(')
	end := bytes.TrimRight(data, " +,'\"")
	if i < 0 || len(end) == 0 || end[len(end)-1] != ')' || i > 0 && bytes.IndexByte([]byte(" +,"), data[i-1]) < 0 || !handsOver(bytes.TrimRight(data[:i], " ")) {
		return
	}
	i += 1 + len(data[i+1:]) - len(bytes.TrimLeft(data[i+1:], " ("))
	w := readWord(data, i)
	if name := w.text(); rankOf(name) != strong || cmdletVerbs.Length(name) == 0 && !shortCmdlets.Has(name) || tellsNothing.Has(name) {
		return
	}
	if w.end+1 >= len(data) || data[w.end] != ' ' || bytes.HasPrefix(data[w.end:], []byte(" :")) { // a message
		return
	}
	argument := readWord(data, lex.SkipSpace(data, w.end))
	if !bytes.ContainsAny(data[w.end:len(end)-1], "-'\"\\/.:0123456789") && rankOf(argument.text()) == unknown {
		return
	}
	one(&powershell, i, w.end-i, evidence.ShellWord, best)
}

// handsOver reports whether a parenthesis behind a text holds one more argument, or goes on with a string that was
// closed.
func handsOver(before []byte) bool {
	if bytes.IndexByte(before, ' ') < 0 {
		return true
	}
	text := bytes.TrimRight(before, " +,")
	return len(text) < len(before) && len(text) > 0 && (text[len(text)-1] == '\'' || text[len(text)-1] == '"') && bytes.IndexByte(text, ' ') < 0
}

// calledVariable finds a call of a variable to which the value has given a command as a text or a block: $x='id';&$x
func calledVariable(data []byte, best *evidence.Tally) {
	for i := lex.Next(data, 1, '$'); i < len(data); i = lex.Next(data, i+1, '$') {
		before := bytes.TrimRight(data[:i], " ")
		operator := len(before) - 1
		if operator < 1 || before[operator] != '&' && before[operator] != '.' || bytes.HasSuffix(before, []byte("&&")) || !beginsStatement(before[:operator]) {
			continue
		}
		start := i + 1
		if start < len(data) && data[start] == '{' {
			start++
		}
		name := data[start:lex.WordEnd(data, start)]
		if len(name) == 0 || !beginsCommand(givenTo(data[:operator], name)) {
			continue
		}
		var t evidence.Tally
		t.Reset(attack.RCE, evidence.Code)
		t.Add(&powershell, operator, start+len(name)-operator)
		switch {
		case document(data):
			t.Cap(5)
		case ownVariable(data[:lex.WordEnd(data, 1+max(0, bytes.IndexByte(data, '$')))]): // a line of a program
			t.Cap(7)
		}
		keep(&t, best)
		return
	}
}

// givenTo returns what a variable was given in front, without the mark that begins a text or a block.
func givenTo(text, name []byte) []byte {
	text = text[max(0, len(text)-2*longestWord):]
	for i := lex.Next(text, 0, '$'); i < len(text); i = lex.Next(text, i+1, '$') {
		rest := bytes.TrimPrefix(text[i+1:], []byte("{"))
		if !bytes.HasPrefix(rest, name) {
			continue
		}
		value := bytes.TrimLeft(rest[len(name):], "} ")
		if len(value) == 0 || value[0] != '=' {
			continue
		}
		if value = bytes.TrimLeft(value[1:], " "); len(value) > 0 && (value[0] == '\'' || value[0] == '"' || value[0] == '{') {
			return value[1:]
		}
	}
	return nil
}
