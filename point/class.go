package point

// Classes says which classes of bytes occur in a value: one bit a class.
//
// Whoever copies or walks a value's bytes ORs [ClassOf] over them, and detectors
// decide from the result whether the value can matter to them at all. A table
// look-up a byte is the whole cost, and most values of real traffic stop here.
type Classes uint32

// The classes. Each byte has exactly one.
const (
	Alpha       Classes = 1 << iota // A-Z a-z _
	Digit                           // 0-9
	Space                           // blank and tab
	Newline                         // CR, LF, VT, FF
	Dot                             // .
	Dash                            // -
	Slash                           // /
	Backslash                       // \
	Quote                           // ' and "
	Backtick                        // `
	Less                            // <
	Greater                         // >
	Paren                           // ( )
	Semicolon                       // ;
	Pipe                            // |
	Ampersand                       // &
	Dollar                          // $
	Brace                           // { }
	Bracket                         // [ ]
	Equal                           // =
	PercentSign                     // %
	HashAt                          // # @
	Star                            // *
	Plus                            // + , ~
	Colon                           // :
	Mark                            // ! ? ^
	Control                         // bytes below 0x20 not named above, 0x7f
	High                            // 0x80 and above
)

// Plain are the classes that need no detector by themselves.
const Plain = Alpha | Digit | Dash | Dot | Plus | Equal | Colon

// ClassOf holds the class of every byte.
var ClassOf = classTable()

func classTable() (t [256]Classes) {
	for b := range 256 {
		switch {
		case b >= 0x80:
			t[b] = High
		case b < 0x20 || b == 0x7f:
			t[b] = Control
		}
	}
	for b := 'a'; b <= 'z'; b++ {
		t[b], t[b-'a'+'A'] = Alpha, Alpha
	}
	for b := '0'; b <= '9'; b++ {
		t[b] = Digit
	}
	set := func(c Classes, bytes string) {
		for _, b := range []byte(bytes) {
			t[b] = c
		}
	}
	set(Alpha, "_")
	set(Space, " \t")
	set(Newline, "\r\n\v\f")
	set(Dot, ".")
	set(Dash, "-")
	set(Slash, "/")
	set(Backslash, `\`)
	set(Quote, `'"`)
	set(Backtick, "`")
	set(Less, "<")
	set(Greater, ">")
	set(Paren, "()")
	set(Semicolon, ";")
	set(Pipe, "|")
	set(Ampersand, "&")
	set(Dollar, "$")
	set(Brace, "{}")
	set(Bracket, "[]")
	set(Equal, "=")
	set(PercentSign, "%")
	set(HashAt, "#@")
	set(Star, "*")
	set(Plus, "+,~")
	set(Colon, ":")
	set(Mark, "!?^")
	return t
}

// Classify returns the classes of all bytes of b.
func Classify(b []byte) Classes {
	if len(b) >= vector {
		if classes, ok := classifyMany(b); ok {
			return classes
		}
	}
	return classify(b)
}

func classify(b []byte) Classes {
	var m0, m1, m2, m3 Classes
	for ; len(b) >= 8; b = b[8:] {
		m0 |= ClassOf[b[0]] | ClassOf[b[4]]
		m1 |= ClassOf[b[1]] | ClassOf[b[5]]
		m2 |= ClassOf[b[2]] | ClassOf[b[6]]
		m3 |= ClassOf[b[3]] | ClassOf[b[7]]
	}
	for _, c := range b {
		m0 |= ClassOf[c]
	}
	return m0 | m1 | m2 | m3
}
