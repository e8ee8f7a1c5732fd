package main

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// messy makes harmless requests full of what attacks are made of: quotes, angle
// brackets, semicolons, braces, encodings. Real sites see these all day.
func messy(g *generator) []byte {
	return []func(*generator) []byte{markup, code, markdown, picture, graph}[g.variant%5](g)
}

// markup is what an editor in a browser saves.
func markup(g *generator) []byte {
	var b strings.Builder
	for b.Len() < 1800 {
		b.WriteString("<p class=\"lead\" style=\"margin: 0 auto\">It&rsquo;s " + g.sentence(8) + " &ndash; <strong>" + g.word() + "</strong>, <em>" + g.sentence(2) +
			"</em> &amp; <a href=\"https://shop.example.com/p/" + g.from(decimal, 4) + "?a=1&amp;b=2\" title=\"" + g.sentence(2) + "\">more</a>.</p>\n<ul>\n<li>" +
			g.sentence(4) + "</li>\n<li>5 &lt; 7; 7 &gt; 5</li>\n</ul>\n<table><tr><td>" + g.from(decimal, 3) + "</td></tr></table>\n")
	}
	form := url.Values{"title": {"Don't miss: \"" + g.sentence(3) + "\"!"}, "body": {b.String()}, "tags": {"news;" + g.word() + ";" + g.word()}}
	return request("POST", "/articles/"+g.from(decimal, 4)+"/edit", g.browser(), "application/x-www-form-urlencoded", form.Encode())
}

// code is a review comment with a piece of a program in it.
func code(g *generator) []byte {
	var b strings.Builder
	for b.Len() < 1500 {
		name := g.word()
		b.WriteString("func " + name + "(a []int, n int) (sum int, err error) {\n\tif n < 0 || n > len(a) {\n\t\treturn 0, fmt.Errorf(\"" + name +
			": %d is out of range [0, %d]\", n, len(a))\n\t}\n\tfor i := 0; i < n; i++ {\n\t\tsum += a[i] * " + g.from("123456789", 2) +
			" // \"fast\" path; see #" + g.from(decimal, 3) + "\n\t}\n\treturn sum, nil\n}\n\n")
	}
	return request("POST", "/api/reviews/"+g.from(decimal, 5)+"/comments", g.api(), "application/json",
		encode(object{"path": "internal/" + g.word() + "/" + g.word() + ".go", "line": g.IntN(400), "body": "Isn't this off by one?\n\n" + b.String(), "resolved": false}))
}

// markdown is a page of a wiki.
func markdown(g *generator) []byte {
	var b strings.Builder
	for b.Len() < 1800 {
		b.WriteString("## " + g.sentence(3) + "\n\n* **" + g.word() + "**: " + g.sentence(7) + " (`--" + g.word() + "=" + g.from(decimal, 2) + "`)\n* [" +
			g.sentence(2) + "](https://docs.example.org/" + g.word() + "#" + g.word() + ") -- it's \"" + g.word() + "\"\n\n| a | b |\n|---|---|\n| " +
			g.from(decimal, 2) + " % | <" + g.from(decimal, 2) + " ms |\n\n> " + g.sentence(8) + "; " + g.sentence(4) + "...\n\n```yaml\n" + g.word() + ":\n  - {name: '" +
			g.word() + "', size: " + g.from("123456789", 2) + "}\n```\n\n")
	}
	return request("POST", "/api/wiki/pages", g.api(), "application/json", encode(object{"title": "How-to: " + g.sentence(3), "text": b.String(), "version": g.IntN(90)}))
}

// picture is a document with a small image inside.
func picture(g *generator) []byte {
	image := make([]byte, 3000)
	for i := range image {
		image[i] = byte(g.Uint32())
	}
	copy(image, "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	return request("POST", "/api/profile", g.api(), "application/json", encode(object{
		"name": "Seán O'Connor-D'Arcy", "about": "50% designer & 50% gardener; \"" + g.sentence(6) + "\" <3", "avatar": "data:image/png;base64," + base64.StdEncoding.EncodeToString(image),
		"links": []string{"https://example.org/~" + g.word() + "/?q=a+b&lang=pt#top", "mailto:" + g.word() + "@example.com"},
	}))
}

// graph is a GraphQL query as a client library sends it.
func graph(g *generator) []byte {
	query := "query Search($text: String!, $first: Int = 20, $after: String) {\n  search(text: $text, first: $first, after: $after, filter: {price: {lt: " + g.from("123456789", 3) +
		"}, tags: [\"" + g.word() + "\", \"" + g.word() + "\"]}) {\n    edges { cursor node { ...item } }\n    pageInfo { hasNextPage endCursor }\n  }\n}\n\n" +
		"fragment item on Product {\n  id\n  name\n  price { amount currency }\n  images(first: 2) { url(width: 320) alt }\n  reviews(first: 3) @include(if: true) { nodes { stars text author { name } } }\n}\n"
	return request("POST", "/graphql", g.api(), "application/json", encode(object{
		"operationName": "Search", "query": query, "variables": object{"text": g.sentence(2) + " 'n' " + g.word(), "after": base64.StdEncoding.EncodeToString([]byte("cursor:" + g.from(decimal, 6)))},
	}))
}
