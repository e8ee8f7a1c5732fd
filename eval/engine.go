package eval

// Engine is what is measured.
type Engine interface {
	// Name returns a short name for tables.
	Name() string
	// Load takes a raw request apart as far as the server in front of the engine
	// would; what it costs is not the engine's. It is called on many goroutines.
	Load(raw []byte) (Request, error)
}

// Request is one loaded request. It is used by one goroutine.
type Request interface {
	// Inspect reads the request once, from its start, and reports whether the engine
	// takes it for an attack.
	Inspect() bool
	// Explain tells why the last Inspect said so or, for what it passed, what came
	// closest.
	Explain() Evidence
}

// Evidence is what speaks against a request.
type Evidence struct {
	Types   []string `json:"types,omitempty"` // attack types or rules, strongest first
	Score   int      `json:"score,omitempty"`
	Point   string   `json:"point,omitempty"` // where the strongest was
	Payload string   `json:"payload,omitempty"`
}

// Outcome is what an engine made of one sample.
type Outcome struct {
	Found  bool
	Failed string // why the sample could not be shown to the engine; it counts nowhere
	// Evidence is kept for missed attacks and flagged legitimate requests.
	Evidence Evidence
}

// Run is one engine's outcomes, one for each sample in order.
type Run struct {
	Engine   string
	Outcomes []Outcome
	Cost     Cost
}

// Mistaken reports whether the outcome is wrong for a label.
func (o *Outcome) Mistaken(l Label) bool {
	return o.Failed == "" && o.Found != (l == Attack)
}
