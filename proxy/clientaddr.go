package proxy

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"slices"

	"github.com/pires/go-proxyproto"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/parse"
)

// clientAddress returns the address of the client: the peer's, unless that is a
// trusted proxy; then the rightmost address of the header that is not one. An entry
// that is no address ends the search at the last good one.
func clientAddress(addr netip.Addr, r *parse.Request, s *Pools) netip.Addr {
	if len(s.trusted) == 0 || !trusts(s.trusted, addr) {
		return addr
	}
	for _, v := range slices.Backward(r.Fields) {
		if !lex.Equal(v.Name, s.header) {
			continue
		}
		for list := v.Value; len(list) > 0; {
			comma := bytes.LastIndexByte(list, ',')
			next, ok := parseAddress(bytes.TrimSpace(list[comma+1:]))
			if !ok {
				return addr
			}
			addr = next
			if !trusts(s.trusted, addr) {
				return addr
			}
			list = list[:max(0, comma)]
		}
	}
	return addr
}

func addrOf(peer net.Addr) netip.Addr {
	switch a := peer.(type) {
	case *net.TCPAddr:
		return a.AddrPort().Addr().Unmap()
	default:
		ap, err := netip.ParseAddrPort(peer.String())
		if err != nil {
			return netip.Addr{}
		}
		return ap.Addr().Unmap()
	}
}

func trusts(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// parseAddress reads an address with or without a port, IPv6 with or without
// brackets.
func parseAddress(b []byte) (netip.Addr, bool) {
	if len(b) == 0 || len(b) > 64 {
		return netip.Addr{}, false
	}
	text := string(b)
	if a, err := netip.ParseAddr(text); err == nil {
		return a.Unmap().WithZone(""), true
	}
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	if text[0] == '[' && text[len(text)-1] == ']' {
		if a, err := netip.ParseAddr(text[1 : len(text)-1]); err == nil {
			return a.Unmap().WithZone(""), true
		}
	}
	return netip.Addr{}, false
}

// proxyProtocol wraps a listener whose trusted peers send a PROXY protocol header.
func (p *Proxy) proxyProtocol(l net.Listener) net.Listener {
	return &proxyproto.Listener{
		Listener:          l,
		ReadHeaderTimeout: p.limits.HeaderTimeout.Std(),
		ConnPolicy: func(o proxyproto.ConnPolicyOptions) (proxyproto.Policy, error) {
			if trusts(p.settings.Load().trusted, addrOf(o.Upstream)) {
				return proxyproto.REQUIRE, nil
			}
			return proxyproto.REJECT, nil
		},
	}
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// isNetwork reports whether a connection ended where a request should have gone on.
func isNetwork(err error) bool {
	_, broken := errors.AsType[*net.OpError](err)
	return broken || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
