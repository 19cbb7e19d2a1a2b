package attach

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Type is the type of a file, found in its content.
type Type string

// The types that are taken.
const (
	JPEG Type = "image/jpeg"
	PNG  Type = "image/png"
	PDF  Type = "application/pdf"
)

// IsPicture says whether files of the type are shown as pictures. Whatever picture came in, it is kept as a JPEG.
func (t Type) IsPicture() bool { return t == JPEG || t == PNG }

// Extension is what the name of a file of the type ends in.
func (t Type) Extension() string {
	switch t {
	case PNG:
		return ".png"
	case PDF:
		return ".pdf"
	}
	return ".jpg"
}

// Kinds says what an owner takes.
type Kinds uint8

// What can be taken.
const (
	Pictures Kinds = 1 << iota
	Documents
)

// Accept is the list of types for the field of a form. Phones turn their own formats into JPEG where it is asked for by name.
func (k Kinds) Accept() string {
	var list []string
	if k&Pictures != 0 {
		list = append(list, string(JPEG), string(PNG))
	}
	if k&Documents != 0 {
		list = append(list, string(PDF))
	}
	return strings.Join(list, ",")
}

// Hard bounds, whatever a district sets.
const (
	MaxMegabytes = 30         // of one file
	MaxPixels    = 50_000_000 // of one picture
	maxSide      = 30_000     // of one picture, in either direction
	maxMemory    = 200 << 20  // that decoding one picture may take
)

// sniff names the type of content, or gives why it cannot be taken.
func sniff(content []byte, k Kinds) (Type, error) {
	var t Type
	switch {
	case len(content) == 0:
		return "", refuse(i18n.AttachEmpty)
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		t = JPEG
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		t = PNG
	case bytes.HasPrefix(content, []byte("%PDF-")):
		t = PDF
	default:
		return "", refuse(other(content))
	}
	switch {
	case t.IsPicture() && k&Pictures == 0:
		return "", refuse(i18n.AttachOnlyDocuments)
	case t == PDF && k&Documents == 0:
		return "", refuse(i18n.AttachOnlyPictures)
	}
	return t, nil
}

// other says of content that is not taken what it seems to be and what to do.
func other(content []byte) i18n.Text {
	head := content[:min(len(content), 1024)]
	brand := func(names ...string) bool {
		if len(head) < 12 || string(head[4:8]) != "ftyp" {
			return false
		}
		for _, n := range names {
			if string(head[8:12]) == n {
				return true
			}
		}
		return false
	}
	text := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n"))
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(text, p) {
				return true
			}
		}
		return false
	}
	switch {
	case brand("heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif"):
		return i18n.AttachHEIC
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return i18n.AttachVideo
	case bytes.HasPrefix(head, []byte("RIFF")) && bytes.Contains(head, []byte("WEBP")), bytes.HasPrefix(head, []byte("GIF8")), bytes.HasPrefix(head, []byte("BM")),
		bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return i18n.AttachOtherPicture
	case has("<svg"):
		return i18n.AttachSVG
	case has("<!doctype", "<html", "<script", "<?xml"):
		return i18n.AttachHTML
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return i18n.AttachOffice
	}
	return i18n.AttachUnknown
}

// refuse is the fault of a file; forms name the field "file".
func refuse(t i18n.Text, args ...any) *errs.Error { return errs.Field("file", t, args...) }

// tidy makes a text that people gave fit for one line.
func tidy(s string, limit int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool { return r < ' ' || r == 0x7f || r == ' ' || r == '\u202e' }), " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit])
}

// checkPDF refuses what only begins like a document.
func checkPDF(content []byte) error {
	if len(content) < 64 || !bytes.Contains(content[max(0, len(content)-2048):], []byte("%%EOF")) {
		return refuse(i18n.AttachBrokenPDF)
	}
	return nil
}
