package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxArrays bounds the arrays and calls of PowerShell in one value that are looked at.
const maxArrays = 16

// arrays reads the command in each array of PowerShell, @(whoami), which runs it.
func (r *reader) arrays() {
	for i, n := 0, 0; n < maxArrays; n++ {
		next := bytes.Index(r.data[i:], []byte("@("))
		if next < 0 {
			return
		}
		i += next + len("@(")
		r.command(i, substitution)
	}
}

// calledTexts finds a call of PowerShell whose name an expression in parentheses puts together or looks up:
// &('i'+'ex'), . (-join('xei'[-1..-3])), &(gal i*x)
func calledTexts(data []byte, best *evidence.Tally) {
	for i, n := lex.Next(data, 1, '('), 0; i < len(data) && n < maxArrays; i = lex.Next(data, i+1, '(') {
		before := bytes.TrimRight(data[:i], " ")
		operator := len(before) - 1
		if operator < 0 || before[operator] != '&' && before[operator] != '.' || i-operator > 2 || bytes.HasSuffix(before, []byte("&&")) {
			continue
		}
		n++
		if !beginsStatement(before[:operator]) || !putsTogether(data[i+1:min(len(data), i+2*longestWord)]) {
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
var shortCmdlets = lex.NewWords("iwr irm saps iex iwmi gwmi icm sajb pwsh powershell certutil bitsadmin")

// argumentRun weighs a value of one word and a command of PowerShell with its arguments in parentheses behind it,
// or of that alone, which PowerShell runs for its result: a.txt (Get-Content C:\b)
func argumentRun(data []byte, best *evidence.Tally) {
	i := bytes.IndexByte(data, '(')
	if i < 0 || data[len(data)-1] != ')' || bytes.IndexByte(bytes.TrimRight(data[:i], " "), ' ') >= 0 {
		return
	}
	i += 1 + len(data[i+1:]) - len(bytes.TrimLeft(data[i+1:], " ("))
	w := readWord(data, i)
	if name := w.text(); rankOf(name) != strong || cmdletVerbs.Length(name) == 0 && !shortCmdlets.Has(name) {
		return
	}
	if w.end+1 >= len(data) || data[w.end] != ' ' || !bytes.ContainsAny(data[w.end:], "-'\"\\:0123456789") {
		return
	}
	one(&powershell, i, w.end-i, evidence.ShellWord, best)
}
