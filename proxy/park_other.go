//go:build !linux

package proxy

import (
	"context"
	"time"
)

const parkAfter = time.Duration(0)

// parking holds nothing: connections keep their goroutines.
type parking struct{}

func (*Proxy) openParking() *parking { return nil }
func (*parking) take(*wire) bool     { return false }
func (*parking) run(context.Context) {}
func (*parking) close()              {}
