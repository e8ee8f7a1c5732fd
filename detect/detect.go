// Package detect finds attacks in the points of a request.
//
// An [Engine] reads each value, lets its byte classes and kind choose the
// detectors that can matter (table.go), and appends a [Finding] for each attack
// type whose evidence reaches the asked score. Detectors are pure functions over
// bytes; a new one is a new row of the table.
package detect

import (
	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// Finding is evidence of one attack type at one point. It holds offsets into the
// value and is valid as long as the value is.
type Finding struct {
	evidence.Tally
	Ref   point.Ref
	Value int32 // index into the scanned values
}

// Detector is one row of the table.
type Detector struct {
	Type  attack.Type
	Signs []evidence.Sign
	// Gate reports from classes, kind and length alone whether Scan can find
	// anything. It is called for every value and must be trivial.
	Gate func(v *point.Value) bool
	// Scan reads the value in every context it can stand in and leaves the
	// tally of the strongest context in best, which it gets empty. The tree tells
	// where the value stands: its name, and those of its parents.
	Scan func(v *point.Value, tree *point.Tree, best *evidence.Tally)
	// Wakes are byte classes of which a value must hold one for Gate to be asked; none
	// means any. Kinds are the kinds it must be of; none means all but FileHead: what a
	// file holds is no parameter, and binary data holds anything. The engine looks them
	// up for all detectors at once.
	Wakes point.Classes
	Kinds KindSet
	// Begins reports whether text whose first two words and what follows them are given can
	// hold what the detector finds. It is asked before Gate, of text with no classes
	// but Words; most such text is prose and ends there.
	Begins func(first, second, rest []byte) bool
	Words  point.Classes
	// Mailboxes says that an address of mail can be something for it.
	Mailboxes bool
	// Leading and Trailing say that blanks and line ends in front of a value and behind it can. All read
	// values without those, as most applications do; these read them as they are, too.
	Leading, Trailing bool
}

// KindSet is a set of kinds of values.
type KindSet uint32

// Kinds returns the set of the given kinds.
func Kinds(kinds ...point.Kind) KindSet {
	var s KindSet
	for _, k := range kinds {
		s |= 1 << k
	}
	return s
}

// Options say what to look for.
type Options struct {
	Off   attack.Set // types that are not looked for
	Score int        // least score of a finding; 0 means [evidence.Threshold]
	Work  int        // most bytes that detectors read of one request; 0 means 8 MiB
}

const defaultWork = 8 << 20
