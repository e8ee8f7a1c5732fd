package parse

// cborKinds are the kinds of items of CBOR by the first three bits of their heads.
var cborKinds = [...]itemKind{numberItem, numberItem, bytesItem, textItem, listItem, objectItem, tagItem, plainItem}

// cborItem reads the head of an item of CBOR (RFC 8949, 3).
func cborItem(b []byte) item {
	major, info := b[0]>>5, b[0]&0x1f
	it := item{kind: cborKinds[major], size: uint64(info), head: 1, negative: major == 1}
	switch {
	case info == 31 && major == 7:
		return item{kind: endItem, head: 1}
	case info == 31 && major >= 2 && major <= 5:
		return item{kind: it.kind, open: true, head: 1}
	case info >= 28:
		return item{}
	case info >= 24:
		it.head = 1 + 1<<(info-24)
		if len(b) < it.head {
			return item{}
		}
		it.size = bigEndian(b[1:it.head])
	}
	if it.negative { // -1 is the first of them
		it.size++
	}
	return it
}
