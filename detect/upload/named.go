package upload

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxNamed bounds a text that may be the name of a file.
const maxNamed = 128

// GateName reports whether a text may be a name with the ending of a program.
func GateName(v *point.Value) bool {
	if v.Kind != point.Text || len(v.Data) > maxNamed || v.Classes&(point.Newline|point.Less) != 0 {
		return false
	}
	for rest := v.Data; ; {
		_, after, ok := bytes.Cut(rest, []byte("."))
		if !ok || len(after) < 3 {
			return false
		}
		switch lex.Lower(after[0]) {
		case 'p':
			if lex.Lower(after[1]) == 'h' {
				return true
			}
		case 'a', 'j':
			if lex.Lower(after[1]) == 's' {
				return true
			}
		}
		rest = after
	}
}

// ScanName weighs the name that an upload is to have where a field tells it, as files do that
// are sent as base64. People send the names of programs; nobody hides what they are.
func ScanName(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.FileUpload, evidence.UploadName)
	if !lex.OneOf(tree.Name(v.Ref), "filename", "file_name", "originalname", "original_name", "originalfilename", "uploadname", "upload_name", "attachment_name", "attachmentname", "newname", "new_name", "saveas", "save_as") {
		return
	}
	destination(v.Data, best)
	last := v.Data[bytes.LastIndexByte(v.Data, '.')+1:]
	if e, mixed := endingOf(last); e == shows && !lex.OneOf(last, "jpg", "jpeg", "png", "gif", "bmp", "webp", "ico", "svg") { // a printed page
		best.Cap(0)
	} else if e == rare && !mixed && !lex.HasPrefix(last, "php") && !lex.HasPrefix(last, "pht") || lex.Equal(last, "phpt") {
		best.Cap(0) // sources have names
	}
}
