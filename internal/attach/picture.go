package attach

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"linli/internal/i18n"
)

// SmallEdge is the longer side of the small picture that pages show.
const SmallEdge = 480

// quality of the pictures that are kept.
const quality = 84

// picture is a picture written anew.
type picture struct {
	full, small   []byte
	width, height int
}

// remake decodes a picture, turns it upright and writes it anew with neither side longer than edge. Its size is read, and judged, before it is
// decoded.
func remake(content []byte, t Type, edge int) (picture, error) {
	h := header{orientation: 1}
	if t == JPEG {
		h = readHeader(content)
	}
	if err := bearable(content, t, h); err != nil {
		return picture{}, err
	}
	src, err := decode(content, t)
	if err != nil {
		return picture{}, refuse(i18n.AttachBrokenPicture).Because(err)
	}
	full := upright(shrink(src, edge), h.orientation)
	out := picture{width: full.Bounds().Dx(), height: full.Bounds().Dy()}
	if out.full, err = write(full); err != nil {
		return picture{}, err
	}
	out.small, err = write(shrink(full, SmallEdge))
	return out, err
}

// bearable refuses a picture whose decoding would take too much memory, from its head alone.
func bearable(content []byte, t Type, h header) error {
	var c image.Config
	var err error
	if t == JPEG {
		c, err = jpeg.DecodeConfig(bytes.NewReader(content))
	} else {
		c, err = png.DecodeConfig(bytes.NewReader(content))
	}
	if err != nil {
		return refuse(i18n.AttachBrokenPicture).Because(err)
	}
	pixels := int64(c.Width) * int64(c.Height)
	if c.Width < 1 || c.Height < 1 || c.Width > maxSide || c.Height > maxSide || pixels > MaxPixels || pixels*perPixel(c.ColorModel, h) > maxMemory {
		return refuse(i18n.AttachTooManyPixels, c.Width, c.Height)
	}
	return nil
}

// perPixel is how many bytes one pixel takes while it is decoded, at most: progressive pictures keep four bytes of coefficients for each
// sample besides.
func perPixel(m color.Model, h header) int64 {
	switch m {
	case color.GrayModel:
		if h.progressive {
			return 5
		}
		return 1
	case color.Gray16Model:
		return 2
	case color.YCbCrModel:
		if h.progressive {
			return 15
		}
		return 3
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.CMYKModel:
		if h.progressive {
			return 28
		}
		return 8
	}
	return 4
}

func decode(content []byte, t Type) (image.Image, error) {
	if t == JPEG {
		return jpeg.Decode(bytes.NewReader(content))
	}
	return png.Decode(bytes.NewReader(content))
}

func write(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

// shrink gives a picture on white of which neither side is longer than edge, each point the mean of the area that it covers. A smaller picture
// keeps its size.
func shrink(src image.Image, edge int) *image.RGBA {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > edge {
		w, h = max(1, w*edge/long), max(1, h*edge/long)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	row, sum := make([]float32, 3*w), make([]float32, 3*w)
	pixel := reader(src)
	fx, fy := float64(b.Dx())/float64(w), float64(b.Dy())/float64(h)
	line := -1 // source line that row holds
	for y := range h {
		clear(sum)
		each(float64(y)*fy, float64(y+1)*fy, b.Dy(), func(sy int, weight float32) {
			if sy != line {
				squeeze(row, fx, b, sy, pixel)
				line = sy
			}
			for i, v := range row {
				sum[i] += v * weight
			}
		})
		area := float32(fx * fy)
		for x := range w {
			o := dst.PixOffset(x, y)
			for c := range 3 {
				dst.Pix[o+c] = uint8(min(255, sum[3*x+c]/area+0.5))
			}
			dst.Pix[o+3] = 255
		}
	}
	return dst
}

// squeeze sums the points of one source line into those of a target line.
func squeeze(row []float32, fx float64, b image.Rectangle, sy int, pixel func(x, y int) (r, g, b float32)) {
	clear(row)
	for x := 0; 3*x < len(row); x++ {
		each(float64(x)*fx, float64(x+1)*fx, b.Dx(), func(sx int, weight float32) {
			r, g, bl := pixel(b.Min.X+sx, b.Min.Y+sy)
			row[3*x] += r * weight
			row[3*x+1] += g * weight
			row[3*x+2] += bl * weight
		})
	}
}

// each calls fn for the whole points that lie between from and to, with how much of each does.
func each(from, to float64, n int, fn func(at int, weight float32)) {
	for at := int(from); at < n && float64(at) < to; at++ {
		if weight := min(to, float64(at+1)) - max(from, float64(at)); weight > 1e-6 {
			fn(at, float32(weight))
		}
	}
}

// reader reads points as red, green and blue, with what is transparent on white.
func reader(src image.Image) func(x, y int) (r, g, b float32) {
	if m, ok := src.(*image.YCbCr); ok {
		return func(x, y int) (float32, float32, float32) {
			c := m.COffset(x, y)
			r, g, b := color.YCbCrToRGB(m.Y[m.YOffset(x, y)], m.Cb[c], m.Cr[c])
			return float32(r), float32(g), float32(b)
		}
	}
	if m, ok := src.(*image.RGBA); ok && m.Opaque() {
		return func(x, y int) (float32, float32, float32) {
			p := m.Pix[m.PixOffset(x, y):]
			return float32(p[0]), float32(p[1]), float32(p[2])
		}
	}
	return func(x, y int) (float32, float32, float32) {
		r, g, b, a := src.At(x, y).RGBA()
		white := 0xffff - a
		return float32(r+white) / 257, float32(g+white) / 257, float32(b+white) / 257
	}
}

// upright turns and mirrors a picture as its EXIF orientation says.
func upright(src *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	dw, dh := w, h
	if orientation >= 5 {
		dw, dh = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for y := range dh {
		for x := range dw {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[src.PixOffset(sx, sy):][:4])
		}
	}
	return dst
}
