package detect

import (
	"bytes"
	"math/bits"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// beyondDoubt is the score of what no report of a crash holds by itself.
const beyondDoubt = 10

// maxSteps bounds the steps from a value upwards that are looked at.
const maxSteps = 8

// doubt lowers what was found in a report, or in a password, to a suspicion, unless it is
// beyond doubt; in a password of dice nothing is.
func doubt(v *point.Value, tree *point.Tree, t *evidence.Tally) {
	if t.Type == attack.RCE && described(tree, v.Ref) || watched(tree, v.Ref) { // not even one of two doubts
		t.Cap(evidence.Gray - 1)
	}
	if t.Score() < beyondDoubt && (reported(tree, v.Ref) || made(v, tree, t)) || (t.Type != attack.SQLi || t.Score() <= evidence.Threshold) && asksPassword(tree.Name(v.Ref)) && rolled(v.Data) && (t.Type != attack.RCE || !substitutes(v.Data)) || v.Kind == point.Text && spoken(tree, v.Ref) && (t.Score() < beyondDoubt || fenced(v.Data, t)) {
		t.Cap(evidence.Threshold - 1)
	}
}

// spoken reports whether a value is what somebody says to a language model, or what it said, as the
// interfaces of all of them have it: messages[].content, or a text among its parts.
func spoken(tree *point.Tree, ref point.Ref) bool {
	name := tree.Name(ref)
	if string(name) == "text" {
		ref = tree.Parent(tree.Parent(ref))
		name = tree.Name(ref)
	}
	if string(name) != "content" {
		return false
	}
	list := tree.Parent(ref)
	return tree.Tag(list) == point.Array && string(tree.Name(tree.Parent(list))) == "messages"
}

// maxInfo bounds the name of a language behind a fence.
const maxInfo = 24

// fenced reports whether the evidence begins in a fence of Markdown that is closed, or in code within
// a line. Lookups and templates are run wherever they stand.
func fenced(text []byte, t *evidence.Tally) bool {
	if t.Type != attack.XSS && t.Type != attack.SQLi && t.Type != attack.RCE && t.Type != attack.PTrav {
		return false
	}
	off, _ := t.Span()
	before, rest := text[:min(off, len(text))], text[min(off, len(text)):]
	if bytes.Count(before, []byte("```"))%2 == 1 {
		open := bytes.LastIndex(before, []byte("```"))
		line := bytes.IndexByte(text[open:min(len(text), open+maxInfo)], '\n')
		return (open == 0 || text[open-1] == '\n') && line > 0 && open+line < off+1 && bytes.Contains(rest, []byte("\n```")) && !bytes.Contains(text, []byte("${"))
	}
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return bytes.IndexByte(line, ' ') > 0 && bytes.Count(line, []byte("`"))%2 == 1 && bytes.IndexByte(rest, '`') > 0 && !bytes.Contains(text, []byte("${"))
}

// described reports whether a value is a command by which a description of one's own says how to build
// or start a program: scripts of a package of npm, args of containers of Kubernetes.
func described(tree *point.Tree, ref point.Ref) bool {
	above := tree.Parent(ref)
	if tree.Tag(ref) == point.Array {
		list := tree.Parent(above)
		return lex.OneOf(tree.Name(above), "args", "command") && tree.Tag(list) == point.Array && lex.OneOf(tree.Name(tree.Parent(list)), "containers", "initcontainers")
	}
	if tree.Tag(ref) != point.Hash || string(tree.Name(above)) != "scripts" {
		return false
	}
	described := tree.Parent(above)
	return tree.Tag(described).Objects() || string(tree.Name(tree.Parent(described))) == "versions"
}

// watched reports whether a value stands where agents that watch machines tell of their processes
// and logs, below other names: osquery's columns.cmdline, log.file.path of Elastic, labels of Loki.
func watched(tree *point.Tree, ref point.Ref) bool {
	if tree.Tag(ref) == point.Array {
		return lex.Equal(tree.Name(tree.Parent(ref)), "processes")
	}
	if tree.Tag(ref) != point.Hash {
		return false
	}
	above := tree.Name(tree.Parent(ref))
	switch name := tree.Name(ref); len(name) {
	case len("path"):
		return string(name) == "path" && string(above) == "file" && string(tree.Name(tree.Parent(tree.Parent(ref)))) == "log"
	case len("cmdline"):
		return string(name) == "cmdline" && (lex.OneOf(above, "columns", "process", "parent", "proc") || listsProcesses(tree, tree.Parent(ref)))
	case len("filename"):
		return string(name) == "filename" && string(above) == "stream"
	case len("script-sample"): // what a browser did not run: CSP, 5.3
		return string(name) == "script-sample" && string(above) == "csp-report"
	case len("command_line"):
		return string(name) == "command_line" && string(above) == "process"
	}
	return false
}

// listsProcesses reports whether an element of a list is one of a machine's processes.
func listsProcesses(tree *point.Tree, ref point.Ref) bool {
	return tree.Tag(ref) == point.Array && lex.OneOf(tree.Name(tree.Parent(ref)), "processes", "process_list", "procs")
}

// Bounds of a password that a program made up: its length, and different marks in it, fewest and
// where a quote and a mark of a comment could be meant.
const (
	maxPassword          = 64
	minMarks, minComment = 3, 4
	manyMarks            = 6 // of which no attack on a password has so many
)

// made reports whether a value is a password of the kind that programs make up, whose marks
// mean nothing: '||&&9Pa;ss
func made(v *point.Value, tree *point.Tree, t *evidence.Tally) bool {
	least := minMarks
	switch t.Type {
	case attack.RCE:
		if substitutes(v.Data) || holdsName(v.Data) {
			return false
		}
	case attack.XSS:
	case attack.SQLi:
		if least = minComment; t.Score() > evidence.Threshold || compares(v.Data) {
			return false
		}
	default:
		return false
	}
	if len(v.Data) > maxPassword || v.Classes&(point.Space|point.Newline|point.Control) != 0 {
		return false
	}
	marks := differing(v.Data)
	if v.Classes&(point.Alpha|point.Digit) != 0 && (!mixed(v.Data) && marks < manyMarks || bytes.ContainsAny(v.Data, "/\\")) {
		return false
	}
	return marks >= least && asksPassword(tree.Name(v.Ref))
}

// asksPassword reports whether a field is called like one for a password.
func asksPassword(name []byte) bool {
	at, _ := lex.First(name, []string{"passw", "pwd"})
	return at >= 0 || lex.Equal(name, "pass")
}

// Bounds of a password that was rolled: its length, different marks, and letters of one case in a row,
// of which words and names of attacks have more.
const (
	minRolled, maxRolled = 12, 128
	rolledMarks          = 4
	maxCase              = 4
)

// rolled reports whether a text is a password as dice make it: all kinds of characters, in no order.
func rolled(text []byte) bool {
	if len(text) < minRolled || len(text) > maxRolled || !mixed(text) || differing(text) < rolledMarks || bytes.Contains(text, []byte("://")) {
		return false
	}
	run, changes := 0, 0
	for i, c := range text {
		if c <= ' ' || c > '~' {
			return false
		}
		if i > 0 && casing(c) == casing(text[i-1]) {
			if run++; run >= maxCase && lex.Letter(c) {
				return false
			}
			continue
		}
		run = 0
		changes++
	}
	return 2*changes > len(text)
}

// substitutes reports whether a shell would put the output of a command, or its blank, in place of a part of a
// password.
func substitutes(text []byte) bool {
	i := bytes.Index(text, []byte("$("))
	return i >= 0 && bytes.IndexByte(text[i:], ')') > 2 || bytes.Contains(text, []byte("$IFS")) || bytes.Contains(text, []byte("${IFS"))
}

// minName is the length of a word of small letters that no dice make, in bytes.
const minName = 6

// holdsName reports whether a word of small letters stands in a password.
func holdsName(text []byte) bool {
	run := 0
	for _, c := range text {
		if c < 'a' || c > 'z' {
			run = 0
		} else if run++; run == minName {
			return true
		}
	}
	return false
}

// casing parts capitals, small letters, digits and marks.
func casing(c byte) int {
	switch {
	case 'A' <= c && c <= 'Z':
		return 0
	case 'a' <= c && c <= 'z':
		return 1
	case lex.Digit(c):
		return 2
	default:
		return 3
	}
}

// compares reports whether nothing but operators and constants of SQL stands behind a text's first quote,
// up to its end or a mark of a comment, which programs that make up passwords do not come upon.
func compares(text []byte) bool {
	i := lex.IndexQuote(text)
	if i < 0 {
		return false
	}
	rest, constants := text[i+1:], 0
	for i = 0; i < len(rest); {
		end := lex.WordEnd(rest, i)
		switch word := rest[i:end]; {
		case end == i && bytes.IndexByte([]byte("#;"), rest[i]) >= 0, bytes.HasPrefix(rest[i:], []byte("--")):
			return i > 0 && constants > 0
		case end == i && bytes.IndexByte([]byte("()=<>!|&+-*^%~'\"."), rest[i]) < 0:
			return false
		case end == i:
			end++
		case lex.Digit(word[0]) && len(bytes.Trim(word, "0123456789")) == 0, lex.OneOf(word, "true", "false", "null"):
			if i == 0 {
				return false
			}
			constants++
		case !lex.OneOf(word, "or", "and", "xor", "not", "is", "like", "rlike", "regexp", "in", "between", "div", "mod", "union", "select"):
			return false
		}
		i = end
	}
	return constants > 0
}

// differing returns how many different marks are in a text.
func differing(text []byte) int {
	var seen [2]uint64
	for _, c := range text {
		if !lex.Word(c) && c < 0x80 {
			seen[c>>6] |= 1 << (c & 63)
		}
	}
	return bits.OnesCount64(seen[0]) + bits.OnesCount64(seen[1])
}

// mixed reports whether small letters, capitals and digits are in a text.
func mixed(text []byte) bool {
	var seen [4]bool
	for _, c := range text {
		seen[casing(c)] = true
	}
	return seen[0] && seen[1] && seen[2]
}

// reported reports whether a value stands where programs that report crashes and breaches of a
// page's policy put lines of source and of traces, which browsers and servers send as they are.
func reported(tree *point.Tree, ref point.Ref) bool {
	for range maxSteps {
		if ref == 0 {
			return false
		}
		name := tree.Name(ref)
		for _, known := range reportNames[min(len(name), len(reportNames)-1)] {
			if lex.Equal(name, known) {
				return true
			}
		}
		ref = tree.Parent(ref)
	}
	return false
}

// reportNames are names of such fields by their length: of Sentry, Bugsnag, Rollbar, Elastic
// APM, and of reports on content security policies.
var reportNames = [...][]string{
	6: {"frames"}, 10: {"stacktrace"}, 11: {"pre_context", "stack_trace", "breadcrumbs"}, 12: {"context_line", "post_context"}, 13: nil,
}
