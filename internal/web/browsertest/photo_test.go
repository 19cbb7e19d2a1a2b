//go:build browser

package browsertest

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"linli/internal/i18n"
)

// scene draws a picture to hand in.
func scene(t *testing.T) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for y := range 1200 {
		for x := range 1600 {
			m.Set(x, y, color.RGBA{uint8(x / 8), uint8(y / 6), 160, 255})
		}
	}
	name := filepath.Join(t.TempDir(), "IMG_2026.jpg")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := jpeg.Encode(f, m, nil); err != nil {
		t.Fatal(err)
	}
	return name
}

// Photographs: added, seen by members, refused where they are none, and removed after a question. Nothing else on the page changes.
func TestPhotosOfAnActivity(t *testing.T) {
	inTurn(t)
	Everywhere(t, func(t *testing.T, p *Page) {
		p.Login("secretary")
		for n := 1; ; n++ { // the first that is the secretary's own: the list has those of neighbours too, and which comes first depends on the hour
			p.Visit("/activities?state=closed")
			p.ClickOn(fmt.Sprintf("tbody tr:nth-child(%d) .row-link", n))
			p.until("the page of an activity", func() string { return unless(strings.HasPrefix(p.Path(), "/activities/"), p.Path()) })
			if p.HasText(zh(i18n.PhotoAdd)) {
				break
			}
		}
		address := p.Path()
		before := p.Texts(".stat-value")
		p.WaitText("照片可传可不传")
		p.Check("activity-no-photos")

		p.Click(zh(i18n.PhotoAdd))
		notes := filepath.Join(t.TempDir(), "photo.jpg")
		if err := os.WriteFile(notes, []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), 0o600); err != nil {
			t.Fatal(err)
		}
		p.Expect(422)
		p.Upload(zh(i18n.PhotoFile), notes)
		p.ClickIn("#photos form", zh(i18n.PhotoAdd))
		p.WaitText("不收 SVG")
		p.Check("activity-photo-refused")

		p.Upload(zh(i18n.PhotoFile), scene(t))
		p.Fill(zh(i18n.PhotoAlt), "志愿者在楼道里合影")
		p.ClickIn("#photos form", zh(i18n.PhotoAdd))
		p.WaitText("已添加 1 张照片")
		p.until("the small picture", func() string {
			var wide int
			p.must("its width", script(`document.querySelector('.pictures img').naturalWidth`, &wide))
			return unless(wide == 480, "it is not there yet")
		})
		p.Check("activity-photo")
		if after := p.Texts(".stat-value"); strings.Join(after, "|") != strings.Join(before, "|") {
			t.Errorf("the figures read %v after a photograph, %v before", after, before)
		}
		if alt := p.Attribute(".pictures img", "alt"); alt != "志愿者在楼道里合影" {
			t.Errorf("the picture says %q to who does not see it", alt)
		}
		var head string
		await := func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }
		p.must("asking for its head", chromedp.Evaluate(`fetch(document.querySelector('.pictures a').href).then(r =>
			['content-type', 'content-security-policy', 'x-content-type-options', 'cache-control'].map(h => r.headers.get(h)).join(' / '))`, &head, await))
		if want := "image/jpeg / default-src 'none'; sandbox; frame-ancestors 'none' / nosniff / private, no-cache"; head != want {
			t.Errorf("the picture comes with %q, want %q", head, want)
		}

		member := Open(t, p.view)
		member.Login("member")
		member.Visit("/m" + address)
		member.WaitText("志愿者在楼道里合影")
		member.Check("photo-member")

		p.Click(zh(i18n.PhotoRemove))
		p.WaitText("删除后不能恢复")
		p.Check("activity-photo-remove")
		p.ClickIn("dialog[open]", zh(i18n.PhotoRemove))
		p.WaitText(zh(i18n.PhotoRemoved))
		p.WaitText(zh(i18n.PhotoNone))
	})
}
