package activity_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

func photo(t *testing.T) attach.New {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 40))); err != nil {
		t.Fatal(err)
	}
	return attach.New{Name: "a.png", Content: b.Bytes()}
}

func TestPhotosAreAddedByWhoRunsItAndWhoTookPart(t *testing.T) {
	each(t, func(w *world) {
		_, me := w.member("13900000001")
		_, other := w.member("13900000002")
		a := w.published(nil)
		stranger := testkit.Actor(testkit.Tenant, []id.ID{w.west}, allPerms...)
		add := func(actor authz.Actor) error {
			_, err := w.s.AddPhotos(ctx, actor, a, []attach.New{photo(w.t)})
			return err
		}

		w.must(add(w.staff))
		for name, actor := range map[string]authz.Actor{"who is not there yet": me, "who does not take part": other, "another community": stranger} {
			if err := add(actor); errs.KindOf(err) != errs.Forbidden {
				w.t.Errorf("%s adds a photograph: %v, want forbidden", name, err)
			}
		}
		if _, err := w.s.SignIn(ctx, me, w.code(a), nil); err != nil {
			w.t.Fatal(err)
		}
		before := w.digest(a)
		w.must(add(me))
		if after := w.digest(a); after != before {
			w.t.Errorf("a photograph changed what the activity counts: %s, before %s", after, before)
		}
		p, err := w.s.Photos(ctx, other, a)
		if err != nil || len(p.Files) != 2 || p.MayAdd || p.Files[0].Alt != "清理楼道现场照片" {
			w.t.Fatalf("Photos of a member = %+v, %v", p, err)
		}
		if _, b, err := w.s.Photo(ctx, other, a, p.Files[0].ID, true); err != nil || len(b) == 0 {
			w.t.Errorf("Photo = %d bytes, %v", len(b), err)
		}
		foreign := testkit.Actor(testkit.Other, nil, allPerms...)
		if _, _, err := w.s.Photo(ctx, foreign, a, p.Files[0].ID, false); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("Photo of another district = %v, want not found", err)
		}
		if _, err := w.s.AddPhotos(ctx, foreign, a, []attach.New{photo(w.t)}); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("AddPhotos of another district = %v, want not found", err)
		}

		// Who added one may take it away again, who runs the activity any.
		own, err := w.s.Photos(ctx, me, a)
		if err != nil || own.MayRemove(own.Files[0]) || !own.MayRemove(own.Files[1]) {
			w.t.Errorf("a member may remove %v and %v, want their own only (%v)", own.MayRemove(own.Files[0]), own.MayRemove(own.Files[1]), err)
		}
		if err := w.s.RemovePhoto(ctx, me, a, own.Files[0].ID); errs.KindOf(err) != errs.Forbidden {
			w.t.Errorf("a member removes the organiser's = %v, want forbidden", err)
		}
		w.must(w.s.RemovePhoto(ctx, me, a, own.Files[1].ID))
		w.must(w.s.RemovePhoto(ctx, w.staff, a, own.Files[0].ID))
		if p, err := w.s.Photos(ctx, w.staff, a); err != nil || len(p.Files) != 0 {
			w.t.Errorf("%d photographs are left, %v", len(p.Files), err)
		}
		w.sound()
	})
}

// digest is what an activity counts.
func (w *world) digest(a id.ID) string {
	w.t.Helper()
	i, err := w.s.Get(ctx, w.staff, a)
	if err != nil {
		w.t.Fatal(err)
	}
	return i18n.Number(i.Attended) + " " + i18n.Number(i.Minutes) + " " + i18n.Number(i.Enrolled) + " " + i18n.Number(i.Version)
}

func TestPhotosAllOrNone(t *testing.T) {
	each(t, func(w *world) {
		a := w.published(nil)
		bad := attach.New{Name: "b.jpg", Content: []byte("<svg/>")}
		_, err := w.s.AddPhotos(ctx, w.staff, a, []attach.New{photo(w.t), bad})
		e := errs.As(err)
		if e == nil || e.Fields["file"].In(i18n.ZH) != "b.jpg："+i18n.AttachSVG.In(i18n.ZH) {
			w.t.Errorf("a bad file among good ones = %v, want it named", err)
		}
		if p, err := w.s.Photos(ctx, w.staff, a); err != nil || len(p.Files) != 0 {
			w.t.Errorf("%d photographs stayed of a refused lot, %v", len(p.Files), err)
		}
		if _, err := w.s.AddPhotos(ctx, w.staff, a, nil); errs.KindOf(err) != errs.Invalid {
			w.t.Errorf("no photographs = %v, want invalid", err)
		}
		draft, err := w.s.Create(ctx, w.staff, w.plan())
		w.must(err)
		_, err = w.s.AddPhotos(ctx, w.staff, draft, []attach.New{photo(w.t)})
		wants(w.t, err, errs.Conflict, i18n.PhotoNotYet)
		w.must(w.s.Cancel(ctx, w.staff, a, "下雨"))
		_, err = w.s.AddPhotos(ctx, w.staff, a, []attach.New{photo(w.t)})
		wants(w.t, err, errs.Conflict, i18n.PhotoCancelled)
	})
}
