package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// The mark of src/favicon.svg as lines in its square of 32, drawn as the icon of the installed app. It fills the square, so that a phone may cut it round, and the
// lines keep within the middle that every shape leaves whole.
var markLines = [][][2]float64{
	{{6, 25}, {6, 14}, {11, 9}, {16, 14}, {21, 9}, {26, 14}, {26, 25}},
	{{16, 14}, {16, 25}},
}

const (
	markWidth = 2.5
	markScale = 0.78
)

func drawIcon(size int) ([]byte, error) {
	m := image.NewRGBA(image.Rect(0, 0, size, size))
	unit := float64(size) / 32
	for y := range size {
		for x := range size {
			px, py := (float64(x)+0.5)/unit, (float64(y)+0.5)/unit
			px, py = (px-16)/markScale+16, (py-16)/markScale+17 // the drawing stands a little low in its square
			near := math.Inf(1)
			for _, line := range markLines {
				for i := 1; i < len(line); i++ {
					near = min(near, distance(px, py, line[i-1], line[i]))
				}
			}
			white := max(0, min(1, (markWidth/2-near)*markScale*unit+0.5))
			mix := func(ground uint8) uint8 { return uint8(math.Round(float64(ground)*(1-white) + 255*white)) }
			m.SetRGBA(x, y, color.RGBA{mix(0x9f), mix(0x1d), mix(0x20), 255})
		}
	}
	var out bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, m)
	return out.Bytes(), err
}

// distance is how far a point lies from a line between two others.
func distance(x, y float64, a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := max(0, min(1, ((x-a[0])*dx+(y-a[1])*dy)/(dx*dx+dy*dy)))
	return math.Hypot(x-a[0]-t*dx, y-a[1]-t*dy)
}
