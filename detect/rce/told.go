package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// alternative reports whether a bar parts two commands in a list, as expressions for
// searches do: curl|wget.
func (c *call) alternative() bool {
	bar := c.first - 1
	if bar < 2 || c.data[bar] != '|' || !lex.Letter(c.data[bar-1]) || len(c.rest) > 0 && c.rest[0] == ' ' {
		return false
	}
	from := bar
	for from > 0 && has(c.data[from-1], inName) && bar-from < len(shellWord{}.buf) {
		from--
	}
	w := readWord(c.data[:bar], from)
	return from > 0 && c.data[from-1] > ' ' && rankOf(w.buf[:w.n]) != unknown
}

// told reports whether the command stands in a line that is quoted in a text: in
// backticks behind a word, or behind the pipeline's first command in quotes.
func (c *call) told() bool {
	before := c.data[max(0, c.first-c.window):c.first]
	i := bytes.LastIndexAny(before, "`\"'")
	if i < 2 {
		return false
	}
	if before[i] == '`' {
		return before[i-1] == ' ' && bytes.Count(before, []byte("`"))%2 == 1 && point.Classify(before[:i])&point.Alpha != 0 && !bytes.ContainsAny(before[:i], "|&$")
	}
	if before[i-1] != '=' && before[i-1] != ' ' && before[i-1] != ':' {
		return false
	}
	w := readWord(before, i+1)
	return w.n > 0 && w.end < len(before) && before[w.end] == ' ' && rankOf(w.text()) >= tool && !bytes.ContainsAny(before[i+1:], ";&\n")
}

// inFrontOfCalls are words behind which a call stands in code.
var inFrontOfCalls = lex.NewWords("echo print return new await throw else and or not in if do then elif lambda yield assert import from case const let var exit die")

// inSentence reports whether words stand in a row right before a call, which no language
// of code allows but behind its own keywords: Don't use eval(
func inSentence(before []byte) bool {
	before = before[max(0, len(before)-longestWord):]
	words := 0
	for len(before) > 1 && before[len(before)-1] == ' ' && words < 2 {
		end := len(before) - 1
		from := end
		for from > 0 && (lex.Letter(before[from-1]) || before[from-1] == '\'' && from < end && from > 1 && lex.Letter(before[from-2])) {
			from--
		}
		if from == end || inFrontOfCalls.Has(before[from:end]) {
			return false
		}
		words++
		before = before[:from]
	}
	return words == 2
}

// doubt lowers what may be prose, a table or a document.
func (c *call) doubt(t *evidence.Tally, score int) {
	if c.opensLine() && (score >= 3 || c.closes()) || c.breaksOut(score) || c.rank >= tool && c.echoesForPHP() {
		return
	}
	switch {
	case c.at == ampersand && (c.asksWho() || c.behindAddress()):
	case c.at == ampersand && score < 3 && !c.word.hidden && (c.joinsWords() || c.rank == english && len(c.rest) > 0 && c.rest[0] == ';'):
		t.Cap(5) // salt & pepper, &copy;
	case c.at == backtick && (c.expanded() && !c.line && !c.pasted() && !c.documented() || c.interrupts() || c.membered() || c.joinedInCode() || c.value.Kind == point.FileName): // no name of a file is Markdown
	case c.at == backtick && c.rank != strong && c.setOff(), c.at == backtick && quoted(c.data, c.first) && score < 5:
		t.Cap(5)
	case c.at == backtick && quoted(c.data, c.first):
		t.Cap(7)
	}
	if c.separates() && score < 3 && !c.word.hidden || c.value.Kind == point.UserAgent && score < 5 && !c.word.hidden && c.at != substitution && c.at != backtick && !separatesFirst(c.data) && !c.doubled() {
		t.Cap(5)
	}
	if c.tableRow() || c.paddedCell() {
		t.Cap(4)
	}
	if c.inRow() {
		t.Cap(evidence.Threshold - 1)
	}
	if c.at == separator && (c.endsEntity() || c.endsWords() && !c.separatedUpTo(c.separatorAt())) && !c.behindOwnWord(score) {
		t.Cap(5)
	}
	switch text := c.word.text(); {
	case c.at == separator && string(text) == "set" && lex.HasPrefix(c.data, "set "): // settings of a connection to a database
		t.Cap(5)
	case c.at == substitution && string(text) == "date" && !c.word.hidden && c.data[0] == '/': // a folder of today
		t.Cap(7)
	}
	if c.at == separator && !c.grave && (c.inSpan() || c.inListing()) {
		t.Cap(5)
	}
	if c.placed() || c.remarked() {
		t.Cap(7)
	}
	if c.first > 0 && c.at != start && c.blanks >= 4 && !c.behindNumbers() && !c.behindOptions() {
		if score < 6 && !c.word.hidden && !c.leads(score) && !c.led && !c.piped() && !c.interpolated() && !c.behindCommands() && (c.at != substitution || c.rank != strong || score < 3 || c.documented()) {
			t.Cap(6)
		}
	}
	switch {
	case c.word.hidden || c.grave:
	case c.source && !c.behindSetting():
		t.Cap(5)
	case c.documented():
		t.Cap(5)
	case c.pasted() && c.at != start && !c.behindSetting():
		t.Cap(7)
	case c.line && !c.tight() && !c.bareLine() && (c.at != start || score > 0) && (c.at == separator || c.at == ampersand || c.rank != strong && !c.connects() || c.script), (c.at == separator || c.at == ampersand) && (c.alternative() || c.told()):
		t.Cap(5)
	}
}

// leads reports whether a command's name is no word of a language, stands without a blank behind its separator, as words
// do not, and ends there or is given what commands take.
func (c *call) leads(score int) bool {
	return c.glued() && (c.rank == strong && (score >= 3 || c.closes()) || c.grave && c.rank != english)
}

// connects reports whether a command ends its machine, or gives it to another one, which prints nothing that a
// line would take.
func (c *call) connects() bool {
	return lex.OneOf(c.word.text(), "reboot", "poweroff", "nc", "telnet", "ftp", "ash")
}

// opensLine reports whether a semicolon begins a line of a text and a command of a machine stands
// right behind it: nobody writes so who tells of one.
func (c *call) opensLine() bool {
	return c.at == separator && c.rank >= tool && c.rank != english && c.first > 1 && c.data[c.first-1] == ';' && c.data[c.first-2] == '\n'
}

// doubled reports whether the separator is && or || behind what is no command, which no
// name of a client has.
func (c *call) doubled() bool {
	i := c.separatorAt()
	return c.rank == strong && i+1 < len(c.data) && (c.data[i] == '&' || c.data[i] == '|') && c.data[i+1] == c.data[i] && rankOf(readWordText(c.data)) == unknown
}

// asksWho reports whether a command that only asks about its machine stands alone at the
// end, which joins no words of a text: a.docx & whoami
func (c *call) asksWho() bool {
	return len(bytes.Trim(c.rest, " &|;\r\n")) == 0 && (lex.OneOf(c.word.text(), "whoami", "ipconfig", "ifconfig", "systeminfo", "tasklist", "netstat") || c.rank == strong && c.behindAddress() || lex.HasSuffix(c.data[:c.word.end], ".exe"))
}

// separates reports whether the command stands behind a semicolon or an ampersand that
// the grammar of its place uses by itself.
func (c *call) separates() bool {
	if separatesFirst(c.data) || c.behindAddress() || c.value.Flags&point.FromBase64 != 0 { // which no grammar allows
		return false
	}
	if c.value.Kind == point.CookieText && c.rank >= tool && c.rank != wrapper && c.closes() && c.first > 0 && (c.data[c.first-1] == ';' || c.data[c.first-1] == ' ' && bytes.ContainsAny(c.data[max(0, c.first-c.window):c.first], "'\"")) {
		return false // a cookie's own semicolon ends its value
	}
	switch c.value.Kind { //nolint:exhaustive // the places with such grammars
	case point.CookieText, point.HeaderText, point.Referer:
		before := bytes.TrimRight(c.data[max(0, c.first-8):c.first], " ")
		return len(before) > 0 && (before[len(before)-1] == ';' || before[len(before)-1] == '&')
	}
	return false
}

// joinsWords reports whether an ampersand stands between words with blanks around.
func (c *call) joinsWords() bool {
	i := bytes.LastIndexByte(c.data[:c.first], '&')
	word := point.Alpha | point.High
	if c.rank == english { // 50% & more
		word |= point.Digit | point.PercentSign
	}
	return i > 1 && c.data[i-1] == ' ' && point.ClassOf[c.data[i-2]]&word != 0 && point.ClassOf[c.data[0]]&word != 0
}

// setOff reports whether more than one side of separators stands around backticks:
// list marks, a full stop, an English word by itself.
func (c *call) setOff() bool {
	if operated(c.data, c.first) {
		return false
	}
	if c.rank == english && !c.word.hidden && c.closes() {
		return true
	}
	if printed(c.data[max(0, c.first-c.window):max(0, c.first-1)]) {
		return false
	}
	end := bytes.IndexByte(c.data[c.first:], '`')
	before, after := c.data[max(0, c.first-c.window):max(0, c.first-1)], c.data[min(len(c.data), c.first+end+1):]
	after = after[:min(len(after), c.window)]
	return bytes.ContainsAny(before, " .#*") && !bytes.ContainsAny(before, ";|&") || bytes.ContainsAny(after, " .:*") && !bytes.ContainsAny(after, ";|&")
}

// tableRow reports whether bars part plain cells, as in Markdown.
func (c *call) tableRow() bool {
	if c.at != separator || c.first == 0 || bytes.IndexByte(c.data[max(0, c.first-c.window):c.first], '|') < 0 {
		return false
	}
	end := bytes.IndexByte(c.rest, '|')
	if end < 0 || end+1 < len(c.rest) && c.rest[end+1] == '|' {
		return false
	}
	from := max(0, c.first-c.window)
	if c.value.Kind == point.WholePath {
		from += bytes.LastIndexByte(c.data[from:c.first], '/') + 1
	}
	line := c.data[from:min(len(c.data), c.word.end+c.window)]
	if i := bytes.IndexByte(c.rest, '\n'); i >= 0 && i < c.window {
		line = c.data[from : c.word.end+i]
	}
	if i := bytes.IndexByte(line, '/'); i >= 0 && c.value.Kind == point.WholePath {
		line = line[:i]
	}
	if c.data[0] == '|' && c.data[1] == ' ' && !c.grave && bytes.Count(line, []byte("|")) >= 3 && bytes.HasSuffix(bytes.TrimRight(line, " \n"), []byte("|")) {
		return true
	}
	if c.data[0] == '|' && !c.grave && bytes.Count(line, []byte("|")) >= 3 && bytes.Count(line, []byte(" | ")) >= 1 {
		return true
	}
	return bytes.Count(line, []byte("|")) >= 3 && bytes.Count(line, []byte(" | ")) >= 1 && !bytes.ContainsAny(line, "/;$`")
}

// minPadding is how many blanks fill up a cell of a table, where a command line has one.
const minPadding = 4

// paddedCell reports whether bars part the cells of a table and blanks fill this one up: 64001 | mysql      | k.
// Commands by which attacks ask are none.
func (c *call) paddedCell() bool {
	rest := bytes.TrimLeft(c.rest, " ")
	return c.at == separator && len(c.rest)-len(rest) >= minPadding && bytes.HasPrefix(rest, []byte("| ")) && bytes.HasSuffix(c.data[:c.first], []byte(" | ")) && !asked(c.word.text())
}

// spaced reports whether the text before the command holds words and blanks, as the
// lines of prose do.
func (c *call) spaced() bool {
	return c.blanks >= 2 && point.Classify(c.data[max(0, c.first-c.window):c.first])&point.Alpha != 0 && !c.behindOptions()
}

// proseFollows reports whether words follow the command as they do in sentences.
func (c *call) proseFollows() bool {
	return lex.Gaps(c.rest[:min(len(c.rest), 64)]) >= 3
}

// printed reports whether the output of what follows is printed or assigned: echo `id`.
func printed(before []byte) bool {
	before = bytes.TrimRight(before, " ")
	if text := bytes.TrimSuffix(before, lastWord(before)); len(text) > 0 && printer(lastWord(before)) {
		trimmed := bytes.TrimRight(text, " ")
		if last := lastWord(trimmed); opensStatement(text) || (printer(last) || string(last) == "exit") && opensStatement(bytes.TrimSuffix(trimmed, last)) {
			return true
		}
	}
	if lex.OneOf(before, "puts", "p", "die", "exit", "return", "raise", "abort", "system", "warn", "exec") {
		return true
	}
	return lex.Equal(before, "echo") || lex.Equal(before, "print") || lex.HasSuffix(before, ";echo") || lex.HasSuffix(before, "; echo") || lex.HasSuffix(before, ";print") || len(before) > 0 && before[len(before)-1] == '=' && bytes.IndexByte(before, ' ') < 0
}

func printer(word []byte) bool {
	return lex.OneOf(word, "echo", "print", "puts", "warn", "die", "say", "return", "abort", "raise")
}

// opensStatement reports whether text ends with what in code a statement or an operand follows, and in
// prose no word does.
func opensStatement(text []byte) bool {
	before := bytes.TrimRight(text, " ")
	n := len(before)
	if n == 0 {
		return true
	}
	switch before[n-1] {
	case '{', ';':
		return true
	case '"', '\'': // eval "print `id`"
		return lex.HasSuffix(before[:n-1], "eval ") || lex.HasSuffix(before[:n-1], "eval")
	case '(':
		return n == 1 || before[n-2] > ' '
	case '.', ',', '+', '&', '|':
		return n == len(text) && n > 1 && bytes.IndexByte([]byte("'\")]}&|"), before[n-2]) >= 0
	}
	return false
}

// isName reports whether what reads as a command is a name in settings or source: a key
// in front of an equals sign, a variable of make, a word in quotes that stands alone.
func (c *call) isName() bool {
	if after := bytes.TrimLeft(c.rest, " "); len(after) > 1 && len(after) < len(c.rest) && after[0] == '=' && after[1] == ' ' {
		return true
	}
	if c.named() || c.versioned() || bytes.HasPrefix(c.data[c.first:], []byte(`"""`)) && c.rank == english && c.closes() { // what a function of Python does
		return true
	}
	first := c.data[c.first]
	if c.at == substitution && !c.word.hidden && lex.Equal(c.word.text(), "command") && c.closes() || c.labels() || c.strung() || c.media() {
		return true
	}
	if c.at == substitution && !c.word.hidden && capitals(c.data[c.first:c.word.end]) {
		return true
	}
	if c.at == separator && c.data[c.first-1] <= ' ' && !c.word.hidden && capitals(c.data[c.first:c.word.end]) && !onWindows.Has(c.word.text()) {
		return true // of a state: Boise; ID
	}
	if first != '"' && first != '\'' || c.at != separator || c.word.hidden {
		return false
	}
	return c.rank == english && c.data[c.first-1] == ' ' && c.closes() || bytes.HasSuffix(bytes.TrimRight(c.data[:c.first], " \t"), []byte("\n"))
}

// named reports whether a word is the name of an action, as interfaces of shops have them
// and PowerShell too: add-item, without an argument and without a capital.
func (c *call) named() bool {
	dash := bytes.IndexByte(c.word.text(), '-')
	if dash < 0 || !lex.OneOf(c.word.text()[dash+1:], "item", "items", "content", "object", "objects", "member", "members", "location", "variable", "event", "job", "package", "service", "process") || !c.closes() {
		return false
	}
	return bytes.Equal(c.word.text(), c.data[c.first:c.word.end])
}

func capitals(word []byte) bool {
	for _, c := range word {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// operated reports whether an operator stands right in front of backticks, so that the
// shell runs what they give.
func operated(data []byte, first int) bool {
	before := bytes.TrimRight(data[:max(0, first-1)], " ")
	n := len(before)
	return n > 0 && bytes.IndexByte([]byte("|;&"), before[n-1]) >= 0 || n > 1 && before[n-1] == '{' && (before[n-2] == '#' || before[n-2] == '$')
}

// inSpan reports whether a command stands in backticks that a text sets off, as in:
// run `make a && make b`.
func (c *call) inSpan() bool {
	before := c.data[max(0, c.first-8*c.window):c.first]
	open := bytes.LastIndexByte(before, '`')
	return open > 1 && bytes.Count(before, []byte{'`'})&1 == 1 && before[open-1] == ' ' && (lex.Letter(before[open-2]) || before[open-2] == ':')
}

// inListing reports whether a command stands in an element of HTML that shows source, in a value that
// begins with markup.
func (c *call) inListing() bool {
	if c.data[0] != '<' {
		return false
	}
	before := c.data[max(0, c.first-c.window):c.first]
	i, element := lastOf(before, "<code", "<pre")
	return i >= 0 && bytes.IndexByte(before[i:], '>') > 0 && bytes.Contains(c.rest, []byte("</"+element[1:]+">"))
}

// lastOf returns the last place of the later one of two words, and the word.
func lastOf(text []byte, first, second string) (at int, word string) {
	i, k := bytes.LastIndex(text, []byte(first)), bytes.LastIndex(text, []byte(second))
	if i > k {
		return i, first
	}
	return k, second
}

// argued reports whether what follows a word's blank is an argument and no prose.
func (c *call) argued() bool {
	return len(c.rest) > 1 && c.rest[0] == ' ' && bytes.IndexByte([]byte("-$'\"/~"), c.rest[1]) >= 0
}

// opensScript are the words with which lines of scripts begin.
var opensScript = lex.NewWords("if elif then else case while until for export local readonly declare trap test set alias exec return unset typeset")

// scripted reports whether a value begins as lines of scripts do: with a word of the shell's
// grammar, or a variable that is set to what a command gives.
func scripted(data []byte) bool {
	i := lex.SkipSpace(data, 0)
	if i < len(data) && data[i] == '(' {
		i++
	}
	end := lex.WordEnd(data, i)
	if end == i || end >= len(data) {
		return bytes.HasPrefix(data, []byte("#!")) || bytes.HasPrefix(data, []byte("&& [ "))
	}
	word := data[i:end]
	if data[end] == '=' && lex.Letter(data[i]) && end-i > 1 {
		rest := bytes.TrimLeft(data[end+1:], "\"")
		if word[0] < 'a' && end+1 < len(data) && (data[end+1] == '"' || data[end+1] == '(') {
			return true
		}
		return bytes.HasPrefix(rest, []byte("$(")) || bytes.HasPrefix(rest, []byte("`"))
	}
	if data[end] != ' ' {
		return false
	}
	if bytes.HasPrefix(data[i:], []byte("import (")) { // Go's imports, where "fmt" is no command
		return true
	}
	return opensScript.Has(word) && bytes.ContainsAny(data[end:], "$\"[-/`")
}

// tight reports whether the command stands behind a separator with no blank on either
// side: ls;id. People who write down lines of commands set all but pipes apart, and what
// they then write is about their own machine.
func (c *call) tight() bool {
	i := c.separatorAt()
	if c.at != separator && c.at != ampersand || i == 0 || c.data[i-1] <= ' ' || c.data[c.first-1] <= ' ' || c.administers() {
		return false
	}
	return c.data[i] != '|' || c.data[i+1] == '|'
}

// behindSetting reports whether a command stands behind the first separator of a value that begins
// with a setting, in the same line: x="";id. Scripts go on with lines, and lines that people give
// use what they set.
func (c *call) behindSetting() bool {
	if c.at != separator && c.at != ampersand {
		return false
	}
	setting := c.data[:c.separatorAt()]
	if len(setting) > longestWord || bytes.ContainsAny(setting, "\n;|&") || !complete(setting) {
		return false
	}
	name := setting[:lex.WordEnd(setting, 0)]
	assigns := len(name) > 0 && len(name) < len(setting) && setting[len(name)] == '='
	return c.tight() || assigns && !uses(c.rest, name)
}

// complete reports whether every quote and parenthesis of a setting is closed, so that a separator behind
// it is none of its own: x="$(a | b)"
func complete(setting []byte) bool {
	for _, quote := range [...]string{"'", `"`, "`"} {
		if bytes.Count(setting, []byte(quote))&1 == 1 {
			return false
		}
	}
	return bytes.Count(setting, []byte("(")) == bytes.Count(setting, []byte(")"))
}

// behindNumbers reports whether numbers stand in front of a command and no word, so that the blanks
// between them are no prose, and no row of a table.
func (c *call) behindNumbers() bool {
	if bytes.IndexByte(c.rest, '|') >= 0 && c.data[c.separatorAt()] == '|' {
		return false
	}
	classes := point.Classify(c.data[max(0, c.first-c.window):c.first])
	return classes&(point.Alpha|point.High) == 0 && classes&point.Digit != 0
}

// uses reports whether a variable is named in what follows: $name, ${name}
func uses(text, name []byte) bool {
	for from := 0; ; {
		i := bytes.Index(text[from:], name)
		if i < 0 {
			return false
		}
		from += i + len(name)
		if before := bytes.TrimSuffix(text[:from-len(name)], []byte("{")); len(before) > 0 && before[len(before)-1] == '$' {
			return true
		}
	}
}
