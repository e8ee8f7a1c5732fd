package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// roles are what the program also is, in processes of their own: `loadpair ROLE ARGS`.
var roles = map[string]func([]string) error{"origin": serveOrigin, "floor": serveFloor}

// process is a program that was started.
type process struct {
	name    string
	address string // where it takes traffic
	cmd     *exec.Cmd
	ended   chan struct{} // closed when it has
	failure error         // why it ended, set before ended is closed
}

// pair is everything that runs during a measurement. What is nil was not started.
type pair struct {
	origin, floor, weir *process
	dir                 string
}

// start starts origin, floor and weir. What it started is in the pair also when it fails.
func start(ctx context.Context, o *options) (p *pair, err error) {
	p = &pair{}
	if p.dir, err = os.MkdirTemp("", "loadpair-"); err != nil {
		return p, err
	}
	self, err := os.Executable()
	if err != nil {
		return p, err
	}
	if p.origin, err = startRole(self, "origin"); err != nil {
		return p, err
	}
	if p.floor, err = startRole(self, "floor", p.origin.address); err != nil {
		return p, err
	}
	p.weir, err = startWeir(ctx, o, p)
	return p, err
}

// stop ends what was started, last first, and removes its data.
func (p *pair) stop() {
	for _, started := range []*process{p.weir, p.floor, p.origin} {
		if started != nil {
			started.stop()
		}
	}
	if p.dir != "" {
		_ = os.RemoveAll(p.dir)
	}
}

// startRole starts the program itself in a role; it prints its address when it listens.
func startRole(self string, args ...string) (*process, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	cmd := exec.Command(self, args...) //nolint:gosec,noctx // itself; ended by stop
	cmd.Stdout, cmd.Stderr = write, os.Stderr
	p, err := begin(args[0], cmd)
	_ = write.Close() // the child has its own
	if err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("%s did not tell its address: %w", p.name, err)
	}
	p.address = strings.TrimSpace(line)
	return p, nil
}

// startWeir starts the node and waits until it takes connections.
func startWeir(ctx context.Context, o *options, with *pair) (*process, error) {
	listen, manage, err := twoFree()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(with.dir, "weir.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	args := []string{
		"serve", "--upstream", "http://" + with.origin.address, "--listen", listen, "--manage", manage,
		"--data", filepath.Join(with.dir, "data"), "--mode", o.mode,
	}
	if o.profile != "" {
		args = append(args, "--cpu-profile", o.profile)
	}
	cmd := exec.Command(o.weir, args...) //nolint:gosec,noctx // the program to measure; ended by stop
	cmd.Stdout, cmd.Stderr = log, log
	p, err := begin("weir", cmd)
	if err != nil {
		return nil, err
	}
	p.address = listen
	if err := p.await(ctx); err != nil {
		p.stop()
		text, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%w\n%s", err, text)
	}
	return p, nil
}

// begin starts a program that ends with this one.
func begin(name string, cmd *exec.Cmd) (*process, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &process{name: name, cmd: cmd, ended: make(chan struct{})}
	go func() {
		p.failure = cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// await waits until the process takes connections.
func (p *process) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var dialer net.Dialer
	for {
		if c, err := dialer.DialContext(ctx, "tcp", p.address); err == nil {
			return c.Close()
		}
		select {
		case <-tick.C:
		case <-p.ended:
			return fmt.Errorf("%s ended at once: %w", p.name, cmp.Or(p.failure, io.ErrUnexpectedEOF))
		case <-ctx.Done():
			return fmt.Errorf("%s does not listen on %s: %w", p.name, p.address, ctx.Err())
		}
	}
}

// stop asks the process to end, and ends it if it does not within ten seconds.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(10 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// twoFree returns two free addresses of the loopback.
func twoFree() (a, b string, err error) {
	one, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once
	if err != nil {
		return "", "", err
	}
	other, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once
	if err != nil {
		return "", "", errors.Join(err, one.Close())
	}
	a, b = one.Addr().String(), other.Addr().String()
	return a, b, errors.Join(one.Close(), other.Close())
}
