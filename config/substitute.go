package config

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// maxSecret bounds a file that ${file:...} names, in bytes.
const maxSecret = 64 << 10

// substitute replaces ${VAR}, ${VAR:-default} and ${file:/path}; $$ is a dollar.
func substitute(text string) (string, error) {
	if !strings.Contains(text, "$") {
		return text, nil
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "$")
		b.WriteString(before)
		switch {
		case !found:
			return b.String(), nil
		case strings.HasPrefix(rest, "$"):
			b.WriteByte('$')
			text = rest[1:]
		case strings.HasPrefix(rest, "{"):
			name, after, closed := strings.Cut(rest[1:], "}")
			if !closed {
				return "", errors.New("${ without }: write $$ for a dollar sign")
			}
			value, err := lookUp(name)
			if err != nil {
				return "", err
			}
			b.WriteString(value)
			text = after
		default:
			b.WriteByte('$')
			text = rest
		}
	}
}

func lookUp(name string) (string, error) {
	if path, ok := strings.CutPrefix(name, "file:"); ok {
		data, err := os.ReadFile(path) //nolint:gosec // the operator names the file
		if err != nil {
			return "", fmt.Errorf("${%s}: %s", name, reason(err))
		}
		if len(data) > maxSecret {
			return "", fmt.Errorf("${%s}: the file is larger than %s", name, Size(maxSecret))
		}
		return strings.TrimRight(string(data), "\r\n"), nil
	}
	name, missing, hasDefault := strings.Cut(name, ":-")
	if value, ok := os.LookupEnv(name); ok && (value != "" || !hasDefault) {
		return value, nil
	}
	if !hasDefault {
		return "", fmt.Errorf("the environment variable %s is not set; write ${%s:-default} for a default", name, name)
	}
	return missing, nil
}
