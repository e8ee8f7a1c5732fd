// Package attack names the kinds of attack that weir tells apart.
//
// A [Type] is a small number with a stable text code; the code is what files,
// records, the API and the console use. The numbers are those that other tools
// of this kind publish (so an access-log bit mask means the same everywhere)
// and never change.
package attack

import (
	"fmt"
	"math/bits"
	"strings"
)

// Type is one kind of attack. The zero Type is none.
type Type uint8

// The types, grouped as [Type.Group] groups them.
const (
	None           Type = 0
	XSS            Type = 1
	SQLi           Type = 2
	RCE            Type = 3
	XXE            Type = 4
	PTrav          Type = 5
	CRLF           Type = 6
	Redir          Type = 7
	NoSQLi         Type = 8
	InfoLeak       Type = 9
	Brute          Type = 10
	DirBust        Type = 11
	LDAPi          Type = 13
	Scanner        Type = 14
	BOLA           Type = 16
	MassAssignment Type = 17
	SSRF           Type = 19
	BlockedSource  Type = 20
	APIAbuse       Type = 21
	SSI            Type = 25
	MailInjection  Type = 26
	SSTI           Type = 27
	InvalidXML     Type = 28
	OverlimitRes   Type = 29
	DataBomb       Type = 30
	VPatch         Type = 31
	InvalidRequest Type = 37
	GQLDepth       Type = 39
	GQLValueSize   Type = 40
	GQLAliases     Type = 41
	GQLDocSize     Type = 42
	GQLBatch       Type = 43
	GQLIntrospect  Type = 44
	GQLDebug       Type = 45
	RateLimit      Type = 49
	Enum           Type = 50
	FileUpload     Type = 51
)

// Group says how a type is found.
type Group uint8

// The groups.
const (
	Input     Group = iota // by reading one request
	Protocol               // by the shape of the request on the wire
	Behaviour              // by many requests together
	Policy                 // by a rule or a list of the operator
	Response               // by reading an answer
)

// String returns the group's text code.
func (g Group) String() string {
	return [...]string{"input", "protocol", "behaviour", "policy", "response"}[g]
}

// Severity ranks what a successful attack of a type costs.
type Severity uint8

// The severities, mildest first.
const (
	Low Severity = iota + 1
	Medium
	High
	Critical
)

// String returns the severity's text code.
func (s Severity) String() string {
	return [...]string{"", "low", "medium", "high", "critical"}[s]
}

type info struct {
	code, title string
	group       Group
	severity    Severity
	cwe         int
}

// CWE numbers are those of https://cwe.mitre.org for the type's weakness.
var infos = [64]info{
	XSS:            {"xss", "Cross-site scripting", Input, High, 79},
	SQLi:           {"sqli", "SQL injection", Input, Critical, 89},
	RCE:            {"rce", "Remote code execution", Input, Critical, 78},
	XXE:            {"xxe", "XML external entity", Input, High, 611},
	PTrav:          {"ptrav", "Path traversal", Input, High, 22},
	CRLF:           {"crlf", "CRLF injection", Input, Medium, 93},
	Redir:          {"redir", "Open redirect", Input, Low, 601},
	NoSQLi:         {"nosqli", "NoSQL injection", Input, High, 943},
	InfoLeak:       {"infoleak", "Information exposure", Response, Medium, 200},
	Brute:          {"brute", "Brute force", Behaviour, Medium, 307},
	DirBust:        {"dirbust", "Forced browsing", Behaviour, Low, 425},
	LDAPi:          {"ldapi", "LDAP injection", Input, High, 90},
	Scanner:        {"scanner", "Resource scanning", Input, Low, 200},
	BOLA:           {"bola", "Broken object level authorization", Behaviour, High, 639},
	MassAssignment: {"mass_assignment", "Mass assignment", Input, Medium, 915},
	SSRF:           {"ssrf", "Server-side request forgery", Input, High, 918},
	BlockedSource:  {"blocked_source", "Denylisted source", Policy, Low, 0},
	APIAbuse:       {"api_abuse", "Suspicious API activity", Behaviour, Medium, 799},
	SSI:            {"ssi", "Server-side include injection", Input, High, 97},
	MailInjection:  {"mail_injection", "Email injection", Input, Medium, 88},
	SSTI:           {"ssti", "Template injection", Input, Critical, 1336},
	InvalidXML:     {"invalid_xml", "Invalid XML", Input, Low, 112},
	OverlimitRes:   {"overlimit_res", "Resource overlimit", Input, Medium, 400},
	DataBomb:       {"data_bomb", "Data bomb", Input, Medium, 409},
	VPatch:         {"vpatch", "Virtual patch", Policy, High, 0},
	InvalidRequest: {"invalid_request", "Invalid request", Protocol, Medium, 444},
	GQLDepth:       {"gql_depth", "GraphQL depth", Input, Low, 400},
	GQLValueSize:   {"gql_value_size", "GraphQL value size", Input, Low, 400},
	GQLAliases:     {"gql_aliases", "GraphQL aliases", Input, Low, 400},
	GQLDocSize:     {"gql_doc_size", "GraphQL document size", Input, Low, 400},
	GQLBatch:       {"gql_docs_per_batch", "GraphQL documents in a batch", Input, Low, 400},
	GQLIntrospect:  {"gql_introspection", "GraphQL introspection", Input, Low, 200},
	GQLDebug:       {"gql_debug", "GraphQL debug mode", Input, Low, 489},
	RateLimit:      {"rate_limit", "Request flood", Behaviour, Low, 770},
	Enum:           {"enum", "Enumeration", Behaviour, Medium, 799},
	FileUpload:     {"file_upload_violation", "File upload violation", Input, High, 434},
}

// String returns the text code, or "none".
func (t Type) String() string {
	if !t.Valid() {
		return "none"
	}
	return infos[t].code
}

// Title returns the name for people.
func (t Type) Title() string { return infos[t&63].title }

// Group returns how the type is found.
func (t Type) Group() Group { return infos[t&63].group }

// Severity returns what a success costs.
func (t Type) Severity() Severity { return infos[t&63].severity }

// CWE returns the weakness number, 0 if there is none.
func (t Type) CWE() int { return infos[t&63].cwe }

// Valid reports whether t is a known type other than None.
func (t Type) Valid() bool { return t < 64 && infos[t].code != "" }

// MarshalText writes the text code.
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads a text code.
func (t *Type) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	if err == nil {
		*t = v
	}
	return err
}

// Parse returns the type of a text code.
func Parse(code string) (Type, error) {
	for t := range All() {
		if infos[t].code == code {
			return t, nil
		}
	}
	return None, fmt.Errorf("unknown attack type %q", code)
}

// All yields every type in order of its number.
func All() func(yield func(Type) bool) {
	return func(yield func(Type) bool) {
		for t := range Type(64) {
			if infos[t].code != "" && !yield(t) {
				return
			}
		}
	}
}

// Set is a set of types: bit n holds the type of number n.
type Set uint64

// SetOf returns the set of the given types.
func SetOf(types ...Type) Set {
	var s Set
	for _, t := range types {
		s |= 1 << t
	}
	return s
}

// Has reports whether t is in s.
func (s Set) Has(t Type) bool { return s&(1<<t) != 0 }

// With returns s with t added.
func (s Set) With(t Type) Set { return s | 1<<t }

// Len returns the number of types in s.
func (s Set) Len() int { return bits.OnesCount64(uint64(s)) }

// Types returns the members in order of their number.
func (s Set) Types() []Type {
	var types []Type
	for t := range All() {
		if s.Has(t) {
			types = append(types, t)
		}
	}
	return types
}

// String returns the members' codes, joined by commas.
func (s Set) String() string {
	var b strings.Builder
	for _, t := range s.Types() {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(t.String())
	}
	return b.String()
}
