package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// beginsProgram reports whether a server's code begins as a program or a
// template of a page does, with a loop, a condition, a declaration or an assignment.
func beginsProgram(body []byte) bool {
	body = bytes.TrimLeft(body, " \t\r\n")
	end := lex.WordEnd(body, 0)
	if lex.OneOf(body[:end], "foreach", "if", "for", "while", "switch", "function", "class", "namespace", "use", "interface", "trait", "abstract", "final", "endforeach", "endif", "endfor", "endwhile", "else") {
		return true
	}
	if lex.OneOf(body[:end], "require", "require_once", "get_header", "declare") {
		return true
	}
	return len(body) > 2 && body[0] == '$' && lex.Letter(body[1]) && assigns(body[lex.WordEnd(body, 1):])
}

// shownTag reports whether a sentence stands behind a server's code.
func shownTag(data []byte, at int) bool {
	i := bytes.Index(data[at:], []byte("?>"))
	return i > 0 && !bytes.Contains(data[at+i:], []byte("<?")) && lex.Prose(data[at+i+2:])
}

// quotedTag reports whether a forum's mark of source stands in front of a server's code.
func quotedTag(before []byte) bool {
	return lex.HasSuffix(before, "[code]") || lex.HasSuffix(before, "[php]")
}

// fencedTag returns what stands in a fence of Markdown that begins with a server's tag in the next line,
// nil if no fence stands there or words are not around it.
func fencedTag(data []byte, at int) []byte {
	before := bytes.TrimRight(data[:at], " \r\n")
	before = bytes.TrimSuffix(before, []byte("php"))
	if !bytes.HasSuffix(before, []byte("\n```")) || len(before)+len("php") == at {
		return nil
	}
	end := bytes.Index(data[at:], []byte("\n```"))
	if end < 0 || bytes.Count(data[at:at+end], []byte("/*")) != bytes.Count(data[at:at+end], []byte("*/")) || !lex.Prose(before[max(0, len(before)-window):]) {
		return nil
	}
	return data[at : at+end]
}

// inert reports whether nothing in a value runs commands or code, includes files or makes
// objects.
func inert(data []byte) bool {
	return !bytes.ContainsAny(data, "`~^") && !containsAnyOf(data, "include", "${", "::") && requiresLoader(data) && makesOwn(data) && callsPlainly(data)
}

// requiresLoader reports whether a program includes no other file than the loader of its
// libraries.
func requiresLoader(data []byte) bool {
	for from := 0; ; {
		i := bytes.Index(data[from:], []byte("require"))
		if i < 0 {
			return true
		}
		from += i + len("require")
		rest := bytes.TrimLeft(bytes.TrimPrefix(data[from:], []byte("_once")), " ")
		if !bytes.HasPrefix(rest, []byte("'vendor/autoload.php';")) && !bytes.HasPrefix(rest, []byte("__DIR__ . '/vendor/autoload.php';")) && !bytes.HasPrefix(rest, []byte("__DIR__.'/vendor/autoload.php';")) {
			return false
		}
	}
}

// makesOwn reports whether all objects that a program makes are of classes in a namespace
// of their own, where no class of PHP is.
func makesOwn(data []byte) bool {
	for from := 0; ; {
		i := bytes.Index(data[from:], []byte("new "))
		if i < 0 {
			return true
		}
		from += i + len("new ")
		end := lex.WordEnd(data, from)
		if end == from || end+1 >= len(data) || data[end] != '\\' || !lex.Letter(data[end+1]) {
			return false
		}
	}
}

// callsPlainly reports whether every call in a program is of its grammar, of a method, or
// of a function that checks, escapes, counts or formats.
func callsPlainly(data []byte) bool {
	for i := range data {
		if data[i] != '(' {
			continue
		}
		end := i
		for end > 0 && data[end-1] <= ' ' && i-end < 8 {
			end--
		}
		from := end
		for from > 0 && lex.Word(data[from-1]) && end-from < longestWord {
			from--
		}
		name, before := data[from:end], data[:from]
		switch {
		case len(name) == 0:
			if end > 0 && bytes.IndexByte([]byte(")]}'\"$\\/"), data[end-1]) >= 0 {
				return false
			}
		case bytes.HasSuffix(before, []byte("->")), lex.HasSuffix(before, "function "), made(before):
		case len(before) > 0 && (before[len(before)-1] == '$' || before[len(before)-1] == '\\' || before[len(before)-1] == '>' || before[len(before)-1] == '{'):
			return false
		case !checks(name) && !lex.OneOf(name, "foreach", "if", "for", "while", "switch", "elseif", "array", "function", "fn", "catch", "echo", "print", "return", "and", "or", "number_format", "date", "strtoupper", "strtolower", "ucfirst", "str_pad", "nl2br", "round", "min", "max", "range", "__", "_e", "e", "esc_html", "esc_attr", "esc_url", "get_header", "get_footer", "get_sidebar", "have_posts", "the_post", "the_title", "the_content", "the_permalink", "the_excerpt", "bloginfo", "wp_head", "wp_footer"):
			return false
		}
	}
	return true
}

// made reports whether text ends with what stands in front of a class's last name when an
// object is made: new Acme\\Web\\
func made(before []byte) bool {
	from := len(before)
	for from > 0 && len(before)-from < longestWord && (lex.Word(before[from-1]) || before[from-1] == '\\') {
		from--
	}
	return from < len(before) && before[len(before)-1] == '\\' && lex.Letter(before[from]) && bytes.HasSuffix(before[:from], []byte("new "))
}

// assigns reports whether an assignment follows a variable's name.
func assigns(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " ")
	return len(rest) > 2 && rest[0] == '=' && rest[1] != '=' && rest[1] != '>'
}

// shows reports whether a tag prints one variable of the request and does nothing else:
// <?= $_GET['name'] ?>.
func shows(tag string, body []byte) bool {
	end := bytes.Index(body, []byte("?>"))
	if tag != "<?=" || end < 0 {
		return false
	}
	body = bytes.TrimSpace(body[:end])
	open := lex.WordEnd(body, min(1, len(body)))
	return bytes.HasPrefix(body, []byte("$_")) && open+4 < len(body) && body[open] == '[' && (body[open+1] == '\'' || body[open+1] == '"') && lex.WordEnd(body, open+2) == len(body)-2 && body[len(body)-1] == ']'
}

// sanitizes reports whether text ends with the call of a function that checks, escapes or
// counts what it is given.
func sanitizes(before []byte) bool {
	before = bytes.TrimSuffix(before, []byte("("))
	from := len(before)
	for from > 0 && lex.Word(before[from-1]) {
		from--
	}
	return checks(before[from:])
}

// checks reports whether a function checks, escapes or counts what it is given.
func checks(name []byte) bool {
	return lex.OneOf(name, "isset", "empty", "htmlspecialchars", "htmlentities", "filter_var", "intval", "floatval", "strip_tags", "trim", "count", "strlen", "is_numeric", "is_string", "is_array", "ctype_digit", "urlencode", "rawurlencode", "addslashes",
		"mysqli_real_escape_string", "mysql_real_escape_string", "json_encode", "move_uploaded_file", "basename")
}
