// Package proxy is the wire: everything that touches sockets of clients and
// upstreams.
//
// fasthttp reads requests of HTTP/1, net/http those of HTTP/2 (h2.go). What goes to an
// upstream and what goes to a client is written by this package, byte for byte as it
// came but for hop-by-hop and forwarding fields:
//
//  1. listen.go hands out a [wire] for every connection that no limit stands against;
//     fasthttp reads heads from it, and no more (heads.go).
//  2. handler.go is the request path as one page: fill → Begin → Request → deny or
//     forward → End. An exchange has a [client], which is HTTP/1 or HTTP/2.
//  3. forward.go sends the request on a connection of its own pool (target.go) to the
//     target that balance.go picks; relay.go sends the answer as it comes.
//  4. The end of an answer leaves after the exchange has been recorded.
//
// fasthttp writes an answer too; the wire is muted while it does. Clients that go
// away are found by watch.go. Nothing that inspection does can fail a request: what
// panics here is counted, logged and answered.
package proxy
