// Package filter takes one request from bytes to a decision.
//
// The proxy fills an [Exchange] and makes four calls:
//
//  1. [Filter.Acquire] hands out a pooled exchange with the snapshot in force.
//  2. [Filter.Begin] finds the settings of the request, the source's lists and the
//     session, and decides when they alone do; the body is not read for a denial.
//  3. [Filter.Request] parses and inspects head and body and decides.
//  4. [Filter.End] records the exchange once the answer is known, and takes it back.
//
// Only [decide] decides. What stands in the way of inspecting (a detector that
// panics, a limit, too little time) is evidence and never fails a request.
package filter
