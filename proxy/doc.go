// Package proxy is the wire: everything that touches sockets of clients and
// upstreams.
//
// fasthttp reads requests and writes answers; what goes to an upstream is written by
// this package, byte for byte as it came but for hop-by-hop and forwarding fields,
// on connections of its own pool. The request path is one page, handler.go: fill →
// Begin → Request → deny or forward → End. Nothing that inspection does can fail a
// request: what panics here is counted, logged and answered.
package proxy
