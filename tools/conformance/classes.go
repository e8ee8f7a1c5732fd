package main

import (
	"bytes"
	"regexp"
	"strings"
)

// class is a named way in which weir and another reader take an input differently.
type class struct {
	how    relation
	reader string // "" for any
	name   string
	hazard bool
	why    string
	match  func(d *difference) bool
}

// classify returns the class of a difference, nil if it has none.
func classify(d *difference) *class {
	for _, c := range classes {
		if c.how == d.how && (c.reader == "" || c.reader == d.reader) && c.match(d) {
			return c
		}
	}
	return nil
}

// faulty makes a class of what weir refuses and another takes.
func faulty(name, why string) *class {
	return &class{how: stricter, name: name, why: why, match: func(d *difference) bool { return fault(d.here()) == name }}
}

// unlike makes a class of what weir takes and another refuses, told by what weir took.
func unlike(how relation, reader, name, why string, match func(s *seen, head string) bool) *class {
	return &class{how: how, reader: reader, name: name, why: why, match: func(d *difference) bool {
		return match(d.weir.requests[d.at], d.head())
	}}
}

// here returns the input from the first request on in which the views differ.
func (d *difference) here() []byte {
	return behind(append(bytes.Clone(d.input), ending...), d.at)
}

// head returns the head of the request in which the views differ.
func (d *difference) head() string {
	head, _, _ := cutHead(begun(d.here()))
	return string(head)
}

// before returns the head of the request before it.
func (d *difference) before() string {
	if d.at == 0 {
		return ""
	}
	e := *d
	e.at--
	return e.head()
}

var (
	nginxMethod    = regexp.MustCompile(`^[A-Z_-]+$`)
	badEscape      = regexp.MustCompile(`%(?:[^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)`)
	anyExpect      = regexp.MustCompile(`(?im)^expect:[ \t]*(.*?)[ \t]*\r?$`)
	closeInWord    = regexp.MustCompile(`(?im)^connection:.*close`)
	emptyLabel     = regexp.MustCompile(`(?im)^host:[ \t]*(?:\.|.*\.\.|\r?$)`)
	looseKeepAlive = regexp.MustCompile(`(?is)^[^\r\n]* HTTP/1\.0\r?\n.*^?connection:.*keep-alive`)
	tabAround      = regexp.MustCompile(`(?im)^(?:host|content-length|transfer-encoding):(?:[ \t]*\t.*|.*\t[ \t]*)\r?$`)
	foldedField    = regexp.MustCompile(`\n[ \t]`)
	underscored    = regexp.MustCompile(`^[^ ]+ (?i:https?)://[^/? ]*_`)
	bareEnd        = regexp.MustCompile(`[^\r]\n$`)
	closeInList    = regexp.MustCompile(`(?im)^connection:.*\bclose\b`)
)

// climbs reports whether a path leaves its root on the way.
func climbs(target string) bool {
	path, _, _ := strings.Cut(target, "?")
	path = strings.NewReplacer("%2e", ".", "%2E", ".", "%2f", "/", "%2F", "/").Replace(path)
	depth := 0
	for part := range strings.SplitSeq(path, "/") {
		switch part {
		case "", ".":
		case "..":
			if depth--; depth < 0 {
				return true
			}
		default:
			depth++
		}
	}
	return false
}

// otherExpect reports whether a head expects what nobody has heard of.
func otherExpect(head string) bool {
	for _, m := range anyExpect.FindAllStringSubmatch(head, -1) {
		if !strings.EqualFold(m[1], "100-continue") {
			return true
		}
	}
	return false
}

// classes are looked through in this order.
var classes = append(stricterClasses, looserClasses()...)

var stricterClasses = []*class{
	faulty("line that ends with LF alone", "9112, 2.2 lets a recipient take LF for CR LF; one that does not sees another field or another end. framing: lenient mends it"),
	faulty("folded field", "9112, 5.2: obsolete; the other joins the lines. framing: lenient mends it"),
	faulty("control byte in a value", "9110, 5.5: dangerous; a bare CR ends a line for some"),
	faulty("control byte in a request line", "9112, 3: the other splits at it or passes it on"),
	faulty("field whose name is no token, or without a colon", "9112, 5.1; nginx leaves such fields out, which hides from it what another reads"),
	faulty("name like Content-Length or Transfer-Encoding", "some take _ for -, or look past other marks; the others leave it out or pass it on"),
	faulty("request line of more or less than three words", "9112, 3: blanks within it, HTTP/0.9, words behind the version"),
	faulty("version other than 1.0 and 1.1", "the other takes it for one of them; a recipient that knows another version frames differently"),
	faulty("method that is no token, or long", "9110, 9.1; nginx looks at the first bytes only"),
	faulty("CONNECT", "no business of a reverse proxy"),
	faulty("fragment in a target", "9112, 3.2: not part of one; readers cut it, or do not"),
	faulty("target of another form", "9112, 3.2: neither a path nor http(s)://host; other schemes, control bytes, no host"),
	faulty("Content-Length with Transfer-Encoding", "9112, 6.3: ought to be handled as an error; the other lets the encoding win"),
	faulty("two Content-Lengths", "also when alike: one of them may be another's"),
	faulty("Content-Length that is no number", "9112, 6.3: signs, lists, blanks, units; also what has more than 18 digits"),
	faulty("Transfer-Encoding other than chunked", "9112, 6.1: a coding that is not understood; the other ignores it, or refuses with 501"),
	faulty("Transfer-Encoding in HTTP/1.0", "9112, 6.1: faulty framing; the other ignores or follows it"),
	faulty("two Hosts", "9112, 3.2"),
	faulty("no Host", "9112, 3.2"),
	faulty("Host that is none", "9112, 3.2: bytes no name or address has, ports out of range; the other hands them on"),
	faulty("chunks that are malformed", "9112, 7.1: blanks, signs, LF alone, ends that are none"),
	faulty("fields behind chunks that frame or route", "9110, 6.5.1: must not come late; the other leaves them out"),
	faulty("Trailer that announces what frames, routes or says who asks", "9110, 6.5.1; the other passes over it"),
	faulty("fields behind chunks that are malformed", "9112, 7.1.2: LF alone, folds, names that are none; the other ends the request there nevertheless"),
	{how: stricter, name: "GET or HEAD with a body ends the connection", why: "few applications expect one: nothing may follow that they could take for a request", match: func(d *difference) bool {
		if d.at == 0 {
			return false
		}
		last := d.weir.requests[d.at-1]
		return (last.method == "GET" || last.method == "HEAD") && (last.length > 0 || chunkedField.MatchString(d.before()))
	}},
	{how: stricter, name: "Connection: close in a list", why: "9112, 9.6: weir heeds it, the other compares the whole value", match: func(d *difference) bool { return closeInList.MatchString(d.before()) }},
	{how: stricter, name: "Connection of HTTP/1.0 that is not keep-alive to the letter", why: "weir ends the connection, the other looks for the word anywhere in the field, or takes a field of another name for it", match: func(d *difference) bool {
		return looseKeepAlive.MatchString(d.before())
	}},
	{how: stricter, name: "head whose last line ends with LF alone ends the connection", why: "framing: lenient; it is mended", match: func(d *difference) bool {
		return bareEnd.MatchString(d.before())
	}},
	{how: stricter, name: "input that ends early", why: "nothing is forwarded of a body that is not there; the other took it for another", match: func(d *difference) bool { return fault(d.here()) == "cut" }},
}

// looserClasses are what weir takes and others refuse, at first hand or when weir
// hands it on.
func looserClasses() (list []*class) {
	for _, how := range []relation{looser, refused} {
		list = append(list,
			unlike(how, "nginx", "method of other bytes than A–Z, _ and -", "9110, 9.1: any token is one; the application refuses it or not", func(s *seen, _ string) bool { return !nginxMethod.MatchString(s.method) }),
			unlike(how, "nginx", "TRACE", "forwarded as it is; nginx answers 405", func(s *seen, _ string) bool { return s.method == "TRACE" }),
			unlike(how, "nginx", "OPTIONS *", "9112, 3.2.4; nginx knows it not", func(s *seen, _ string) bool { return s.target == "*" }),
			unlike(how, "nginx", "%00 in a path", "weir forwards targets as they are", func(s *seen, _ string) bool { return strings.Contains(s.target, "%00") }),
			unlike(how, "nginx", "path that climbs above its root", "weir forwards targets as they are; detection looks at what it climbs to", func(s *seen, _ string) bool { return climbs(s.target) }),
			unlike(how, "", "% without two digits in a path", "weir forwards targets as they are", func(s *seen, _ string) bool { return badEscape.MatchString(s.target) }),
			unlike(how, "nginx", "empty label in a host", "routes to no site but *", func(s *seen, _ string) bool { return strings.Contains("."+s.host+".", "..") && s.host != "" }),
			unlike(how, "nginx", "empty Host, or empty label in it, beside an absolute target", "the field ends here", func(_ *seen, head string) bool { return emptyLabel.MatchString(head) }),
			unlike(how, "nginx", "HTTP/1.0 without Host", "goes out with an empty Host, which HTTP/1.1 allows and nginx does not", func(s *seen, _ string) bool { return s.host == "" }),
			unlike(how, "net/http", "Expect other than 100-continue", "9110, 10.1.1 allows to pass over it; it ends here", func(_ *seen, head string) bool { return otherExpect(head) }),
			unlike(how, "nginx", "Expect twice", "9110, 10.1.1; it ends here", func(_ *seen, head string) bool { return len(anyExpect.FindAllString(head, -1)) > 1 }),
		)
	}
	return append(list,
		unlike(looser, "nginx", "_ in the host of an absolute target", "no name of DNS, but of some networks", func(_ *seen, head string) bool { return underscored.MatchString(head) }),
		unlike(looser, "", "folded field, mended", "framing: lenient; it goes out in one line", func(_ *seen, head string) bool { return foldedField.MatchString(head) }),
		unlike(looser, "nginx", "tab around a value", "9110, 5.5: a blank like any other; it does not go on", func(_ *seen, head string) bool { return tabAround.MatchString(head) }),
		&class{how: looser, reader: "net/http", name: "empty line before a request", why: "9112, 2.2: ought to be passed over; it does not go on", match: func(d *difference) bool {
			return bytes.HasPrefix(d.here(), []byte("\r\n")) || bytes.HasPrefix(d.here(), []byte("\n"))
		}},
		&class{how: looser, name: "Connection that holds close within another word", why: "9110, 7.6.1: no option that anybody knows; the other looks for the word", match: func(d *difference) bool { return closeInWord.MatchString(d.before()) }},
		&class{how: apart, reader: "nginx", name: "HTTP/1.0 without Host, nginx names its own", why: "a host of its configuration", match: func(d *difference) bool {
			own := *d.other.requests[d.at]
			own.host = ""
			return d.weir.requests[d.at].same(&own)
		}},
	)
}
