package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// family returns a process and all that descends from it.
func family(pid int) []int {
	pids := []int{pid}
	for i := 0; i < len(pids); i++ {
		name := fmt.Sprintf("/proc/%d/task/%d/children", pids[i], pids[i])
		text, err := os.ReadFile(name) //nolint:gosec // of the kernel
		if err != nil {
			continue
		}
		for child := range strings.FieldsSeq(string(text)) {
			if n, err := strconv.Atoi(child); err == nil {
				pids = append(pids, n)
			}
		}
	}
	return pids
}

// cpuOf returns the processor time of a process and its descendants so far, by the
// kernel's clock of each process: user and system, all threads, in nanoseconds where
// /proc/PID/stat rounds to hundredths of a second.
func cpuOf(pid int) (time.Duration, error) {
	var sum time.Duration
	for _, p := range family(pid) {
		var t unix.Timespec
		// clock_getcpuclockid(3): the complement of the number, and 2 for the scheduler's count.
		if err := unix.ClockGettime(int32(^p)<<3|2, &t); err != nil {
			return 0, fmt.Errorf("clock of process %d: %w", p, err)
		}
		sum += time.Duration(t.Nano())
	}
	return sum, nil
}

// residentOf returns the memory that a process and its descendants hold, in bytes.
func residentOf(pid int) int64 {
	var sum int64
	for _, p := range family(pid) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p))
		if err != nil {
			continue
		}
		if fields := strings.Fields(string(text)); len(fields) > 1 {
			pages, _ := strconv.ParseInt(fields[1], 10, 64)
			sum += pages * int64(os.Getpagesize())
		}
	}
	return sum
}
