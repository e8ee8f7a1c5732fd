// Package event is what happened, as plain records, and the stream that carries
// them from the data plane to whoever keeps them.
//
// Records hold strings, numbers and times only: nothing in them borrows memory of
// a request once [Stream.Publish] has returned. Enumerations are their text codes,
// so that this package imports nothing of weir but the arena.
package event
