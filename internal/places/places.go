// Package places puts one value into the places of a request in which an attack can
// travel: as a parameter, encoded twice, in JSON, in XML, in a cookie and so on. Tests
// of package parse look for the value where it was put, and detection is measured in
// each place with the same attacks.
package places

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Place is one place of a request.
type Place struct {
	Name  string
	Embed func(value []byte) (raw []byte) // a whole raw request with the value in this place
}

// All returns the fifteen places.
func All() []Place {
	return []Place{
		{"query", func(v []byte) []byte { return get("/search?lang=en&q="+escape(v), "") }},
		{"double_encoded", func(v []byte) []byte { return get("/search?lang=en&q="+url.QueryEscape(escape(v)), "") }},
		{"path", func(v []byte) []byte { return get("/items/"+url.PathEscape(string(v))+"/view", "") }},
		{"form", func(v []byte) []byte { return form("lang=en&q=" + escape(v)) }},
		{"json", func(v []byte) []byte { return post("application/json", `{"lang":"en","q":`+quote(v)+`}`) }},
		{"json_escapes", func(v []byte) []byte { return post("application/json", `{"lang":"en","q":"`+unicodeEscapes(v)+`"}`) }},
		{"deep_json", func(v []byte) []byte {
			return post("application/json", strings.Repeat(`{"a":[1,`, 10)+quote(v)+strings.Repeat(`]}`, 10))
		}},
		{"json_in_form", func(v []byte) []byte { return form("lang=en&data=" + url.QueryEscape(`{"q":`+quote(v)+`}`)) }},
		{"json_key", func(v []byte) []byte { return post("application/json", `{"lang":"en",`+quote(v)+`:"x"}`) }},
		{"graphql_variable", func(v []byte) []byte {
			return post("application/json", `{"query":"query Find($q: String!) { items(q: $q) { id name } }","variables":{"q":`+quote(v)+`}}`)
		}},
		{"multipart", parts},
		{"xml", func(v []byte) []byte {
			return post("application/xml", `<?xml version="1.0"?><find lang="en"><q>`+xmlText(v)+`</q></find>`)
		}},
		{"cookie", func(v []byte) []byte {
			return get("/", "Cookie: lang=en; q="+strings.ReplaceAll(escape(v), "+", "%20")+"\r\n")
		}},
		{"base64", func(v []byte) []byte {
			return get("/search?lang=en&q="+url.QueryEscape(base64.StdEncoding.EncodeToString(v)), "")
		}},
		{"json_as_text", func(v []byte) []byte { return post("text/plain", `{"lang":"en","q":`+quote(v)+`}`) }},
	}
}

const host = "Host: shop.example.com\r\n"

func get(target, fields string) []byte {
	return []byte("GET " + target + " HTTP/1.1\r\n" + host + fields + "\r\n")
}

func post(contentType, body string) []byte {
	return []byte("POST /api/find HTTP/1.1\r\n" + host + "Content-Type: " + contentType + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body)
}

func form(body string) []byte { return post("application/x-www-form-urlencoded", body) }

func escape(v []byte) string { return url.QueryEscape(string(v)) }

// quote returns v as a JSON string. Bytes that are no UTF-8 are kept as they are.
func quote(v []byte) string {
	if !utf8.Valid(v) {
		return strconv.Quote(string(v))
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(string(v)); err != nil {
		panic("BUG: a string has no JSON: " + err.Error())
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// unicodeEscapes returns every character as an escape of JSON.
func unicodeEscapes(v []byte) string {
	var b strings.Builder
	for _, r := range string(v) {
		if r > 0xffff {
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
			continue
		}
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return b.String()
}

func xmlText(v []byte) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, v); err != nil {
		panic("BUG: writing to memory: " + err.Error())
	}
	return b.String()
}

func parts(v []byte) []byte {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for w.SetBoundary("----placesBoundary7MA4YWxkTrZu0gW") != nil {
		panic("BUG: the boundary is not accepted")
	}
	for _, field := range [...][2]string{{"lang", "en"}, {"q", string(v)}} {
		if err := w.WriteField(field[0], field[1]); err != nil {
			panic("BUG: writing to memory: " + err.Error())
		}
	}
	if err := w.Close(); err != nil {
		panic("BUG: writing to memory: " + err.Error())
	}
	return post(w.FormDataContentType(), b.String())
}
