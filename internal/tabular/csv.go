package tabular

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// charset is the encoding of a text file.
type charset int

const (
	utf8Text charset = iota
	gb18030
	utf16Text
)

// csvSource reads the rows of a text file.
type csvSource struct {
	reader *csv.Reader
	guard  *rowGuard
	gz     *gzip.Reader
	n      int // number of the last row
	line   int // last line of the file that it took
	err    error
}

func (t *Table) openCSV(r io.ReaderAt, size int64, zipped bool) error {
	open := func() (io.Reader, *gzip.Reader, error) {
		if !zipped {
			return io.NewSectionReader(r, 0, size), nil, nil
		}
		gz, err := gzip.NewReader(bufio.NewReader(io.NewSectionReader(r, 0, size)))
		return gz, gz, err
	}
	raw, _, err := open()
	if err != nil {
		return errs.New(errs.Invalid, i18n.TabularHalf).Because(err)
	}
	kind, err := t.scanText(raw)
	if err != nil {
		return err
	}
	if raw, _, err = open(); err != nil {
		return err
	}
	comma := t.sniffComma(decoded(raw, kind))
	raw, gz, err := open()
	if err != nil {
		return err
	}
	guard := &rowGuard{r: decoded(raw, kind), most: t.limits.rowBytes()}
	cr := csv.NewReader(guard)
	cr.Comma, cr.LazyQuotes, cr.ReuseRecord, cr.FieldsPerRecord = comma, true, true, -1
	t.src = &csvSource{reader: cr, guard: guard, gz: gz}
	return nil
}

// decoded gives raw as UTF-8 without a byte order mark.
func decoded(raw io.Reader, kind charset) io.Reader {
	switch kind {
	case gb18030:
		return transform.NewReader(raw, simplifiedchinese.GB18030.NewDecoder())
	case utf16Text:
		return transform.NewReader(raw, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	}
	b := bufio.NewReaderSize(raw, 1<<16)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = b.Discard(3) // peeked just now
	}
	return b
}

// scanText reads the whole file once to learn its encoding and length, and refuses what is no text.
func (t *Table) scanText(raw io.Reader) (charset, error) {
	s := &charScan{}
	n, err := io.Copy(s, io.LimitReader(raw, t.limits.Bytes+1))
	switch {
	case err != nil:
		return 0, errs.New(errs.Invalid, i18n.TabularHalf).Because(err)
	case n > t.limits.Bytes:
		return 0, errs.New(errs.Invalid, i18n.TabularTooBig, t.limits.Bytes>>20)
	case n == 0:
		return 0, errs.New(errs.Invalid, i18n.TabularEmpty)
	}
	t.Lines = s.lines + 1
	return s.verdict()
}

// charScan looks at all bytes of a file.
type charScan struct {
	head         []byte // the first bytes, to try encodings on
	carry        []byte // an unfinished character at the end of the last chunk
	lines, nul   int
	multi, wrong int // UTF-8 characters of several bytes, and bytes that are none
}

func (s *charScan) Write(p []byte) (int, error) {
	if len(s.head) < 1<<18 {
		s.head = append(s.head, p[:min(len(p), 1<<18-len(s.head))]...)
	}
	s.lines += bytes.Count(p, []byte{'\n'})
	s.nul += bytes.Count(p, []byte{0})
	b := p
	if len(s.carry) > 0 {
		b = append(s.carry, p...)
	}
	s.carry = s.count(b)
	return len(p), nil
}

// count counts characters and gives the unfinished rest.
func (s *charScan) count(b []byte) []byte {
	whole := len(b)
	for i := whole - 1; i >= 0 && i >= whole-3; i-- {
		if utf8.RuneStart(b[i]) && !utf8.FullRune(b[i:]) {
			whole = i
		}
	}
	if utf8.Valid(b[:whole]) {
		s.multi += (whole - utf8.RuneCount(b[:whole]) + 1) / 2
		return append([]byte(nil), b[whole:]...)
	}
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r != utf8.RuneError || size > 1:
			s.multi++
		case !utf8.FullRune(b[i:]):
			return append([]byte(nil), b[i:]...)
		default:
			s.wrong++
		}
		i += size
	}
	return nil
}

// verdict says what the encoding is. A text that is UTF-8 but for a few bytes is damaged UTF-8, not another
// encoding: its damaged rows are told one by one.
func (s *charScan) verdict() (charset, error) {
	if bytes.HasPrefix(s.head, []byte{0xff, 0xfe}) || bytes.HasPrefix(s.head, []byte{0xfe, 0xff}) {
		return utf16Text, nil
	}
	if s.nul > 0 {
		return 0, errs.New(errs.Invalid, i18n.TabularNotATable)
	}
	if s.wrong == 0 && len(s.carry) > 0 && s.multi > 0 {
		return 0, errs.New(errs.Invalid, i18n.TabularHalf)
	}
	if s.wrong == 0 && len(s.carry) == 0 || s.multi > 20*s.wrong {
		return utf8Text, nil
	}
	whole := s.head
	if i := bytes.LastIndexByte(whole, '\n'); i > 0 && len(whole) == 1<<18 {
		whole = whole[:i]
	}
	text, _, err := transform.Bytes(simplifiedchinese.GB18030.NewDecoder(), whole)
	if bad := bytes.Count(text, []byte("\ufffd")); err != nil || bad*100 > utf8.RuneCount(text) {
		return 0, errs.New(errs.Invalid, i18n.TabularEncoding)
	}
	return gb18030, nil
}

// sniffComma finds the separator: the one that stands most evenly in the first lines outside quotation marks, and
// whose header fits the columns best where columns are known.
func (t *Table) sniffComma(r io.Reader) rune {
	head := make([]byte, 1<<16)
	n, _ := io.ReadFull(r, head) // a short or failing read leaves less to look at, and fails again later
	text := string(head[:n])
	best, most := ',', -1
	for _, comma := range []rune{',', '\t', ';', '|'} {
		if score := t.commaScore(text, comma); score > most {
			best, most = comma, score
		}
	}
	return best
}

func (t *Table) commaScore(text string, comma rune) int {
	cr := csv.NewReader(strings.NewReader(text))
	cr.Comma, cr.LazyQuotes, cr.FieldsPerRecord = comma, true, -1
	src := &csvSource{reader: cr, guard: &rowGuard{most: 1 << 20}}
	rows := readAhead(src, headRows)
	score := 1000 * t.bestHeader(rows).score
	for _, r := range rows {
		score += len(r.cells) - 1
	}
	return score
}

func (s *csvSource) next() (rawRow, error) {
	if s.err != nil {
		return rawRow{}, s.err
	}
	cells, err := s.reader.Read()
	if errors.Is(err, errRowTooBig) {
		s.err = errs.New(errs.Invalid, i18n.TabularHugeCell, s.n+1)
		return rawRow{}, s.err
	}
	if err != nil {
		if s.err = err; err != io.EOF {
			s.err = errs.New(errs.Invalid, i18n.TabularHalf).Because(err)
		}
		return rawRow{}, s.err
	}
	line, _ := s.reader.FieldPos(0)
	s.n += line - s.line // blank lines are rows too for a person
	s.line = line
	s.guard.mark(s.reader.InputOffset())
	for _, c := range cells {
		s.line += strings.Count(c, "\n")
	}
	if unpaired(cells, s.guard) {
		s.err = errs.New(errs.Invalid, i18n.TabularQuote, s.n)
		return rawRow{}, s.err
	}
	return rawRow{n: s.n, cells: cells}, nil
}

// unpaired says whether the last row swallowed the rest of the file because of a quotation mark without a partner:
// the last cell then runs over lines and the file does not end with a quotation mark.
func unpaired(cells []string, g *rowGuard) bool {
	last := cells[len(cells)-1]
	return g.ended && g.passed == g.marked && strings.Contains(last, "\n") && g.last != '"'
}

func (s *csvSource) Close() error {
	if s.gz != nil {
		return s.gz.Close()
	}
	return nil
}

var errRowTooBig = errors.New("row too big")

// rowGuard stops a reader that has passed more than a row can take since the last row was complete.
type rowGuard struct {
	r              io.Reader
	most           int64
	passed, marked int64
	last           byte // last character that is no line end
	ended          bool
}

func (g *rowGuard) Read(p []byte) (int, error) {
	if g.passed-g.marked > g.most {
		return 0, errRowTooBig
	}
	n, err := g.r.Read(p)
	g.passed += int64(n)
	for i := n - 1; i >= 0; i-- {
		if p[i] != '\n' && p[i] != '\r' {
			g.last = p[i]
			break
		}
	}
	g.ended = g.ended || err != nil
	return n, err
}

func (g *rowGuard) mark(offset int64) { g.marked = offset }
