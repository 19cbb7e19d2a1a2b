//go:build browser

package browsertest

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/venue"
)

// The secretary opens a hall; a resident finds a free time on the phone, books it without an account and follows it; a second one is told what is free next; the secretary confirms; the
// resident checks in at the door and rates with one press; the numbers of the month open to the booking.
func TestAPlaceFromTheOpeningToTheRating(t *testing.T) {
	together(t)
	n, ctx := install(t, beijing(time.November, 20, 9, 0)), context.Background() // a Friday
	open := func(view Viewport, login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		if login != "" {
			p.LoginWith(login, newcomerPassword)
		}
		return p
	}

	keeper := open(Desktop, "shuji")
	keeper.Visit("/venues")
	keeper.WaitText(zh(i18n.VenueEmpty))
	keeper.Check("venues-empty")
	keeper.Visit("/venues/new")
	keeper.Fill(zh(i18n.VenueName), "先锋多功能厅")
	keeper.must("kind and owner", script(`(() => { document.querySelector('select[name=kind]').value = 'hall'; const o = document.querySelector('select[name=org]'); if (o) o.value = '`+n.community.String()+`'; return 'x' })()`, new(string)))
	keeper.Fill(zh(i18n.VenueAddress), "先锋路 1 号二楼")
	keeper.Fill(zh(i18n.VenueCapacity), "60")
	keeper.Fill(zh(i18n.VenueContact), "服务台 88880000")
	keeper.Fill(zh(i18n.VenueFacilities), "投影、音响、空调")
	keeper.Fill(zh(i18n.VenueRules), "用完关灯关空调，桌椅放回原处。")
	keeper.Fill(zh(i18n.Monday), "25:00-26:00")
	keeper.Tick(zh(i18n.VenueApproves), true)
	refused(keeper, "main form .form-acts", zh(i18n.PartialSave), zh(i18n.TechnicianBadHours))
	keeper.Fill(zh(i18n.Monday), "08:30-12:00 14:00-20:00")
	keeper.Check("venue-form")
	keeper.ClickIn("main form .form-acts", zh(i18n.PartialSave))
	keeper.WaitText(zh(i18n.VenueSaved))
	keeper.Check("venue-new")
	place, err := id.Parse(strings.TrimPrefix(keeper.Path(), "/venues/"))
	if err != nil {
		t.Fatal(keeper.Path(), err)
	}

	resident := open(Phone, "")
	resident.Visit("/p")
	resident.ClickOn(`.tile[href^="/p/venues"]`)
	resident.WaitText("先锋多功能厅")
	resident.Check("places")
	resident.Visit("/p/venues?free=2026-11-21") // a Saturday, on which it is closed
	resident.WaitText(zh(i18n.VenueNone))
	resident.Visit("/p/venues?free=2026-11-23")
	resident.Click(zh(i18n.VenueLook))
	resident.WaitText(zh(i18n.VenueGridHelp))
	resident.Check("place-week")
	resident.ClickOn(`a.slot-free`)
	resident.WaitText(zh(i18n.VenueMissedRule, 2))
	resident.Fill(zh(i18n.VenueHowMany), "61")
	resident.Fill(zh(i18n.VenueNameField), "吕女士")
	resident.Fill(zh(i18n.VenuePhoneField), "138 0013 8000")
	resident.Fill(zh(i18n.VenueWhatFor), "合唱队排练")
	refused(resident, "form.panel", zh(i18n.VenueSend), zh(i18n.VenueAgreeNeed))
	resident.Tick(zh(i18n.VenueAgreeText), true)
	refused(resident, "form.panel", zh(i18n.VenueSend), zh(i18n.VenueTooMany, 60))
	resident.Fill(zh(i18n.VenueHowMany), "20")
	resident.Check("place-book")
	starts := resident.Value(zh(i18n.VenueStarts))
	resident.Click(zh(i18n.VenueSend))
	resident.WaitText(zh(i18n.VenueReceiptAsk))
	resident.Check("place-receipt")
	code := resident.Text("#code")

	second := open(Phone, "")
	second.Visit("/p/venues/" + place.String() + "/book")
	second.Fill(zh(i18n.VenueStarts), starts)
	second.Fill(zh(i18n.VenueHowMany), "5")
	second.Fill(zh(i18n.VenueNameField), "何先生")
	second.Fill(zh(i18n.VenuePhoneField), "13800138001")
	second.Tick(zh(i18n.VenueAgreeText), true)
	from, err := time.ParseInLocation("2006-01-02T15:04", starts, i18n.Zone)
	if err != nil {
		t.Fatal(err)
	}
	refused(second, "form.panel", zh(i18n.VenueSend), zh(i18n.VenueTaken, i18n.DateTime(from.Add(time.Hour))))
	second.Check("place-taken")

	keeper.Visit("/")
	keeper.WaitText(zh(i18n.VenueWaitAsk, 1))
	keeper.Visit("/bookings?wait=" + venue.WaitAsk)
	keeper.WaitText(zh(i18n.VenueResident))
	keeper.Check("bookings")
	keeper.ClickRow(zh(i18n.VenueResident), starts[:10])
	keeper.WaitText("合唱队排练")
	if keeper.HasText("吕女士") {
		t.Error("who booked stands open on the page")
	}
	keeper.Check("booking")
	keeper.Click(zh(i18n.VenueAgree))
	keeper.WaitText(zh(i18n.VenueAgreed))
	keeper.must("a purpose", script(`(() => { const s = document.querySelector('select[name=purpose]'); s.value = 'contact'; return s.value })()`, new(string)))
	keeper.Click(zh(i18n.VenueReveal))
	keeper.WaitText("吕女士")
	keeper.Check("booking-who")
	keeper.Visit("/venues/" + place.String() + "?on=2026-11-23")
	keeper.WaitText(zh(i18n.VenueResident))
	keeper.Check("venue-week")
	keeper.Visit("/venues/" + place.String() + "?view=month&on=2026-11-23")
	keeper.Check("venue-month")
	keeper.Visit("/venues/" + place.String() + "/sheet?on=2026-11-23")
	keeper.WaitText(zh(i18n.VenueSheetScan))
	keeper.Check("venue-sheet")

	n.clock.To(from.Add(-10 * time.Minute))
	door, err := n.Venue.Door(ctx, n.system, place)
	if err != nil {
		t.Fatal(err)
	}
	resident.Visit("/p/venues/door?k=" + url.QueryEscape(door))
	resident.WaitText("先锋多功能厅")
	resident.Fill(zh(i18n.VenueCode), "320902-ABCDEFGHJKLM")
	refused(resident, "form.panel", zh(i18n.VenueCheckIn), zh(i18n.VenueDoorWrong))
	resident.Fill(zh(i18n.VenueCode), code)
	resident.Check("door")
	resident.Click(zh(i18n.VenueCheckIn))
	resident.WaitText(zh(i18n.VenueDoorDone))
	resident.Visit("/p/case")
	resident.Fill(zh(i18n.CasePublicCode), code)
	resident.ClickOn("main form button[type=submit]")
	resident.WaitText(zh(i18n.VenueSayIn))
	resident.Check("place-follow")
	if !resident.HasText(zh(i18n.VenueActLook)) {
		t.Error("who booked does not read that somebody looked")
	}
	resident.Click(zh(i18n.VenueStarN, "5"))
	resident.WaitText(zh(i18n.VenueRated))

	keeper.LoginWith("shuji", newcomerPassword) // days have passed
	keeper.Visit("/venues/figures?month=2026-11")
	keeper.WaitText("先锋多功能厅")
	keeper.Check("venue-figures")
	keeper.Resize(Phone)
	keeper.Visit("/venues/" + place.String() + "?on=2026-11-23")
	keeper.Check("venue-phone")
}
