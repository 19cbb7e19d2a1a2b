package typeset

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
)

var errPDF = errors.New("the PDF writer gave an unexpected file")

// mend rewrites what the PDF writer does not do well enough: the tables by which text is copied and
// searched (characters beyond the basic plane come out as others, blocks are longer than the standard allows,
// nothing is packed), and the language of the document, which screen readers need.
func mend(pdf []byte, lang string) ([]byte, error) {
	start, offsets, trailer, err := sections(pdf)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Write(pdf[:offsets[0]])
	moved := make([]int, len(offsets))
	for i, from := range offsets {
		to := start
		if i+1 < len(offsets) {
			to = offsets[i+1]
		}
		moved[i] = out.Len()
		body, err := mendObject(pdf[from:to], i+1, lang)
		if err != nil {
			return nil, err
		}
		out.Write(body)
	}
	start = out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(moved)+1)
	for _, o := range moved {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	out.Write(trailer)
	fmt.Fprintf(&out, "startxref\n%d\n%%%%EOF\n", start)
	return out.Bytes(), nil
}

// sections finds the table of objects, where each object begins, and the trailer.
func sections(pdf []byte) (start int, offsets []int, trailer []byte, err error) {
	end := bytes.LastIndex(pdf, []byte("startxref\n"))
	if end < 0 {
		return 0, nil, nil, errPDF
	}
	if _, err := fmt.Sscanf(string(pdf[end:]), "startxref\n%d", &start); err != nil || start <= 0 || start >= end {
		return 0, nil, nil, errPDF
	}
	table, trailer, ok := bytes.Cut(pdf[start:end], []byte("trailer\n"))
	lines := bytes.Split(bytes.TrimSpace(table), []byte("\n"))
	if !ok || len(lines) < 4 {
		return 0, nil, nil, errPDF
	}
	last := 0
	for _, l := range lines[3:] {
		n, err := strconv.Atoi(string(l[:min(10, len(l))]))
		if err != nil || n <= last || n >= start {
			return 0, nil, nil, errPDF
		}
		offsets, last = append(offsets, n), n
	}
	return start, offsets, append([]byte("trailer\n"), trailer...), nil
}

func mendObject(body []byte, number int, lang string) ([]byte, error) {
	switch {
	case number == 1:
		return bytes.Replace(body, []byte("/Type /Catalog\n"), fmt.Appendf(nil, "/Type /Catalog\n  /Lang (%s)\n", lang), 1), nil
	case bytes.Contains(body, []byte("\nbegincmap\n")):
		return toUnicode(body, number)
	default:
		return body, nil
	}
}

// toUnicode writes a table from glyphs to characters anew: UTF-16, at most 100 in a block, packed.
func toUnicode(body []byte, number int) ([]byte, error) {
	_, list, ok := bytes.Cut(body, []byte("beginbfrange\n"))
	list, _, found := bytes.Cut(list, []byte("endbfrange\n"))
	if !ok || !found {
		return nil, errPDF
	}
	lines := bytes.Split(bytes.TrimSpace(list), []byte("\n"))
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for i := 0; i < len(lines); i += 100 {
		block := lines[i:min(i+100, len(lines))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for _, l := range block {
			var glyph, last, char rune
			if _, err := fmt.Sscanf(string(l), "<%X><%X><%X>", &glyph, &last, &char); err != nil {
				return nil, errPDF
			}
			fmt.Fprintf(&b, "<%04X> <", glyph)
			for _, u := range utf16.Encode([]rune{char}) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return stream(number, b.Bytes())
}

func stream(number int, data []byte) ([]byte, error) {
	var small bytes.Buffer
	w := zlib.NewWriter(&small)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "%d 0 obj\n<<\n/Length %d\n/Filter /FlateDecode\n>>\nstream\n%s\nendstream\nendobj\n\n",
		number, small.Len(), small.Bytes()), nil
}
