package parse

// maxEntity is the longest name below, in bytes.
const maxEntity = 14

// ordinaryEntities are the names that properly escaped HTML is full of; they may
// stand without a semicolon.
var ordinaryEntities = [...]struct {
	name string
	r    rune
}{{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '}, {"LT", '<'}, {"GT", '>'}, {"AMP", '&'}, {"QUOT", '"'}}

// uncommonEntities are names of ASCII characters that people do not write: HTML
// Living Standard, 13.5.
var uncommonEntities = map[string]rune{
	"Tab": '\t', "NewLine": '\n', "excl": '!', "num": '#', "dollar": '$', "percnt": '%', "lpar": '(', "rpar": ')', "ast": '*', "midast": '*',
	"plus": '+', "comma": ',', "period": '.', "sol": '/', "colon": ':', "semi": ';', "equals": '=', "quest": '?', "commat": '@', "lsqb": '[',
	"lbrack": '[', "bsol": '\\', "rsqb": ']', "rbrack": ']', "Hat": '^', "lowbar": '_', "UnderBar": '_', "grave": '`', "DiacriticalGrave": '`',
	"lcub": '{', "lbrace": '{', "verbar": '|', "vert": '|', "VerticalLine": '|', "rcub": '}', "rbrace": '}',
}

// named returns the character of the entity of a name.
func named(name []byte) (r rune, ordinary, ok bool) {
	for i := range ordinaryEntities {
		if string(name) == ordinaryEntities[i].name {
			return ordinaryEntities[i].r, true, true
		}
	}
	r, ok = uncommonEntities[string(name)]
	return r, false, ok
}
