package font

import (
	"encoding/binary"
	"errors"

	"github.com/signintech/gopdf/fontmaker/core"
)

var be = binary.BigEndian

// source is a font to take glyphs from.
type source struct {
	data   []byte
	tables map[string]core.TableDirectoryEntry
	parser core.TTFParser
}

func parse(ttf []byte) (*source, error) {
	s := &source{data: ttf}
	if err := s.parser.ParseFontData(ttf); err != nil {
		return nil, err
	}
	s.tables = s.parser.GetTables()
	if len(s.table("glyf")) == 0 {
		return nil, errors.New("no TrueType outlines")
	}
	return s, nil
}

func (s *source) table(name string) []byte {
	e, ok := s.tables[name]
	if !ok {
		return nil
	}
	return s.data[e.Offset : e.Offset+e.Length]
}

func (s *source) outline(glyph uint) []byte {
	g := s.table("glyf")
	return g[s.parser.LocaTable[glyph]:s.parser.LocaTable[glyph+1]]
}

// metric is the advance width and left bearing of a glyph, as it stands in hmtx.
func (s *source) metric(glyph uint) [4]byte {
	h, n := s.table("hmtx"), s.parser.NumberOfHMetrics()
	var m [4]byte
	if glyph < n {
		copy(m[:], h[4*glyph:])
		return m
	}
	copy(m[:2], h[4*(n-1):])
	copy(m[2:], h[4*n+2*(glyph-n):])
	return m
}

// parts are the places in a composite outline where the numbers of its parts stand.
func parts(outline []byte) (at []int) {
	if len(outline) < 10 || int16(be.Uint16(outline)) >= 0 {
		return nil
	}
	const wordArgs, scale, more, xyScale, matrix = 1, 8, 32, 64, 128
	for i := 10; ; {
		flags := be.Uint16(outline[i:])
		at = append(at, i+2)
		i += 6
		if flags&wordArgs != 0 {
			i += 2
		}
		switch {
		case flags&scale != 0:
			i += 2
		case flags&xyScale != 0:
			i += 4
		case flags&matrix != 0:
			i += 8
		}
		if flags&more == 0 {
			return at
		}
	}
}
