package event

import "net/netip"

// Request is one exchange, clean or not, in the fewest fields that sessions and
// statistics need. Times are Unix nanoseconds.
type Request struct {
	ID            ID
	Session       Session
	Time          int64
	Duration      int64 // nanoseconds from the first byte to the end of the answer
	RequestBytes  int64 // of the body
	ResponseBytes int64 // of the body
	Application   int32
	Status        uint16 // of the answer; 0 if the client went away before it
	Score         uint8  // highest score of a finding
	Address       netip.Addr
	Method        string
	Host          string
	Path          string // request target up to the query, at most 512 bytes
	Agent         string // User-Agent, at most 256 bytes
	Mode          string // filtration mode in force
	Action        string // passed, blocked, monitored
	Reason        string // why, as filter names it
	Types         string // attack types found, codes joined by commas
}

// Session identifies a session: a keyed hash of the grouping value.
type Session [16]byte

// Hit is one attack type at one point of one request.
type Hit struct {
	ID          ID
	Request     ID
	Session     Session
	Attack      Key // hits of one key within an hour of each other are one attack
	Time        int64
	Application int32
	Status      uint16
	Score       uint8
	Blocked     bool
	Address     netip.Addr
	Type        string // attack type code
	Method      string
	Host        string
	Path        string
	Point       string // text form of the point
	Context     string // syntactic context of the evidence
	Agent       string
	Mode        string
	Reason      string
	Payload     string // bytes around the evidence, at most 512
	Before      int    // bytes of Payload before the evidence
	Length      int    // bytes of evidence in Payload
	Stamps      []Stamp
	Raw         string // the raw request, secrets masked, at most 16 KiB; on a request's first hit only
}

// Stamp is one sign of a hit.
type Stamp struct {
	Number uint16
	Weight int8
	Off    int // into Payload; outside it when the sign was cut off
	Len    int
	Text   string // what the sign means
}

// Tally counts hits of one attack that sampling has dropped.
type Tally struct {
	Hit     Hit // the last dropped one; its texts are those of the attack
	Hits    int64
	Blocked int64
}

// Change is something a person or a rule did to the node.
type Change struct {
	ID      ID
	Time    int64
	Actor   string // account name, "config" or "node"
	Verb    string // put, delete, login, reload ...
	Noun    string // list_entry, rule, account, config ...
	Subject string // what exactly
	Detail  string
	Address netip.Addr
}

// Batch is what the stream hands to a sink: records in order of publication.
type Batch struct {
	Requests []Request
	Hits     []Hit
	Tallies  []Tally
	Changes  []Change
}

// Len returns the number of records.
func (b *Batch) Len() int {
	return len(b.Requests) + len(b.Hits) + len(b.Tallies) + len(b.Changes)
}
