package host

import (
	"bytes"
	"net/netip"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Private reports whether an address belongs to the inside: loopback, private,
// link-local, shared, unspecified.
func Private(ip netip.Addr) bool {
	if ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() {
		return true
	}
	if !ip.Is4() {
		return false
	}
	b := ip.As4()
	return b[0] == 0 || b[0] == 100 && b[1]&0xc0 == 64
}

// Addresses at which clouds tell a machine about itself.
var metadataAddresses = [...]netip.Addr{
	netip.AddrFrom4([4]byte{169, 254, 169, 254}), netip.AddrFrom4([4]byte{169, 254, 170, 2}), netip.AddrFrom4([4]byte{100, 100, 100, 200}),
	netip.AddrFrom4([4]byte{192, 0, 0, 192}), netip.AddrFrom4([4]byte{168, 63, 129, 16}), netip.AddrFrom4([4]byte{169, 254, 170, 23}),
	netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("fd00:ec2::23"),
}

// MetadataAddress reports whether an address is a cloud's metadata service.
func MetadataAddress(ip netip.Addr) bool {
	for _, known := range metadataAddresses {
		if ip == known {
			return true
		}
	}
	return false
}

var metadataNames = [...]string{
	"metadata.google.internal", "metadata.goog", "instance-data.ec2.internal", "metadata.azure.internal", "metadata.tencentyun.com", "metadata.packet.net",
	"metadata.platformequinix.com", "metadata.nicp.internal", "instance-data", "rancher-metadata", "kubernetes.default.svc", "kubernetes.default", "metadata",
	"kubernetes.default.svc.cluster.local",
}

// MetadataName reports whether a name is that of a cloud's metadata service.
func MetadataName(name []byte) bool {
	name = bytes.TrimSuffix(name, []byte("."))
	return lex.OneOf(name, metadataNames[:]...)
}

var innerNames = [...]string{"localhost", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback", "ipv6-localhost", "ipv6-loopback", "kubernetes", "host.docker.internal", "host.containers.internal"}

var innerEnds = [...]string{".localhost", ".localdomain", ".localdomain4", ".localdomain6", ".internal", ".cluster.local", ".intranet", ".corp", ".lan", ".local", ".consul", ".svc", ".kube-system", ".kube-public"}

// Inner reports whether a name can only be resolved inside of a network.
func Inner(name []byte) bool {
	name = bytes.TrimSuffix(name, []byte("."))
	for _, known := range innerNames {
		if lex.Equal(name, known) {
			return true
		}
	}
	end := lex.SuffixLength(name, innerEnds[:])
	return end > 0 && end < len(name)
}

var wildcards = [...]string{".nip.io", ".sslip.io", ".xip.io", ".traefik.me", ".1u.ms", ".rbndr.us"}

var loopbacks = [...]string{"localtest.me", "lvh.me", "vcap.me", "lacolhost.com", "fuf.me", "local.gd", "localho.st", "readme.localtest.me", "127-0-0-1.org.uk", "bugbounty.dod.network", "spoofed.burpcollaborator.net", "localh.st", "loopback.jp"}

// Wildcard reports whether a name says its own inner address to whoever resolves it:
// 10.0.0.1.nip.io, a.localtest.me.
func Wildcard(name []byte) bool {
	for _, known := range loopbacks {
		if lex.HasSuffix(name, known) && (len(name) == len(known) || name[len(name)-len(known)-1] == '.') {
			return true
		}
	}
	end := lex.SuffixLength(name, wildcards[:])
	return end > 0 && innerPrefix(name[:len(name)-end])
}

// innerPrefix reports whether the labels in front of a wildcard domain hold an inner
// address: a.b.10.0.0.1, app-10-0-0-1, make-10.0.0.1-rr, 7f000001.
func innerPrefix(labels []byte) bool {
	for i := range labels {
		if !lex.Digit(labels[i]) || i > 0 && lex.Digit(labels[i-1]) {
			continue
		}
		var b [4]byte
		if fourNumbers(labels[i:], &b) && Private(netip.AddrFrom4(b)) {
			return true
		}
	}
	return len(labels) >= 8 && (lex.HasPrefix(labels, "7f00") || lex.HasPrefix(labels, "a9fea9fe") || lex.HasPrefix(labels, "0a00") || lex.HasPrefix(labels, "c0a8"))
}

// fourNumbers reads four decimal numbers with dots or dashes between.
func fourNumbers(s []byte, b *[4]byte) bool {
	i := 0
	for k := range b {
		v, start := 0, i
		for i < len(s) && lex.Digit(s[i]) && i-start < 3 {
			v = v*10 + int(s[i]-'0')
			i++
		}
		if i == start || v > 255 || k < 3 && (i == len(s) || s[i] != '.' && s[i] != '-') {
			return false
		}
		b[k] = byte(v)
		i++
	}
	return true
}

// Domains at which testers wait for a server to call back.
var callbacks = [...]string{
	".burpcollaborator.net", ".oastify.com", ".oast.pro", ".oast.live", ".oast.site", ".oast.online", ".oast.fun", ".oast.me", ".interact.sh",
	".interactsh.com", ".dnslog.cn", ".ceye.io", ".canarytokens.com", ".requestrepo.com", ".bxss.me", ".r87.me", ".xss.ht", ".pingb.in",
	".eyes.sh", ".dnslog.link", ".dnslog.pw", ".dig.pm", ".callback.red", ".su18.org", ".httpworkbench.com", ".exploit-server.net", ".dnsbin.zhack.ca", ".1433.eu.org", ".d.zhack.ca", ".requestbin.net", ".log4j.binaryedge.io",
}

// callbacksBy holds callbacks by the letter behind their first dot.
var callbacksBy = func() (by [256][]string) {
	for _, domain := range callbacks {
		by[domain[1]] = append(by[domain[1]], domain)
	}
	return by
}()

// callbackSeconds holds the second letters of the same, a bit each.
var callbackSeconds = func() (by [256]uint32) {
	for _, domain := range callbacks {
		by[domain[1]] |= 1 << (domain[2] & 31)
	}
	return by
}()

// beginsCallback reports whether a callback can begin with two letters behind its first dot.
func beginsCallback(first, second byte) bool {
	return callbackSeconds[lex.Lower(first)]>>(second&31)&1 != 0
}

// undotted are callbacks without their first dot.
var undotted = func() (names []string) {
	for _, domain := range callbacks {
		names = append(names, domain[1:])
	}
	return names
}()

// Callback returns where a name below a domain of out-of-band testing begins and
// ends, -1 if there is none. The pairs are those of the text, if they are known.
func Callback(data []byte, pairs *point.Pairs) (start, end int) {
	mailboxes := bytes.IndexByte(data, '@') >= 0 && lex.MayAny(pairs, undotted...)
	if !mailboxes && !lex.MayAny(pairs, callbacks[:]...) {
		return -1, -1
	}
	for i := lex.Next(data, 1, '.'); i+1 < len(data); i = lex.Next(data, i+1, '.') {
		if !lex.Word(data[i-1]) {
			continue
		}
		if mailboxes {
			if at, end := mailboxBefore(data, i); at >= 0 {
				return nameStart(data, at), end
			}
		}
		if i+2 == len(data) || !beginsCallback(data[i+1], data[i+2]) {
			continue
		}
		for _, domain := range callbacksBy[lex.Lower(data[i+1])] {
			end = i + len(domain)
			if !lex.HasPrefix(data[i:], domain) || end < len(data) && (lex.Word(data[end]) || data[end] == '-') {
				continue
			}
			return nameStart(data, i), end
		}
	}
	return -1, -1
}

// mailboxBefore returns where the at of a mailbox at such a domain, whose first dot is at i, stands, and where the
// domain ends; -1 if there is none.
func mailboxBefore(data []byte, i int) (at, end int) {
	if at = bytes.LastIndexByte(data[max(0, i-32):i], '@'); at < 0 {
		return -1, -1
	}
	if at += max(0, i-32); !beginsCallback(data[at+1], data[at+2]) {
		return -1, -1
	}
	for _, domain := range callbacksBy[lex.Lower(data[at+1])] {
		if end = at + len(domain); lex.HasPrefix(data[at+1:], domain[1:]) && (end == len(data) || !lex.Word(data[end])) {
			return at, end
		}
	}
	return -1, -1
}

// nameStart returns where the host name begins that holds the byte at i.
func nameStart(data []byte, i int) int {
	for i > 0 && (lex.Word(data[i-1]) || data[i-1] == '-' || data[i-1] == '.') {
		i--
	}
	return i
}
