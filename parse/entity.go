package parse

// maxEntity is the longest name below, in bytes.
const maxEntity = 14

// ordinaryEntities are the names that properly escaped HTML is full of; browsers
// know most of them without a semicolon.
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

// named returns the character of the entity that text begins with, and the length of
// its name; 0 if there is none.
func named(text []byte) (r rune, ordinary bool, n int) {
	if r, ok := uncommonEntities[string(text)]; ok {
		return r, false, len(text)
	}
	for i := range ordinaryEntities {
		name := ordinaryEntities[i].name
		if len(text) >= len(name) && string(text[:len(name)]) == name {
			return ordinaryEntities[i].r, true, len(name)
		}
	}
	return 0, false, 0
}
