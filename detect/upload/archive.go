package upload

import (
	"bytes"
	"encoding/binary"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/internal/pkzip"
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
	if a.tape(data); bytes.HasPrefix(data, []byte(pkzip.Local)) || bytes.Contains(data, []byte(pkzip.Central)) {
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

// Fields of an entry of a ZIP archive's directory, and of a member's head: APPNOTE 4.3.7, 4.3.12.
const (
	centralSystem = 5
	centralMode   = 40
	centralLocal  = 42
	localMethod   = 8
	localStored   = 18

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
		case pkzip.IsLocal(head):
			a.add(cut(head[pkzip.LocalSize:], pkzip.LocalName(head)), from+pkzip.LocalSize)
		case pkzip.IsCentral(head):
			name := cut(head[pkzip.CentralSize:], pkzip.CentralName(head))
			if head[centralSystem] == unix && binary.LittleEndian.Uint16(head[centralMode:])&modeType == modeLink {
				a.link(name, stored(data, head), from+pkzip.CentralSize)
			}
			a.add(name, from+pkzip.CentralSize)
		}
		from += len("PK")
	}
}

// cut returns a name of a length, or what of it is there and read.
func cut(text []byte, length int) []byte { return text[:min(len(text), length, maxMember)] }

// stored returns what a member of the directory holds if that is not compressed: where a link leads.
func stored(data, entry []byte) []byte {
	at := binary.LittleEndian.Uint32(entry[centralLocal:])
	if uint64(at) > uint64(len(data)) || !pkzip.IsLocal(data[at:]) || binary.LittleEndian.Uint16(data[at+localMethod:]) != 0 {
		return nil
	}
	return pkzip.Member(data, at, min(binary.LittleEndian.Uint32(data[at+localStored:]), maxMember))
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
