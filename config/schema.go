package config

import (
	"encoding/json"
	"reflect"

	"github.com/weirnode/weir/attack"
)

// Schema returns the JSON Schema (2020-12) of the file, made from the types. Values
// may be written with ${VAR}, so texts that hold one are always allowed.
func Schema() ([]byte, error) {
	root := schemaOf(reflect.TypeFor[Config]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "weir configuration"
	root["required"] = []string{"version", "upstreams", "sites"}
	return json.MarshalIndent(root, "", "  ")
}

// substituted matches a text with ${VAR} or ${file:...} in it.
var substituted = map[string]any{"type": "string", "pattern": `\$\{`}

// scalars are the forms of types that decode themselves.
var scalars = map[reflect.Type]map[string]any{
	reflect.TypeFor[Mode]():        {"enum": []any{"off", "monitoring", "safe_blocking", "block", false}},
	reflect.TypeFor[Override]():    {"enum": []any{"on", "strict", "off", true, false}},
	reflect.TypeFor[Overlimit]():   {"enum": []any{"monitoring", "block"}},
	reflect.TypeFor[Sensitivity](): {"enum": []any{"low", "default", "high"}},
	reflect.TypeFor[Balance]():     {"enum": []any{"round_robin", "least_connections", "hash"}},
	reflect.TypeFor[Protocol]():    {"enum": []any{"http1", "h2", "h2c"}},
	reflect.TypeFor[Framing]():     {"enum": []any{"strict", "lenient"}},
	reflect.TypeFor[Duration]():    {"type": "string", "pattern": `^[0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h|d)([0-9.a-zµ]*)$`},
	reflect.TypeFor[Size]():        {"type": []string{"string", "integer"}, "pattern": `^[0-9]+ *(B|KiB|MiB|GiB)?$`},
	reflect.TypeFor[attack.Type](): {"enum": attackCodes()},
	prefixType:                     {"type": "string", "pattern": `^[0-9a-fA-F:.]+(/[0-9]+)?$`},
}

func attackCodes() (codes []string) {
	for t := range attack.All() {
		codes = append(codes, t.String())
	}
	return codes
}

func schemaOf(t reflect.Type) map[string]any {
	if t.Kind() == reflect.Pointer {
		return schemaOf(t.Elem())
	}
	if form, ok := scalars[t]; ok {
		return map[string]any{"anyOf": []any{form, substituted}}
	}
	switch t.Kind() {
	case reflect.Struct:
		properties := map[string]any{}
		for f := range t.Fields() {
			properties[f.Tag.Get("yaml")] = schemaOf(f.Type)
		}
		return map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem())}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"anyOf": []any{map[string]any{"type": "boolean"}, substituted}}
	default:
		return map[string]any{"anyOf": []any{map[string]any{"type": "integer"}, substituted}}
	}
}
