package parse

import "bytes"

// Mend makes a raw header block what Frame accepts where the difference is one of
// two old habits: fields folded over lines are joined with blanks, and lines that
// end with LF alone get their CR. It tells how often it did either. Folds are
// mended in place; the answer is raw itself unless lines had to grow. An empty line
// that ends with LF alone is left for Frame to refuse: it could end the header.
func Mend(raw []byte) (mended []byte, folds, bare int) {
	for i, c := range raw {
		if c != '\n' {
			continue
		}
		if i == 0 || raw[i-1] == '\n' {
			continue
		}
		if raw[i-1] != '\r' {
			bare++
		}
		if i+1 < len(raw) && (raw[i+1] == ' ' || raw[i+1] == '\t') {
			folds++
			raw[i] = ' '
			if raw[i-1] == '\r' {
				raw[i-1] = ' '
			} else {
				bare--
			}
		}
	}
	if bare == 0 {
		return raw, folds, 0
	}
	mended = make([]byte, 0, len(raw)+bare)
	for len(raw) > 0 {
		line, rest, ended := bytes.Cut(raw, []byte("\n"))
		mended = append(mended, bytes.TrimSuffix(line, []byte("\r"))...)
		switch {
		case ended && len(line) > 0:
			mended = append(mended, "\r\n"...)
		case ended:
			mended = append(mended, '\n')
		}
		raw = rest
	}
	return mended, folds, bare
}
