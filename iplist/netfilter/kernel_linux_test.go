package netfilter

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/iplist"
)

// inside is set in the process that runs in a network namespace of its own.
const inside = "WEIR_TEST_NETNS"

// TestRealKernel runs the test below in a network namespace, where rules harm nobody.
func TestRealKernel(t *testing.T) {
	for _, program := range []string{"ip", "iptables", "ip6tables"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("NOT TESTED: the kernel drops nothing here: %v; apt-get install iptables iproute2", err)
		}
	}
	name := fmt.Sprintf("weir-test-%d", os.Getpid())
	if out, err := exec.Command("ip", "netns", "add", name).CombinedOutput(); err != nil {
		t.Skipf("NOT TESTED: the kernel drops nothing here: no network namespace without root: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("ip", "netns", "del", name).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	cmd := exec.CommandContext(t.Context(), "ip", "netns", "exec", name, os.Args[0], "-test.run=^TestInNamespace$", "-test.v", "-test.timeout=1m")
	cmd.Env = append(os.Environ(), inside+"=1")
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !strings.Contains(string(out), "--- PASS: TestInNamespace") {
		t.Error(err)
	}
}

func TestInNamespace(t *testing.T) {
	if os.Getenv(inside) == "" {
		t.Skip("run by TestRealKernel")
	}
	command(t, "ip", "link", "set", "lo", "up")
	for _, a := range []string{"2001:db8::1", "2001:db8:1::7", "2001:db8:1::8"} {
		command(t, "ip", "-6", "address", "add", a+"/128", "dev", "lo", "nodad")
	}
	traffic, manage := listen(t), listen(t)
	lists := realLists(t)
	killed := realNetfilter(t, lists, manage, manage+1) // its port was another one
	killed.follow(time.Now())
	n := realNetfilter(t, lists, traffic, manage)
	n.follow(time.Now())
	if n.state != "up" {
		t.Fatalf("state %q", n.state)
	}
	settled(t, n)
	if dump := command(t, "iptables", "-S", "INPUT"); strings.Count(dump, "-j WEIR") != 1 || strings.Contains(dump, strconv.Itoa(manage)) {
		t.Errorf("the jump of a killed node is still there:\n%s", dump)
	}
	check := func(when string, want map[string]bool) {
		t.Helper()
		for source, passes := range want {
			wait := 10 * time.Second // on a machine that has other things to do
			if !passes {
				wait = 500 * time.Millisecond
			}
			if got := dials(source, traffic, wait); got != passes {
				t.Errorf("%s: from %s: passes %v, want %v", when, source, got, passes)
			}
			if !dials(source, manage, 10*time.Second) {
				t.Errorf("%s: from %s: the management port is dropped", when, source)
			}
		}
	}
	check("denied", map[string]bool{
		"127.0.0.1": true, "127.0.1.7": true, "127.0.1.8": false, "127.0.2.9": true, "127.0.3.1": true,
		"2001:db8::1": true, "2001:db8:1::7": true, "2001:db8:1::8": false,
	})
	lists.Apply(config.Lists{Deny: entries(0, "127.0.3.0/24")})
	n.follow(time.Now())
	check("after a change", map[string]bool{"127.0.1.8": true, "127.0.3.1": false, "2001:db8:1::8": true})
	n.Close()
	check("closed", map[string]bool{"127.0.3.1": true})
	for _, program := range []string{"iptables", "ip6tables"} {
		if dump := command(t, program, "-S"); strings.Contains(dump, "WEIR") {
			t.Errorf("after Close %s holds\n%s", program, dump)
		}
	}
}

// settled checks that the kernel lists what was asked for in words that are read
// back as the same.
func settled(t *testing.T, n *Netfilter) {
	t.Helper()
	deny, allow := sources(n.options.Lists.All())
	var want [len(families)][]rule
	want[0], want[1], _ = rules(deny, allow, 100)
	for family, k := range n.kernels {
		chain, parent, err := list(k, n.layout())
		if err != nil {
			t.Fatal(err)
		}
		steps, foreign := n.layout().converge(chain, parent, want[family])
		if len(steps) > 0 || foreign || len(want[family]) == 0 {
			t.Errorf("%s: %d rules wanted, steps %v, foreign %v", families[family], len(want[family]), steps, foreign)
		}
	}
}

func realLists(t *testing.T) *iplist.List {
	t.Helper()
	lists, err := iplist.New(t.Context(), iplist.Options{Config: config.Lists{
		Deny:  append(entries(0, "127.0.1.0/24", "127.0.2.9/32", "2001:db8:1::/48"), entries(3, "127.0.3.1/32")...),
		Allow: append(entries(3, "127.0.1.7/32", "2001:db8:1::7/128"), entries(0, "127.0.2.0/24")...),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return lists
}

func entries(application int, prefixes ...string) (list []config.ListEntry) {
	for _, p := range prefixes {
		list = append(list, config.ListEntry{Address: netip.MustParsePrefix(p), Application: application})
	}
	return list
}

func realNetfilter(t *testing.T, lists *iplist.List, traffic, manage int) *Netfilter {
	t.Helper()
	return New(Options{Lists: lists, Config: enabled(), Ports: []int{traffic}, ManagePort: manage, Logger: zaptest.NewLogger(t, zaptest.Level(zap.DebugLevel))})
}

// listen takes connections of both address families.
func listen(t *testing.T) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "[::]:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

// dials reports whether a connection to the server of its address family can be
// opened from a source in time.
func dials(source string, port int, wait time.Duration) bool {
	a, server := netip.MustParseAddr(source), "127.0.0.1"
	if a.Is6() {
		server = "2001:db8::1"
	}
	d := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(a, 0)), Timeout: wait}
	c, err := d.Dial("tcp", net.JoinHostPort(server, strconv.Itoa(port)))
	if err != nil {
		return false
	}
	return c.Close() == nil
}

func command(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v: %s", name, args, err, out)
	}
	return string(out)
}
