package parse

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
	"github.com/molecule-man/go-brrr"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// What may come out of compressed data. Above ratioFrom bytes the output may be at
// most maxRatio times the input.
const (
	maxInflated = 8 << 20
	maxRatio    = 100
	ratioFrom   = 64 << 10
)

// maxCodecs bounds the codecs that are undone one after the other.
const maxCodecs = 6

// zstdWindow bounds the memory of a zstd decoder.
const zstdWindow = 8 << 20

// codec is one way to compress.
type codec uint8

const (
	noCodec codec = iota
	gzipCodec
	deflateCodec // zlib, or bare as some clients send it
	brotliCodec
	zstdCodec
	bareCodec // deflate without a head, whatever it begins with
)

var codecTags = [...]point.Tag{gzipCodec: point.Gzip, deflateCodec: point.Deflate, brotliCodec: point.Brotli, zstdCodec: point.Zstd}

// codecNamed returns the codec of a name in Content-Encoding.
func codecNamed(name []byte) (c codec, known bool) {
	switch {
	case len(name) == 0 || lex.Equal(name, "identity"):
		return noCodec, true
	case lex.Equal(name, "gzip") || lex.Equal(name, "x-gzip"):
		return gzipCodec, true
	case lex.Equal(name, "deflate"):
		return deflateCodec, true
	case lex.Equal(name, "br"):
		return brotliCodec, true
	case lex.Equal(name, "zstd"):
		return zstdCodec, true
	default:
		return noCodec, false
	}
}

// codecOf returns the codec that data begins like. Brotli has no mark of its own,
// and the mark of zlib is two bytes that text may begin with.
func codecOf(data []byte) codec {
	switch {
	case len(data) < 8:
		return noCodec
	case data[0] == 0x1f && data[1] == 0x8b && data[2] == 8:
		return gzipCodec
	case data[0] == 0x28 && data[1] == 0xb5 && data[2] == 0x2f && data[3] == 0xfd:
		return zstdCodec
	case data[0] == 0x78 && zlibHead(data) && data[1] != '^':
		return deflateCodec
	default:
		return noCodec
	}
}

func zlibHead(data []byte) bool {
	return len(data) > 2 && data[0]&0x0f == 8 && (int(data[0])<<8|int(data[1]))%31 == 0
}

// decoders are the decoders of one inflation; they are expensive to make.
type decoders struct {
	src    bytes.Reader
	gzip   gzip.Reader
	zlib   io.ReadCloser
	flate  io.ReadCloser
	brotli *brrr.Reader
	zstd   *zstd.Decoder
}

var decoderPool = sync.Pool{New: func() any { return new(decoders) }}

// open returns a reader of the decompressed data.
func (d *decoders) open(c codec, data []byte) (io.Reader, error) {
	d.src.Reset(data)
	switch c {
	case gzipCodec:
		return &d.gzip, d.gzip.Reset(&d.src)
	case deflateCodec:
		return d.deflate(data)
	case bareCodec:
		return d.bare()
	case brotliCodec:
		if d.brotli == nil {
			d.brotli = brrr.NewReader(&d.src)
		} else {
			d.brotli.Reset(&d.src)
		}
		return d.brotli, nil
	case zstdCodec:
		var err error
		if d.zstd == nil {
			d.zstd, err = zstd.NewReader(&d.src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
				zstd.WithDecoderMaxMemory(2*maxInflated), zstd.WithDecoderMaxWindow(zstdWindow))
		} else {
			err = d.zstd.Reset(&d.src)
		}
		return d.zstd, err
	default:
		return nil, errors.New("no codec")
	}
}

func (d *decoders) deflate(data []byte) (io.Reader, error) {
	var err error
	switch {
	case zlibHead(data) && d.zlib == nil:
		d.zlib, err = zlib.NewReader(&d.src)
		return d.zlib, err
	case zlibHead(data):
		return d.zlib, d.zlib.(zlib.Resetter).Reset(&d.src, nil)
	default:
		return d.bare()
	}
}

// bare returns a reader of a deflate stream without a head.
func (d *decoders) bare() (io.Reader, error) {
	if d.flate == nil {
		d.flate = flate.NewReader(&d.src)
		return d.flate, nil
	}
	return d.flate, d.flate.(flate.Resetter).Reset(&d.src, nil)
}

// inflate decompresses data into the arena. What came out before an error or a limit
// is returned; bomb says that there was far too much to come.
func (p *Points) inflate(c codec, data []byte) (out []byte, whole, bomb bool) {
	d := decoderPool.Get().(*decoders)
	defer d.release()
	r, err := d.open(c, data)
	if err != nil {
		return nil, false, false
	}
	most := maxInflated - p.inflated
	out = p.arena.Grow(min(max(4*len(data), 1<<10), ratioFrom, max(most, 0)))
	for {
		if len(out) >= most || len(out) > ratioFrom && len(out) > maxRatio*len(data) {
			bomb = true
			break
		}
		if len(out) == cap(out) {
			out = append(p.arena.Grow(2*len(out)+1<<10), out...)
		}
		var n int
		n, err = r.Read(out[len(out):min(cap(out), len(out)+ratioFrom)])
		out = out[:len(out)+n]
		if err != nil {
			break
		}
	}
	p.inflated += len(out)
	return p.arena.Commit(out), errors.Is(err, io.EOF), bomb
}

// release lets go of the data and keeps the decoders.
func (d *decoders) release() {
	d.src.Reset(nil)
	decoderPool.Put(d)
}

// undo undoes one codec of a body or a value and returns where the result stands; ok
// reports that there is one, sound that the data was what the codec says to its end.
func (p *Points) undo(c codec, data []byte, at place) (out []byte, inside place, sound, ok bool) {
	out, whole, bomb := p.inflate(c, data)
	if c == deflateCodec && !whole && !bomb && zlibHead(data) { // a bare stream may begin like a head
		if bare, end, grows := p.inflate(bareCodec, data); len(bare) > len(out) {
			out, whole, bomb = bare, end, grows
		}
	}
	if bomb {
		p.anomaly(at.ref, DataBomb)
	}
	sound = whole || bomb || p.cut
	if !sound {
		p.anomaly(at.ref, BadCodec)
	}
	if len(out) == 0 {
		return data, at, sound, false
	}
	return out, at.deeper(p.Tree.Add(at.ref, codecTags[c]), point.Inflated), sound, true
}

// inflateBody undoes the codecs that Content-Encoding names, last applied first, and
// those that the bytes show although no field names them.
func (p *Points) inflateBody(r *Request, contentType []byte, at place) (body []byte, inside place) {
	body = r.Body
	if !p.on(GzipParser, at.ref) {
		return body, at
	}
	for i := len(r.Fields) - 1; i >= 0; i-- {
		if f := &r.Fields[i]; lex.Equal(f.Name, "content-encoding") {
			var ok bool
			if body, at, ok = p.undoNamed(f.Value, body, contentType, at); !ok {
				return body, at
			}
		}
	}
	for range maxCodecs {
		c := codecOf(body)
		if c == noCodec {
			break
		}
		out, deeper, sound, ok := p.undo(c, body, at)
		if !ok {
			break
		}
		if !sound {
			p.body(out, contentType, deeper)
			break
		}
		body, at = out, deeper
	}
	return body, at
}

// undoNamed undoes named codecs. Where the data is not what a name says the body is
// read both ways: many applications do not look at the field at all.
func (p *Points) undoNamed(named, body, contentType []byte, at place) (out []byte, inside place, ok bool) {
	for range maxCodecs {
		last := bytes.LastIndexByte(named, ',')
		c, known := codecNamed(bytes.TrimSpace(named[last+1:]))
		if !known {
			break
		}
		if c != noCodec {
			out, deeper, sound, ok := p.undo(c, body, at)
			if !sound || !ok {
				if ok {
					p.body(out, contentType, deeper)
				}
				return body, at, false
			}
			body, at = out, deeper
		}
		if last < 0 {
			return body, at, true
		}
		named = named[:last]
	}
	p.anomaly(at.ref, BadCodec)
	return body, at, true
}

// polyglot reads pairs and parts that stand in compressed data as they are, in a
// comment or a block that is only stored: an application that does not look at
// Content-Encoding sees them.
func (p *Points) polyglot(raw, contentType []byte, at place) {
	switch declaredForm(contentType) { //nolint:exhaustive // the other forms do not begin anywhere
	case FormParser:
		if bytes.IndexByte(raw, '&') >= 0 && p.on(FormParser, at.ref) {
			p.orderly = true
			p.pairs(raw, point.FormURLEncoded, at.ref, at)
			p.orderly = false
		}
	case MultipartParser:
		if b := parameter(contentType, "boundary"); len(b) > 0 && bytes.Contains(raw, b) && p.on(MultipartParser, at.ref) {
			p.multipart(raw, contentType, at)
		}
	}
}

// compressed reads a value that is compressed data.
func (p *Points) compressed(data []byte, at place) bool {
	c := codecOf(data)
	return c != noCodec && p.undone(c, data, at)
}

// undone reads what a codec makes of a value and reports whether there is anything.
func (p *Points) undone(c codec, data []byte, at place) bool {
	if !p.on(GzipParser, at.ref) || int(at.layer) >= p.limits.Depth {
		return false
	}
	out, deeper, _, ok := p.undo(c, data, at)
	if ok {
		p.value(out, deeper)
	}
	return ok
}
