package main

// h1case is a row of the table of HTTP/1.
type h1case struct {
	name string
	send string
	rest string // sent when weir has kept silent about the first part
	want string // status codes of the answers, "closed" if the connection must end
	seen string // what the application was asked, of the last answer
}

const (
	get  = "GET / HTTP/1.1\r\nHost: conformance.example\r\n"
	post = "POST / HTTP/1.1\r\nHost: conformance.example\r\n"
	all  = "GET /a HTTP/1.1\r\nHost: conformance.example\r\n\r\n"
)

// split returns a row for a request that comes in two parts.
func split(at int) h1case {
	return h1case{name: "waits after " + all[:at], send: all[:at], rest: all[at:], want: "200", seen: "GET /a conformance.example"}
}

// h1cases hold what RFC 9112 and RFC 9110 say of requests; the section stands beside
// a row where it is not plain.
var h1cases = []h1case{
	// Parts of a request wait for the rest.
	split(1), split(3), split(4), split(6), split(7), split(11), split(12), split(15), split(16), split(17), split(20), split(22), split(23),
	split(len(all) - 5), split(len(all) - 4), split(len(all) - 3), split(len(all) - 2), split(len(all) - 1),
	{name: "waits for a body", send: post + "Content-Length: 5\r\n\r\n", rest: "hello", want: "200"},
	{name: "waits within a body", send: post + "Content-Length: 5\r\n\r\nhel", rest: "lo", want: "200"},
	{name: "waits for chunks", send: post + "Transfer-Encoding: chunked\r\n\r\n", rest: "5\r\nhello\r\n0\r\n\r\n", want: "200"},
	{name: "waits within the size of a chunk", send: post + "Transfer-Encoding: chunked\r\n\r\n1", rest: "0\r\nhello, 16 bytes.\r\n0\r\n\r\n", want: "200"},
	{name: "waits between chunks", send: post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r", rest: "\n0\r\n\r\n", want: "200"},
	{name: "waits for the end of chunks", send: post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", rest: "\r\n", want: "200"},

	// What is well-formed passes.
	{name: "GET", send: get + "\r\n", want: "200", seen: "GET / conformance.example"},
	{name: "HEAD", send: "HEAD / HTTP/1.1\r\nHost: conformance.example\r\n\r\n", want: "200", seen: "HEAD / conformance.example"},
	{name: "OPTIONS *", send: "OPTIONS * HTTP/1.1\r\nHost: conformance.example\r\n\r\n", want: "200"},
	{name: "own method", send: "PROPFIND /x HTTP/1.1\r\nHost: conformance.example\r\n\r\n", want: "200", seen: "PROPFIND /x conformance.example"},
	{name: "case of a name, a tab before a value, an empty value", send: "GET / HTTP/1.1\r\nhoSt:\tconformance.example\r\nempty:\r\n\r\n", want: "200"},
	{name: "a blank as a value", send: get + "X-Empty: \r\n\r\n", want: "200"},
	{name: "blanks around a value", send: "GET / HTTP/1.1\r\nHost:  \t conformance.example \t \r\n\r\n", want: "200", seen: "GET / conformance.example"},
	{name: "bytes above 127 in a value", send: get + "X: \xe4\xff\r\n\r\n", want: "200"},
	{name: "all marks of a token in a name", send: get + "!#$%&'*+-.^_`|~1: x\r\n\r\n", want: "200"},
	{name: "a field twice", send: get + "Accept: a\r\nAccept: b\r\n\r\n", want: "200"},
	{name: "absolute target wins over Host (9112, 3.2.2)", send: "GET http://conformance.example/x HTTP/1.1\r\nHost: other.example\r\n\r\n", want: "200", seen: "GET /x conformance.example"},
	{name: "target as it is", send: "GET /a/./b/%7E/%41//c;d?e=%zz&f HTTP/1.1\r\nHost: conformance.example\r\n\r\n", want: "200", seen: "GET /a/./b/%7E/%41//c;d?e=%zz&f conformance.example"},
	{name: "port in Host", send: "GET / HTTP/1.1\r\nHost: conformance.example:80\r\n\r\n", want: "200", seen: "GET / conformance.example:80"},
	{name: "empty line before a request (9112, 2.2)", send: "\r\n" + all, want: "200"},
	{name: "body with a length", send: post + "Content-Length: 5\r\n\r\nhello", want: "200"},
	{name: "body of no bytes", send: post + "Content-Length: 0\r\n\r\n", want: "200"},
	{name: "POST without a length has no body (9112, 6.3)", send: post + "\r\n" + all, want: "200 200"},
	{name: "leading zeros of a length", send: post + "Content-Length: 005\r\n\r\nhello" + all, want: "200 200"},
	{name: "chunks", send: post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + all, want: "200 200"},
	{name: "case of chunked", send: post + "transfer-encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + all, want: "200 200"},
	{name: "chunk sizes in capitals and with zeros", send: post + "Transfer-Encoding: chunked\r\n\r\n00A\r\n0123456789\r\n0\r\n\r\n" + all, want: "200 200"},
	{name: "extension of a chunk", send: post + "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n" + all, want: "200 200"},
	{name: "fields behind chunks", send: post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n" + all, want: "200 200"},
	{name: "three at once", send: all + all + all, want: "200 200 200"},
	{name: "Expect, body held back", send: post + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", want: "100"},
	{name: "Expect, chunks held back", send: post + "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n", want: "100"},
	{name: "Expect, body sent at once", send: post + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello", want: "100 200"},
	{name: "expect in lower case", send: post + "expect: 100-continue\r\nContent-Length: 5\r\n\r\n", want: "100"},
	{name: "Expect of HTTP/1.0", send: "POST / HTTP/1.0\r\nHost: conformance.example\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello", want: "200 closed"},
	{name: "Expect without a body", send: get + "Expect: 100-continue\r\n\r\n", want: "200"},
	{name: "Expect, denied by its head", send: "POST /?q=1%27%20UNION%20SELECT%20a,b%20FROM%20users--%20 HTTP/1.1\r\nHost: conformance.example\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", want: "403 closed"},
	{name: "Connection: close", send: get + "Connection: close\r\n\r\n", want: "200 closed"},
	{name: "HTTP/1.0 ends", send: "GET / HTTP/1.0\r\nHost: conformance.example\r\n\r\n", want: "200 closed"},
	{name: "HTTP/1.0 goes on when asked to", send: "GET / HTTP/1.0\r\nHost: conformance.example\r\nConnection: keep-alive\r\n\r\n" + all, want: "200 200"},
	{name: "HTTP/1.0 without Host", send: "GET / HTTP/1.0\r\n\r\n", want: "204 closed"}, // by the recorder, behind the site *
	{name: "Upgrade: h2c is not taken up", send: get + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n", want: "200"},

	// What is malformed is refused and ends the connection, whatever follows.
	{name: "no version", send: "GET / \r\n\r\n" + all, want: "400 closed"},
	{name: "nothing but a method and a target", send: "GET /\r\n\r\n" + all, want: "400 closed"},
	{name: "version 9.9", send: "GET / HTTP/9.9\r\nHost: conformance.example\r\n\r\n" + all, want: "400 closed"},
	{name: "version 1.2", send: "GET / HTTP/1.2\r\nHost: conformance.example\r\n\r\n" + all, want: "400 closed"},
	{name: "version in lower case", send: "GET / http/1.1\r\nHost: conformance.example\r\n\r\n" + all, want: "400 closed"},
	{name: "words before a request", send: "Extra lineGET / HTTP/1.1\r\nHost: conformance.example\r\n\r\n" + all, want: "400 closed"},
	{name: "two blanks in a request line", send: "GET  / HTTP/1.1\r\nHost: conformance.example\r\n\r\n" + all, want: "400 closed"},
	{name: "no Host", send: "GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\n" + all, want: "400 closed"},
	{name: "two Hosts", send: get + "Host: example.org\r\n\r\n" + all, want: "400 closed"},
	{name: "brackets in a name", send: get + "X-Invalid[]: test\r\n\r\n" + all, want: "400 closed"},
	{name: "blank before a colon (9112, 5.1)", send: get + "X : test\r\n\r\n" + all, want: "400 closed"},
	{name: "fold (9112, 5.2)", send: get + "X: a\r\n b\r\n\r\n" + all, want: "400 closed"},
	{name: "control byte in a value", send: get + "X: test\x07\r\n\r\n" + all, want: "400 closed"},
	{name: "NUL in a value", send: get + "X: te\x00st\r\n\r\n" + all, want: "400 closed"},
	{name: "return without line feed", send: get + "\rX: Test\r\n\r\n" + all, want: "400 closed"},
	{name: "line without a colon", send: get + "X\r\n\r\n" + all, want: "400 closed"},
	{name: "negative length", send: get + "Content-Length: -1234\r\n\r\n" + all, want: "400 closed"},
	{name: "negative length out of range", send: get + "Content-Length: -123456789123456789123456789\r\n\r\n" + all, want: "400 closed"},
	{name: "length out of range", send: post + "Content-Length: 99999999999999999999\r\n\r\n" + all, want: "400 closed"},
	{name: "length of letters", send: get + "Content-Length: abc\r\n\r\n" + all, want: "400 closed"},
	{name: "two lengths", send: post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" + all, want: "400 closed"},
	{name: "list of lengths", send: post + "Content-Length: 5, 5\r\n\r\nhello" + all, want: "400 closed"},
	{name: "length and chunks", send: post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + all, want: "400 closed"},
	{name: "unknown coding (9112, 6.1)", send: post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + all, want: "400 closed"},
	{name: "chunks twice", send: post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + all, want: "400 closed"},
	{name: "chunks to HTTP/1.0", send: "POST / HTTP/1.0\r\nHost: conformance.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + all, want: "400 closed"},
	{name: "size of a chunk is no number", send: post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n" + all, want: "400 closed"},
	{name: "chunk longer than its size", send: post + "Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n" + all, want: "400 closed"},
	{name: "fragment in a target", send: "GET /#a HTTP/1.1\r\nHost: conformance.example\r\n\r\n" + all, want: "400 closed"},
	{name: "CONNECT", send: "CONNECT conformance.example:443 HTTP/1.1\r\nHost: conformance.example:443\r\n\r\n" + all, want: "400 closed"},
	{name: "preface of HTTP/2 where it is not taken", send: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", want: "400 closed"},
}
