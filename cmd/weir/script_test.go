package main

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// runAsWeir makes the test binary be the command, for tests that need a process.
const runAsWeir = "WEIR_RUN"

func TestMain(m *testing.M) {
	if os.Getenv(runAsWeir) != "" {
		main()
	}
	testscript.Main(m, map[string]func(){"weir": func() { os.Exit(run(context.Background(), os.Args[1:])) }})
}

// TestScripts runs the command as a user does: testdata/*.txtar.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata"})
}
