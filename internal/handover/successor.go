package handover

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Options say how a successor is started.
type Options struct {
	Command []string      // default: what this process was started with
	Timeout time.Duration // for it to become ready; default 30s
}

// Successor is the process that takes this one's place.
type Successor struct {
	PID  int
	gone *os.File
}

// LetGo tells the successor that this process has stopped doing what only one can do.
func (s *Successor) LetGo() error { return s.gone.Close() }

// Start starts a successor with the sockets that are open and waits until it is ready.
// If it ends before, or is not ready in time, or ctx ends, it is gone when Start
// returns, and nothing has changed for this process.
func (s *Sockets) Start(ctx context.Context, o Options) (*Successor, error) {
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	argv, err := command(o.Command)
	if err != nil {
		return nil, err
	}
	readyHere, readyThere, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer readyHere.Close()
	goneThere, goneHere, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, readyThere.Close())
	}
	process, err := s.spawn(argv, readyThere, goneThere)
	err = errors.Join(err, readyThere.Close(), goneThere.Close())
	if err != nil {
		return nil, errors.Join(err, goneHere.Close())
	}
	if err := await(ctx, process, readyHere, o.Timeout); err != nil {
		return nil, errors.Join(err, goneHere.Close())
	}
	pid := process.Pid
	return &Successor{pid, goneHere}, process.Release()
}

// command returns the program's path as it is now: a link may point elsewhere than
// when this process was started.
func command(argv []string) ([]string, error) {
	if len(argv) == 0 {
		argv = os.Args
	}
	path, err := exec.LookPath(argv[0])
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, fmt.Errorf("find the program %s: %w", argv[0], err)
	}
	return slices.Concat([]string{path}, argv[1:]), nil
}

// spawn starts the process. It does so below package os, which would take the sockets
// out of the mode in which accepting can be interrupted, for this process, too.
func (s *Sockets) spawn(argv []string, pipes ...*os.File) (*os.Process, error) {
	fds, names, err := s.duplicates()
	defer func() {
		for _, fd := range fds {
			_ = syscall.Close(int(fd))
		}
	}()
	if err != nil {
		return nil, err
	}
	files := append([]uintptr{0, 1, 2}, fds...)
	for _, p := range pipes {
		files = append(files, p.Fd())
	}
	pid, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{Env: environment(names), Files: files}) //nolint:gosec // the program that runs now
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", argv[0], err)
	}
	return os.FindProcess(pid)
}

// duplicates returns a descriptor for each open socket, and the names.
func (s *Sockets) duplicates() (fds []uintptr, names []string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, open := range s.open {
		raw, err := open.listener.SyscallConn()
		if err == nil {
			err = errors.Join(err, raw.Control(func(fd uintptr) {
				var own int
				if own, err = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0); err == nil {
					fds = append(fds, uintptr(own))
				}
			}))
		}
		if err != nil {
			return fds, nil, fmt.Errorf("pass on the socket %s: %w", open.name, err)
		}
		names = append(names, open.name)
	}
	return fds, names, nil
}

// environment returns this process's with the names of the sockets.
func environment(names []string) []string {
	return append(os.Environ(), nodeNames+"="+strings.Join(names, ","))
}

// await returns nil when the process has said that it is ready. Else it is gone when
// await returns.
func await(ctx context.Context, process *os.Process, pipe *os.File, timeout time.Duration) error {
	stop := context.AfterFunc(ctx, func() { _ = pipe.SetReadDeadline(time.Now()) })
	defer stop()
	if err := pipe.SetReadDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	line, err := bufio.NewReader(pipe).ReadString('\n')
	if line == ready {
		return nil
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errors.Join(context.Cause(ctx), process.Kill())
		_, waited := process.Wait()
		return errors.Join(fmt.Errorf("process %d was not ready within %s and was killed", process.Pid, timeout), err, waited)
	}
	state, err := process.Wait()
	if err != nil {
		return err
	}
	return fmt.Errorf("process %d ended before it was ready: %s", process.Pid, state)
}
