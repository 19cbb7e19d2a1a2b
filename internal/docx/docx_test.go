package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// read unpacks a document: every part must be XML as it should be, and everything that is related or typed must be there.
func read(t *testing.T, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
		wellFormed(t, f.Name, string(text))
	}
	return parts
}

func wellFormed(t *testing.T, name, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func TestADocumentHoldsWhatWasPutIn(t *testing.T) {
	d := New("Report & <more>", "zh-CN", time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC))
	d.Subtitle("a line")
	d.Heading(1, "Chapter")
	d.Paragraph("one\ntwo\x00 three")
	d.Table([]Column{{"Name", 60, false}, {"Value", 40, true}}, [][]string{{"x", "1"}, {"only one cell"}})
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	parts := read(t, b.Bytes())
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml", "word/footer1.xml", "docProps/core.xml"} {
		if parts[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
	text := parts["word/document.xml"]
	for _, want := range []string{"Report &amp; &lt;more&gt;", `<w:pStyle w:val="Heading1"/>`, "one</w:t><w:br/>", "two three", "only one cell", "<w:tblHeader/>"} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	if strings.Count(text, "<w:tc>") != 6 {
		t.Errorf("%d cells, want 6: every row has as many as the head", strings.Count(text, "<w:tc>"))
	}
	type used struct {
		Styles []struct {
			ID string `xml:"val,attr"`
		} `xml:"body>p>pPr>pStyle"`
	}
	var u used
	if err := xml.Unmarshal([]byte(text), &u); err != nil {
		t.Fatal(err)
	}
	for _, s := range u.Styles {
		if !strings.Contains(parts["word/styles.xml"], `w:styleId="`+s.ID+`"`) {
			t.Errorf("style %s is used and not there", s.ID)
		}
	}
	if len(u.Styles) < 4 {
		t.Errorf("%d styled paragraphs", len(u.Styles))
	}
}
