package eval

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// jsonSample is one line of a labelled corpus.
type jsonSample struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Class  string `json:"class"`
	Place  string `json:"place"`
	Req    string `json:"req"`
	ReqB64 string `json:"req_b64"` // where the bytes are not UTF-8
}

// readJSONLines reads one labelled sample a line.
func readJSONLines(s *source) error {
	return eachLine(s.in, func(n int, line []byte) error {
		sample, err := s.jsonSample(line)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if sample.ID == "" {
			sample.ID = strconv.Itoa(n)
		}
		s.emit(sample)
		return nil
	})
}

func (s *source) jsonSample(line []byte) (Sample, error) {
	var j jsonSample
	if err := json.Unmarshal(line, &j); err != nil {
		return Sample{}, err
	}
	label, err := ParseLabel(j.Label)
	if err != nil {
		return Sample{}, err
	}
	if label = orLabel(label, s.label); label == "" {
		return Sample{}, errors.New(`no "label"; say --label attack or --label legit`)
	}
	raw := []byte(j.Req)
	if j.ReqB64 != "" {
		if raw, err = base64.StdEncoding.DecodeString(j.ReqB64); err != nil {
			return Sample{}, fmt.Errorf("req_b64: %w", err)
		}
	}
	if len(raw) == 0 {
		return Sample{}, errors.New(`no "req" and no "req_b64"`)
	}
	return Sample{File: s.name, ID: j.ID, Label: label, Class: j.Class, Place: j.Place, Raw: raw}, nil
}
