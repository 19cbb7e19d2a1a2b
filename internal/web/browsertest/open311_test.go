//go:build browser

package browsertest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"linli/internal/casework"
	"linli/internal/i18n"
)

var tokenShown = regexp.MustCompile(`linli_\d{6}_[A-Za-z0-9_-]{43}`)

// The district opens a kind to other systems and closes it again; the account of a program makes its key, and with the key sends a case in.
func TestAKindIsOpenedAndASystemConnected(t *testing.T) {
	inTurn(t)
	program := Open(t, Desktop)
	program.Login("open311")
	program.Visit("/account")
	program.ClickOn("details summary.panel-head")
	program.Fill(zh(i18n.AccountTokenName), "随手拍")
	program.ClickIn("details form", zh(i18n.AccountTokenNew))
	program.WaitText("只显示这一次")
	page := ""
	program.must("the key", script(`document.documentElement.outerHTML`, &page))
	key := tokenShown.FindString(page)
	if key == "" {
		t.Fatal("the key is not shown")
	}

	desk := Open(t, Desktop)
	desk.Login("district")
	desk.Visit("/case-kinds")
	desk.WaitText(zh(i18n.GeoreportPublic))
	desk.Check("case-kinds-open311")
	desk.Visit("/case-kinds/event")
	desk.WaitText(zh(i18n.GeoreportOpeningHelp))
	desk.Check("case-kind-open311")
	desk.Resize(Phone)
	desk.Check("case-kind-open311-phone")
	desk.Resize(Desktop)
	choose := func(o string) {
		desk.Visit("/case-kinds/event")
		desk.ClickOn(`input[name=georeport][value=` + o + `]`)
		desk.ClickIn("main form", zh(i18n.PartialSave))
		desk.WaitText(zh(i18n.CaseKindSaved))
	}
	shown := func() (out []map[string]any) {
		got := desk.Fetch("/open311/v2/requests.json")
		if err := json.Unmarshal(got.Body, &out); err != nil || got.Status != http.StatusOK {
			t.Fatalf("it answers %d, %v", got.Status, err)
		}
		return out
	}
	before := shown()
	if len(before) == 0 {
		t.Fatal("nothing is public")
	}
	choose("no")
	if n := len(shown()); n != 0 {
		t.Errorf("of a closed kind %d are public", n)
	}
	choose(string(casework.Public))

	got := program.Post("/open311/v2/requests.json", url.Values{"api_key": {key}, "service_code": {"event"}, "address_string": {before[0]["address"].(string)}, "description": {"<i>垃圾</i>没人收"}})
	var made []map[string]any
	if err := json.Unmarshal(got.Body, &made); err != nil || got.Status != http.StatusOK {
		t.Fatalf("sending answers %d: %s", got.Status, got.Body)
	}
	no := made[0]["service_request_id"].(string)
	if n := len(shown()); n != len(before)+1 {
		t.Errorf("%d are public, want one more than %d", n, len(before))
	}
	desk.Visit("/cases?q=" + no)
	desk.WaitText("<i>垃圾</i>没人收")
	desk.Visit(desk.Attribute(`main tbody a[href^="/cases/"]`, "href"))
	desk.WaitText(zh(i18n.CaseByOther))
	desk.Check("case-from-open311")
}
