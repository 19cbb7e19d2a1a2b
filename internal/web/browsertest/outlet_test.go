//go:build browser

package browsertest

import (
	"strings"
	"testing"
	"time"

	"linli/internal/i18n"
)

// The service directory: a worker enters an outlet, what is wrong is said beside its field, residents find it by word and by element, and it is ended and brought back.
func TestTheServiceDirectory(t *testing.T) {
	together(t)
	n := install(t, beijing(time.August, 20, 9, 0)) // a Thursday
	for _, view := range []Viewport{Desktop, Phone} {
		desk, public := openAt(t, n.url, view), openAt(t, n.url, view)
		desk.LoginWith("shuji", newcomerPassword)
		name := "社区食堂" + view.Name
		desk.Visit("/outlets")
		if view == Desktop {
			desk.WaitText(zh(i18n.OutletEmpty))
		}
		desk.Visit("/outlets/new")
		desk.Fill(zh(i18n.OutletName), name)
		desk.Choose(zh(i18n.OutletElement), zh(i18n.OutletEat))
		desk.Fill(zh(i18n.OutletAddress), "民主路 1 号")
		desk.Fill(zh(i18n.OutletPhone), "找老王")
		desk.Fill(zh(i18n.OutletWeekdays), "06:30-19:00")
		desk.Check("outlet-new")
		desk.Expect(422)
		desk.ClickIn("main form .form-acts", zh(i18n.OutletNew))
		desk.WaitText(zh(i18n.OutletBadPhone))
		desk.Fill(zh(i18n.OutletPhone), "822-1234")
		desk.ClickIn("main form .form-acts", zh(i18n.OutletNew))
		desk.WaitText(zh(i18n.OutletAdded, name))
		desk.Check("outlet")
		page := desk.Path()
		desk.Visit("/outlets")
		desk.Check("outlets")

		public.Visit("/p/outlets")
		public.Check("public")
		public.Click(zh(i18n.OutletEat))
		public.WaitText(name)
		public.WaitText(zh(i18n.OutletOpenNow))
		public.Check("public-eat")
		public.Visit("/p/outlets?q=%E9%A3%9F%E5%A0%82" + view.Name + "&open=1")
		if !strings.Contains(public.Text("main"), "822-1234") {
			t.Error("a word does not find it, or its number is not shown")
		}
		desk.Visit(page)
		desk.Click(zh(i18n.OutletStill))
		desk.WaitText(zh(i18n.OutletStillDone))
		desk.Click(zh(i18n.OutletEnd))
		desk.ClickIn("dialog[open]", zh(i18n.OutletEnd))
		desk.WaitText(zh(i18n.OutletEndDone))
		public.Visit("/p/outlets?q=" + view.Name)
		public.WaitText(zh(i18n.OutletPublicNone))
		desk.Click(zh(i18n.OutletReopen))
		desk.WaitText(zh(i18n.OutletReopened))
		desk.reportFaults()
		public.reportFaults()
	}
}
