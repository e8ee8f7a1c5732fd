package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// workload is a fixed list of requests.
type workload struct {
	name, about string
	round       int     // requests in a round
	atMost      float64 // ratio that docs/performance.md holds it to, 0: none
	variants    int
	make        func(g *generator) []byte
	requests    [][]byte
}

var workloads = []*workload{
	{name: "W1", about: "GET: browser fields, cookies, 3 parameters", round: 3000, atMost: 1.5, variants: 48, make: page},
	{name: "W2", about: "POST 2 KB JSON", round: 2000, atMost: 1.6, variants: 48, make: order},
	{name: "W3", about: "POST 1 KB form", round: 2000, atMost: 1.7, variants: 48, make: contact},
	{name: "W4", about: "POST 64 KB JSON", round: 400, atMost: 2.5, variants: 16, make: batch},
	{name: "W5", about: "POST 1 MB upload", round: 60, atMost: 1.4, variants: 4, make: upload},
	{name: "W6", about: "GET, 64 KB answer", round: 1000, atMost: 1.4, variants: 48, make: article},
	{name: "W7", about: "messy and harmless: HTML, code, Markdown, images in JSON, GraphQL", round: 2000, variants: 50, make: messy},
}

// pick returns the workloads of the names with their requests made.
func pick(names []string) ([]*workload, error) {
	var chosen []*workload
	for _, name := range names {
		w := find(name)
		if w == nil {
			return nil, fmt.Errorf("there is no workload %q", name)
		}
		for i := range w.variants {
			g := newGenerator(uint64(i))
			g.variant = i
			w.requests = append(w.requests, w.make(g))
		}
		chosen = append(chosen, w)
	}
	return chosen, nil
}

func find(name string) *workload {
	for _, w := range workloads {
		if w.name == name {
			return w
		}
	}
	return nil
}

// generator makes texts from a fixed seed.
type generator struct {
	*rand.Rand
	variant int
}

func newGenerator(seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 2026))} //nolint:gosec // the same bytes everywhere
}

var words = strings.Fields(`the a of and in for with from we it this that order invoice parcel courier chair table lamp shelf garden
 bicycle kettle blanket winter summer morning quiet green yellow small large light heavy arrived returned ordered missing
 broken lovely quick slow before after between under please thanks again tomorrow customer price delivery store street`)

func (g *generator) word() string { return words[g.IntN(len(words))] }

func (g *generator) sentence(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = g.word()
	}
	return strings.Join(out, " ")
}

func (g *generator) from(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[g.IntN(len(alphabet))]
	}
	return string(b)
}

const (
	decimal = "0123456789"
	lowHex  = decimal + "abcdef"
	token   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + decimal
)

func (g *generator) uuid() string {
	return g.from(lowHex, 8) + "-" + g.from(lowHex, 4) + "-4" + g.from(lowHex, 3) + "-9" + g.from(lowHex, 3) + "-" + g.from(lowHex, 12)
}

const host = "Host: shop.example.com\r\n"

func (g *generator) browser() string {
	return host + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:" + g.from("123456789", 1) + "40.0) Gecko/20100101 Firefox/140.0\r\n" +
		"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-GB,en;q=0.7,fr;q=0.3\r\n" +
		"Accept-Encoding: gzip, deflate, br, zstd\r\nReferer: https://shop.example.com/catalog/" + g.word() + "?sort=price&page=" + g.from("123456789", 1) + "\r\n" +
		"Cookie: sid=" + g.from(token, 40) + "; basket=" + g.uuid() + "; theme=light; _ga=GA1.2." + g.from(decimal, 9) + "." + g.from(decimal, 10) + "\r\n" +
		"Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: same-origin\r\n"
}

func (g *generator) api() string {
	return host + "User-Agent: shop-app/7." + g.from(decimal, 1) + "\r\nAccept: application/json\r\nAccept-Encoding: gzip\r\n" +
		"Authorization: Bearer eyJhbGciOiJIUzI1NiJ9." + g.from(token, 110) + "." + g.from(token, 43) + "\r\nX-Request-Id: " + g.uuid() + "\r\n"
}

func request(method, target, fields, contentType, body string) []byte {
	head := method + " " + target + " HTTP/1.1\r\n" + fields
	if method == "POST" {
		head += fmt.Sprintf("Content-Type: %s\r\nContent-Length: %d\r\n", contentType, len(body))
	}
	return []byte(head + "\r\n" + body)
}

func page(g *generator) []byte {
	return request("GET", "/products/"+g.from("123456789", 4)+"?q="+url.QueryEscape(g.sentence(3))+"&page="+g.from("123456789", 1)+"&order=price_asc", g.browser(), "", "")
}

func article(g *generator) []byte {
	return request("GET", "/large/"+g.from("123456789", 5)+"?from=home", g.browser(), "", "")
}

// encode writes a document as JSON libraries do by default.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return string(b)
}

type object = map[string]any

func (g *generator) line() object {
	return object{
		"article": g.from(token, 10), "name": g.sentence(4), "count": 1 + g.IntN(9), "price": float64(g.IntN(30000)) / 100, "gift": g.IntN(2) == 0,
		"options": object{"colour": g.word(), "length": g.IntN(200)},
	}
}

func (g *generator) order(size int) object {
	o := object{
		"id": g.uuid(), "customer": object{"name": "Ana Sousa", "email": g.from(lowHex, 8) + "@example.com", "phone": "+351 21 " + g.from(decimal, 7)},
		"address": object{"street": g.from("123456789", 2) + " Harbour Road", "city": "Porto", "zip": g.from(decimal, 7)},
		"remark":  g.sentence(20), "currency": "EUR", "placed": "2026-11-2" + g.from(decimal, 1) + "T10:" + g.from("12345", 2) + ":00Z",
	}
	var lines []object
	for len(encode(o)) < size {
		lines = append(lines, g.line())
		o["lines"] = lines
	}
	return o
}

func order(g *generator) []byte {
	return request("POST", "/api/v1/orders", g.api(), "application/json", encode(g.order(2000)))
}

func batch(g *generator) []byte {
	var orders []object
	for n := 0; n < 63<<10; {
		o := g.order(900)
		o["description"] = g.sentence(180)
		n += len(encode(o)) + 1
		orders = append(orders, o)
	}
	return request("POST", "/api/v1/orders/batch", g.api(), "application/json", encode(object{"orders": orders}))
}

func contact(g *generator) []byte {
	form := url.Values{
		"token": {g.from(token, 40)}, "given_name": {"Ana"}, "family_name": {"Sousa"}, "email": {g.from(lowHex, 8) + "@example.com"},
		"phone": {"+351 21 " + g.from(decimal, 7)}, "street": {g.from("123456789", 2) + " Harbour Road"}, "city": {"Porto"}, "zip": {g.from(decimal, 7)},
		"subject": {"Order " + g.from(decimal, 8)}, "news": {"on"}, "message": {g.sentence(135)},
	}
	return request("POST", "/contact?lang=en", g.browser(), "application/x-www-form-urlencoded", form.Encode())
}

func upload(g *generator) []byte {
	image := make([]byte, 1<<20)
	for i := range image {
		image[i] = byte(g.Uint32())
	}
	copy(image, "\xff\xd8\xff\xe0\x00\x10JFIF\x00")
	boundary := "----formdata-" + g.from(token, 24)
	field := "--" + boundary + "\r\nContent-Disposition: form-data; name="
	body := field + "\"title\"\r\n\r\n" + g.sentence(4) + "\r\n" + field + "\"album\"\r\n\r\n" + g.uuid() + "\r\n" +
		field + "\"photo\"; filename=\"summer-" + g.from(decimal, 3) + ".jpg\"\r\nContent-Type: image/jpeg\r\n\r\n" + string(image) + "\r\n--" + boundary + "--\r\n"
	return request("POST", "/upload", g.api(), "multipart/form-data; boundary="+boundary, body)
}
