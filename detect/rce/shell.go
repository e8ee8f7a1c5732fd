package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// shell reads every position at which a shell begins a command.
func shell(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Classes&(point.Paren|point.Brace) == point.Paren|point.Brace {
		shellShock(data, best)
	}
	if v.Kind == point.UserAgent || v.Kind == point.Referer || v.Kind == point.HeaderText || v.Kind == point.WholePath {
		if v.Classes&(point.Dollar|point.Backtick|point.Pipe|point.Semicolon|point.Ampersand) == 0 && (v.Kind != point.HeaderText && v.Kind != point.Referer || v.Classes&point.Space == 0 || rankOf(readWordText(data)) == unknown) {
			return
		}
	}
	if v.Kind != point.UserAgent && v.Classes&point.PercentSign != 0 {
		windows(data, v.Pairs, best)
	}
	parted := v.Classes&shellClasses != 0 || v.Classes&point.Slash != 0 && bytes.IndexByte(data, '>') > 0 || v.Classes&(point.Brace|point.Plus) == point.Brace|point.Plus && bytes.Contains(data, []byte("{,"))
	if !parted && (v.Kind == point.UserAgent || lex.Letter(data[0]) && readPlain(data, 0).unknown) {
		return
	}
	r := reader{data: data, value: v, best: best, lines: documentOf(data, v.Pairs), line: scheduled(data), source: scripted(data), paste: pasted(data, v), teller: teller{asked: true}}
	r.defines = v.Classes&point.Paren != 0 && v.Pairs.May("()")
	if r.lines {
		r.first = firstLine(data)
	}
	if data[0] == '$' {
		ownShell(data, best)
	}
	if v.Kind != point.UserAgent {
		r.command(0, start)
	}
	if parted {
		r.pass()
		r.positions()
	}
	if v.Classes&(point.HashAt|point.Paren) == point.HashAt|point.Paren && v.Pairs.May("@(") {
		r.arrays()
	}
}

// shellShock finds a function definition with something behind it.
func shellShock(data []byte, best *evidence.Tally) {
	i := bytes.Index(data[:min(len(data), 64)], []byte("()"))
	if i < 0 {
		return
	}
	rest := bytes.TrimLeft(data[i+2:], " \t")
	if len(rest) == 0 || rest[0] != '{' || lex.HasSuffix(bytes.TrimRight(data[:i], " "), "function") || i > 0 && data[i-1] != ' ' && data[i-1] != '"' && data[i-1] != '\'' {
		return
	}
	end := bytes.IndexByte(rest, '}')
	if end < 0 || end > 64 {
		return
	}
	body := bytes.TrimSpace(rest[1:end])
	if (len(body) == 0 || body[len(body)-1] == ';' || bytes.Contains(body, []byte("=>"))) && bytes.ContainsAny(rest[end:], ";/") {
		one(&shellshock, 0, len(data), evidence.ShellWord, best)
	}
}

// reader reads the commands of one value.
type reader struct {
	data     []byte
	value    *point.Value
	best     *evidence.Tally
	line     bool  // the value is a line of a shell from its first word
	script   bool  // that line gives a shell another to run
	paste    int   // where source begins that the value shows to others, behind its end if it shows none
	lines    bool  // the value is an article, a message, a listing
	first    int   // bytes of its first line
	opened   int   // one more than the separators, blanks and parentheses that it begins with, 0 if nobody has asked
	worded   int   // one more than the bytes of the word that it begins with, 0 if nobody has asked
	secrets  maybe // the value may name a file that only attacks hand to any command
	defines  bool  // it may define a function
	passage  passage
	word     plainWord
	nothing  emptiness
	firsts   firsts
	teller   teller     // whether that tells of the command that is read
	source   bool       // the value is a line of a shell's script
	blanks   int        // that were passed, up to maxBlanks
	joints   int        // of them between words, up to as many
	ticks    int        // backticks that were passed
	body     int        // where the body of a function begins that was defined, 0 if none was
	outside  broken     // where the value may leave a string
	commands sequence   // that the value begins with, and nothing else
	seen     int        // commands that were weighed
	words    int        // that were read for one
	read     int        // bytes around commands that were read for it
	passed   *[256]bool // bytes at which positions does not stop behind words
	stops    lex.Marks  // those at which it does
	few      bool       // if they are few
}

// position is where a command stands.
type position uint8

const (
	start position = iota
	separator
	ampersand
	substitution
	backtick
)

const (
	// maxCommands bounds the commands of one value that are weighed, maxWords the words that are read letter by
	// letter to find them. Nobody has more to say at once, but a document or a script.
	maxCommands, maxWords = 512, 2048
	// window is how many bytes around a command are looked at, closely those that are
	// looked at once maxRead bytes were: a value full of commands must not cost a window
	// for each.
	window, closely = 512, 40
	maxRead         = 16 << 10
)

// reach returns how many bytes around the next command are looked at.
func (r *reader) reach() int {
	if r.read > maxRead {
		return closely
	}
	return window
}

// call is a command at its place.
type call struct {
	*reader
	at       position
	first    int // index of its first byte
	word     shellWord
	rank     rank
	rest     []byte
	grave    bool // the arguments are those of an attack
	optioned bool // an option is glued to its name
	led      bool // a word of the shell's grammar stands in front
	window   int  // bytes around it that are looked at
}

// command reads the command at i and weighs it by its position, and those of functions that begin one within the
// other there: one after the other, since their number is whatever somebody sends.
func (r *reader) command(i int, at position) {
	for r.single(i, at); r.body > 0; r.single(i, separator) {
		i, r.body = r.body, 0
	}
}

// single is command but for what a function holds, whose place it leaves in body.
func (r *reader) single(i int, at position) {
	r.teller = teller{from: i, at: at}
	if r.seen > maxCommands || r.words > maxWords {
		if !r.source && !r.line && i <= r.paste && !r.documented() {
			one(&flood, 0, i, evidence.ShellWord, r.best)
		}
		return
	}
	if i >= len(r.data) || !has(r.data[i], opensAny|leads) {
		return
	}
	if has(r.data[i], leads) {
		i = r.lead(i, at)
	}
	if i >= len(r.data) || !has(r.data[i], opensAny) || has(r.data[i], redirects) && at != separator && at != substitution || r.onlyWord(i, at) {
		return
	}
	r.named(i, at)
}

// named is single behind what stands in front of a command, where something other than an unknown word begins.
func (r *reader) named(i int, at position) {
	if at == separator && condition(r.data, i) {
		r.condition(i)
	}
	i = r.ahead(i, at)
	if i >= len(r.data) || !has(r.data[i], opensWord) {
		return
	}
	if r.plain(i).unknown && (at != separator || !r.secret(i)) {
		return
	}
	r.words++
	if at != start && at != backtick && !r.documented() {
		assembled(r.data, i, r.reach(), r.best)
		r.read += closely
	}
	c := call{reader: r, at: at, first: i, word: r.spelled(i), window: r.reach()}
	if c.word.n == 0 || !delimited(r.data, c.word.end) {
		return
	}
	if c.rank = rankOf(c.word.text()); c.rank == unknown && at == separator && r.secret(i) {
		c.rank = strong
	}
	if c.rank == unknown && c.word.path && at != start {
		if c.slashed(); c.local() {
			c.word.path, c.rank = false, strong
		}
	}
	c.rest = r.data[c.word.end:min(len(r.data), c.word.end+c.window)]
	if c.word.sliced && c.rank == unknown && at != start {
		c.word.path, c.rank = false, strong
	}
	if c.word.path && at == separator && c.dropped() {
		c.word.path, c.rank = false, strong
	}
	if c.word.path && !c.word.system() || c.rank == unknown && (!c.word.glob || !c.word.path || c.word.isData() || at == start && !c.word.fits()) {
		return
	}
	if c.rank == grammar && !c.reserved() || c.word.n == 1 && c.word.buf[0] == '.' && !c.sources() || c.rank == english && lex.Equal(c.word.text(), "tr") && (c.word.hidden || len(c.rest) < 3 || c.rest[0] != ' ') || c.isName() || c.idle() || c.inPattern() || c.inMarkup() {
		return
	}
	if c.rank == unknown {
		c.rank = strong
	}
	r.seen++
	r.read += len(c.rest)
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	c.weigh(&t)
	keep(&t, r.best)
}

// ahead reads what can stand in front of a command, or in its place, and returns where the
// command begins.
func (r *reader) ahead(i int, at position) int {
	if r.defines {
		r.function(i, at)
	}
	if at != start && r.value.Classes&(point.Equal|point.Dollar) == point.Equal|point.Dollar && r.keepsSecret(i) {
		var t evidence.Tally
		t.Reset(attack.RCE, evidence.ShellWord)
		t.Add(&separated, i-1, 1)
		t.AddWeight(&argument, 5, i, lex.WordEnd(r.data, i)-i)
		keep(&t, r.best)
	}
	if (at == separator || at == substitution) && i < len(r.data) && has(r.data[i], opensPrefix) {
		i = assignments(r.data, i)
		for from := -1; from != i; {
			from, i = i, redirections(r.data, i)
		}
	}
	if (at == separator || at == ampersand) && i < len(r.data) && has(r.data[i], opensCompound) {
		r.compound(i)
	}
	if i < len(r.data) && (r.data[i] == '%' || r.data[i] == '!') {
		r.environment(i, at)
	}
	if i < len(r.data) && (at == separator || at == ampersand) {
		if i = ifOfWindows(r.data, i); has(r.data[i], opensTyped) {
			r.typed(i)
		}
	}
	return i
}

// weigh adds up what the command's place, name and arguments tell.
func (c *call) weigh(t *evidence.Tally) {
	if c.led = c.reserved(); c.led || c.rank == wrapper {
		c.unwrap(t)
	}
	score := c.arguments(t)
	isClosed := c.closes() && !c.listed()
	switch {
	case c.at == start:
		c.weighStart(t, score, isClosed)
	case c.rank == strong:
		t.Add(c.sign(), c.separatorAt(), c.word.end-c.separatorAt())
		if isClosed || score > 0 || c.optioned || c.opens() || c.addressed() || c.complete() || c.silent() || c.piped() || c.grouped() {
			t.Add(&closed, c.first, c.word.end-c.first)
		} else if !c.proseFollows() {
			weight := int8(1)
			if c.glued() || cmdletVerbs.Length(c.word.text()) > 0 && bytes.IndexByte(bytes.TrimRight(c.data[:c.separatorAt()], " "), ' ') < 0 {
				weight = closed.Weight
			}
			t.AddWeight(&closed, weight, c.first, c.word.end-c.first)
		}
	default:
		t.Add(c.sign(), c.separatorAt(), c.word.end-c.separatorAt())
		if weight := c.closedWeight(isClosed); weight > 0 || c.rank == tool && score == 0 && c.glued() && c.opens() || c.addressed() || c.rank == english && c.behindCommands() {
			weight = max(weight, 1)
			if !isClosed {
				weight = closed.Weight
			}
			t.AddWeight(&closed, weight, c.first, c.word.end-c.first)
		} else if c.leavesQuote() {
			t.Add(&quoteClosed, max(0, c.first-2), 2)
		}
	}
	if c.word.hidden {
		t.Add(&hiddenWord, c.first, c.word.end-c.first)
	}
	c.within(t, score)
	if c.at == substitution && c.executed() || c.at == backtick && (c.first > 1 && bytes.IndexByte([]byte(";|&"), c.data[c.first-2]) >= 0 || c.membered()) {
		t.Add(&outputRun, max(0, c.first-2), c.word.end-c.first+2)
	}
	c.doubt(t, score)
}

// unwrap looks at the command behind sudo, time and the like.
func (c *call) unwrap(t *evidence.Tally) {
	least := tool
	if lex.OneOf(c.word.text(), "sudo", "nohup", "env", "exec", "xargs", "doas", "setsid", "noglob", "nocorrect") || c.led { // no words of prose
		least = english
	}
	i, others := c.word.end, 0
	for limit := i + c.window; i < limit; others++ {
		for i < len(c.data) && (c.data[i] == ' ' || c.data[i] == '\t') {
			i++
		}
		w := readWord(c.data, i)
		if w.n == 0 {
			break
		}
		if r := rankOf(w.text()); r >= least && r != wrapper && delimited(c.data, w.end) {
			c.word, c.rank, c.rest = w, r, c.data[w.end:min(len(c.data), w.end+c.window)]
			t.Add(&wrapped, c.first, w.end-c.first)
			return
		}
		if lex.Digit(w.buf[0]) && c.at != start {
			least = english
		}
		if w.buf[0] != '-' && !lex.OneOf(w.text(), "eval", "command", "exec", "env") && rankOf(w.text()) != wrapper && (w.buf[0] < '0' || w.buf[0] > '9') {
			break
		}
		i = w.end
	}
	if others > maxWrappers && c.at != start {
		c.grave = true
		t.Add(&hiddenWord, c.first, i-c.first)
	}
	c.rank = english
}

// maxWrappers is how many words of wrappers and their options nobody exceeds but to hide a command behind them.
const maxWrappers = 32

func (c *call) sign() *evidence.Sign {
	if c.at == substitution || c.at == backtick {
		return &substituted
	}
	return &separated
}

// closedWeight weighs a command that stands alone up to the end or a separator. In
// lists of plain words such as name;id;date it is one more word.
func (c *call) closedWeight(isClosed bool) int8 {
	if isClosed && (c.led || c.breaksOut(0) || c.echoesForPHP() || c.blanks < 4 && (c.piped() || c.quotedPipe()) || c.bareLine()) {
		return closed.Weight
	}
	if !isClosed || c.at != substitution && !c.interpolated() && (c.value.Kind.Free() || c.value.Kind == point.HeaderText) && c.spaced() && !c.behindCommands() || c.at == backtick && c.quoted() {
		return 0
	}
	if c.at == substitution || c.at == backtick || c.joined() {
		return closed.Weight
	}
	before := bytes.TrimRight(c.data[max(0, c.first-c.window):c.first], " |;&\n")
	last := byte(0)
	if len(before) > 0 {
		last = before[len(before)-1]
	}
	switch {
	case last != 0 && c.idles():
		return 1
	case point.ClassOf[last]&point.Alpha == 0, c.behindHost(), c.tells(), c.behindCommands(), c.rank >= tool && (len(before) < 3 || c.value.Classes&^listClasses != 0 || point.ClassOf[c.data[0]]&(point.Semicolon|point.Pipe|point.Ampersand) != 0):
		return closed.Weight
	case c.rank == english && c.value.Classes&^listClasses == 0:
		return 0
	}
	return 1
}

// listClasses are what lists of plain words are made of.
const listClasses = point.Alpha | point.Digit | point.Space | point.Dash | point.Semicolon | point.Pipe | point.Ampersand | point.Plus

// weighStart weighs a command at the value's own start, where prose begins too.
func (c *call) weighStart(t *evidence.Tally, score int, isClosed bool) {
	if !c.value.Kind.Free() && c.value.Kind != point.Segment && (c.value.Kind != point.HeaderText && c.value.Kind != point.Referer || !c.grave) {
		t.Cap(0)
		return
	}
	weight := leading.Weight
	if c.rank == strong {
		weight += 2
	}
	t.AddWeight(&leading, weight, c.first, c.word.end-c.first)
	if c.word.path && (isClosed || score > 0) {
		t.AddWeight(&closed, 5, c.first, c.word.end-c.first)
	}
	if c.first == 0 && len(c.rest) == 0 && !c.word.hidden && c.isShell() {
		t.Cap(7) // a setting; by itself it does nothing
	}
	switch {
	case score >= int(argument.Weight) && c.handle():
		t.AddWeight(&closed, 5, c.first, c.word.end-c.first)
		return
	case c.ended():
		t.AddWeight(&closed, 5, c.first, c.word.end-c.first)
		return
	case score == 0 && !c.word.path && !c.word.hidden:
		t.Cap(5)
	case !c.grave && !c.word.hidden && c.administers():
		t.Cap(5) // what how-to pages are full of
	case !c.grave && !c.word.path && !c.word.hidden:
		t.Cap(7) // what people ask about
	}
	c.line = c.rank != english || score > 2 || t.Count(wrapped.Stamp) > 0 || c.argued()
	c.script = score > 0 && lex.OneOf(c.word.text(), "sh", "bash", "zsh") && containsAnyOf(c.rest, " -c ")
	if c.rank == english && score < 4 {
		t.Cap(5)
	}
	if lex.Gaps(c.rest) > 6 && (!c.grave || !lex.Equal(c.word.text(), "reg")) || bytes.IndexByte(c.rest, '\n') >= 0 && len(bytes.TrimSpace(c.rest[bytes.IndexByte(c.rest, '\n'):])) > 0 {
		t.Cap(7) // a line of a how-to page
	}
}

// administering are commands by which people install, build and look after things of their own.
var administering = lex.NewWords("apt-get apt aptitude yum dnf snap dpkg rpm npm npx pip pip3 git svn docker docker-compose kubectl systemctl journalctl ansible ansible-playbook make " +
	"gcc g++ tar unzip zip gzip mkdir rmdir cp mv ln ssh ssh-keygen ssh-copy-id rsync scp sftp mysqldump psql sqlite3 redis-cli tmux screen java javac node " +
	"python python3 perl ruby php grep egrep sed awk find sort uniq wc jq xargs diff df du free mount umount crontab openssl gpg gdb strace iptables nmap " +
	"tcpdump set export mysql sysctl update-alternatives chmod chown cd robocopy xcopy tasklist netsh sc get-childitem get-content get-process " +
	"test-connection netstat lsof ss ip ifconfig traceroute dig nslookup")

// administers reports whether a command is one by which people install, build and look
// after things of their own.
func (c *call) administers() bool {
	return administering.Has(c.word.text())
}

// separatorAt returns the index of the separator in front of the command.
func (c *call) separatorAt() int {
	i := max(0, c.first-1)
	for i > 0 && (c.data[i] == ' ' || c.data[i] == '\t') {
		i--
	}
	if i > 0 && (c.data[i] == '|' || c.data[i] == '&') && c.data[i-1] == c.data[i] {
		i--
	}
	return i
}
