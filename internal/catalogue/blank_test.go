package catalogue_test

import (
	"bytes"
	"testing"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// TestBlankFormsAreKeptWithAnItem holds who adds, opens and removes blank forms, and that a file is what its content says.
func TestBlankFormsAreKeptWithAnItem(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := catalogue.New(d).WithFiles(attach.NewStore(seal.Ephemeral()))
		keeper, reader := testkit.Actor(testkit.Tenant, nil, catalogue.PermKeep, catalogue.PermSee), testkit.Actor(testkit.Tenant, nil, catalogue.PermSee)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(d.WithTx(t.Context(), func(tx *db.Tx) error { return s.PrepareTx(t.Context(), tx, testkit.Tenant) }))
		list, err := s.Public(t.Context(), testkit.Tenant, catalogue.Filter{List: catalogue.Matter})
		must(err)
		item := list.Items[0].ID
		blank := attach.New{Name: "报到登记表.pdf", Content: []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")}
		wants := func(what string, err error, k errs.Kind) {
			t.Helper()
			if errs.KindOf(err) != k {
				t.Errorf("%s: %v, want %v", what, err, k)
			}
		}
		wants("by a reader", s.AddFiles(t.Context(), reader, item, []attach.New{blank}), errs.Forbidden)
		wants("a page that calls itself a form", s.AddFiles(t.Context(), keeper, item, []attach.New{{Name: "表.pdf", Content: []byte("<html><script>alert(1)</script>")}}), errs.Invalid)
		wants("of no item", s.AddFiles(t.Context(), keeper, 1, []attach.New{blank}), errs.NotFound)
		must(s.AddFiles(t.Context(), keeper, item, []attach.New{blank}))
		files, err := s.BlanksOf(t.Context(), testkit.Tenant, item)
		must(err)
		if len(files) != 1 || files[0].Name != "报到登记表.pdf" {
			t.Fatalf("%+v", files)
		}
		_, content, err := s.PublicBlank(t.Context(), testkit.Tenant, item, files[0].ID)
		if must(err); !bytes.Equal(content, blank.Content) {
			t.Error("another content")
		}
		if _, content, err = s.File(t.Context(), reader, item, files[0].ID); err != nil || !bytes.Equal(content, blank.Content) {
			t.Errorf("for a reader: %v", err)
		}
		_, _, err = s.PublicBlank(t.Context(), testkit.Tenant, list.Items[1].ID, files[0].ID)
		wants("under another item", err, errs.NotFound)
		_, _, err = s.PublicBlank(t.Context(), 320999, item, files[0].ID)
		wants("in another district", err, errs.NotFound)
		_, _, err = s.File(t.Context(), authz.Actor{}, item, files[0].ID)
		wants("by nobody", err, errs.Forbidden)
		must(s.Retire(t.Context(), keeper, item, "不再办理", list.Items[0].Version))
		_, _, err = s.PublicBlank(t.Context(), testkit.Tenant, item, files[0].ID)
		wants("of what residents ask for no more", err, errs.NotFound)
		wants("removed by a reader", s.RemoveFile(t.Context(), reader, item, files[0].ID), errs.Forbidden)
		must(s.RemoveFile(t.Context(), keeper, item, files[0].ID))
		if files, err = s.BlanksOf(t.Context(), testkit.Tenant, item); err != nil || len(files) != 0 {
			t.Errorf("after removing: %v, %v", files, err)
		}
	})
}
