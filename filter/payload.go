package filter

import (
	"slices"

	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/point"
)

// A payload is the evidence with some bytes around it.
const (
	around      = 64
	maxEvidence = 384
)

// hitOf turns a finding into the part of a hit that differs from finding to finding.
func (ex *Exchange) hitOf(fd *detect.Finding, engine *detect.Engine) event.Hit {
	path := ex.points.Tree.Path(fd.Ref)
	h := event.Hit{
		Type: fd.Type.String(), Score: uint8(fd.Score()), Context: fd.Context.String(),
		Point: path.String(),
	}
	margin := around
	if slices.ContainsFunc(path, func(s point.Step) bool { return secretName(s.Name) }) { // what is decoded of a secret is one
		margin = 0
	}
	start := cutPayload(&h, ex.points.Values[fd.Value].Data, fd, margin)
	for _, m := range fd.Marks[:fd.N] {
		h.Stamps = append(h.Stamps, stamp(m, start, engine))
	}
	return h
}

// cutPayload sets the payload of a hit and returns where in the value it starts.
func cutPayload(h *event.Hit, value []byte, fd *detect.Finding, margin int) int {
	off, length := fd.Span()
	off = min(off, len(value))
	length = min(length, len(value)-off, maxEvidence)
	start, end := max(0, off-margin), min(len(value), off+length+margin)
	h.Payload = string(value[start:end])
	h.Before, h.Length = off-start, length
	return start
}

func stamp(m evidence.Mark, start int, engine *detect.Engine) event.Stamp {
	s := event.Stamp{Number: uint16(m.Stamp), Weight: m.Weight, Off: int(m.Off) - start, Len: int(m.Len)}
	if sign := engine.Sign(m.Stamp); sign != nil {
		s.Text = sign.Text
	}
	return s
}
