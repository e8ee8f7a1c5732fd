package main

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// shownUnknown is how many differences without a class are printed.
const shownUnknown = 20

// report fills in an outcome: each input that weir took as every reader did, or in a
// way that has a class which is no hazard, has passed.
func (t *trial) report(o *outcome, verbose bool) {
	o.total = min(int(t.next.Load()), t.inputs)
	if t.failed != nil {
		o.notRun = t.failed.Error()
	}
	hazards := 0
	for _, c := range classes {
		if c.hazard {
			hazards += sum(t.counts[c])
		}
	}
	o.passed = max(0, o.total-len(t.unknown)-hazards)
	for i, d := range t.unknown {
		if i == shownUnknown && !verbose {
			break
		}
		o.failures = append(o.failures, failure{"without a class", d.String()})
	}
	o.notes = append(o.notes, fmt.Sprintf("seed %d; weir forwarded something of %d inputs; %d classes of differences, %d differences without one, %d of a hazard", t.seed, t.accepted, len(t.counts), len(t.unknown), hazards))
	for _, c := range classes {
		if verbose && t.counts[c] != nil {
			o.notes = append(o.notes, fmt.Sprintf("%6d  %s: %s\n          %s", sum(t.counts[c]), c.how, c.name, t.examples[c]))
		}
	}
}

func sum(counts map[string]int) (n int) {
	for _, m := range counts {
		n += m
	}
	return n
}

const reportHead = `# Where readers of HTTP/1 differ

Written by ` + "`bin/conformance -suites differ -write docs/wire-differences.md`" + ` (` + "`make conformance`" + ` builds it). The same bytes were shown to weir in front of a recording application,
to %s: %d inputs of seed %d, one to three requests each with up to three
changes, and a last request behind them that tells where a reader took the input to end. Of each input was compared which requests were taken, by method, target, host and body. weir forwarded something of %d inputs.

A difference that has no class here fails the run. None lets a reader behind weir see a request that weir did not: where it is stricter it forwards less; what it forwards beyond another is written anew, and was shown
to the other two again: they took it as weir did, or refused it (third table). **No input was split in two ways by weir and by a reader behind it.**

`

// titles of the relations, in the order of the report.
var titles = []struct {
	how  relation
	text string
}{
	{stricter, "weir refuses, the other takes"},
	{looser, "weir takes, the other refuses"},
	{refused, "What weir forwards, shown to the other: refused by it"},
	{apart, "Taken by both, not alike"},
	{onward, "What weir forwards, shown to the other: taken otherwise"},
}

// write writes the table of differences as Markdown.
func write(file, about string, strict, lenient *trial) error {
	var b strings.Builder
	fmt.Fprintf(&b, reportHead, about, strict.inputs, strict.seed, strict.accepted)
	for _, title := range titles {
		strict.table(&b, title.how, title.text)
	}
	b.WriteString("## Faulty by the letter of RFC 9112 and taken\n\nEach request that weir took was also read by the letter (fault.go), whatever the other two do.\n\n")
	taken := 0
	for _, c := range classes {
		if c.reader == theLetter && strict.counts[c] != nil {
			fmt.Fprintf(&b, "- %s (%d): %s.\n", c.name, sum(strict.counts[c]), c.why)
			taken++
		}
	}
	if taken == 0 {
		b.WriteString("None.\n")
	}
	b.WriteString("\n## Lenient framing\n\n")
	fmt.Fprintf(&b, "With `framing: lenient` (%d inputs, something forwarded of %d) these classes come in addition:\n\n", lenient.inputs, lenient.accepted)
	for _, c := range classes {
		if lenient.counts[c] != nil && strict.counts[c] == nil {
			fmt.Fprintf(&b, "- %s, %s (%d): %s.\n", c.name, c.how, sum(lenient.counts[c]), c.why)
		}
	}
	return os.WriteFile(file, []byte(b.String()), 0o644) //nolint:gosec // a document
}

func (t *trial) table(b *strings.Builder, how relation, title string) {
	fmt.Fprintf(b, "## %s\n\n", title)
	begun := false
	for _, c := range classes {
		counts := t.counts[c]
		if c.how != how || counts == nil || c.reader == theLetter {
			continue
		}
		if !begun {
			b.WriteString("| what | net/http | nginx | verdict | why |\n|---|---|---|---|---|\n")
			begun = true
		}
		verdict := "harmless"
		if c.hazard {
			verdict = "hazard"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", c.name, shown(counts["net/http"]), shown(counts["nginx"]), verdict, c.why)
	}
	if !begun {
		b.WriteString("None.\n")
	}
	b.WriteByte('\n')
}

func shown(n int) string {
	return cmp.Or(strings.TrimPrefix(strconv.Itoa(n), "0"), "–")
}
