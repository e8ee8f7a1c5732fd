package eval

import (
	"encoding/json"
	"math"
)

// Rate is so many of a number.
type Rate struct {
	Hit, Of int
}

// Value returns the rate from 0 to 1, and 0 for nothing of nothing.
func (r Rate) Value() float64 {
	if r.Of == 0 {
		return 0
	}
	return float64(r.Hit) / float64(r.Of)
}

// z is the quantile of the normal distribution for 95 %.
const z = 1.959963984540054

// Interval returns Wilson's 95 % interval, which holds for small numbers and for rates
// near 0 and 1 too.
func (r Rate) Interval() (low, high float64) {
	if r.Of == 0 {
		return 0, 1
	}
	n, p := float64(r.Of), r.Value()
	center := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, center-half), min(1, center+half)
}

// MarshalJSON writes counts, rate and interval.
func (r Rate) MarshalJSON() ([]byte, error) {
	low, high := r.Interval()
	return json.Marshal(struct {
		Of   int     `json:"of"`
		Hit  int     `json:"hit"`
		Rate float64 `json:"rate"`
		Low  float64 `json:"low"`
		High float64 `json:"high"`
	}{r.Of, r.Hit, r.Value(), low, high})
}
