package mediation_test

import (
	"testing"
	"time"

	"linli/internal/attach"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/mediation"
	"linli/internal/testkit"
)

// scanned is the agreement as scanners make it.
func scanned() attach.New {
	return attach.New{Name: "协议书.pdf", Content: []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n              ")}
}

func TestTheSignedAgreementIsKeptAndSeenByFew(t *testing.T) {
	each(t, func(w *town) {
		_, d := w.begun()
		if err := w.s.AddScans(ctx, w.worker, d.ID, []attach.New{scanned()}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a scan of an agreement that is not written: %v", err)
		}
		w.ok(w.s.Hold(ctx, w.worker, d.ID, d.Version, mediation.NewSession{On: w.today(), Place: "社区调解室", Who: "双方", Record: "各退一步"}))
		d = w.get(w.worker, d.ID)
		w.ok(w.s.Draft(ctx, w.worker, d.ID, d.Version, w.agreement(d)))
		d = w.get(w.worker, d.ID)
		w.wants(w.s.AddScans(ctx, w.worker, d.ID, nil), errs.Invalid, "file")
		w.wants(w.s.AddScans(ctx, w.worker, d.ID, []attach.New{{Name: "协议书.docx", Content: []byte("PK\x03\x04....")}}), errs.Invalid, "file")
		w.ok(w.s.AddScans(ctx, w.worker, d.ID, []attach.New{scanned(), scanned()}))
		w.ok(w.s.Sign(ctx, w.worker, d.ID, d.Version, mediation.Signed{Seal: true, On: w.today()})) // a scan is no change of what somebody has open

		d = w.get(w.secretary, d.ID)
		if len(d.Scans) != 2 || !d.Scans[0].Personal || d.Scans[0].Removable {
			t.Fatalf("the secretary sees %+v", d.Scans)
		}
		one, two := d.Scans[0].ID, d.Scans[1].ID
		_, content, err := w.s.Scan(ctx, w.secretary, d.ID, one, false)
		if w.ok(err); string(content[:5]) != "%PDF-" {
			t.Errorf("the scan is %q", content)
		}
		n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'mediation.scan_look' AND account_id = $2 AND subject_id = $3`, testkit.Tenant, w.secretary.AccountID, one)
		if w.ok(err); n != 1 {
			t.Errorf("%d looks are recorded, want 1", n)
		}
		for name, a := range map[string]struct{ err error }{"beside": {func() error { _, _, err := w.s.Scan(ctx, w.beside, d.ID, one, false); return err }()}, "above": {func() error { _, _, err := w.s.Scan(ctx, w.above, d.ID, one, false); return err }()},
			"a member who does not mediate it": {func() error {
				_, _, err := w.s.Scan(ctx, w.as("旁人", []id.ID{w.community}, plain...), d.ID, one, false)
				return err
			}()}, "adding beside": {w.s.AddScans(ctx, w.beside, d.ID, []attach.New{scanned()})}, "removing beside": {w.s.RemoveScan(ctx, w.beside, d.ID, one)}} {
			if errs.KindOf(a.err) != errs.NotFound {
				t.Errorf("%s: %v", name, a.err)
			}
		}
		if err := w.s.RemoveScan(ctx, w.secretary, d.ID, one); errs.KindOf(err) != errs.Conflict {
			t.Errorf("somebody else removes it: %v", err)
		}
		w.ok(w.s.RemoveScan(ctx, w.worker, d.ID, one))
		w.clock.Advance(31 * 24 * time.Hour)
		if err := w.s.RemoveScan(ctx, w.worker, d.ID, two); errs.KindOf(err) != errs.Conflict {
			t.Errorf("removed after a month: %v", err)
		}
		d = w.get(w.worker, d.ID)
		if len(d.Scans) != 1 || d.Scans[0].Removable {
			t.Errorf("left: %+v", d.Scans)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			return mediation.RetentionKinds()[0].Remove(ctx, tx, testkit.Tenant, []id.ID{d.ID})
		}))
		left, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM attachment WHERE tenant_id = $1`, testkit.Tenant)
		if w.ok(err); left != 0 {
			t.Errorf("%d files are left", left)
		}
	})
}
