//go:build browser

package browsertest

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/i18n"
	"linli/internal/testkit"
)

// TestARequestFromAboveIsAnsweredInOnePress registers what an office asks with its form; the community answers in one press and downloads what it
// handed in; the burden page shows what the office cost.
func TestARequestFromAboveIsAnsweredInOnePress(t *testing.T) {
	inTurn(t)
	d := testkit.Draw(t)
	d.List(testkit.RealForm{Title: "亭湖区文明办楼栋信息月报表", Header: []any{"序号", "楼栋名称", "所属网格"}, HeaderDepth: 1, Columns: 3}, 0)
	var photo bytes.Buffer // the file is larger than a form without one may be
	noise := image.NewNRGBA(image.Rect(0, 0, 700, 700))
	rand.NewChaCha8([32]byte{}).Read(noise.Pix)
	if err := errors.Join(png.Encode(&photo, noise), d.File.AddPictureFromBytes(d.File.GetSheetName(0), "H1", &excelize.Picture{Extension: ".png", File: photo.Bytes()})); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "楼栋.xlsx")
	if err := d.File.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	const office, title = "区精神文明建设办公室", "楼栋信息月报表（测试）"
	street := Open(t, Desktop)
	street.Login("street")
	street.Visit("/requests")
	street.Check("requests")
	street.Click(zh(i18n.RequestNew))
	street.WaitText(zh(i18n.RequestOrFacts))
	street.Check("request-drop")
	street.Upload(zh(i18n.RequestFormFile), file)
	street.Click(zh(i18n.RequestRead))
	street.WaitText(zh(i18n.RequestHave)) // read, and known what of it is held
	street.Check("request-new")
	street.Fill(zh(i18n.RequestName), title)
	street.Fill(zh(i18n.RequestOffice), office)
	street.Choose(zh(i18n.RequestEvery), "month")
	street.Click(zh(i18n.RequestSave))
	street.WaitText(zh(i18n.RequestSaved, title))
	street.WaitText(zh(i18n.RequestNoGround)) // none was stated
	street.WaitText(zh(i18n.RequestOwnEnd))   // nor an end
	street.Check("request")
	request := street.Path()

	for _, view := range []Viewport{Desktop, Phone} {
		community := Open(t, view)
		community.Login("secretary")
		community.Visit("/requests?q=" + "楼栋信息月报表")
		community.WaitText(title)
		community.Check("requests-community")
		community.Visit(request)
		community.WaitText(zh(i18n.RequestHave))
		if view == Desktop {
			community.WaitText(zh(i18n.RequestHaveAll))
			community.Check("request-waits")
			community.Click(zh(i18n.RequestAct))
			community.WaitText("（100%）")
		}
		community.Check("request-answered")
		if view == Desktop {
			var href string
			community.must("the file", script(`document.querySelector('a[href^="/requests/answers/"]').getAttribute('href')`, &href))
			got := community.Fetch(href)
			f, err := excelize.OpenReader(bytes.NewReader(got.Body))
			if got.Status != http.StatusOK || err != nil {
				t.Fatalf("the file: %d, %v", got.Status, err)
			}
			rows, err := f.GetRows(f.GetSheetName(0))
			if err != nil || len(rows) < 4 || rows[len(rows)-1][1] == "" {
				t.Errorf("the file says %v, %v", rows, err)
			}
			f.Close()
		}
		community.Visit("/requests/answers")
		community.WaitText(title)
		community.Check("request-answers")
	}
	for _, view := range []Viewport{Desktop, Phone} {
		p := Open(t, view)
		p.Login("street")
		p.Visit("/burden")
		p.WaitText(zh(i18n.RequestBurden))
		p.WaitText(office)
		p.Check("burden-requests")
		if view == Desktop {
			p.Visit(request + "/edit")
			p.Check("request-edit")
			p.Visit("/requests/new?subject=person")
			p.Check("request-facts")
			p.Visit(request)
			p.Tick(zh(i18n.RequestEndAct), true)
			p.Fill(zh(i18n.RequestReason), "改为系统对接")
			p.Click(zh(i18n.RequestStop))
			p.WaitText(zh(i18n.RequestDone))
			p.WaitText("改为系统对接")
			p.Check("request-ended")
			if !strings.Contains(p.Path(), request) {
				t.Errorf("left at %s", p.Path())
			}
		}
	}
}
