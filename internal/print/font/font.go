package font

import (
	_ "embed" // the font files
	"errors"
	"fmt"
	"slices"
	"sync"
)

//go:embed sans.woff
var sansFile []byte

//go:embed rare.woff
var rareFile []byte

//go:embed title.woff
var titleFile []byte

//go:embed OFL.txt
var licence string

// Licence is the licence of the built-in fonts, to be shown with those of the other parts.
func Licence() string { return licence }

// Face is a manner of writing: the running text or the titles.
type Face int

// The faces of a paper.
const (
	Text Face = iota
	Title
)

// A Font is one font file, unpacked when it is first asked for.
type Font struct {
	Name   string // name inside the PDF; letters and digits only
	packed []byte

	once  sync.Once
	err   error
	src   *source
	glyph map[int]uint
	wide  []rangeOf // characters beyond the basic plane
	width []uint    // by glyph, in 1/1000 of the size
}

type rangeOf struct{ first, last, glyph uint }

// A Set is the fonts a printer works with. It is safe for use by several goroutines.
type Set struct {
	faces [2][]*Font
}

// New makes the set of built-in fonts and adds the font of the institution, a TrueType file in which
// rare characters are looked for last; nil if there is none. It fails if that file cannot be used.
func New(institution []byte) (*Set, error) {
	sans := &Font{Name: "LinliSans", packed: sansFile}
	rare := &Font{Name: "LinliRare", packed: rareFile}
	title := &Font{Name: "LinliTitle", packed: titleFile}
	s := &Set{faces: [2][]*Font{Text: {sans, rare}, Title: {title, sans, rare}}}
	if institution == nil {
		return s, nil
	}
	own := &Font{Name: "InstitutionFont", packed: institution}
	if err := own.load(); err != nil {
		return nil, fmt.Errorf("institution font: %w", err)
	}
	for f := range s.faces {
		s.faces[f] = append(s.faces[f], own)
	}
	return s, nil
}

func (f *Font) load() error {
	f.once.Do(func() { f.err = f.unpack() })
	return f.err
}

func (f *Font) unpack() (err error) {
	defer func() { // the parser indexes into the file it is given; a damaged one must be an error
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errFont, r)
		}
	}()
	ttf, err := Decode(f.packed)
	if err != nil {
		return err
	}
	if f.src, err = parse(ttf); err != nil {
		return fmt.Errorf("read font: %w", err)
	}
	p := &f.src.parser
	f.glyph = p.Chars()
	for _, g := range p.GroupingTables() {
		f.wide = append(f.wide, rangeOf{g.StartCharCode, g.EndCharCode, g.GlyphID})
	}
	f.width = scaled(p.Widths(), p.UnitsPerEm())
	if len(f.width) == 0 {
		return errors.New("font has no widths")
	}
	return nil
}

// scaled gives widths in 1/1000, cut off as the PDF writer cuts them off, so that both agree.
func scaled(widths []uint, em uint) []uint {
	out := make([]uint, len(widths))
	for i, w := range widths {
		out[i] = w * 1000 / em
	}
	return out
}

// lookup is the glyph of r, 0 if the font has none.
func (f *Font) lookup(r rune) uint {
	if r <= 0xFFFF {
		return f.glyph[int(r)]
	}
	for _, g := range f.wide {
		if c := uint(r); c >= g.first && c <= g.last {
			return g.glyph + c - g.first
		}
	}
	return 0
}

// Width is the width of r at size 1.
func (f *Font) Width(r rune) float64 {
	g := f.lookup(r)
	if g >= uint(len(f.width)) {
		g = uint(len(f.width)) - 1
	}
	return float64(f.width[g]) / 1000
}

// Find gives the first font of the face that has r, nil if none has it.
func (s *Set) Find(face Face, r rune) (*Font, error) {
	for _, f := range s.faces[face] {
		if err := f.load(); err != nil {
			return nil, err
		}
		if f.lookup(r) != 0 {
			return f, nil
		}
	}
	return nil, nil
}

// Missing lists the characters of text that no font has, each once, in order of appearance.
func (s *Set) Missing(text string) ([]rune, error) {
	var out []rune
	seen := map[rune]bool{'\n': true}
	for _, r := range text {
		if seen[r] {
			continue
		}
		seen[r] = true
		f, err := s.Find(Text, r)
		if err != nil {
			return nil, err
		}
		if f == nil {
			out = append(out, r)
		}
	}
	return out, nil
}

// Subset makes a small TrueType font of the given characters of f, to be embedded in a document.
func (f *Font) Subset(chars map[rune]bool) []byte {
	j := NewJoin()
	j.open(f.src)
	for r := range chars {
		j.want[int(r)] = pick{f.src, f.lookup(r)}
	}
	return j.TTF()
}

// Fonts lists all fonts of the set, each once, in a fixed order.
func (s *Set) Fonts() []*Font {
	var out []*Font
	for _, face := range s.faces {
		for _, f := range face {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}
