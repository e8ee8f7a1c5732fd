package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Windows are what is read of a file between its beginning and its end.
const (
	windowSize = 64 << 10
	windowLead = 64 // bytes in front of a program
	maxWindows = 4
)

// middle keeps what is behind the beginning of a file from where programs of servers begin. A window
// is as long as the beginning, so that what is inspected of a body by default has room in one: nothing
// can be put in front of a program there.
func (p *Points) middle(content []byte, at place) {
	at.kind, at.flags = point.FileHead, at.flags|point.Truncated
	end := len(content) - fileTail
	from := fileHead - windowLead
	for n := 0; from < end; n++ {
		i := beginsProgram(content[from:end])
		switch {
		case i < 0:
			return
		case n == maxWindows:
			p.Overrun = TooMany
			return
		}
		from += max(i-windowLead, 0)
		to := min(from+windowSize, len(content))
		p.content(content[from:to], at)
		from = to
	}
}

// minOpened is how many bytes of text follow the mark of a program: two bytes stand in any picture.
const minOpened = 8

// beginsProgram returns where the first program of a server begins in a file, -1 if there is none.
func beginsProgram(b []byte) int {
	for from := 0; ; from++ {
		i := bytes.IndexByte(b[from:], '<')
		if i < 0 || from+i+2+minOpened > len(b) {
			return -1
		}
		from += i
		switch b[from+1] {
		case '?', '%':
			if opened := b[from+2 : from+2+minOpened]; isPrintable(opened) && opened[0] != 'x' && !isVerb(opened) { // <?xml, <?xpacket
				return from
			}
		case 's', 'S', 'j', 'J', 'c', 'C', '!':
			if lex.PrefixLength(b[from:], programTags) > 0 {
				return from
			}
		}
	}
}

var programTags = []string{"<script runat", "<script language=\"php", "<script language='php", "<script language=php", "<jsp:", "<cfexecute", "<cfscript", "<!--#exec", "<!--#include"}

// isVerb reports whether what follows a percent sign is that of a format: <%s>, <%d.%d
func isVerb(text []byte) bool {
	return bytes.IndexByte([]byte("sdrixfucpv"), text[0]) >= 0 && bytes.IndexByte([]byte(">./:'\""), text[1]) >= 0
}

func isPrintable(b []byte) bool {
	for _, c := range b {
		if !printableText[c] {
			return false
		}
	}
	return true
}
