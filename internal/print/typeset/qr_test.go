package typeset

import (
	"bytes"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// TestCodesAreReadByAnother has a reader written by others read what papers and pages show.
func TestCodesAreReadByAnother(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	const letters = "ABCDEFGHJKMNPQRSTUVWXYZ0123456789-"
	for n := range 300 {
		text := "https://linli.example.gov.cn/p/case?c="
		for range n % 60 {
			text += string(letters[random.IntN(len(letters))])
		}
		packed, err := qrImage(text)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		bits, err := gozxing.NewBinaryBitmapFromImage(picture)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true}); err != nil || got.GetText() != text {
			t.Errorf("%s is read as %v, %v", text, got, err)
		}
	}
}
