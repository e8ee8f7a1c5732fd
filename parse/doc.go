// Package parse takes a request apart into points.
//
//  1. [Points.Head] reads what is known before the body: target, query, header
//     fields, cookies. It never waits and never fails.
//  2. [Points.Body] undoes compression and character sets, then reads the body in
//     every form that it may have for somebody: as its content type says, as its
//     first bytes show, as pairs. What nothing takes apart is a document.
//  3. Each value, decoded or not, is appended to Values with its point, its byte
//     classes and its kind.
//  4. Every parser whose gate a value's classes pass is applied to it, and to what it
//     finds, within [Limits]: escapes read the same text in another way, documents
//     find values within a value, tokens are base64 and the like.
//
// Where readers disagree (two boundaries, a repeated name, a lenient document) all
// readings are values: what counts is what the application may see.
//
// Bad input is never an error: what could be decoded is a value, what was wrong is
// an [Anomaly], what was too much is an [Overrun]. For clean requests nothing is
// allocated: values borrow the request's memory or the arena of the Points.
package parse
