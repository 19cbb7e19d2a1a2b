package attach

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/seal"
)

var limits = Limits{Bytes: 1 << 20, Edge: 100, Files: 3}

// quartered is a picture with a colour of its own in each quarter: red and green above, blue and white below.
func quartered(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{A: 255}
			switch {
			case x < w/2 && y < h/2:
				c.R = 255
			case y < h/2:
				c.G = 255
			case x < w/2:
				c.B = 255
			default:
				c.R, c.G, c.B = 255, 255, 255
			}
			m.Set(x, y, c)
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withEXIF puts an EXIF head with an orientation and a place into a JPEG file.
func withEXIF(b []byte, orientation uint16, order binary.AppendByteOrder) []byte {
	body := []byte("Exif\x00\x00II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		body = []byte("Exif\x00\x00MM\x00*")
	}
	body = order.AppendUint32(body, 8)
	body = order.AppendUint16(body, 2)
	body = append(order.AppendUint32(order.AppendUint16(order.AppendUint16(body, 0x010f), 2), 4), "abc\x00"...)
	body = order.AppendUint16(order.AppendUint16(order.AppendUint32(order.AppendUint16(order.AppendUint16(body, 0x0112), 3), 1), orientation), 0)
	body = append(body, "GPS 33.3477N 120.1615E"...)
	out := append([]byte{}, b[:2]...)
	out = append(binary.BigEndian.AppendUint16(append(out, 0xff, 0xe1), uint16(len(body)+2)), body...)
	return append(out, b[2:]...)
}

func check(t *testing.T, content []byte, k Kinds) (Checked, error) {
	t.Helper()
	return NewStore(seal.Ephemeral()).Check(context.Background(), New{Name: "IMG 1.heic", Content: content}, k, limits)
}

// at names the colour of a point.
func at(m image.Image, x, y int) string {
	r, g, b, _ := m.At(x, y).RGBA()
	name := ""
	for i, v := range []uint32{r, g, b} {
		if v > 0xa000 {
			name += string("rgb"[i])
		}
	}
	return name
}

func TestPicturesAreTurnedUprightAndLoseEverythingElse(t *testing.T) {
	// What stands in the corners, from the top left, clockwise, when the camera wrote r g / b rgb with each orientation.
	want := map[uint16]string{1: "r g rgb b", 2: "g r b rgb", 3: "rgb b r g", 4: "b rgb g r", 5: "r b rgb g", 6: "b r g rgb", 7: "rgb g r b", 8: "g rgb b r"}
	for o, corners := range want {
		order := binary.AppendByteOrder(binary.LittleEndian)
		if o%2 == 0 {
			order = binary.BigEndian
		}
		in := withEXIF(asJPEG(t, quartered(400, 200)), o, order)
		c, err := check(t, in, Pictures)
		if err != nil {
			t.Fatalf("orientation %d: %v", o, err)
		}
		if c.typ != JPEG || c.name != "IMG 1.jpg" {
			t.Errorf("orientation %d: kept as %s %q", o, c.typ, c.name)
		}
		for _, content := range [][]byte{c.content, c.small} {
			if bytes.Contains(content, []byte("Exif")) || bytes.Contains(content, []byte("GPS")) {
				t.Errorf("orientation %d: the place is still in the file", o)
			}
			m, err := jpeg.Decode(bytes.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			w, h := m.Bounds().Dx(), m.Bounds().Dy()
			if (o >= 5) != (h > w) || max(w, h) != 100 {
				t.Errorf("orientation %d: %d×%d, want the longer side 100 and upright", o, w, h)
			}
			got := strings.Join([]string{at(m, 5, 5), at(m, w-6, 5), at(m, w-6, h-6), at(m, 5, h-6)}, " ")
			if got != corners {
				t.Errorf("orientation %d: corners %s, want %s", o, got, corners)
			}
		}
	}
}

func TestSmallPicturesKeepTheirSizeAndTransparentOnesStandOnWhite(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	m.Set(0, 0, color.NRGBA{R: 255, A: 255})
	c, err := check(t, asPNG(t, m), Pictures)
	if err != nil {
		t.Fatal(err)
	}
	got, err := jpeg.Decode(bytes.NewReader(c.content))
	if err != nil || c.width != 40 || c.height != 20 || got.Bounds().Dx() != 40 {
		t.Fatalf("kept as %d×%d, %v", c.width, c.height, err)
	}
	if at(got, 30, 10) != "rgb" {
		t.Errorf("what was transparent is %s, want white", at(got, 30, 10))
	}
}

// The mean of the area: a fine chequered pattern becomes grey and not black or white.
func TestShrinkingTakesTheMean(t *testing.T) {
	for _, w := range []int{200, 333, 150} {
		m := image.NewGray(image.Rect(0, 0, w, w))
		for y := range w {
			for x := range w {
				m.SetGray(x, y, color.Gray{Y: uint8(255 * ((x + y) % 2))})
			}
		}
		got := shrink(m, 20)
		for _, p := range []image.Point{{0, 0}, {10, 7}, {19, 19}} {
			if v := got.RGBAAt(p.X, p.Y).R; v < 115 || v > 140 {
				t.Errorf("%d to 20: point %v is %d, want about 127", w, p, v)
			}
		}
	}
}

// bomb is the head of a picture that claims to be huge.
func bomb(w, h uint32, depth, kind byte) []byte {
	body := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), w), h)
	body = append(body, depth, kind, 0, 0, 0)
	b := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	return binary.BigEndian.AppendUint32(append(b, body...), crc32.ChecksumIEEE(body))
}

// progressive is the head of a progressive JPEG of that size.
func progressive(w, h uint16) []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xc2, 0, 17, 8}
	b = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, h), w)
	return append(b, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xff, 0xda, 0, 12)
}

func TestFilesAreJudgedByTheirContent(t *testing.T) {
	pdf := []byte("%PDF-1.7\n" + strings.Repeat("1 0 obj <<>> endobj\n", 8) + "%%EOF\n")
	good := asJPEG(t, quartered(40, 20))
	both := Pictures | Documents
	for name, c := range map[string]struct {
		content []byte
		kinds   Kinds
		says    i18n.Text // zero: it is taken
	}{
		"a picture":                      {good, both, i18n.Text{}},
		"a document":                     {pdf, both, i18n.Text{}},
		"a document where pictures go":   {pdf, Pictures, i18n.AttachOnlyPictures},
		"a picture where documents go":   {good, Documents, i18n.AttachOnlyDocuments},
		"nothing":                        {nil, both, i18n.AttachEmpty},
		"larger than allowed":            {append(bytes.Clone(good), make([]byte, 1<<20)...), both, i18n.AttachTooLarge},
		"a drawing with programs":        {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), both, i18n.AttachSVG},
		"a drawing without declaration":  {[]byte("\ufeff\n  <svg onload=alert(1)>"), both, i18n.AttachSVG},
		"a page":                         {[]byte("<!DOCTYPE html><html><script>alert(1)</script>"), both, i18n.AttachHTML},
		"a page without declaration":     {[]byte("<script>alert(1)</script>"), both, i18n.AttachHTML},
		"a photograph of an iPhone":      {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), both, i18n.AttachHEIC},
		"a film":                         {[]byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp41"), both, i18n.AttachVideo},
		"a moving picture":               {[]byte("GIF89a\x01\x00\x01\x00"), both, i18n.AttachOtherPicture},
		"WebP":                           {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), both, i18n.AttachOtherPicture},
		"a workbook":                     {[]byte("PK\x03\x04\x14\x00"), both, i18n.AttachOffice},
		"a program":                      {[]byte("MZ\x90\x00\x03"), both, i18n.AttachUnknown},
		"a picture that is cut off":      {good[:len(good)/2], both, i18n.AttachBrokenPicture},
		"only the beginning of one":      {[]byte("\xff\xd8\xff\xe0"), both, i18n.AttachBrokenPicture},
		"a document that is cut off":     {pdf[:60], both, i18n.AttachBrokenPDF},
		"too many points":                {bomb(20_000, 20_000, 8, 2), both, i18n.AttachTooManyPixels},
		"one very long side":             {bomb(40_000, 1, 8, 0), both, i18n.AttachTooManyPixels},
		"deep colour takes more memory":  {bomb(6_000, 6_000, 16, 6), both, i18n.AttachTooManyPixels},
		"progressive takes more memory":  {progressive(6_000, 6_000), both, i18n.AttachTooManyPixels},
		"a page that begins like a PDF":  {[]byte("%PDF-<script>alert(1)</script>" + strings.Repeat(" ", 80)), both, i18n.AttachBrokenPDF},
		"a page behind a picture's head": {[]byte("\x89PNG\r\n\x1a\n<script>alert(1)</script>"), both, i18n.AttachBrokenPicture},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := check(t, c.content, c.kinds)
			if c.says.IsZero() {
				if err != nil {
					t.Fatalf("Check = %v, want it taken", err)
				}
				if len(got.content) == 0 {
					t.Error("nothing was kept")
				}
				return
			}
			e := errs.As(err)
			if e == nil || e.Fields["file"].Text != c.says {
				t.Errorf("Check = %v, want %q", err, c.says.In(i18n.EN))
			}
		})
	}
}

func TestNamesAreMadeSafe(t *testing.T) {
	for in, want := range map[string]string{
		`C:\Users\a\活动.JPG`: "活动.jpg", "../../etc/passwd": "passwd.jpg", "": "file.jpg", ".jpg": "jpg.jpg", "a\r\nSet-Cookie: x.png": "a Set-Cookie: x.jpg",
		"photo\u202egpj.exe": "photo gpj.jpg", "...": "file.jpg", strings.Repeat("长", 200) + ".png": strings.Repeat("长", 80) + ".jpg",
	} {
		if got := named(in, JPEG); got != want {
			t.Errorf("named(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzCheck: whatever is handed in is refused with a message, or kept as something that opens and tells nothing of where it was made.
func FuzzCheck(f *testing.F) {
	good := asJPEG(f, quartered(40, 20))
	f.Add(good)
	f.Add(withEXIF(good, 6, binary.LittleEndian))
	f.Add(withEXIF(good, 3, binary.BigEndian))
	f.Add(asPNG(f, quartered(16, 16)))
	f.Add(bomb(20_000, 20_000, 8, 2))
	f.Add(progressive(6_000, 6_000))
	f.Add([]byte("%PDF-1.7 ... %%EOF"))
	f.Add([]byte("<svg/>"))
	s := NewStore(seal.Ephemeral())
	f.Fuzz(func(t *testing.T, content []byte) {
		c, err := s.Check(context.Background(), New{Name: "x", Content: content}, Pictures|Documents, limits)
		if err != nil {
			if e := errs.As(err); e == nil || len(e.Fields) == 0 {
				t.Fatalf("refused without a message for people: %v", err)
			}
			return
		}
		if c.typ == PDF {
			return
		}
		m, err := jpeg.Decode(bytes.NewReader(c.content))
		if err != nil || max(m.Bounds().Dx(), m.Bounds().Dy()) > limits.Edge || bytes.Contains(c.content, []byte("Exif\x00")) {
			t.Fatalf("kept something else than a small plain picture: %v", err)
		}
	})
}
