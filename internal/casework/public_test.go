package casework_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"sync"
	"testing"

	"linli/internal/attach"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/testkit"
)

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 640, 480)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func photo(content []byte) attach.New { return attach.New{Name: "IMG.jpg", Content: content} }

func (w *street) count(table string) int64 {
	w.t.Helper()
	n, err := db.Value[int64](ctx, w.d, "SELECT count(*) FROM "+table+" WHERE tenant_id = $1", testkit.Tenant)
	w.ok(err)
	return n
}

func TestPhotographsComeWithAReportAndGoWithItsWords(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Files: []attach.New{photo(picture(t)), photo(picture(t))}})
		f := w.state(r.Code)
		if len(f.Photos) != 2 || !f.Photos[0].Personal || f.Photos[0].Type != attach.JPEG {
			t.Fatalf("the reporter sees %+v", f.Photos)
		}
		got, content, err := w.s.FileBy(ctx, casework.Code(r.Code), "居民", "", f.Photos[0].ID)
		w.ok(err)
		if got.ID != f.Photos[0].ID || !bytes.HasPrefix(content, []byte("\xff\xd8\xff")) {
			t.Errorf("the reporter gets %+v", got)
		}
		other := w.report(casework.Report{})
		if _, _, err := w.s.FileBy(ctx, casework.Code(other.Code), "居民", "", f.Photos[0].ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("with the code of another case: %v", err)
		}
		if _, _, err := w.s.File(ctx, w.beside, r.ID, f.Photos[0].ID, true); errs.KindOf(err) != errs.NotFound {
			t.Errorf("who does not see the case: %v", err)
		}
		_, _, err = w.s.File(ctx, w.worker, r.ID, f.Photos[0].ID, true)
		w.ok(err)
		n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'casework.file' AND purpose = 'request' AND account_id = $2 AND subject_id = $3`,
			testkit.Tenant, w.worker.AccountID, f.Photos[0].ID)
		if w.ok(err); n != 1 {
			t.Errorf("%d looks are recorded, want 1", n)
		}
		if files, err := casework.Files(ctx, w.d, testkit.Tenant, r.ID); err != nil || len(files) != 2 {
			t.Errorf("listed: %v, %v", files, err)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			return casework.RetentionKinds()[0].Remove(ctx, tx, testkit.Tenant, []id.ID{r.ID})
		}))
		if files, parts := w.count("attachment"), w.count("attachment_part"); files != 0 || parts != 0 {
			t.Errorf("%d files and %d parts are left", files, parts)
		}
	})
}

// TestNothingHalfDone holds that a report with a file that is not taken leaves nothing.
func TestNothingHalfDone(t *testing.T) {
	each(t, func(w *street) {
		good := photo(picture(t))
		for name, files := range map[string][]attach.New{
			"no picture":     {good, photo([]byte("just words"))},
			"a script":       {photo([]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`))},
			"a document":     {photo([]byte("%PDF-1.7\n" + strings.Repeat("x", 100) + "%%EOF"))},
			"too large":      {photo(append(picture(t), make([]byte, 11<<20)...))},
			"a broken end":   {photo(picture(t)[:300])},
			"four at a time": {good, good, good, good},
		} {
			_, err := w.s.Report(ctx, testkit.Tenant, "居民", "", casework.Report{Kind: "service", CommunityID: w.community, Body: "灯坏了", Files: files, Key: "k-" + name})
			w.wants(err, errs.Invalid, "file")
		}
		if n, f, k := w.count("service_case"), w.count("attachment"), w.count("idempotency"); n+f+k != 0 {
			t.Errorf("%d cases, %d files, %d keys were kept", n, f, k)
		}
		r := w.report(casework.Report{Body: `<script>alert(1)</script> & <b>灯</b>`})
		if f := w.state(r.Code); f.Body != `<script>alert(1)</script> & <b>灯</b>` {
			t.Errorf("it reads %q, want what was written", f.Body)
		}
	})
}

// TestPressedTwiceItIsOneCase holds that sendings with one key make one case, whoever is first, and all get its receipt.
func TestPressedTwiceItIsOneCase(t *testing.T) {
	each(t, func(w *street) {
		report := casework.Report{Kind: "service", ItemID: w.lamp, CommunityID: w.community, Body: "灯坏了", Key: "case-1", Files: []attach.New{photo(picture(t))}}
		got := make([]casework.Receipt, 8)
		var wait sync.WaitGroup
		for i := range got {
			wait.Go(func() {
				var err error
				if got[i], err = w.s.Report(ctx, testkit.Tenant, "居民", "", report); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for _, r := range got {
			if r.Code == "" || r.Code != got[0].Code || r.No != got[0].No || !r.DueAt.Equal(got[0].DueAt) || r.Org != got[0].Org {
				t.Errorf("receipts %+v and %+v", r, got[0])
			}
		}
		if n, f := w.count("service_case"), w.count("attachment"); n != 1 || f != 1 {
			t.Errorf("%d cases with %d files, want one of each", n, f)
		}
		report.Key = "case-2"
		if r := w.report(report); r.Code == got[0].Code {
			t.Error("another sending got the receipt of the first")
		}
	})
}

func TestWhatTheFormOffers(t *testing.T) {
	each(t, func(w *street) {
		testkit.Exec(t, w.d, `INSERT INTO catalogue_class (tenant_id, list, code, name) VALUES ($1,'service','repair','维修')`, testkit.Tenant)
		testkit.Exec(t, w.d, `UPDATE catalogue_item SET class_code = 'repair', sort_key = '2' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, w.lamp)
		lock, hidden, old := w.item("service", "开锁", "community", 0, 0), w.item("service", "内部事项", "community", 0, 0), w.item("service", "停办事项", "community", 0, 0)
		testkit.Exec(t, w.d, `UPDATE catalogue_item SET public = FALSE WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, hidden)
		testkit.Exec(t, w.d, `UPDATE catalogue_item SET retired = TRUE WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, old)
		k, err := w.s.Kind(ctx, testkit.Tenant, "service")
		w.ok(err)
		items, err := w.s.Categories(ctx, testkit.Tenant, k.List, true)
		w.ok(err)
		var names []string
		for _, c := range items {
			names = append(names, c.Class.In("zh")+"/"+c.Name.In("zh"))
		}
		if want := []string{"/开锁", "维修/路灯维修"}; !slices.Equal(names, want) || items[0].ID != lock {
			t.Errorf("categories %v, want %v", names, want)
		}
		gone := w.org("community_party", "撤销社区", w.street)
		testkit.Exec(t, w.d, `UPDATE organisation SET dissolved_on = '2026-01-01' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, gone)
		list, err := w.s.Communities(ctx, testkit.Tenant)
		w.ok(err)
		if len(list) != 2 || list[0] != (casework.Community{ID: w.community, Name: "文港社区", UpID: w.street, Above: "示例街道"}) {
			t.Errorf("communities %+v", list)
		}
	})
}

func TestTheReporterIsToldHowLongItTakes(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "建议装长椅"})
		if f := w.state(r.Code); f.Left != 5 || calendar.DateOf(f.DueAt).String() != "2026-03-09" {
			t.Errorf("%d working days left until %s", f.Left, f.DueAt)
		}
	})
}
