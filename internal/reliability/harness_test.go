package reliability

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/weirnode/weir/internal/load"
)

// program names the variable with the path of the program under test.
const program = "WEIR_PROGRAM"

func TestMain(m *testing.M) {
	limit := unix.Rlimit{}
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil {
		limit.Cur = limit.Max
		_ = unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
	}
	if os.Getenv(crowdKind) != "" {
		crowd()
	}
	os.Exit(m.Run())
}

// long skips a test unless the long tests are asked for.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv(program) == "" {
		t.Skip("a long test: make reliability runs it")
	}
}

// lasting returns how long a test goes on: a variable's value, if it is set.
func lasting(t *testing.T, variable string, normally time.Duration) time.Duration {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return normally
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return d
}

// options say how a node is started. Limits of addresses are off: all clients are one.
type options struct {
	upstream string   // default: the load's origin
	limits   string   // further limits, as YAML in one line
	more     string   // further YAML
	upOption string   // further settings of the upstream
	shell    string   // run before the program, in its process
	env      []string // further environment
}

// node is a node that runs as a process.
type node struct {
	traffic, manage, log string
	process              *exec.Cmd
}

// start starts a node. It is killed when the test ends, whatever became of it.
func start(t *testing.T, o options) *node {
	t.Helper()
	if o.upstream == "" {
		origin := httptest.NewServer(load.Origin())
		t.Cleanup(origin.Close)
		o.upstream = origin.URL
	}
	dir := t.TempDir()
	n := &node{traffic: load.FreeAddress(t), manage: load.FreeAddress(t), log: filepath.Join(dir, "weir.log")}
	text := fmt.Sprintf("version: 1\nlisten: [{address: %q}]\nmanage: {address: %q}\nstore: {url: \"file:%s/data\"}\nmode: block\nupstreams: {app: {targets: [%q], max_connections: 20000%s}}\n"+
		"sites: [{hosts: [\"*\"], upstream: app}]\nlimits: {connections: 18000, connections_per_address: 18000%s}\n%s\n", n.traffic, n.manage, dir, o.upstream, o.upOption, o.limits, o.more)
	file := filepath.Join(dir, "weir.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	lines, err := os.Create(n.log)
	if err != nil {
		t.Fatal(err)
	}
	defer lines.Close()
	path, err := filepath.Abs(os.Getenv(program))
	if err != nil {
		t.Fatal(err)
	}
	n.process = exec.CommandContext(context.Background(), "sh", "-c", o.shell+`exec "$0" serve -c "$1"`, path, file)
	n.process.Env = append(os.Environ(), o.env...)
	n.process.Stdout, n.process.Stderr = lines, lines
	n.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} // when the test itself is killed
	if err := n.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = n.process.Process.Kill()
		_ = n.process.Wait() // it was killed
		if t.Failed() {
			t.Logf("the end of the log:\n%s", tail(n.log))
		}
	})
	n.waitReady(t)
	return n
}

func tail(path string) string {
	text, _ := os.ReadFile(path)
	lines := strings.Split(string(text), "\n")
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}

// eventually waits for a condition and reports whether it came about.
func eventually(wait time.Duration, condition func() bool) bool {
	for deadline := time.Now().Add(wait); time.Now().Before(deadline); <-time.After(10 * time.Millisecond) {
		if condition() {
			return true
		}
	}
	return condition()
}

func (n *node) waitReady(t *testing.T) {
	t.Helper()
	if !eventually(20*time.Second, func() bool { return status("http://"+n.manage+"/ready") == http.StatusOK }) {
		t.Fatalf("the node did not become ready:\n%s", tail(n.log))
	}
}

// once is a client that keeps no connection.
var once = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}

// status returns the status of an answer, 0 if there is none.
func status(url string) int {
	resp, err := once.Get(url)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func (n *node) url(path string) string { return "http://" + n.traffic + path }

// metric returns the sum of the samples of a metric whose line begins with a name, with
// or without labels.
func (n *node) metric(t *testing.T, name string) (sum float64) {
	t.Helper()
	resp, err := once.Get("http://" + n.manage + "/metrics")
	if err != nil {
		t.Fatalf("metrics: %v", err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), name); ok && (rest[0] == ' ' || rest[0] == '{' || strings.HasSuffix(name, "}")) {
			v, _ := strconv.ParseFloat(rest[strings.LastIndexByte(rest, ' ')+1:], 64)
			sum += v
		}
	}
	return sum
}

func (n *node) goroutines(t *testing.T) int {
	t.Helper()
	return int(n.metric(t, "go_goroutines"))
}

// rss returns the resident memory in bytes.
func (n *node) rss(t *testing.T) int64 {
	t.Helper()
	return n.memory(t, "VmRSS:")
}

func (n *node) memory(t *testing.T, field string) int64 {
	t.Helper()
	return n.proc(t, "status", field) << 10
}

// read returns how many bytes the node has read, of sockets and of files.
func (n *node) read(t *testing.T) int64 {
	t.Helper()
	return n.proc(t, "io", "rchar:")
}

// proc returns a number that the kernel keeps of the node.
func (n *node) proc(t *testing.T, file, field string) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", n.process.Process.Pid, file))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field); ok {
			number, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return number
		}
	}
	t.Fatalf("no %s", field)
	return 0
}

// watchPeak measures the highest resident memory until the returned function is called.
func (n *node) watchPeak(t *testing.T) (peak func() int64) {
	t.Helper()
	// Writing 5 resets what the kernel remembers as the peak.
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", n.process.Process.Pid), []byte("5"), 0); err != nil {
		t.Fatal(err)
	}
	return func() int64 { return n.memory(t, "VmHWM:") }
}

const mib = 1 << 20

// quantile returns a quantile of durations, which it sorts.
func quantile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[min(len(list)-1, int(float64(len(list))*q))]
}

// alive fails the test if the process has ended.
func (n *node) alive(t *testing.T) {
	t.Helper()
	if err := n.process.Process.Signal(syscall.Signal(0)); err != nil {
		t.Fatalf("the node has ended: %v\n%s", err, tail(n.log))
	}
	if status(n.url("/")) != http.StatusOK {
		t.Error("the node does not serve any more")
	}
}
