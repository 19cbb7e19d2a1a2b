package font

import (
	"bytes"
	"maps"
	"slices"
)

// pick is a glyph of a source.
type pick struct {
	from  *source
	glyph uint
}

// Join makes a font of some characters of others. Of each character the first font that has it wins.
type Join struct {
	first    *source
	skip     map[int]bool
	want     map[int]pick
	glyph    map[int]int // by character, in the new font
	number   map[pick]int
	from     []*source // by glyph
	outlines [][]byte
	metrics  [][4]byte
	maxp     []byte
}

// NewJoin begins an empty font.
func NewJoin() *Join {
	return &Join{skip: map[int]bool{}, want: map[int]pick{}, glyph: map[int]int{}, number: map[pick]int{}}
}

// LeaveOut says that no character of this TrueType font is to be taken from those that come after.
func (j *Join) LeaveOut(ttf []byte) error {
	s, err := parse(ttf)
	if err != nil {
		return err
	}
	for c := range s.parser.Chars() {
		j.skip[c] = true
	}
	return nil
}

// Take takes all characters of the basic plane of this TrueType font.
func (j *Join) Take(ttf []byte) error {
	s, err := parse(ttf)
	if err != nil {
		return err
	}
	j.open(s)
	for c, g := range s.parser.Chars() {
		if _, ok := j.want[c]; !ok && !j.skip[c] {
			j.want[c] = pick{s, g}
		}
	}
	return nil
}

// Len is the number of characters taken so far.
func (j *Join) Len() int { return len(j.want) }

// hints are the tables of a font that adjust its outlines to a screen.
var hints = []string{"cvt ", "fpgm", "prep"}

// WOFF gives the font as WOFF 1.0, without hints.
func (j *Join) WOFF() ([]byte, error) {
	t := j.tables()
	for _, name := range hints {
		delete(t, name)
	}
	return encodeWOFF(t)
}

// TTF gives the font as TrueType.
func (j *Join) TTF() []byte { return encodeTTF(j.tables()) }

// open prepares for taking glyphs of s.
func (j *Join) open(s *source) {
	if j.first == nil {
		j.first = s
		j.maxp = bytes.Clone(s.table("maxp"))
		j.add(pick{s, 0}) // the empty box comes first
	}
	m := s.table("maxp")
	for i := 6; i+1 < min(len(m), len(j.maxp)); i += 2 {
		be.PutUint16(j.maxp[i:], max(be.Uint16(j.maxp[i:]), be.Uint16(m[i:])))
	}
}

// build numbers all glyphs in the order of their characters, then the parts of composites.
func (j *Join) build() {
	if len(j.glyph) > 0 {
		return
	}
	for _, c := range slices.Sorted(maps.Keys(j.want)) {
		j.glyph[c] = j.fresh(j.want[c])
	}
	for i := 0; i < len(j.outlines); i++ {
		j.renumber(i)
	}
}

func (j *Join) add(p pick) int {
	if n, ok := j.number[p]; ok {
		return n
	}
	return j.fresh(p)
}

// fresh adds the glyph under a number of its own even if another character has it too, so that the
// text can be read back from a PDF character by character.
func (j *Join) fresh(p pick) int {
	n := len(j.outlines)
	j.number[p] = n
	j.from = append(j.from, p.from)
	j.outlines = append(j.outlines, bytes.Clone(p.from.outline(p.glyph)))
	j.metrics = append(j.metrics, p.from.metric(p.glyph))
	return n
}

func (j *Join) renumber(i int) {
	for _, k := range parts(j.outlines[i]) {
		part := pick{j.from[i], uint(be.Uint16(j.outlines[i][k:]))}
		be.PutUint16(j.outlines[i][k:], uint16(j.add(part)))
	}
}

// tables makes the tables of the font.
func (j *Join) tables() map[string][]byte {
	j.build()
	glyf, loca := j.glyfLoca()
	head := bytes.Clone(j.first.table("head"))
	be.PutUint16(head[50:], 1) // long offsets
	be.PutUint16(j.maxp[4:], uint16(len(j.outlines)))
	hhea := bytes.Clone(j.first.table("hhea"))
	be.PutUint16(hhea[34:], uint16(len(j.metrics)))
	var hmtx []byte
	for _, m := range j.metrics {
		hmtx = append(hmtx, m[:]...)
	}
	post := bytes.Clone(j.first.table("post")[:32])
	be.PutUint32(post, 0x00030000)
	out := map[string][]byte{"cmap": j.cmap(), "glyf": glyf, "head": head, "hhea": hhea, "hmtx": hmtx, "loca": loca, "maxp": j.maxp, "post": post}
	for _, name := range append([]string{"OS/2", "name"}, hints...) {
		if t := j.first.table(name); t != nil {
			out[name] = t
		}
	}
	return out
}

func (j *Join) glyfLoca() (glyf, loca []byte) {
	for _, o := range j.outlines {
		loca = be.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, o...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	return glyf, be.AppendUint32(loca, uint32(len(glyf)))
}
