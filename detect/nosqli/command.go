package nosqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// redis are beginnings of commands that no line of a text begins with.
var redis = lex.NewPrefixes(
	"flushall", "flushdb", "flush_all", "config set ", "config get ", "slaveof ", "replicaof ", "module load", "eval \"return", "eval \"redis", "eval 'return", "eval 'redis", "bgsave", "shutdown nosave", "hgetall ", "mget ", "lpush ",
	"script flush", "script load ", "client list", "client kill ", "debug sleep ", "debug segfault", "config rewrite", "config resetstat", "acl setuser ", "cluster nodes", "function load ", "slowlog get", "memory usage ", "psync ", "replconf ",
	"stats items", "stats slabs", "stats cachedump",
)

// memcached are commands that are words too: their arguments tell.
var memcached = lex.NewPrefixes("set ", "add ", "replace ", "append ", "prepend ", "cas ")

// commands finds a line that is a command of Redis or Memcached behind a line end,
// where the line before is no prose.
func commands(data []byte, t *evidence.Tally) {
	first := lex.LineBreak(data)
	if first > 0 && array(data[:first]) && bulk(data[lex.SkipSpace(data, first):]) {
		t.Add(&wireCommand, 0, first)
		return
	}
	if first < 0 || bytes.IndexByte(data[:first], ' ') >= 0 && !numbers(data[:first]) {
		return
	}
	for i, n := first, 0; i < len(data) && n < 16; n++ {
		i = lex.SkipSpace(data, i)
		end := lex.LineBreak(data[i:])
		if end < 0 {
			end = len(data) - i
		}
		line := data[i : i+end]
		if array(line) && bulk(data[lex.SkipSpace(data, i+end):]) {
			t.Add(&wireCommand, i, end)
		}
		if redis.Length(line) > 0 || memcached.Length(line) > 0 && stores(line) || n > 0 && keyed(line) || n == 0 && keyed(line) && bytes.HasSuffix(data, []byte("\r\n")) {
			t.Add(&wireCommand, i, end)
		}
		i += end
	}
}

// array reads *3, the head of a Redis array.
func array(line []byte) bool {
	if len(line) < 2 || len(line) > 3 || line[0] != '*' {
		return false
	}
	return lex.Digit(line[1]) && lex.Digit(line[len(line)-1])
}

// bulk reports whether a length and a string of that length follow, as in the wire format
// of Redis: $7, a line end, SLAVEOF.
func bulk(rest []byte) bool {
	if len(rest) < 4 || rest[0] != '$' {
		return false
	}
	i, length := 1, 0
	for i < len(rest) && i < 5 && lex.Digit(rest[i]) {
		length = length*10 + int(rest[i]-'0')
		i++
	}
	from := lex.SkipSpace(rest, i)
	end := from + length
	return i > 1 && from > i && rest[i] < ' ' && end <= len(rest) && !bytes.ContainsAny(rest[from:end], "\r\n") && (end == len(rest) || rest[end] <= ' ')
}

// stores reports whether a line has the shape of set key 0 0 5.
func stores(line []byte) bool {
	fields, digits := 0, 0
	for rest := line; len(rest) > 0; {
		var f []byte
		f, rest, _ = bytes.Cut(rest, []byte(" "))
		fields++
		if fields > 2 && len(f) > 0 && len(bytes.TrimLeft(f, "0123456789")) == 0 {
			digits++
		}
		if fields == 3 && digits == 0 {
			return false // words behind the key
		}
	}
	return fields >= 5 && digits >= 3
}

// keyCommands are commands of Redis that name a key.
var keyCommands = []string{"GET ", "SET ", "DEL ", "KEYS ", "HSET ", "RPUSH ", "LPUSH ", "SADD ", "INCR ", "EXPIRE ", "RENAME ", "PUBLISH ", "UNLINK ", "DUMP ", "SCAN ", "ZADD ", "APPEND ", "SETEX ", "GETSET ", "PERSIST "}

// keyed reports whether a line is such a command, in capitals, and its key is written as keys
// are and no words: DEL session:1, KEYS *, SET admin true
func keyed(line []byte) bool {
	if len(line) == 0 || line[0] < 'A' || line[0] > 'Z' {
		return false
	}
	for _, c := range keyCommands {
		rest, ok := bytes.CutPrefix(line, []byte(c))
		if !ok {
			continue
		}
		key, value, _ := bytes.Cut(rest, []byte(" "))
		if i := bytes.IndexAny(key, ":*"); i >= 0 && (i+1 < len(key) || key[i] == '*') {
			return true
		}
		return c == "SET " && (lex.Equal(value, "true") || lex.Equal(value, "1") || len(value) > 1 && value[0] == '"')
	}
	return false
}
