package upload

import (
	"bytes"
	"encoding/binary"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

const (
	maxChunks   = 64
	maxTold     = 4 << 10 // bytes of one text
	maxHandlers = 128     // bytes between an element and its handler
)

// told finds script in the texts of a picture, its title and its author, which galleries show.
func told(data []byte, t *evidence.Tally) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		chunks(data, t)
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		segments(data, t)
	}
}

// chunks reads the texts of a PNG: ISO 15948, 11.3.4.
func chunks(data []byte, t *evidence.Tally) {
	const head = 8
	from := head
	for n := 0; n < maxChunks && from+head < len(data); n++ {
		size := int(binary.BigEndian.Uint32(data[from:]))
		kind, text := data[from+4:from+head], data[from+head:]
		text = text[:min(len(text), size)]
		if string(kind) == "tEXt" || string(kind) == "iTXt" {
			speaks(text, from+head, t)
		}
		if size > len(data) {
			return
		}
		from += head + size + 4
	}
}

// segments reads the segments of a JPEG in front of its picture that hold texts: those of
// applications, such as Exif, and comments (ITU-T T.81, B.2.4).
func segments(data []byte, t *evidence.Tally) {
	const head = 4
	from := 2
	for n := 0; n < maxChunks && from+head < len(data) && data[from] == 0xff; n++ {
		size := max(2, int(binary.BigEndian.Uint16(data[from+2:])))
		text := data[from+head:]
		text = text[:min(len(text), size-2)]
		switch kind := data[from+1]; {
		case kind == 0xda: // the picture
			return
		case kind&0xf0 == 0xe0 || kind == 0xfe:
			speaks(text, from+head, t)
		}
		from += 2 + size
	}
}

// speaks weighs one text of a picture.
func speaks(text []byte, off int, t *evidence.Tally) {
	text = text[:min(len(text), maxTold)]
	if bytes.IndexByte(text, '<') < 0 && bytes.IndexByte(text, '$') < 0 || t.Count(pictureText.Stamp) > 0 {
		return
	}
	i, word := lex.First(text, []string{"<script", "<svg", "<img", "<iframe", "<details", "<body", "${jndi:"})
	if i < 0 {
		return
	}
	if element := text[i : i+min(len(text)-i, maxHandlers)]; word[0] == '<' && word != "<script" {
		if on, _ := lex.First(element, []string{" onload", "/onload", " onerror", "/onerror", " ontoggle", " onbegin", "javascript:", "srcdoc"}); on < 0 {
			return
		}
	}
	t.Add(&pictureText, off+i, len(word))
}

// relations finds what an office document fetches from where only its reader can get: the file of
// relations of ECMA-376, part 2, 9.3.
func relations(data []byte, t *evidence.Tally) {
	if !lex.Contains(data[:min(len(data), 512)], "<relationships") {
		return
	}
	if i, word := lex.First(data, []string{`"http://169.254.169.254`, `"http://metadata.google.internal`, `"http://127.0.0.1`, `"http://localhost`, `"mhtml:`, "!x-usc:", `"ms-msdt:`}); i > 0 && bytes.Contains(data, []byte(`"External"`)) {
		t.Add(&readerCode, i, len(word))
	}
}
