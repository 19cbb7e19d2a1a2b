package casework_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"testing"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/testkit"
)

// scan is a document as scanners make it.
func scan(n int) attach.New {
	return attach.New{Name: fmt.Sprintf("申请表%d.pdf", n), Content: []byte(fmt.Sprintf("%%PDF-1.4\n%% page %d\n", n) + "1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n")}
}

// shot is a photograph that differs from others.
func shot(t *testing.T, n int) attach.New {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 200+n, 100)), nil); err != nil {
		t.Fatal(err)
	}
	return attach.New{Name: fmt.Sprintf("IMG%d.jpg", n), Content: b.Bytes()}
}

func names(list []casework.CaseFile) (out []string) {
	for _, f := range list {
		out = append(out, f.Name)
	}
	return out
}

func TestFilesComeWithEveryStepAndAreSeenByWhoReadsIt(t *testing.T) {
	each(t, func(w *street) {
		r, err := w.s.Enter(ctx, w.worker, casework.Report{Kind: "service", ItemID: w.lamp, Channel: casework.ByPaper, CommunityID: w.community, Body: "来信反映路灯", Files: []attach.New{scan(1), shot(t, 1)}, Scans: true})
		w.ok(err)
		_, err = w.s.Enter(ctx, w.worker, casework.Report{Kind: "service", Channel: casework.ByPhone, CommunityID: w.community, Body: "灯", Files: []attach.New{scan(1)}})
		w.wants(err, errs.Invalid, "file") // not said to be scanned

		w.ok(w.s.Take(ctx, w.worker, r.ID, w.v(r.ID)))
		w.wants(w.s.AddFiles(ctx, w.worker, r.ID, casework.NewFiles{}), errs.Invalid, "file")
		w.wants(w.s.AddFiles(ctx, w.worker, r.ID, casework.NewFiles{Files: []attach.New{{Name: "a.jpg", Content: []byte("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")}}}), errs.Invalid, "file")
		if err := w.s.AddFiles(ctx, w.beside, r.ID, casework.NewFiles{Files: []attach.New{scan(2)}}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another community adds: %v", err)
		}
		if err := w.s.AddFiles(ctx, w.as(w.community, nil, casework.PermSee, casework.PermEnter), r.ID, casework.NewFiles{Files: []attach.New{scan(2)}}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("who does not handle it adds: %v", err)
		}
		w.ok(w.s.AddFiles(ctx, w.worker, r.ID, casework.NewFiles{Files: []attach.New{scan(2)}, Words: "内部核查"}))
		w.ok(w.s.AddFiles(ctx, w.worker, r.ID, casework.NewFiles{Files: []attach.New{shot(t, 3)}, Words: "现场", Open: true}))
		w.ok(w.s.AddBy(ctx, casework.Code(r.Code), "居民", "", "", shot(t, 4)))
		if err := w.s.AddBy(ctx, casework.Code(r.Code), "居民", "", "", shot(t, 4)); errs.KindOf(err) != errs.Conflict {
			t.Errorf("the same photograph again: %v", err)
		}
		w.wants(w.s.AddBy(ctx, casework.Code(r.Code), "居民", "", " "), errs.Invalid, "words")
		w.wants(w.s.AddBy(ctx, casework.Code(r.Code), "居民", "", "证明", scan(5)), errs.Invalid, "file")

		d := w.get(w.secretary, r.ID)
		if got := fmt.Sprint(names(d.Files)); got != "[申请表1.pdf IMG1.jpg 申请表2.pdf IMG3.jpg IMG4.jpg]" {
			t.Errorf("staff see %s", got)
		}
		inside := d.Files[2]
		if inside.Open || inside.Act != casework.ActFiles || !d.Files[3].Open || d.Files[4].Act != casework.ActAdd || !d.Files[0].Personal || inside.Removable {
			t.Errorf("the files: %+v", d.Files)
		}
		f := w.state(r.Code)
		if got := fmt.Sprint(names(f.Files)); len(f.Photos) != 2 || got != "[IMG3.jpg IMG4.jpg]" || f.Files[0].Removable || !f.Files[1].Removable || f.Files[0].By != "" {
			t.Errorf("the reporter sees %d and %+v", len(f.Photos), f.Files)
		}
		for _, e := range f.Entries {
			if e.Words == "内部核查" {
				t.Error("the reporter reads what is internal")
			}
		}
		if _, _, err := w.s.FileBy(ctx, casework.Code(r.Code), "居民", "", inside.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the reporter opens what is internal: %v", err)
		}
		for _, x := range append(f.Files, casework.CaseFile{File: f.Photos[0]}) {
			if got, content, err := w.s.FileBy(ctx, casework.Code(r.Code), "居民", "", x.ID); err != nil || got.ID != x.ID || len(content) == 0 {
				t.Errorf("%s: %v", x.Name, err)
			}
		}
		other := w.report(casework.Report{})
		for _, x := range d.Files {
			if _, _, err := w.s.File(ctx, w.worker, r.ID, x.ID, false); err != nil {
				t.Errorf("staff open %s: %v", x.Name, err)
			}
			if _, _, err := w.s.File(ctx, w.worker, other.ID, x.ID, false); errs.KindOf(err) != errs.NotFound {
				t.Errorf("under another case: %v", err)
			}
			if _, _, err := w.s.FileBy(ctx, casework.Code(other.Code), "居民", "", x.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("with the code of another case: %v", err)
			}
			if _, _, err := w.s.File(ctx, w.beside, r.ID, x.ID, false); errs.KindOf(err) != errs.NotFound {
				t.Errorf("another community opens it: %v", err)
			}
		}

		// What was added by mistake goes, by who added it, as long as the case lasts.
		if err := w.s.RemoveFile(ctx, w.secretary, r.ID, inside.ID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("somebody else removes it: %v", err)
		}
		w.ok(w.s.RemoveFile(ctx, w.worker, r.ID, inside.ID))
		if err := w.s.RemoveFileBy(ctx, casework.Code(r.Code), "居民", "", d.Files[3].ID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("the reporter removes what is not theirs: %v", err)
		}
		w.ok(w.s.RemoveFileBy(ctx, casework.Code(r.Code), "居民", "", d.Files[4].ID))
		d = w.get(w.worker, r.ID)
		if got := fmt.Sprint(names(d.Files)); got != "[申请表1.pdf IMG1.jpg IMG3.jpg]" || !d.Files[2].Removable || d.Entries[len(d.Entries)-1].Act != casework.ActUnfile {
			t.Errorf("left: %s, %+v", got, d.Entries[len(d.Entries)-1])
		}
		n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'casework.unfile' AND subject_id = $2`, testkit.Tenant, r.ID)
		if w.ok(err); n != 2 {
			t.Errorf("%d removals are recorded, want 2", n)
		}

		w.ok(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了灯泡", Files: []attach.New{shot(t, 6)}}))
		if f := w.state(r.Code); len(f.Files) != 2 || f.Files[1].Act != casework.ActFinish {
			t.Errorf("what was done: %+v", f.Files)
		}
		w.rated(w.s.Rate(ctx, casework.Code(r.Code), "", "", casework.Rating{Solved: casework.Yes, Stars: 5}))
		if err := w.s.RemoveFile(ctx, w.worker, r.ID, d.Files[2].ID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("removed from a case that is over: %v", err)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			return casework.RetentionKinds()[0].Remove(ctx, tx, testkit.Tenant, []id.ID{r.ID})
		}))
		if files, parts := w.count("attachment"), w.count("attachment_part"); files != 0 || parts != 0 {
			t.Errorf("%d files and %d parts are left", files, parts)
		}
	})
}

func TestACaseHoldsSoManyFiles(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Files: []attach.New{shot(t, 0)}})
		for n := range 3 {
			w.ok(w.s.AddBy(ctx, casework.Code(r.Code), "居民", "", fmt.Sprint("第", n), shot(t, 10*n+1), shot(t, 10*n+2), shot(t, 10*n+3)))
		}
		w.wants(w.s.AddBy(ctx, casework.Code(r.Code), "居民", "", "还有", shot(t, 99)), errs.Invalid, "file")
		w.wants(w.s.AddBy(ctx, casework.Code(r.Code), "居民", "", "四张", shot(t, 90), shot(t, 91), shot(t, 92), shot(t, 93)), errs.Invalid, "file")
		w.ok(w.s.AddBy(ctx, casework.Code(r.Code), "居民", "", "只有话"))
		var ten []attach.New
		for n := range 10 {
			ten = append(ten, scan(n))
		}
		w.ok(w.s.AddFiles(ctx, w.worker, r.ID, casework.NewFiles{Files: ten}))
		w.wants(w.s.AddFiles(ctx, w.worker, r.ID, casework.NewFiles{Files: []attach.New{scan(20)}}), errs.Invalid, "file") // 1 + 9 + 10
		w.ok(w.s.Take(ctx, w.worker, r.ID, w.v(r.ID)))
		w.wants(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "好了", Files: []attach.New{scan(21)}}), errs.Invalid, "file")
		if d := w.get(w.worker, r.ID); d.State != casework.Working || len(d.Files) != 20 {
			t.Errorf("%s with %d files", d.State, len(d.Files))
		}
	})
}

// What a confidential case holds is seen by who sees the case; what was said to one whose report was merged is theirs alone.
func TestFilesFollowTheCase(t *testing.T) {
	each(t, func(w *street) {
		quarrel := w.report(casework.Report{Kind: "dispute", ItemID: w.quarrel, Body: "楼上漏水"})
		w.ok(w.s.AddFiles(ctx, w.secretary, quarrel.ID, casework.NewFiles{Files: []attach.New{scan(1)}, Open: true}))
		file := w.get(w.secretary, quarrel.ID).Files[0].ID
		plain := w.as(w.community, nil, casework.PermSee, casework.PermWork)
		for _, a := range []authz.Actor{plain, w.above} {
			if _, _, err := w.s.File(ctx, a, quarrel.ID, file, false); errs.KindOf(err) != errs.NotFound {
				t.Errorf("who does not see the confidential case: %v", err)
			}
		}

		main, other := w.report(casework.Report{Body: "路灯坏了"}), w.report(casework.Report{Body: "路灯不亮"})
		w.ok(w.s.Merge(ctx, w.secretary, other.ID, w.v(other.ID), main.ID))
		w.ok(w.s.AddBy(ctx, casework.Code(other.Code), "居民", "", "我拍的", shot(t, 1)))
		w.ok(w.s.AddFiles(ctx, w.worker, main.ID, casework.NewFiles{Files: []attach.New{shot(t, 2)}, Open: true}))
		theirs, mine := w.state(other.Code), w.state(main.Code)
		if len(theirs.Files) != 2 || len(mine.Files) != 1 || mine.Files[0].Act != casework.ActFiles {
			t.Fatalf("the one sees %+v, the other %+v", names(theirs.Files), names(mine.Files))
		}
		if _, _, err := w.s.FileBy(ctx, casework.Code(main.Code), "居民", "", theirs.Files[0].ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("what somebody else photographed: %v", err)
		}
		if _, _, err := w.s.FileBy(ctx, casework.Code(other.Code), "居民", "", theirs.Files[0].ID); err != nil {
			t.Errorf("their own: %v", err)
		}
		w.ok(w.s.RemoveFileBy(ctx, casework.Code(other.Code), "居民", "", theirs.Files[0].ID))
		if f := w.state(other.Code); len(f.Files) != 1 {
			t.Errorf("left: %v", names(f.Files))
		}
	})
}
