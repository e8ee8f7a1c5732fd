package parse

// packForm is what follows a first byte of MessagePack from 0xc0 to 0xdf.
type packForm struct {
	kind   itemKind
	width  uint8 // bytes of its size or number
	extra  uint8 // bytes behind that: a fraction, or the type of an extension
	size   uint8 // where no bytes say it
	signed bool
}

var packForms = [...]packForm{
	{kind: plainItem},
	{},
	{kind: plainItem},
	{kind: plainItem}, // nil, never used, false, true
	{kind: bytesItem, width: 1},
	{kind: bytesItem, width: 2},
	{kind: bytesItem, width: 4},
	{kind: bytesItem, width: 1, extra: 1},
	{kind: bytesItem, width: 2, extra: 1},
	{kind: bytesItem, width: 4, extra: 1}, // extensions
	{kind: plainItem, extra: 4},
	{kind: plainItem, extra: 8},
	{kind: numberItem, width: 1},
	{kind: numberItem, width: 2},
	{kind: numberItem, width: 4},
	{kind: numberItem, width: 8},
	{kind: numberItem, width: 1, signed: true},
	{kind: numberItem, width: 2, signed: true},
	{kind: numberItem, width: 4, signed: true},
	{kind: numberItem, width: 8, signed: true},
	{kind: bytesItem, extra: 1, size: 1},
	{kind: bytesItem, extra: 1, size: 2},
	{kind: bytesItem, extra: 1, size: 4},
	{kind: bytesItem, extra: 1, size: 8},
	{kind: bytesItem, extra: 1, size: 16},
	{kind: textItem, width: 1},
	{kind: textItem, width: 2},
	{kind: textItem, width: 4},
	{kind: listItem, width: 2},
	{kind: listItem, width: 4},
	{kind: objectItem, width: 2},
	{kind: objectItem, width: 4},
}

// msgpackItem reads the head of an item of MessagePack (its specification, 2017).
func msgpackItem(b []byte) item {
	switch c := b[0]; {
	case c < 0x80:
		return item{kind: numberItem, size: uint64(c), head: 1}
	case c < 0x90:
		return item{kind: objectItem, size: uint64(c & 0x0f), head: 1}
	case c < 0xa0:
		return item{kind: listItem, size: uint64(c & 0x0f), head: 1}
	case c < 0xc0:
		return item{kind: textItem, size: uint64(c & 0x1f), head: 1}
	case c < 0xe0:
		return packForms[c-0xc0].item(b)
	default:
		return item{kind: numberItem, negative: true, size: -uint64(int8(c)), head: 1}
	}
}

func (f *packForm) item(b []byte) item {
	it := item{kind: f.kind, size: uint64(f.size), head: 1 + int(f.width) + int(f.extra)}
	if len(b) < it.head {
		return item{}
	}
	if f.width > 0 {
		it.size = bigEndian(b[1 : 1+f.width])
	}
	if shift := 64 - 8*f.width; f.signed && int64(it.size<<shift) < 0 {
		it.negative, it.size = true, -uint64(int64(it.size<<shift)>>shift)
	}
	return it
}

// bigEndian returns the number that up to eight bytes hold.
func bigEndian(b []byte) (n uint64) {
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n
}
