package upload

import (
	"bytes"
	"encoding/binary"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/internal/tape"
)

// Bounds of what is read of an archive.
const (
	maxMembers = 256
	maxMember  = 1 << 10 // bytes of a name
	maxLinks   = 32
)

// archive finds members of archives that are unpacked outside of their folder: by their names, or through a link
// that an earlier member makes.
func archive(data []byte, t *evidence.Tally) {
	a := members{t: t}
	if a.tape(data); bytes.HasPrefix(data, []byte(localHead)) || bytes.Contains(data, []byte(centralHead)) {
		a.zip(data)
	}
}

// members are those of one archive that were read.
type members struct {
	t     *evidence.Tally
	links [maxLinks][]byte
	n     int
	found bool
}

// add weighs a member by its name.
func (a *members) add(name []byte, off int) {
	if leaves(name) || a.throughLink(name) {
		a.report(off, len(name))
	}
}

func (a *members) report(off, length int) {
	if !a.found {
		a.t.Add(&archiveStep, off, length)
	}
	a.found = true
}

// leaves reports whether a name leads out of the folder into which the archive is unpacked.
func leaves(name []byte) bool {
	drive := len(name) > 2 && lex.Letter(name[0]) && name[1] == ':' && (name[2] == '\\' || name[2] == '/')
	return drive || bytes.HasPrefix(name, []byte("/")) && len(name) > 1 || bytes.Contains(name, []byte("../")) || bytes.Contains(name, []byte(`..\`))
}

// throughLink reports whether a member stands behind a link of the archive's own.
func (a *members) throughLink(name []byte) bool {
	for _, link := range a.links[:a.n] {
		if len(name) > len(link)+1 && name[len(link)] == '/' && bytes.HasPrefix(name, link) {
			return true
		}
	}
	return false
}

// link weighs a link by where it leads. Archives of whole systems are full of absolute ones, so that one is kept
// until a member stands behind it, and told at once only if it leads upwards out of the archive or to a secret.
func (a *members) link(name, target []byte, off int) {
	if climbs(name, target) || secretTarget(target) {
		a.report(off, len(name))
		return
	}
	if bytes.HasPrefix(target, []byte("/")) && a.n < maxLinks {
		a.links[a.n] = bytes.TrimSuffix(name, []byte("/"))
		a.n++
	}
}

// climbs reports whether a link's target has more steps upwards than the link has folders above it.
func climbs(name, target []byte) bool {
	depth := bytes.Count(bytes.TrimPrefix(name, []byte("./")), []byte("/"))
	for bytes.HasPrefix(target, []byte("../")) || string(target) == ".." {
		depth--
		target = target[min(len(target), len("../")):]
	}
	return depth < 0
}

// secretTarget reports whether a link leads to what attackers read first.
func secretTarget(target []byte) bool {
	return lex.PrefixLength(target, []string{"/etc/passwd", "/etc/shadow", "/proc/", "/root/", "/home/", "/var/run/secrets/", "/etc/ssl/private/"}) > 0
}

// Heads of the members of a ZIP archive, and their fields: APPNOTE 4.3.7, 4.3.12.
const (
	localHead   = "PK\x03\x04"
	centralHead = "PK\x01\x02"

	localSize     = 30
	localName     = 26
	localExtra    = 28
	localMethod   = 8
	localStored   = 18
	centralSize   = 46
	centralName   = 28
	centralSystem = 5
	centralMode   = 40
	centralLocal  = 42

	unix     = 3
	modeType = 0xf000
	modeLink = 0xa000
)

// zip reads the heads in front of members and those of the directory, which may say something else.
func (a *members) zip(data []byte) {
	for from, n := 0, 0; n < maxMembers && !a.found; n++ {
		i := bytes.Index(data[from:], []byte("PK"))
		if i < 0 {
			return
		}
		from += i
		switch head := data[from:]; {
		case bytes.HasPrefix(head, []byte(localHead)) && len(head) > localSize:
			a.add(named(head, localSize, localName), from+localSize)
		case bytes.HasPrefix(head, []byte(centralHead)) && len(head) > centralSize:
			name := named(head, centralSize, centralName)
			if head[centralSystem] == unix && binary.LittleEndian.Uint16(head[centralMode:])&modeType == modeLink {
				a.link(name, stored(data, head), from+centralSize)
			}
			a.add(name, from+centralSize)
		}
		from += len("PK")
	}
}

// named returns the name behind a head of a size whose length stands at a place.
func named(head []byte, size, length int) []byte {
	n := int(binary.LittleEndian.Uint16(head[length:]))
	return head[size:min(len(head), size+min(n, maxMember))]
}

// stored returns what a member of the directory holds if that is not compressed: where a link leads.
func stored(data, head []byte) []byte {
	at := uint64(binary.LittleEndian.Uint32(head[centralLocal:]))
	if at+localSize > uint64(len(data)) {
		return nil
	}
	local := data[at:]
	from := localSize + int(binary.LittleEndian.Uint16(local[localName:])) + int(binary.LittleEndian.Uint16(local[localExtra:]))
	size := int(min(binary.LittleEndian.Uint32(local[localStored:]), maxMember))
	if !bytes.HasPrefix(local, []byte(localHead)) || binary.LittleEndian.Uint16(local[localMethod:]) != 0 || from+size > len(local) {
		return nil
	}
	return local[from : from+size]
}

// tape reads an archive of tar.
func (a *members) tape(data []byte) {
	var longName, longLink []byte
	for from, n := 0, 0; n < maxMembers && !a.found && from+tape.Block <= len(data); n++ {
		head := data[from : from+tape.Block]
		if !tape.IsHead(head) {
			return
		}
		size, blocks := tape.Content(head)
		body := data[from+tape.Block : min(len(data), from+tape.Block+min(size, maxMember))]
		name, link := text(head[:tape.NameLength]), text(head[tape.Link:tape.Link+tape.NameLength])
		switch kind := head[tape.Type]; kind {
		case tape.LongName:
			longName = text(body)
		case tape.LongLink:
			longLink = text(body)
		case tape.Records:
			longName, longLink = record(body, " path="), record(body, " linkpath=")
		default:
			if longName != nil {
				name = longName
			}
			if longLink != nil {
				link = longLink
			}
			if prefix := text(head[tape.Prefix : tape.Prefix+tape.PrefixLength]); bytes.HasPrefix(head[tape.Magic:], []byte("ustar\x00")) && leaves(prefix) {
				a.report(from+tape.Prefix, len(prefix))
			}
			switch {
			case kind == tape.HardLink && leaves(link): // from the archive's folder
				a.report(from, len(name))
			case kind == tape.SymLink:
				a.link(name, link, from)
			}
			a.add(name, from)
			longName, longLink = nil, nil
		}
		from += tape.Block + blocks
	}
}

// text returns what stands in front of a NUL.
func text(field []byte) []byte {
	s, _, _ := bytes.Cut(field, []byte{0})
	return s
}

// record returns the value of a record of pax, nil if there is none.
func record(body []byte, key string) []byte {
	_, value, ok := bytes.Cut(body, []byte(key))
	if !ok {
		return nil
	}
	value, _, _ = bytes.Cut(value, []byte("\n"))
	return value
}
