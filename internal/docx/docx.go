// Package docx writes Word documents: headings, paragraphs and tables, in the plain form that Word, WPS and LibreOffice read (ECMA-376,
// transitional). It holds no more than a report needs: one section on A4, one set of styles, page numbers at the foot.
//
//	d := docx.New("Title", "zh-CN")
//	d.Heading(1, "Chapter")
//	d.Paragraph("Text")
//	d.Table([]docx.Column{{Title: "Name", Width: 60}, {Title: "Value", Width: 40, Right: true}}, rows)
//	err := d.Write(w)
package docx

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// Document is a document that is being written.
type Document struct {
	title, lang string
	made        time.Time
	body        strings.Builder
}

// New begins a document with its title; lang is a language tag such as zh-CN.
func New(title, lang string, made time.Time) *Document {
	d := &Document{title: title, lang: lang, made: made}
	d.styled("Title", title)
	return d
}

// Heading adds a heading of level 1 to 3.
func (d *Document) Heading(level int, text string) {
	d.styled(fmt.Sprintf("Heading%d", max(1, min(level, 3))), text)
}

// Subtitle adds a centred line below the title.
func (d *Document) Subtitle(text string) { d.styled("Subtitle", text) }

// Paragraph adds a paragraph.
func (d *Document) Paragraph(text string) { d.styled("Normal", text) }

func (d *Document) styled(style, text string) {
	d.body.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>` + run(text) + `</w:p>`)
}

// run is a piece of text; line ends become breaks.
func run(text string) string {
	var b strings.Builder
	b.WriteString("<w:r>")
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteString("<w:br/>")
		}
		b.WriteString(`<w:t xml:space="preserve">` + escape(line) + "</w:t>")
	}
	return b.String() + "</w:r>"
}

// escape makes text safe in XML; characters that XML cannot hold are left out.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0xfffe || r == 0xffff || r == 0xfffd {
			return -1
		}
		return r
	}, s)
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}

// Column is a column of a table. Widths are shares of the whole.
type Column struct {
	Title string
	Width int
	Right bool // numbers
}

// textWidth is the width of the text on the page, in twentieths of a point: A4 less its margins.
const textWidth = 11906 - 2*1247

// Table adds a table whose head is repeated on each page.
func (d *Document) Table(cols []Column, rows [][]string) {
	whole := 0
	for _, c := range cols {
		whole += max(1, c.Width)
	}
	b := &d.body
	b.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="Lines"/><w:tblW w:w="` + fmt.Sprint(textWidth) + `" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	widths := make([]int, len(cols))
	for i, c := range cols {
		widths[i] = textWidth * max(1, c.Width) / whole
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, widths[i])
	}
	b.WriteString(`</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, c := range cols {
		cell(b, widths[i], "TableHead", "center", c.Title)
	}
	b.WriteString(`</w:tr>`)
	for _, r := range rows {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for i, c := range cols {
			text, align := "", "left"
			if i < len(r) {
				text = r[i]
			}
			if c.Right {
				align = "right"
			}
			cell(b, widths[i], "TableText", align, text)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl><w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>`)
}

func cell(b *strings.Builder, width int, style, align, text string) {
	fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="%s"/><w:jc w:val="%s"/></w:pPr>%s</w:p></w:tc>`,
		width, style, align, run(text))
}

const namespace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// Write writes the file.
func (d *Document) Write(w io.Writer) error {
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", relations},
		{"docProps/core.xml", d.core()},
		{"word/_rels/document.xml.rels", documentRelations},
		{"word/styles.xml", strings.ReplaceAll(styles, "LANG", escape(d.lang))},
		{"word/footer1.xml", footer},
		{"word/document.xml", `<w:document ` + namespace + `><w:body>` + d.body.String() + section + `</w:body></w:document>`},
	} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: d.made})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, head+part.text); err != nil {
			return err
		}
	}
	return z.Close()
}

func (d *Document) core() string {
	at := d.made.UTC().Format(time.RFC3339)
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>` +
		escape(d.title) + `</dc:title><dc:language>` + escape(d.lang) + `</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created></cp:coreProperties>`
}
