package rce

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// madeTags are how tags of YAML begin by which objects of a language are made. Those of the core begin with the
// name of its namespace, those of Ruby are local.
var madeTags = []string{
	"!!python/", "!!javax.", "!!java.", "!!com.sun.", "!!org.", "!!com.mchange", "!!perl/", "!!js/function", "!!sun.", "!!jdk.", "!!groovy.", "!!bsh.", "!!clojure.", "!!net.sf.", "!!ch.qos.", "!!oracle.", "!!com.zaxxer.", "!!com.alibaba.",
	"!ruby/object", "!ruby/hash", "!ruby/struct", "!ruby/array:", "!ruby/string:", "!ruby/exception:", "!ruby/marshalable:", "!ruby/class", "!ruby/module",
}

// coreTag is the namespace for which !! stands.
const coreTag = "tag:yaml.org,2002:"

// maxTag bounds what is read of a tag, in bytes.
const maxTag = 64

// maxHandles bounds the namespaces a document names. More of them stand in no honest one.
const maxHandles = 4

// yamlTags finds tags of YAML that make objects of a language, in each of their spellings: !!java.x, !<tag:yaml.org,2002:java.x>,
// letters as %6a, and handles that %TAG declares.
func yamlTags(data []byte, best *evidence.Tally) {
	for from := 0; ; from++ {
		i := bytes.IndexByte(data[from:], '!')
		if i < 0 || from+i+6 > len(data) {
			break
		}
		from += i
		if next := data[from+1]; next == '!' && (lex.Letter(data[from+2]) || data[from+2] == '%') || next == '<' && data[from+2] != '<' || next == '%' || next == 'r' {
			if makesObject(nil, data[from:]) {
				one(&serialized, from, min(maxTag, len(data)-from), evidence.Code, best)
				return
			}
		}
	}
	if i := bytes.Index(data, []byte("%TAG")); i >= 0 && handles(data[i:]) {
		one(&serialized, i, len("%TAG"), evidence.Code, best)
	}
}

// handles reads the tags that use a handle, one declaration after the other.
func handles(data []byte) bool {
	for n := 0; ; n++ {
		i := bytes.Index(data, []byte("%TAG"))
		if i < 0 || n == maxHandles {
			return i >= 0
		}
		data = bytes.TrimLeft(data[i+len("%TAG"):], " \t")
		end := bytes.IndexAny(data[:min(len(data), maxTag)], " \t\n")
		if end < 1 || data[0] != '!' {
			continue
		}
		handle := data[:end]
		data = bytes.TrimLeft(data[end:], " \t")
		end = tagEnd(data)
		prefix := data[:end]
		if data = data[end:]; usesHandle(handle, prefix, data) {
			return true
		}
	}
}

// usesHandle reports whether a text has a tag with a handle that makes an object.
func usesHandle(handle, prefix, text []byte) bool {
	for from := 0; ; {
		i := bytes.Index(text[from:], handle)
		if i < 0 {
			return false
		}
		at := from + i
		from = at + len(handle)
		if at > 0 && point.ClassOf[text[at-1]]&(point.Space|point.Newline|point.Brace|point.Bracket) == 0 && text[at-1] != ',' {
			continue
		}
		if from < len(text) && text[from] != '!' && makesObject(prefix, text[from:]) {
			return true
		}
	}
}

// tagEnd returns where a tag ends.
func tagEnd(text []byte) int {
	for i, c := range text {
		switch {
		case i == maxTag || c <= ' ', c == '[', c == ']', c == '{', c == '}', c == '>', c == '!' && i > 2:
			return i
		case c == ',' && !bytes.HasSuffix(text[:i], []byte("yaml.org")):
			return i
		}
	}
	return len(text)
}

// makesObject reports whether a tag makes an object: its namespace, as a handle names it, and what follows.
func makesObject(prefix, suffix []byte) bool {
	if prefix == nil && len(suffix) > 1 && suffix[1] == '<' {
		prefix, suffix = suffix[2:2], suffix[2:]
	}
	var buf [2*maxTag + 2]byte
	text := append(buf[:0], prefix...)
	end := tagEnd(suffix)
	text = append(text, suffix[:end]...)
	text = text[:unescape(text)]
	switch {
	case bytes.HasPrefix(text, []byte(coreTag)):
		text = text[len(coreTag)-2:]
		text[0], text[1] = '!', '!'
	case bytes.HasPrefix(text, []byte("tag:ruby.yaml.org,2002:")):
		text = text[len("tag:ruby.yaml.org,2002:")-len("!ruby/"):]
		copy(text, "!ruby/")
	}
	for _, tag := range madeTags {
		if bytes.HasPrefix(text, []byte(tag)) {
			return completesTag(tag, text[len(tag):], suffix[end:])
		}
	}
	return false
}

// completesTag reports whether a tag goes on as it must: those of Ruby with the name of a class, or a blank.
func completesTag(tag string, rest, behind []byte) bool {
	switch {
	case tag == "!ruby/class" || tag == "!ruby/module":
		return len(rest) == 0 && bytes.HasPrefix(behind, []byte(" "))
	case strings.HasSuffix(tag, ":"):
		return len(rest) > 0 && rest[0] >= 'A' && rest[0] <= 'Z'
	}
	return true
}

// unescape writes %6a as the letter it stands for, in place, and returns the new length.
func unescape(text []byte) int {
	n := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '%' && i+2 < len(text) {
			high, ok := digitOf(text[i+1], 16)
			if low, also := digitOf(text[i+2], 16); ok && also {
				c = high<<4 | low
				i += 2
			}
		}
		text[n] = c
		n++
	}
	return n
}
