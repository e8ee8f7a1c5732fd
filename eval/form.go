package eval

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
)

// reader reads all samples of a source.
type reader func(*source) error

// byExtension holds forms that a file's name gives away.
var byExtension = map[string]reader{
	".jsonl": readJSONLines, ".ndjson": readJSONLines, ".har": readHAR,
	".http": readRaw, ".raw": readRaw, ".log": readAccessLog,
}

// formOf returns how to read a file, by its name or else by its first bytes; nil if
// it is of no known form.
func formOf(file string, in *bufio.Reader) reader {
	if r := byExtension[strings.ToLower(filepath.Ext(file))]; r != nil {
		return r
	}
	head, _ := in.Peek(4 << 10)
	head = bytes.TrimLeft(head, "\r\n\t ")
	line, _, _ := bytes.Cut(head, []byte("\n"))
	switch {
	case bytes.HasPrefix(line, []byte(`{"id"`)) || bytes.HasPrefix(line, []byte(`{"label"`)):
		return readJSONLines
	case bytes.HasPrefix(head, []byte("{")) && bytes.Contains(head, []byte(`"log"`)):
		return readHAR
	case requestLine(line):
		return readRaw
	default:
		if _, ok := parseLogLine(string(line)); ok {
			return readAccessLog
		}
		return nil
	}
}

// requestLine reports whether a line looks like GET / HTTP/1.1.
func requestLine(line []byte) bool {
	parts := bytes.Fields(line)
	if len(parts) < 3 || !bytes.HasPrefix(parts[len(parts)-1], []byte("HTTP/")) {
		return false
	}
	return !bytes.ContainsFunc(parts[0], func(r rune) bool { return (r < 'A' || r > 'Z') && r != '-' })
}

// maxLine bounds one line of a file, in bytes.
const maxLine = 64 << 20

// eachLine calls fn with each line that is not blank and its number.
func eachLine(in *bufio.Reader, fn func(n int, line []byte) error) error {
	for n := 1; ; n++ {
		line, err := readLine(in)
		if text := bytes.TrimSpace(line); len(text) > 0 {
			if err := fn(n, text); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func readLine(in *bufio.Reader) (line []byte, err error) {
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxLine {
			return nil, errors.New("a line is longer than 64 MiB")
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}
