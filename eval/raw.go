package eval

import (
	"errors"
	"io"
	"path"
)

// maxRaw bounds one raw request, in bytes.
const maxRaw = 64 << 20

// readRaw reads a file that holds one request. Its class is the folder it lies in,
// unless that folder is the label.
func readRaw(s *source) error {
	raw, err := io.ReadAll(io.LimitReader(s.in, maxRaw))
	if err != nil {
		return err
	}
	if len(raw) == 0 {
		return errors.New("empty file")
	}
	if s.label == "" {
		return errors.New("is it an attack? Put it below a folder named attack or legit, or say --label attack or --label legit")
	}
	folder := path.Dir(s.name)
	class := path.Base(folder)
	if class == "." || class == string(s.label) {
		class = "raw"
	}
	file := folder
	if file == "." {
		file = s.name
	}
	s.emit(Sample{File: file, ID: path.Base(s.name), Label: s.label, Class: class, Place: "raw", Raw: raw})
	return nil
}
