package config

import "fmt"

// Mode is a filtration mode, mildest first.
type Mode uint8

// The filtration modes.
const (
	Off          Mode = iota // nothing is inspected, no list is read
	Monitoring               // attacks are recorded; only denylisted sources are blocked
	SafeBlocking             // attacks from graylisted sources are blocked
	Block                    // attacks are blocked
)

var modes = [...]string{"off", "monitoring", "safe_blocking", "block"}

// String returns the mode's text code.
func (m Mode) String() string {
	if int(m) >= len(modes) {
		return "invalid"
	}
	return modes[m]
}

// MarshalText writes the text code.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads a text code.
func (m *Mode) UnmarshalText(b []byte) error {
	for i, code := range modes {
		if string(b) == code {
			*m = Mode(i)
			return nil
		}
	}
	return fmt.Errorf("unknown mode %q: use off, monitoring, safe_blocking or block", b)
}

// Override says whether stored rules may change a mode that the file sets.
type Override uint8

// The overrides.
const (
	OverrideOn     Override = iota // a stored rule replaces the file's mode
	OverrideStrict                 // only by a stricter one
	OverrideOff                    // never
)

var overrides = [...]string{"on", "strict", "off"}

// String returns the override's text code.
func (o Override) String() string { return overrides[o%3] }

// MarshalText writes the text code.
func (o Override) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads a text code.
func (o *Override) UnmarshalText(b []byte) error {
	for i, code := range overrides {
		if string(b) == code {
			*o = Override(i)
			return nil
		}
	}
	return fmt.Errorf("unknown mode_override %q: use on, strict or off", b)
}

// Apply combines the file's mode with the mode of a stored rule.
func (o Override) Apply(file, stored Mode) Mode {
	switch {
	case o == OverrideOn, o == OverrideStrict && stored > file:
		return stored
	default:
		return file
	}
}

// Overlimit says what becomes of a request that inspection does not come to the end of.
type Overlimit uint8

// The ways.
const (
	RecordOverlimit Overlimit = iota // it is recorded and passes
	BlockOverlimit                   // the mode does with it what it does with an attack
)

var overlimits = [...]string{"monitoring", "block"}

// String returns the text code.
func (o Overlimit) String() string { return overlimits[o&1] }

// MarshalText writes the text code.
func (o Overlimit) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads a text code.
func (o *Overlimit) UnmarshalText(b []byte) error {
	for i, code := range overlimits {
		if string(b) == code {
			*o = Overlimit(i)
			return nil
		}
	}
	return fmt.Errorf("unknown overlimit %q: use monitoring or block", b)
}

// Framing says what a listener does with requests that are only odd.
type Framing uint8

// The framings.
const (
	Strict  Framing = iota // folded fields and lines that end with LF alone are refused
	Lenient                // they are mended and counted; what is ambiguous is refused all the same
)

var framings = [...]string{"strict", "lenient"}

// String returns the framing's text code.
func (f Framing) String() string { return framings[f&1] }

// MarshalText writes the text code.
func (f Framing) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads a text code.
func (f *Framing) UnmarshalText(b []byte) error {
	for i, code := range framings {
		if string(b) == code {
			*f = Framing(i)
			return nil
		}
	}
	return fmt.Errorf("unknown framing %q: use strict or lenient", b)
}

// Balance says which target of an upstream is given a request.
type Balance uint8

// The ways to balance.
const (
	RoundRobin       Balance = iota // one after the other
	LeastConnections                // the one with the fewest requests at work
	Hash                            // always the same for a session
)

var balances = [...]string{"round_robin", "least_connections", "hash"}

// String returns the balance's text code.
func (b Balance) String() string { return balances[b%3] }

// MarshalText writes the text code.
func (b Balance) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText reads a text code.
func (b *Balance) UnmarshalText(text []byte) error {
	for i, code := range balances {
		if string(text) == code {
			*b = Balance(i)
			return nil
		}
	}
	return fmt.Errorf("unknown balance %q: use round_robin, least_connections or hash", text)
}

// Protocol is what an upstream is spoken to in.
type Protocol uint8

// The protocols.
const (
	HTTP1 Protocol = iota
	H2             // HTTP/2 over TLS
	H2C            // HTTP/2 without encryption
)

var protocols = [...]string{"http1", "h2", "h2c"}

// String returns the protocol's text code.
func (p Protocol) String() string { return protocols[p%3] }

// MarshalText writes the text code.
func (p Protocol) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a text code.
func (p *Protocol) UnmarshalText(text []byte) error {
	for i, code := range protocols {
		if string(text) == code {
			*p = Protocol(i)
			return nil
		}
	}
	return fmt.Errorf("unknown protocol %q: use http1, h2 or h2c", text)
}
