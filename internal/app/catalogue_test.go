package app_test

import (
	"net/http"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/intake"
	"linli/internal/testkit"
)

// What was exported can be mended in a spreadsheet and imported again: as it stands it changes nothing.
func TestExportedListsImportUnchanged(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleDistrict, "亭湖区")
		n, err := k.a.Catalogue.Counts(t.Context(), k.sys)
		if err != nil {
			t.Fatal(err)
		}
		for _, list := range catalogue.Lists() {
			file := k.get("/catalogue/export?list=" + list)
			sum, problems, err := k.a.Intake.Direct(t.Context(), k.sys, intake.NewImport{Kind: catalogue.ImportName, FileName: "x.xlsx", Content: []byte(file.body)}, intake.Choice{}, nil)
			if err != nil || sum.Unchanged != n[list] || sum.Rows != n[list] || n[list] == 0 {
				t.Errorf("%s: %+v of %d, %v, %v", list, sum, n[list], problems, err)
			}
		}
		if got := k.get("/catalogue?list=queue"); got.status != http.StatusNotFound {
			t.Errorf("a list that is not there answers %d", got.status)
		}
	})
}

// A resident has said nowhere which district they are in: the only one is taken, of several one is chosen, and an address names its own.
func TestResidentsFindTheirDistrict(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleWorker, "雅和社区")
		k.client = &http.Client{} // a stranger
		if got := k.get("/p/services"); got.status != http.StatusOK || !strings.Contains(got.body, "亭湖区") || !strings.Contains(got.body, i18n.CataloguePublicMatter.In(i18n.ZH)) {
			t.Errorf("the only district answers %d: %s", got.status, got.body)
		}
		other, _, err := k.a.CreateTenant(t.Context(), "320903", "盐都区")
		if err != nil {
			t.Fatal(err)
		}
		if got := k.get("/p/services"); !strings.Contains(got.body, i18n.CataloguePublicDistrict.In(i18n.ZH)) || !strings.Contains(got.body, "?d=320903") {
			t.Errorf("of two: %s", got.body)
		}
		if got := k.get("/p/services?d=320903&q=ylbz"); got.status != http.StatusOK || !strings.Contains(got.body, "盐都区") {
			t.Errorf("the chosen one answers %d", got.status)
		}
		l, err := k.a.Catalogue.Public(t.Context(), other, catalogue.Filter{List: catalogue.Matter})
		if err != nil || len(l.Items) == 0 {
			t.Fatalf("%d matters, %v", len(l.Items), err)
		}
		i := l.Items[0].Item
		if got := k.get("/p/services/" + i.Address(other)); got.status != http.StatusOK || !strings.Contains(got.body, i.Name) || !strings.Contains(got.body, "盐都区") {
			t.Errorf("the item answers %d", got.status)
		}
		for _, address := range []string{"/p/services?d=110101", "/p/services?list=queue&d=320902", "/p/services?price=gift&d=320902", "/p/services/" + i.Address(320902), "/p/services/x", "/p/services/320903-1"} {
			if got := k.get(address); got.status != http.StatusNotFound {
				t.Errorf("%s answers %d", address, got.status)
			}
		}
	})
}
