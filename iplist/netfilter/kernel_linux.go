package netfilter

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/coreos/go-iptables/iptables"
)

// lockSeconds is how long another program may hold the lock of iptables.
const lockSeconds = 5

// tables is a table of iptables or ip6tables.
type tables struct {
	run   *iptables.IPTables
	table string
}

// openKernel finds the program of an address family.
func openKernel(family int, table string) (kernel, error) {
	protocol := iptables.ProtocolIPv4
	if family == 1 {
		protocol = iptables.ProtocolIPv6
	}
	run, err := iptables.New(iptables.IPFamily(protocol), iptables.Timeout(lockSeconds))
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%w: install the package iptables, or set lists.netfilter.enabled: false", err)
	}
	if err != nil {
		return nil, err
	}
	return &tables{run, table}, nil
}

func (t *tables) Rules(chain string) ([]string, error) {
	// Only the exit status tells: what is said of a missing chain differs by version.
	found, err := t.run.ChainExists(t.table, chain)
	if err != nil || !found {
		return nil, advised(err)
	}
	lines, err := t.run.List(t.table, chain)
	return lines, advised(err)
}

func (t *tables) Do(s step) (err error) {
	switch s.verb {
	case create:
		err = t.run.NewChain(t.table, s.chain)
	case flush:
		err = t.run.ClearChain(t.table, s.chain)
	case destroy:
		err = t.run.DeleteChain(t.table, s.chain)
	case insert:
		err = t.run.Insert(t.table, s.chain, 1, s.spec...)
	case appendTo:
		err = t.run.Append(t.table, s.chain, s.spec...)
	case remove:
		err = t.run.Delete(t.table, s.chain, s.spec...)
	default:
		panic("BUG: a step without a verb")
	}
	return advised(err)
}

// advised adds what to do to what iptables says of missing rights.
func advised(err error) error {
	if err == nil {
		return nil
	}
	text := strings.Join(strings.Fields(err.Error()), " ") // iptables says it in lines
	for _, said := range [...]string{"must be root", "Permission denied", "Operation not permitted"} {
		if strings.Contains(text, said) {
			return fmt.Errorf("%s: give the node CAP_NET_ADMIN as an ambient capability, or set lists.netfilter.enabled: false", text)
		}
	}
	return errors.New(text)
}
