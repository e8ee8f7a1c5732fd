package config

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("weir.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("weir.schema.json")
}

// TestCommittedSchemaIsCurrent fails when weir.schema.json is not what the types say.
func TestCommittedSchemaIsCurrent(t *testing.T) {
	data, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	data = append(data, '\n')
	if *update {
		if err := os.WriteFile("weir.schema.json", data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if had, err := os.ReadFile("weir.schema.json"); err != nil || !bytes.Equal(had, data) {
		t.Errorf("weir.schema.json is not current: go test ./config -update (%v)", err)
	}
}

func TestSchemaTakesGoodFilesAndRefusesWrongShapes(t *testing.T) {
	s := compiled(t)
	check := func(data []byte) error {
		var v any
		if err := yaml.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		return s.Validate(v)
	}
	files, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range append(files, "weir.example.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := check(data); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, name := range []string{"unknown_keys", "wrong_types", "modes", "no_upstream"} {
		archive, err := txtar.ParseFile("testdata/bad/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		if check(archive.Files[0].Data) == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
