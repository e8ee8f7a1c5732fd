// Package reliability holds the long tests: they run the program itself as a process,
// with real sockets and for minutes, where the tests of other packages run parts of it
// for moments. `make reliability` builds the program and runs them; `go test` skips
// them, and says so.
//
// Each test prints its figures in a line that begins with the id of docs/reliability.md,
// and fails where it is worse than what the docs tell. Clients that open thousands of
// connections run in a second process, so that their work is not the measuring client's.
package reliability
