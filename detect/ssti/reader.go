package ssti

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// reader weighs the blocks of a value one after the other.
type reader struct {
	data    []byte
	best    *evidence.Tally
	texts   bool  // there is text outside of blocks
	words   int   // in it
	behind  int   // where the last block ended
	nested  int   // blocks that ended there too
	inner   block // the last of them, when it is not weighed yet
	counted bool  // the lines of the value
	lined   bool  // they are many
}

// take weighs a block, or puts it off if more end at the same place than any template nests: of those
// the innermost counts.
func (r *reader) take(b *block) {
	if b.to == r.behind {
		r.nested++
	} else {
		r.innermost()
		r.nested = 0
	}
	outside := r.data[min(r.behind, b.start):b.start]
	r.texts = r.texts || point.Classify(outside)&point.Alpha != 0
	if r.words < proseWords {
		r.words += words(outside)
	}
	r.behind = b.to
	if r.nested >= maxNested {
		r.inner = *b
		return
	}
	r.weigh(b)
}

// innermost weighs the block that was put off.
func (r *reader) innermost() {
	if r.inner.to > 0 {
		r.weigh(&r.inner)
		r.inner = block{}
	}
}

// weigh keeps a block's evidence if it beats the best.
func (r *reader) weigh(b *block) {
	data := r.data
	var t evidence.Tally
	t.Reset(attack.SSTI, evidence.Template)
	b.weigh(data, &t)
	if b.far > b.to && t.Score() < evidence.Threshold {
		b.rest(data, &t)
	}
	if t.Score() > r.best.Score() && t.Score() > 0 && t.Score() < beyondDoubt && r.shown(b) && !b.executes(data, &t) {
		t.Cap(evidence.Threshold - 1)
		if r.article() { // about templates, or one that uses their braces for a blank to fill in
			t.Cap(evidence.Gray - 1)
		}
	}
	if t.Score() > r.best.Score() {
		*r.best = t
	}
}

// beyondDoubt is the score of what climbs, names or calls more than once: nobody shows it but those who warn of it,
// and any text can be put in front of it.
const beyondDoubt = 12

// article reports whether the value has lines as an article has.
func (r *reader) article() bool {
	if !r.counted {
		r.counted, r.lined = true, bytes.Count(r.data, []byte("\n")) > 3
	}
	return r.lined
}

// shown reports whether a block is shown in a text, in which the words of other blocks are none.
func (r *reader) shown(b *block) bool {
	if !r.texts || !lex.Shown(r.data, b.start, b.to) {
		return false
	}
	return r.words >= proseWords || !lex.Prose(r.data[max(0, b.start-maxBefore):b.start])
}

// What makes a text of what stands in front of a block.
const (
	proseWords = 4
	maxBefore  = 256
)

// words counts the words of more than a letter.
func words(text []byte) int {
	n, letters := 0, 0
	for _, c := range text {
		if lex.Letter(c) || c >= 0x80 {
			if letters++; letters == 2 {
				n++
			}
			continue
		}
		letters = 0
	}
	return n
}

// executes reports whether a block hands a function to a filter that calls it, makes an object that runs
// commands, or runs one in several steps, outside of a span of code: a text around it is what the template's
// mail or page says, not what is told about it.
func (b *block) executes(data []byte, t *evidence.Tally) bool {
	if b.start > 0 && data[b.start-1] == '`' {
		return false
	}
	inside := data[b.from:min(b.to, b.from+maxExecuted)]
	if t.Count(callback.Stamp) > 0 || t.Count(engineClass.Stamp) > 0 && lex.Contains(inside, "?new()(") {
		return true
	}
	i, _ := executors.First(inside)
	return i >= 0 && bytes.Count(inside[:i], []byte(".")) >= 2
}

// executors run commands behind other steps.
var executors = lex.NewList(".popen(", ".system(", "'popen'](", "'system'](", `"popen"](`, `"system"](`, "getruntime(", "execsync(", "spawnsync(", ".check_output(", ".getoutput(")

// maxExecuted bounds what is looked at of a block in a text.
const maxExecuted = 512

// reaching are the signs that count in what follows the first bytes of a long block.
var reaching = []*evidence.Sign{&chain, &globalName, &engineClass, &callback}

// rest weighs what follows them, in which code of a page's own may stand too.
func (b *block) rest(data []byte, t *evidence.Tally) {
	var own evidence.Tally
	own.Reset(t.Type, t.Context)
	off := max(b.from, b.to-maxBlanks)
	inside := data[off:b.far]
	b.names(inside, off, &own)
	filterCalls(inside, off, &own)
	for _, s := range reaching {
		if own.Count(s.Stamp) > 0 {
			*t = own
			return
		}
	}
}
