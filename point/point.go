// Package point addresses the parts of a request.
//
// A [Path] such as [post, json_doc, hash, 'user', base64] tells how a value was
// reached: from a part of the request through parsers and structures. While a
// request is inspected paths live as nodes of a [Tree], so that nothing is
// allocated for a request in which nothing is found; [Tree.Path] builds the path
// of a node when there is something to say about it. The text form is public:
// rules, hits, goldens and the console use it.
package point

// Step is one step of a path.
type Step struct {
	Tag   Tag
	Name  string // for tags that carry a name
	Index int    // for tags that carry an index
}

// Path leads from a part of the request to one value.
type Path []Step

// Ref is a node of a [Tree]. The zero Ref is the request itself.
type Ref uint32

type node struct {
	name   []byte
	parent Ref
	index  int32
	tag    Tag
	denied bool
}

// Tree holds the points of one request. The zero Tree is empty and ready.
// Names are borrowed: they are valid as long as the request's memory is.
type Tree struct {
	Host   []byte // that the request is for, with its port; borrowed, nil if not known
	Target []byte // path that the request is for, as it was sent; borrowed
	Stores bool   // the request puts something at its path
	nodes  []node
}

// Reset forgets all nodes and keeps their memory.
func (t *Tree) Reset() {
	clear(t.nodes)
	t.nodes, t.Host, t.Target, t.Stores = t.nodes[:0], nil, nil, false
}

// Len returns the number of nodes.
func (t *Tree) Len() int { return len(t.nodes) }

// Add adds a step without name or index below parent.
func (t *Tree) Add(parent Ref, tag Tag) Ref { return t.add(node{parent: parent, tag: tag}) }

// AddName adds a step with a name below parent.
func (t *Tree) AddName(parent Ref, tag Tag, name []byte) Ref {
	return t.add(node{parent: parent, tag: tag, name: name})
}

// AddIndex adds a step with an index below parent.
func (t *Tree) AddIndex(parent Ref, tag Tag, i int) Ref {
	return t.add(node{parent: parent, tag: tag, index: int32(i)})
}

func (t *Tree) add(n node) Ref {
	t.nodes = append(t.nodes, n)
	return Ref(len(t.nodes))
}

// Deny notes that what stands at a node says no: false, null or 0, which no language takes for true.
func (t *Tree) Deny(r Ref) {
	if r != 0 {
		t.nodes[r-1].denied = true
	}
}

// Denied reports whether [Tree.Deny] was said of a node.
func (t *Tree) Denied(r Ref) bool { return r != 0 && t.nodes[r-1].denied }

// Holds reports whether a node is an object with members that are kept: the first one follows it.
func (t *Tree) Holds(r Ref) bool {
	return int(r) < len(t.nodes) && t.nodes[r].parent == r && t.nodes[r].tag == Hash
}

// Leads reports whether a node is the first of an array, and the second one has members that are kept.
func (t *Tree) Leads(r Ref) bool {
	if r == 0 || int(r)+1 >= len(t.nodes) || t.nodes[r-1].tag != Array || t.nodes[r-1].index != 0 {
		return false
	}
	second := t.nodes[r]
	return second.tag == Array && second.parent == t.nodes[r-1].parent && t.nodes[r+1].parent == r+1
}

// Tag returns the tag of a node.
func (t *Tree) Tag(r Ref) Tag {
	if r == 0 {
		return 0
	}
	return t.nodes[r-1].tag
}

// Name returns the borrowed name of a node.
func (t *Tree) Name(r Ref) []byte {
	if r == 0 {
		return nil
	}
	return t.nodes[r-1].name
}

// Parent returns the parent of a node.
func (t *Tree) Parent(r Ref) Ref {
	if r == 0 {
		return 0
	}
	return t.nodes[r-1].parent
}

// Path builds the path of a node; it allocates and borrows nothing.
func (t *Tree) Path(r Ref) Path {
	n := 0
	for p := r; p != 0; p = t.nodes[p-1].parent {
		n++
	}
	path := make(Path, n)
	for p := r; p != 0; {
		nd := &t.nodes[p-1]
		n--
		path[n] = Step{Tag: nd.tag, Index: int(nd.index)}
		if nd.tag.Named() {
			path[n].Name = string(nd.name)
			if nd.tag == Header {
				path[n].Name = upper(nd.name)
			}
		}
		p = nd.parent
	}
	return path
}

func upper(b []byte) string {
	s := make([]byte, len(b))
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		s[i] = c
	}
	return string(s)
}
