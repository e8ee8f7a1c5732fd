package config

import (
	"fmt"

	"github.com/weirnode/weir/attack"
)

// Sensitivity says how much evidence makes an attack. The zero value is the default.
type Sensitivity uint8

// The sensitivities.
const (
	DefaultSensitivity Sensitivity = iota // score 8
	LowSensitivity                        // score 10: fewer false alarms
	HighSensitivity                       // score 6: more attacks found
)

var sensitivities = [...]string{"default", "low", "high"}

// String returns the sensitivity's text code.
func (s Sensitivity) String() string {
	if int(s) >= len(sensitivities) {
		return "invalid"
	}
	return sensitivities[s]
}

// MarshalText writes the text code.
func (s Sensitivity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a text code.
func (s *Sensitivity) UnmarshalText(b []byte) error {
	for i, code := range sensitivities {
		if code == string(b) {
			*s = Sensitivity(i)
			return nil
		}
	}
	return fmt.Errorf("unknown sensitivity %q: use low, default or high", b)
}

// Score returns the least score of an attack, on the scale of 0 to 20.
func (s Sensitivity) Score() int { return [...]int{8, 10, 6}[s] }

// Adjustment sets the sensitivity for some types, an application or a point. Of those
// that fit a finding the one that names a point wins before one that names types before
// one that names an application; of equals the last.
type Adjustment struct {
	Types       []attack.Type `yaml:"types"`       // empty: all
	Application int           `yaml:"application"` // 0: all
	Point       string        `yaml:"point"`       // such as "[get, 'q']", with all inside it; empty: all
	Sensitivity Sensitivity   `yaml:"sensitivity"` // required
}
