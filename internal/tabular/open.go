package tabular

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"math"
	"strings"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Open opens a table of size bytes that r holds. name is only kept for messages. Every failure that lies in the
// file is an Invalid error in plain words. r must stay readable until the table is closed.
func Open(name string, r io.ReaderAt, size int64, o Options) (*Table, error) {
	t := &Table{Name: name, opts: o, limits: o.Limits.withDefaults()}
	head := make([]byte, min(size, 4096))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := t.open(head, r, size); err != nil {
		return nil, err
	}
	if err := t.findHeader(); err != nil {
		_ = t.src.Close() // the first error is the one to tell
		return nil, err
	}
	return t, nil
}

// Signatures of what is not a table, and of what a table comes in.
var (
	sigZip  = []byte("PK\x03\x04")
	sigOLE  = []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}
	sigGzip = []byte{0x1f, 0x8b}
)

func (t *Table) open(head []byte, r io.ReaderAt, size int64) error {
	switch {
	case len(bytes.TrimSpace(head)) == 0 && size < 4096:
		return errs.New(errs.Invalid, i18n.TabularEmpty)
	case bytes.HasPrefix(head, sigZip):
		return t.openZip(r, size)
	case bytes.HasPrefix(head, sigOLE):
		return oleError(r, size)
	case bytes.HasPrefix(head, sigGzip):
		return t.openCSV(r, size, true)
	}
	if err := refuseOthers(head); err != nil {
		return err
	}
	return t.openCSV(r, size, false)
}

// refuseOthers names what is often given instead of a table.
func refuseOthers(head []byte) error {
	text := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))))
	for _, p := range []string{"<html", "<!doctype", "<table", "<?xml", "<meta", "mime-version"} {
		if bytes.HasPrefix(text, []byte(p)) {
			return errs.New(errs.Invalid, i18n.TabularWebTable)
		}
	}
	for _, p := range []string{"%pdf", "\x89png", "gif8", "\xff\xd8\xff", "rar!", "7z\xbc\xaf", "{\\rtf", "{", "pk\x05\x06"} {
		if bytes.HasPrefix(text, []byte(p)) {
			return errs.New(errs.Invalid, i18n.TabularNotATable)
		}
	}
	return nil
}

// oleError tells an old workbook from an encrypted one: both come in the same container.
func oleError(r io.ReaderAt, size int64) error {
	const most = 64 << 20
	b, err := io.ReadAll(io.NewSectionReader(r, 0, min(size, most)))
	if err != nil {
		return err
	}
	if bytes.Contains(b, utf16le("EncryptedPackage")) {
		return errs.New(errs.Invalid, i18n.TabularPassword)
	}
	for _, stream := range []string{"Workbook", "Book"} {
		if bytes.Contains(b, utf16le(stream)) {
			return errs.New(errs.Invalid, i18n.TabularOldExcel)
		}
	}
	return errs.New(errs.Invalid, i18n.TabularNotATable)
}

func utf16le(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := 0; i < len(s); i++ {
		b = append(b, s[i], 0)
	}
	return b
}

func (t *Table) openZip(r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return errs.New(errs.Invalid, i18n.TabularHalf).Because(err)
	}
	if err := workbookParts(z); err != nil {
		return err
	}
	if err := t.checkParts(z); err != nil {
		return err
	}
	return t.openXLSX(r, size)
}

// workbookParts says by its parts whether a container is a workbook that can be read.
func workbookParts(z *zip.Reader) error {
	parts := map[string]bool{}
	for _, f := range z.File {
		parts[strings.ToLower(strings.ReplaceAll(f.Name, "\\", "/"))] = true
	}
	switch {
	case parts["xl/workbook.xml"]:
		return nil
	case parts["xl/workbook.bin"]:
		return errs.New(errs.Invalid, i18n.TabularBinaryExcel)
	case parts["content.xml"] && parts["mimetype"]:
		return errs.New(errs.Invalid, i18n.TabularOpenDoc)
	}
	return errs.New(errs.Invalid, i18n.TabularNotATable)
}

// maxOtherParts bounds what a workbook may hold besides its sheets and texts, since it is held in memory.
const maxOtherParts = 64 << 20

// checkParts unpacks the workbook once without keeping it: its size, its checksums, and no text of absurd length.
func (t *Table) checkParts(z *zip.Reader) error {
	var total, others int64
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, "\\", "/"))
		bulk := strings.HasPrefix(name, "xl/worksheets/") || name == "xl/sharedstrings.xml"
		n, err := t.checkPart(f, bulk, t.limits.Bytes-total)
		if err != nil {
			return err
		}
		if total += n; !bulk {
			others += n
		}
		if total > t.limits.Bytes || others > maxOtherParts {
			return errs.New(errs.Invalid, i18n.TabularTooBig, t.limits.Bytes>>20)
		}
	}
	return nil
}

// checkPart reads one part of a workbook up to most bytes and a little more.
func (t *Table) checkPart(f *zip.File, bulk bool, most int64) (int64, error) {
	r, err := f.Open()
	if err != nil {
		return 0, errs.New(errs.Invalid, i18n.TabularHalf).Because(err)
	}
	defer r.Close()
	scan := &textScan{limit: math.MaxInt}
	if bulk {
		scan.limit = int(t.limits.rowBytes())
	}
	n, err := io.Copy(scan, io.LimitReader(r, most+1))
	switch {
	case scan.longest > scan.limit:
		return n, errs.New(errs.Invalid, i18n.TabularHugePart, i18n.Number(int64(scan.limit)))
	case n > most:
		return n, errs.New(errs.Invalid, i18n.TabularTooBig, t.limits.Bytes>>20)
	case err != nil && !errors.Is(err, errScanned):
		return n, errs.New(errs.Invalid, i18n.TabularHalf).Because(err)
	case bulk && strings.HasSuffix(strings.ToLower(f.Name), ".xml") && scan.last != '>':
		return n, errs.New(errs.Invalid, i18n.TabularHalf)
	}
	t.Lines = max(t.Lines, scan.rows)
	return n, nil
}

// textScan measures the longest run without markup in XML that is written to it, and counts rows.
type textScan struct {
	limit, run, longest, rows int
	last                      byte
}

var errScanned = errors.New("seen enough")

func (s *textScan) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		i := bytes.IndexByte(rest, '<')
		if i < 0 {
			s.run += len(rest)
			s.longest = max(s.longest, s.run)
			break
		}
		s.longest = max(s.longest, s.run+i)
		s.run = 0
		rest = rest[i+1:]
		if bytes.HasPrefix(rest, []byte("row ")) {
			s.rows++
		}
	}
	if tail := bytes.TrimSpace(p); len(tail) > 0 {
		s.last = tail[len(tail)-1]
	}
	if s.longest > s.limit {
		return len(p), errScanned
	}
	return len(p), nil
}
