package parse

import (
	"io"

	"github.com/weirnode/weir/internal/tape"
	"github.com/weirnode/weir/point"
)

// What is read of a compressed archive, in bytes: of what it holds, and of the heads in it.
const (
	maxUnpacked  = 256 << 10
	maxHeads     = 32 << 10
	maxDescribed = 4 << 10 // of what is about one member
)

// archived keeps the heads of the members of a compressed archive of tar: what their names and links say is
// judged as in one that is not compressed, and what they hold is not read in either.
func (p *Points) archived(content []byte, at place) {
	c := codecOf(content)
	if c == noCodec || !p.on(GzipParser, at.ref) || !p.room(maxHeads) {
		return
	}
	if p.inflated+maxUnpacked > maxInflated {
		p.Overrun = TooLarge
		return
	}
	d := decoderPool.Get().(*decoders)
	defer d.release()
	r, err := d.open(c, content)
	if err != nil {
		return
	}
	limited := &io.LimitedReader{R: r, N: maxUnpacked}
	heads := tapeHeads(p.arena.Grow(maxHeads), limited)
	p.inflated += maxUnpacked - int(limited.N)
	if len(heads) == 0 {
		return
	}
	at = at.deeper(p.Tree.Add(at.ref, codecTags[c]), point.Inflated)
	at.kind = point.FileHead
	p.content(p.arena.Commit(heads), at)
}

// tapeHeads appends the heads of an archive's members, as if they held nothing, and what is about them.
func tapeHeads(out []byte, r io.Reader) []byte {
	for len(out)+tape.Block+maxDescribed <= maxHeads {
		from := len(out)
		head := out[from : from+tape.Block]
		if _, err := io.ReadFull(r, head); err != nil || !tape.IsHead(head) {
			break
		}
		size, blocks := tape.Content(head)
		out = out[:from+tape.Block]
		if tape.Describes(head) && size <= maxDescribed {
			n, err := io.ReadFull(r, out[len(out):len(out)+blocks])
			if out = out[:len(out)+n]; err != nil {
				break
			}
			continue
		}
		tape.Empty(head)
		if _, err := io.CopyN(io.Discard, r, int64(blocks)); err != nil {
			break
		}
	}
	return out
}
