package config

import (
	"encoding"
	"fmt"
	"net/netip"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decoder walks a YAML document beside the Go types, so that every mistake is told
// with its line and path and none hides another.
type decoder struct {
	file     string
	problems Problems
	lines    map[string]int // line of every path that the file names
	nodes    int            // nodes visited, aliases expanded
}

// maxNodes bounds a document with its aliases expanded.
const maxNodes = 200_000

func (d *decoder) problem(line int, path, format string, args ...any) {
	d.problems = append(d.problems, Problem{d.file, line, path, fmt.Sprintf(format, args...)})
}

// lineOf returns the line of a path, or of the nearest part of it that is there.
func (d *decoder) lineOf(path string) int {
	for path != "" {
		if line, ok := d.lines[path]; ok {
			return line
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return d.lines[""]
}

func (d *decoder) document(root *yaml.Node, cfg *Config) {
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 {
		d.problem(root.Line, "", "expected settings such as `version: 1`")
		return
	}
	d.value(root.Content[0], "", reflect.ValueOf(cfg).Elem())
}

var (
	textType   = reflect.TypeFor[encoding.TextUnmarshaler]()
	prefixType = reflect.TypeFor[netip.Prefix]()
)

// value decodes a node into a Go value.
func (d *decoder) value(n *yaml.Node, path string, v reflect.Value) {
	if d.nodes++; d.nodes > maxNodes {
		if d.nodes == maxNodes+1 {
			d.problem(n.Line, path, "the file has too many values; are aliases nested?")
		}
		return
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if _, seen := d.lines[path]; !seen {
		d.lines[path] = n.Line
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch {
	case v.Type() == prefixType || reflect.PointerTo(v.Type()).Implements(textType):
		d.scalar(n, path, v)
	case v.Kind() == reflect.Struct:
		d.object(n, path, v)
	case v.Kind() == reflect.Map:
		d.dictionary(n, path, v)
	case v.Kind() == reflect.Slice:
		d.list(n, path, v)
	default:
		d.scalar(n, path, v)
	}
}

func (d *decoder) object(n *yaml.Node, path string, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.problem(n.Line, path, "expected settings, got %s", kindOf(n))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		child := join(path, key.Value)
		field, ok := fieldOf(v.Type(), key.Value)
		switch {
		case key.Value == "<<":
			d.problem(key.Line, path, "merge keys (<<) are not used here: write the settings out")
		case !ok:
			d.problem(key.Line, child, "unknown key%s", suggestion(key.Value, keysOf(v.Type())))
		case seen[key.Value]:
			d.problem(key.Line, child, "the key is there twice")
		default:
			seen[key.Value] = true
			d.value(n.Content[i+1], child, v.FieldByIndex(field.Index))
		}
	}
}

func (d *decoder) dictionary(n *yaml.Node, path string, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.problem(n.Line, path, "expected names with settings, got %s", kindOf(n))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		name := reflect.ValueOf(key.Value)
		if v.MapIndex(name).IsValid() {
			d.problem(key.Line, join(path, key.Value), "the name is there twice")
			continue
		}
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(n.Content[i+1], join(path, key.Value), item)
		v.SetMapIndex(name, item)
	}
}

func (d *decoder) list(n *yaml.Node, path string, v reflect.Value) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.problem(n.Line, path, "expected a list, got %s", kindOf(n))
		return
	}
	list := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		d.value(item, path+"["+strconv.Itoa(i)+"]", list.Index(i))
	}
	v.Set(list)
}

func (d *decoder) scalar(n *yaml.Node, path string, v reflect.Value) {
	if n.Kind != yaml.ScalarNode {
		d.problem(n.Line, path, "expected one value, got %s", kindOf(n))
		return
	}
	text, err := substitute(n.Value)
	if err == nil {
		err = set(v, text)
	}
	if err != nil {
		d.problem(n.Line, path, "%s", err)
	}
}

// set stores a text in a value of a scalar type.
func set(v reflect.Value, text string) error {
	switch {
	case v.Type() == prefixType:
		p, err := parsePrefix(text)
		v.Set(reflect.ValueOf(p))
		return err
	case v.CanAddr() && v.Addr().Type().Implements(textType):
		return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("expected true or false, got %q", text)
		}
		v.SetBool(b)
	default:
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return fmt.Errorf("expected a whole number, got %q", text)
		}
		v.SetInt(n)
	}
	return nil
}

// parsePrefix reads an address or a subnet.
func parsePrefix(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return p, fmt.Errorf("%q is neither an address such as 192.0.2.7 nor a subnet such as 192.0.2.0/24", text)
	}
	return p.Masked(), nil
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "settings"
	case yaml.SequenceNode:
		return "a list"
	default:
		return strconv.Quote(n.Value)
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for f := range t.Fields() {
		if f.Tag.Get("yaml") == key && key != "" {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func keysOf(t reflect.Type) []string {
	keys := make([]string, 0, t.NumField())
	for field := range t.Fields() {
		keys = append(keys, field.Tag.Get("yaml"))
	}
	return keys
}

// suggestion names the key that was meant, or all there are.
func suggestion(got string, keys []string) string {
	best, least := "", 3
	for _, k := range keys {
		if n := distance(got, k); n < least {
			best, least = k, n
		}
	}
	if best != "" {
		return "; did you mean " + best + "?"
	}
	if len(keys) == 0 {
		return ""
	}
	return "; there are " + strings.Join(keys, ", ")
}

// distance is the Levenshtein distance of two short words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
