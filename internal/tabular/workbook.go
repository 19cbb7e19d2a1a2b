package tabular

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Extras are things in a workbook besides its visible cells that somebody who fills it in should know of.
type Extras struct {
	Macros        bool // programs of Visual Basic
	ExternalLinks bool // formulas that read other files
}

// OpenWorkbook opens a workbook whole, to be filled in and given back as it came: all checks of Open (size, damage, old formats,
// passwords) are made first, and every failure that lies in the file is an Invalid error in plain words. Its formats stay as they are.
// The caller closes it.
func OpenWorkbook(data []byte, l Limits) (f *excelize.File, x Extras, err error) {
	t := &Table{limits: l.withDefaults()}
	size := int64(len(data))
	switch {
	case len(bytes.TrimSpace(data[:min(len(data), 4096)])) == 0:
		return nil, x, errs.New(errs.Invalid, i18n.TabularEmpty)
	case bytes.HasPrefix(data, sigOLE):
		return nil, x, oleError(bytes.NewReader(data), size)
	case !bytes.HasPrefix(data, sigZip):
		if err := refuseOthers(data[:min(len(data), 4096)]); err != nil {
			return nil, x, err
		}
		return nil, x, errs.New(errs.Invalid, i18n.TabularNotAWorkbook)
	}
	z, err := zip.NewReader(bytes.NewReader(data), size)
	if err != nil {
		return nil, x, errs.New(errs.Invalid, i18n.TabularHalf).Because(err)
	}
	if err := workbookParts(z); err != nil {
		return nil, x, err
	}
	if err := t.checkParts(z); err != nil {
		return nil, x, err
	}
	for _, p := range z.File {
		name := strings.ToLower(strings.ReplaceAll(p.Name, "\\", "/"))
		x.Macros = x.Macros || strings.HasSuffix(name, "vbaproject.bin") || strings.HasPrefix(name, "xl/macrosheets/")
		x.ExternalLinks = x.ExternalLinks || strings.HasPrefix(name, "xl/externallinks/")
	}
	defer func() {
		if err != nil && f != nil {
			_ = f.Close() // the first error is the one to tell
			f = nil
		}
	}()
	defer damaged(&err, 0)
	f, err = excelize.OpenReader(io.NewSectionReader(bytes.NewReader(data), 0, size),
		excelize.Options{UnzipSizeLimit: t.limits.Bytes, UnzipXMLSizeLimit: min(t.limits.Bytes, 16<<20)})
	if err != nil {
		return nil, x, errs.New(errs.Invalid, i18n.TabularBrokenFile).Because(err)
	}
	return f, x, nil
}

// Guard runs fn on a workbook and turns a panic of the workbook's reader into an Invalid error: files come from anywhere.
func Guard(fn func() error) (err error) {
	defer damaged(&err, 0)
	return fn()
}
