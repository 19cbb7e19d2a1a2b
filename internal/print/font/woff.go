package font

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Sizes of the fixed parts of a WOFF 1.0 file and of the TrueType file made from it.
const (
	woffHeader  = 44
	woffEntry   = 20
	sfntHeader  = 12
	sfntEntry   = 16
	fontMaxSize = 64 << 20 // no font of ours comes near it; a damaged length must not ask for more
)

var errFont = errors.New("not a TrueType or WOFF 1.0 font")

// Decode turns a WOFF 1.0 file into the TrueType file it was made from. A file that is TrueType
// already is returned as it is; CFF outlines and WOFF 2.0 are refused, because the PDF writer cannot
// embed them.
func Decode(b []byte) ([]byte, error) {
	switch {
	case len(b) >= sfntHeader && be.Uint32(b) == 0x00010000:
		return b, nil
	case len(b) < woffHeader || string(b[:4]) != "wOFF" || be.Uint32(b[4:]) != 0x00010000:
		return nil, errFont
	}
	n := int(be.Uint16(b[12:]))
	size := be.Uint32(b[16:])
	if n == 0 || size > fontMaxSize || len(b) < woffHeader+n*woffEntry {
		return nil, errFont
	}
	out := make([]byte, sfntHeader+n*sfntEntry, size)
	writeDirectoryHead(out, n)
	for i := range n {
		var err error
		if out, err = appendTable(out, b, i); err != nil {
			return nil, fmt.Errorf("font table %d: %w", i, err)
		}
	}
	return out, nil
}

func writeDirectoryHead(out []byte, n int) {
	selector := 0
	for 2<<selector <= n {
		selector++
	}
	be.PutUint32(out, 0x00010000)
	be.PutUint16(out[4:], uint16(n))
	be.PutUint16(out[6:], uint16(16<<selector))
	be.PutUint16(out[8:], uint16(selector))
	be.PutUint16(out[10:], uint16(16*n-16<<selector))
}

// appendTable unpacks table i of the WOFF file b to the end of out and fills its directory entry.
func appendTable(out, b []byte, i int) ([]byte, error) {
	e := b[woffHeader+i*woffEntry:]
	offset, packed := be.Uint32(e[4:]), be.Uint32(e[8:])
	length := be.Uint32(e[12:])
	if uint64(offset)+uint64(packed) > uint64(len(b)) || length > fontMaxSize || packed > length {
		return nil, errFont
	}
	data := b[offset : offset+packed]
	if packed < length {
		r, err := zlib.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		data = make([]byte, length)
		if _, err := io.ReadFull(r, data); err != nil {
			return nil, err
		}
	}
	d := out[sfntHeader+i*sfntEntry:]
	copy(d[:4], e[:4])
	copy(d[4:8], e[16:20])
	be.PutUint32(d[8:], uint32(len(out)))
	be.PutUint32(d[12:], length)
	out = append(out, data...)
	for len(out)%4 != 0 {
		out = append(out, 0)
	}
	return out, nil
}

// encodeTTF writes tables as a TrueType file.
func encodeTTF(tables map[string][]byte) []byte {
	names := slices.Sorted(maps.Keys(tables))
	out := make([]byte, sfntHeader+len(names)*sfntEntry)
	writeDirectoryHead(out, len(names))
	for i, name := range names {
		e := out[sfntHeader+i*sfntEntry:]
		copy(e, name)
		be.PutUint32(e[4:], sum(tables[name]))
		be.PutUint32(e[8:], uint32(len(out)))
		be.PutUint32(e[12:], uint32(len(tables[name])))
		out = append(out, tables[name]...)
		out = append(out, make([]byte, (4-len(out)%4)%4)...)
	}
	return out
}

// encodeWOFF writes tables as WOFF 1.0.
func encodeWOFF(tables map[string][]byte) ([]byte, error) {
	names := slices.Sorted(maps.Keys(tables))
	n := len(names)
	total := 12 + 16*n
	out := make([]byte, 44+20*n)
	for i, name := range names {
		raw := tables[name]
		small, err := deflate(raw)
		if err != nil {
			return nil, err
		}
		e := out[44+20*i:]
		copy(e, name)
		be.PutUint32(e[4:], uint32(len(out)))
		be.PutUint32(e[8:], uint32(len(small)))
		be.PutUint32(e[12:], uint32(len(raw)))
		be.PutUint32(e[16:], sum(raw))
		out = append(out, small...)
		out = append(out, make([]byte, (4-len(small)%4)%4)...)
		total += (len(raw) + 3) / 4 * 4
	}
	copy(out, "wOFF")
	be.PutUint32(out[4:], 0x00010000)
	be.PutUint32(out[8:], uint32(len(out)))
	be.PutUint16(out[12:], uint16(n))
	be.PutUint32(out[16:], uint32(total))
	be.PutUint16(out[20:], 1)
	return out, nil
}

func deflate(raw []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if b.Len() >= len(raw) {
		return raw, nil
	}
	return b.Bytes(), nil
}

func sum(raw []byte) (s uint32) {
	padded := append(bytes.Clone(raw), 0, 0, 0)
	for i := 0; i+3 < len(padded); i += 4 {
		s += be.Uint32(padded[i:])
	}
	return s
}
