package print

import (
	"sync"
	"time"

	"linli/internal/i18n"
	"linli/internal/print/font"
	"linli/internal/print/typeset"
)

// Printer makes papers. It is safe for use by several goroutines; its fonts are unpacked at first use.
type Printer struct {
	institution []byte
	once        sync.Once
	set         *font.Set
	err         error
}

// New makes a printer. institution is the content of a TrueType file with rare characters, in which what
// the built-in fonts lack is looked for; nil if there is none. A file that cannot be used is an
// error at once, not when the first paper is printed.
func New(institution []byte) (*Printer, error) {
	p := &Printer{institution: institution}
	if institution != nil {
		if _, err := p.fonts(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *Printer) fonts() (*font.Set, error) {
	p.once.Do(func() { p.set, p.err = font.New(p.institution) })
	return p.set, p.err
}

// Missing lists the characters of text that cannot be printed, each once.
func (p *Printer) Missing(text string) ([]rune, error) {
	set, err := p.fonts()
	if err != nil {
		return nil, err
	}
	return set.Missing(text)
}

// Head is what every paper has.
type Head struct {
	Lang   i18n.Lang // Chinese if empty
	At     time.Time // when it was made
	Number string    // of the paper, if it has one
	Issuer string    // who issues it; in the properties of the file
	Verify typeset.Verification
}

// Paper is a finished document.
type Paper = typeset.Paper

// Verification lets a holder check the paper.
type Verification = typeset.Verification

// Signature is a place to sign or a signature given.
type Signature = typeset.Signature

// Pair is a name and its value.
type Pair = typeset.Pair

// office is the margin of an office paper; the left one leaves room for the binding.
var office = typeset.Margin{Top: 20, Right: 20, Bottom: 20, Left: 22}

// paper is one document being made, with its words in its language.
type paper struct {
	*typeset.Doc
	head Head
}

// begin starts a paper of pages with margins, page numbers and a foot.
func (p *Printer) begin(h Head, size typeset.Size, title string) (*paper, error) {
	foot := ""
	if !h.At.IsZero() {
		foot = i18n.PrintMadeAt.In(lang(h), i18n.DateTime(h.At))
	}
	return p.start(h, typeset.Setup{Size: size, Margin: office, Title: title, Footer: foot, Feet: true, Verify: h.Verify})
}

// start starts a paper of any kind.
func (p *Printer) start(h Head, s typeset.Setup) (*paper, error) {
	set, err := p.fonts()
	if err != nil {
		return nil, err
	}
	h.Lang = lang(h)
	s.Lang, s.At, s.Author = h.Lang, h.At, h.Issuer
	return &paper{typeset.New(set, s), h}, nil
}

func lang(h Head) i18n.Lang {
	if h.Lang == "" {
		return i18n.ZH
	}
	return h.Lang
}

func (p *paper) say(t i18n.Text, args ...any) string { return t.In(p.head.Lang, args...) }

// number is the words "No. …", empty without a number.
func (p *paper) number() string {
	if p.head.Number == "" {
		return ""
	}
	return p.say(i18n.PrintNumber, p.head.Number)
}

// columns makes table columns of titles, each with its share of the width.
func (p *paper) columns(cols ...column) []typeset.Column {
	out := make([]typeset.Column, len(cols))
	for i, c := range cols {
		out[i] = typeset.Column{Title: p.say(c.title), Width: c.width, Align: c.align}
	}
	return out
}

type column struct {
	title i18n.Text
	width float64
	align typeset.Align
}
