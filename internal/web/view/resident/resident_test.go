package resident_test

import (
	"testing"
	"time"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/resident"
	"linli/internal/web/viewtest"
)

func detail() resident.Detail {
	p := person.Person{ID: 5, CommunityID: 7, HouseholdID: 8, Name: "王芳", Sex: code.Female, BornOn: calendar.On(1958, 3, 15), IDMask: "320***********0021",
		PhoneMask: "138****8000", Flagged: []string{person.FlagBorn, person.FlagSex}, Version: 3, UpdatedAt: time.Unix(1, 0)}
	purposes := []person.Purpose{{Code: "message", Name: "发送通知短信", Basis: "本人同意", NeedsConsent: true}, {Code: "photo", Name: "照片", NeedsConsent: true}}
	return resident.Detail{Person: p, Today: calendar.On(2026, 9, 15), Community: "朝阳社区", Address: "新村3幢2单元501室", CanEdit: true, CanReveal: true,
		CanLooks: true, CanConsent: true, Mates: []person.Item{{Person: person.Person{ID: 6, Name: "李雷"}}},
		Categories: []person.Category{{Code: "02", ValidFrom: calendar.On(2020, 1, 1), ValidTo: calendar.On(2021, 1, 1)}},
		Purposes:   map[string][]field.Option{person.FieldPhone: {{Value: "contact", Text: i18n.PurposeContact}}},
		Register:   purposes, Consents: []person.Consent{{ID: 1, Purpose: "message", Answer: person.Agreed, Channel: "paper", At: time.Unix(1, 0)}}}
}

// Every page of residents keeps the rules that can be checked without a browser, in both languages.
func TestPagesKeepTheRules(t *testing.T) {
	p, d := layout.Page{Title: "居民"}, detail()
	opened := d
	opened.Revealed = map[string]string{person.FieldPhone: "13800138000"}
	moved := d
	moved.Person.MovedOutOn = calendar.On(2026, 1, 1)
	wrong := field.Form{Err: errs.Field("born_on", i18n.PersonBornDiffers).With("name", i18n.ErrRequired)}
	communities := []field.Option{{Value: "7", Text: i18n.Verbatim("朝阳社区")}, {Value: "9", Text: i18n.Verbatim("雅和社区")}}
	looks := []person.Look{{ID: id.New(), At: time.Unix(1, 0), Who: "社工", Role: "worker", Field: person.FieldPhone, Purpose: "联系", Reason: "体检"}}
	roles := map[string]string{"worker": "社工"}
	pages := map[string]templ.Component{
		"list":       resident.List(p, nil, d.Today, []person.Item{{Person: d.Person, CommunityName: "朝阳社区", Categories: []string{"02", "12"}}}, "", "x", communities, nil, "/residents/export"),
		"empty list": resident.List(p, nil, d.Today, nil, "", "", communities, nil, ""),
		"record":     resident.Show(p, d, field.Form{}), "opened record": resident.Show(p, opened, field.Form{}), "moved out": resident.Show(p, moved, field.Form{}),
		"new":     resident.Form(p, wrong, "/residents", "/residents", true, communities, 0, "/residents/5", "", ""),
		"edit":    resident.Form(p, field.Form{}, "/residents/5/edit", "/residents/5", false, nil, 3, "", d.Person.IDMask, d.Person.PhoneMask),
		"take in": resident.TakeIn(p, wrong, communities, ""), "leave": resident.Leave(p, d, field.Form{}, false), "died": resident.Leave(p, d, field.Form{}, true),
		"consent": resident.Consent(p, d, field.Form{}), "own consent": resident.OwnConsent(p, d),
		"looks": resident.Looks(p, d, looks, nil, "", "", roles), "own looks": resident.OwnLooks(p, looks, nil, "", "", roles),
		"no looks":  resident.OwnLooks(p, nil, nil, "", "", roles),
		"dwellings": resident.Households(p, nil, []person.HouseholdItem{{Household: person.Household{ID: 8, Address: "新村"}, Head: "王芳", People: 2}}, "", "", communities, "/households/export"),
		"dwelling":  resident.Household(p, person.Household{ID: 8, Address: "新村"}, "朝阳社区", d.Mates, d.Today),
		"purposes":  resident.Purposes(p, d.Register, wrong, true),
	}
	for name, c := range pages {
		for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
			t.Run(name+" "+string(l), func(t *testing.T) { viewtest.Check(t, viewtest.Render(t, l, c)) })
		}
	}
}

func TestAnOpenedValueStandsOnceAndAMaskedOneNever(t *testing.T) {
	d := detail()
	closed := viewtest.Text(viewtest.Render(t, i18n.ZH, resident.Show(layout.Page{}, d, field.Form{})))
	d.Revealed = map[string]string{person.FieldPhone: "13800138000"}
	open := viewtest.Render(t, i18n.ZH, resident.Show(layout.Page{}, d, field.Form{}))
	if n := len(viewtest.Find(open, "span", "data-revealed")); n != 1 || closed == viewtest.Text(open) {
		t.Errorf("%d opened values, want 1", n)
	}
	if len(viewtest.Find(open, "dialog", "id=open-phone")) != 0 || len(viewtest.Find(open, "dialog", "id=open-id_number")) != 1 {
		t.Error("an opened field asks for a purpose again, or the other one no longer does")
	}
}
