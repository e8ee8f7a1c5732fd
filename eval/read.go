package eval

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// ReadOptions say how to read samples.
type ReadOptions struct {
	Label  Label // of samples that bring none; default: legit for logs and archives, else required
	Sample int   // at most so many of each label and file, drawn evenly; 0: all
	Seed   uint64
}

// Corpus is what was read.
type Corpus struct {
	Samples []Sample
	Files   int
	Skipped []string // files of a folder that hold no samples
}

// Read reads the samples of files and folders. In a folder, files of another form are
// skipped; a named one is an error that wraps [ErrBadInput].
func Read(paths []string, o ReadOptions) (*Corpus, error) {
	c := &Corpus{}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, badInput("%w", err)
		}
		if info.IsDir() {
			err = c.addFolder(p, &o)
		} else {
			err = c.addFile(p, filepath.Base(p), &o, true)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(c.Samples) == 0 {
		return nil, badInput("no samples in %s", strings.Join(paths, ", "))
	}
	return c, nil
}

func (c *Corpus) addFolder(root string, o *ReadOptions) error {
	return filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if hidden := strings.HasPrefix(d.Name(), ".") && p != root; hidden && d.IsDir() {
			return fs.SkipDir
		} else if hidden || !d.Type().IsRegular() {
			return nil
		}
		rel, err := filepath.Rel(filepath.Dir(filepath.Clean(root)), p)
		if err != nil {
			return err
		}
		return c.addFile(p, filepath.ToSlash(rel), o, false)
	})
}

// addFile reads one file; name is what samples say they come from.
func (c *Corpus) addFile(file, name string, o *ReadOptions, named bool) error {
	f, err := os.Open(file) //nolint:gosec // the user names it
	if err != nil {
		return badInput("%w", err)
	}
	defer f.Close()
	in, err := open(f, file)
	if err != nil {
		return badInput("%s: %w", name, err)
	}
	read := formOf(strings.TrimSuffix(file, ".gz"), in)
	if read == nil {
		if named {
			return badInput("%s: neither JSON lines, nor a raw request, nor an access log, nor a HAR archive", name)
		}
		c.Skipped = append(c.Skipped, name)
		return nil
	}
	draw := newDraw(o, name)
	s := source{in: in, name: name, label: orLabel(o.Label, labelOfFolder(file)), emit: draw.add}
	if err := read(&s); err != nil {
		return badInput("%s: %w", name, err)
	}
	c.Samples = append(c.Samples, draw.samples()...)
	c.Files++
	return nil
}

// readBuffer is also how much of a file is looked at to tell its form.
const readBuffer = 64 << 10

func open(f io.Reader, file string) (*bufio.Reader, error) {
	if !strings.HasSuffix(file, ".gz") {
		return bufio.NewReaderSize(f, readBuffer), nil
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("not gzip: %w", err)
	}
	return bufio.NewReaderSize(z, readBuffer), nil
}

// source is one file that is being read.
type source struct {
	in    *bufio.Reader
	name  string
	label Label // of samples that bring none, may be empty
	emit  func(Sample)
}

// labelOfFolder returns the label that the closest folder is named by, if any.
func labelOfFolder(file string) Label {
	for dir := path.Dir(filepath.ToSlash(file)); ; dir = path.Dir(dir) {
		switch base := path.Base(dir); base {
		case string(Attack), string(Legit):
			return Label(base)
		case ".", "/":
			return ""
		}
	}
}

func orLabel(l, missing Label) Label {
	if l == "" {
		return missing
	}
	return l
}
