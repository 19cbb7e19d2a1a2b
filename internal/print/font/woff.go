package font

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
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

// decodeWOFF turns a WOFF 1.0 file into the TrueType file it was made from. A file that is TrueType
// already is returned as it is; CFF outlines and WOFF 2.0 are refused, because the PDF writer cannot
// embed them.
func decodeWOFF(b []byte) ([]byte, error) {
	switch {
	case len(b) >= sfntHeader && binary.BigEndian.Uint32(b) == 0x00010000:
		return b, nil
	case len(b) < woffHeader || string(b[:4]) != "wOFF" || binary.BigEndian.Uint32(b[4:]) != 0x00010000:
		return nil, errFont
	}
	n := int(binary.BigEndian.Uint16(b[12:]))
	size := binary.BigEndian.Uint32(b[16:])
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
	binary.BigEndian.PutUint32(out, 0x00010000)
	binary.BigEndian.PutUint16(out[4:], uint16(n))
	binary.BigEndian.PutUint16(out[6:], uint16(16<<selector))
	binary.BigEndian.PutUint16(out[8:], uint16(selector))
	binary.BigEndian.PutUint16(out[10:], uint16(16*n-16<<selector))
}

// appendTable unpacks table i of the WOFF file b to the end of out and fills its directory entry.
func appendTable(out, b []byte, i int) ([]byte, error) {
	e := b[woffHeader+i*woffEntry:]
	offset, packed := binary.BigEndian.Uint32(e[4:]), binary.BigEndian.Uint32(e[8:])
	length := binary.BigEndian.Uint32(e[12:])
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
	binary.BigEndian.PutUint32(d[8:], uint32(len(out)))
	binary.BigEndian.PutUint32(d[12:], length)
	out = append(out, data...)
	for len(out)%4 != 0 {
		out = append(out, 0)
	}
	return out, nil
}
