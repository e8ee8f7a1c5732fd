package parse

import "testing"

// TestPlainFile: what clients write is a file and nothing else; what only some take for a file is not.
func TestPlainFile(t *testing.T) {
	const disposition = "Content-Disposition: form-data; "
	f := func(head string, want bool) {
		t.Helper()
		if got := plainFile([]byte(head)); got != want {
			t.Errorf("%q: %v", head, got)
		}
	}
	for _, head := range []string{
		disposition + "name=\"f\"; filename=\"a b.png\"\r\nContent-Type: image/png\r\n",                                                                       // Chrome, Firefox, Safari, axios
		disposition + "name=\"f[]\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n",                                                             // an empty field
		disposition + "name=\"f\"; filename=\"C:\\Documents and Settings\\a.doc\"\r\nContent-Type: application/msword\r\n",                                    // Internet Explorer
		disposition + "name=\"f\"; filename=\"a\\\"b\\\\.png\"\r\nContent-Type: application/octet-stream\r\n",                                                 // curl, Go
		disposition + "name=\"f\"; filename=\"a%22b (1).png\"\r\n",                                                                                            // Python requests
		disposition + "name=\"f\"; filename*=utf-8''%C3%A4.png\r\n",                                                                                           // urllib3 before 2
		disposition + "name=\"f\"; filename=\"\xc3\xa4.png\"; filename*=UTF-8''%C3%A4.png\r\n",                                                                // aiohttp, Spring
		disposition + "name=\"f\"; filename=\"a.png\"\r\nContent-Type: image/png\r\nContent-Length: 12\r\n",                                                   // okhttp
		disposition + "name=\"f\"; filename=\"a.png\"\r\nContent-Type: application/octet-stream; charset=ISO-8859-1\r\nContent-Transfer-Encoding: binary\r\n", // Apache HttpClient
		"Content-Type: image/png\r\n" + disposition + "name=f; filename=a-1.png; filename*=utf-8''a-1.png\r\n",                                                // .NET
		disposition + "filename=\"blob\"; name=\"f\"\r\nContent-Type: application/json\r\n",                                                                   // Ruby
		"content-disposition: form-data; name=\"f\"; filename=\"it's; a.txt\"\r\ncontent-type: text/plain\r\n",                                                // Dart
		"Content-Disposition: attachment; filename=\"a.png\"\r\nContent-Type: image/png\r\nContent-ID: <a@b>\r\n",                                             // SOAP
		"Content-Disposition: form-data;name=\"f\";filename=\"a.png\"\r\n",
	} {
		f(head, true)
	}
	for _, value := range []string{
		"name=\"a\";\r\n filename=\"b\"", "name=\"a\";\n filename=\"b\"", "name=\"a\"(; filename=\"b\"", "name=\"a\")/; filename=\"b\"", "name=\"a\"'; filename=\"b\"",
		"name=\"a\"\x00; filename=\"b\"", "name=\"a\"; x='; filename=\"b\"'", "name=\"a\"; x=\"c\\\\\"; filename=\"b\"", "name=\"a\\\\\"; filename=\"b\"",
		"name=\"a\"; filename=\"b\"; filename=\"\"", "name=\"a\"; filename=\"b\"; name=\"c\"", "name=\"a\"; filename=\"b\\\"; name=\\\"c\"", "name=\"a\"; filename=\"b",
		"name=\"a\"; filename=", "name=\"a\"; filename=\"b\";", "name=\"a\"; filename*0=\"b\"", "name=\"a\", filename=\"b\"", "name=it's; filename=b", "name=\"a\"; filename*=utf-8'; filename=\"b\"",
		"name=\"a\";\tfilename=\"b\"", "name = \"a\"; filename=\"b\"", "name=\"a\"; filename=\"b\"\nX: y", "name=\"a\"; filename=\"b\"\rX: y", "name=\"a\"; filename=\"b\"\r\nX", "name=\"a\"; filename",
		"name=\"a\"; FileName=\"b\"",
	} {
		f(disposition+value+"\r\n", false)
	}
	f("Content-Disposition: ; name=\"a\"; filename=\"b\"\r\n", false)
	f("Content-Disposition: ,form-data; name=\"a\"; filename=\"b\"\r\n", false)
	f("Content-Disposition : form-data; name=\"a\"; filename=\"b\"\r\n", false)
	f(disposition+"name=\"a\"; filename=\"b\"\r\n"+disposition+"name=\"a\"\r\n", false)
	f(disposition+"name=\"a\"; filename=\"b\"\n", false)
	f("X: y\r\n", false)
}
