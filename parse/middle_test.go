package parse

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/point"
)

// TestMiddleOfFiles puts programs of servers between the beginning and the end of a file.
func TestMiddleOfFiles(t *testing.T) {
	picture := func(at int, program string, size int) []byte {
		b := append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), bytes.Repeat([]byte("\x01<?\x02<%\x80\x90\xf0"), size/8)...)
		return append(append(slices.Clone(b[:at]), program...), b[at:]...)
	}
	f := func(content []byte, want string) {
		t.Helper()
		for _, raw := range []string{
			fmt.Sprintf("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=k\r\n\r\n--k\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n%s\r\n--k--\r\n", content),
			fmt.Sprintf("PUT /b HTTP/1.1\r\nHost: h\r\nContent-Type: image/jpeg\r\n\r\n%s", content),
		} {
			p := take(t, raw, &Options{})
			found := slices.ContainsFunc(p.Values, func(v point.Value) bool {
				return v.Kind == point.FileHead && len(want) > 0 && bytes.Contains(v.Data, []byte(want))
			})
			if windows := countKind(p, point.FileHead); want != "" && !found || want == "" && windows > 2 || p.Overrun != Within {
				t.Errorf("%q in one of %d windows (%s): %.60q", want, windows, p.Overrun, content[79_990:])
			}
		}
	}
	for _, program := range []string{
		"<?php system($_GET[0]); ?>", "<?= `$_GET[0]` ?>", "<?eval($_POST[0])?>", "<%eval request(0)%>", "<%@ page import=\"java.io\"%>", "<jsp:scriptlet>", "<SCRIPT runat=server>", "<cfexecute name=\"x\">", "<!--#exec cmd=\"id\"-->",
		"<?php /*" + strings.Repeat("k", 5000) + "*/ system($_GET[0]); ?>", strings.Repeat("<?php echo 1; ?>\x00\x01", 2000) + "<?php system($_GET[0]); ?>",
	} {
		for _, at := range []int{fileHead - 4, fileHead + 10, 80_000, 119_000 - len(program)} {
			f(picture(at, program, 124_000), program[max(0, len(program)-26):])
		}
	}
	for _, other := range []string{"<?xml version=\"1.0\"?>", "<?xpacket begin=\"\"?>", "<%s.%s instance>", "<script>alert(1)</script>", "<? \x00\x01", "<%\x80eval"} {
		f(picture(80_000, "\x00"+other, 124_000), "")
	}
	far := picture(80_000, "", 1<<20)
	for at := 80_000; at < len(far)-100_000; at += 100_000 {
		copy(far[at:], "<?php echo 1; ?>")
	}
	if p := take(t, "PUT /b HTTP/1.1\r\nHost: h\r\nContent-Type: image/jpeg\r\n\r\n"+string(far), &Options{}); p.Overrun != TooMany || countKind(p, point.FileHead) != 2+maxWindows {
		t.Errorf("%d windows, overrun %s", countKind(p, point.FileHead), p.Overrun)
	}
}

func countKind(p *Points, kind point.Kind) (n int) {
	for i := range p.Values {
		if p.Values[i].Kind == kind {
			n++
		}
	}
	return n
}
