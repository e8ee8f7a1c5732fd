// Package parse takes a request apart into points.
//
//  1. [Points.Head] reads what is known before the body: target, query, header
//     fields, cookies. It never waits and never fails.
//  2. [Points.Body] reads the body by its content type and by its first bytes.
//  3. Each raw value enters a work list; every parser that fits is applied to it
//     (percent, base64, JSON, form, multipart), its results enter the list again,
//     within [Limits].
//  4. Each value, decoded or not, is appended to Values with its point, its byte
//     classes and its kind.
//
// Bad input is never an error: what could be decoded is a value, what was wrong is
// an [Anomaly], what was too much is an [Overrun]. For clean requests nothing is
// allocated: values borrow the request's memory or the arena of the Points.
package parse
