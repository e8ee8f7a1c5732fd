// Package handover passes listening sockets from one process to the next, so that no
// connection is refused in between.
//
// A process gets sockets in one of two ways:
//
//  1. from systemd (socket activation): LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES, as
//     in sd_listen_fds(3);
//  2. from the node it takes the place of: WEIR_SOCKETS names them by the addresses of
//     the configuration. Behind them come two pipes. The new process writes a line into
//     the first when it can serve; if it ends before, the old one goes on. The second
//     ends when the old one has let go of what only one of them can do.
//
// In both the sockets are the descriptors from 3 on. A [Sockets] gives them to whoever
// would listen on their addresses, opens what is missing, and remembers all of them for
// the next process ([Start]).
package handover

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

const (
	firstFD = 3 // behind standard input, output and error
	ready   = "ready\n"
)

// Variables of the environment.
const (
	systemdCount = "LISTEN_FDS"
	systemdPID   = "LISTEN_PID"
	systemdNames = "LISTEN_FDNAMES"
	nodeNames    = "WEIR_SOCKETS"
)

// Inherit returns the sockets that this process was started with, and the node that
// it takes the place of, which is nil if there is none. It clears the environment of
// them, so that it finds them once.
func Inherit() (*Sockets, *Predecessor, error) {
	env := map[string]string{}
	for _, name := range []string{systemdCount, systemdPID, systemdNames, nodeNames} {
		env[name] = os.Getenv(name)
		if err := os.Unsetenv(name); err != nil {
			return nil, nil, err
		}
	}
	names, err := inherited(env, os.Getpid())
	if err != nil {
		return nil, nil, err
	}
	s := &Sockets{}
	for i, name := range names {
		if err := s.adopt(firstFD+i, name); err != nil {
			return nil, nil, err
		}
	}
	if env[nodeNames] == "" {
		return s, nil, nil
	}
	return s, &Predecessor{ready: pipe(firstFD + len(names)), gone: pipe(firstFD + len(names) + 1)}, nil
}

// inherited returns the name of each inherited socket.
func inherited(env map[string]string, pid int) ([]string, error) {
	if text := env[nodeNames]; text != "" {
		return strings.Split(text, ","), nil
	}
	if env[systemdCount] == "" || env[systemdPID] != strconv.Itoa(pid) { // for another process
		return nil, nil
	}
	n, err := strconv.Atoi(env[systemdCount])
	if err != nil || n < 0 || n > 1000 {
		return nil, fmt.Errorf("%s %q: not a number of sockets", systemdCount, env[systemdCount])
	}
	names := make([]string, n)
	copy(names, strings.Split(env[systemdNames], ":"))
	return names, nil
}

// adopt takes over a descriptor.
func (s *Sockets) adopt(fd int, name string) error {
	syscall.CloseOnExec(fd)
	file := os.NewFile(uintptr(fd), name)
	if file == nil {
		return fmt.Errorf("inherit socket %d %q: no such descriptor", fd, name)
	}
	defer file.Close()
	l, err := net.FileListener(file)
	if err != nil {
		return fmt.Errorf("inherit socket %d %q: it does not listen for connections: %w", fd, name, err)
	}
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return errors.Join(fmt.Errorf("inherit socket %d %q: %s is no TCP address", fd, name, l.Addr()), l.Close())
	}
	s.waiting = append(s.waiting, socket{name, tcp})
	return nil
}

func pipe(fd int) *os.File {
	syscall.CloseOnExec(fd)
	_ = syscall.SetNonblock(fd, true) // so that waiting for it can be interrupted
	return os.NewFile(uintptr(fd), "handover")
}
