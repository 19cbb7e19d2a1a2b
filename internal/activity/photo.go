package activity

import (
	"context"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Photographs of an activity are a memory of it and nothing else: no attendance, hour, deed, figure or slip asks whether there are any.

// MaxPhotos is how many can be handed in at once.
const MaxPhotos = 10

func photoOwner(activity id.ID) attach.Owner { return attach.Owner{Kind: "activity", ID: activity} }

// takesPhotos says why no photographs can be added, nil if they can.
func (a *Activity) takesPhotos() error {
	switch a.State {
	case Draft:
		return errs.New(errs.Conflict, i18n.PhotoNotYet)
	case Cancelled:
		return errs.New(errs.Conflict, i18n.PhotoCancelled)
	}
	return nil
}

// Photos are the photographs of an activity and what the actor may do about them.
type Photos struct {
	Files     []attach.File
	MayAdd    bool // who runs the activity, and who took part
	MayRemove func(attach.File) bool
	Limits    attach.Limits
}

// Photos gives the photographs of an activity that the actor can see.
func (s *Service) Photos(ctx context.Context, actor authz.Actor, activity id.ID) (Photos, error) {
	a, err := get(ctx, s.db, actor, activity)
	if err != nil {
		return Photos{}, err
	}
	files, err := attach.List(ctx, s.db, actor.Tenant, photoOwner(a.ID))
	if err != nil {
		return Photos{}, err
	}
	may, err := mayAddPhotos(ctx, s.db, actor, &a.Activity)
	if err != nil {
		return Photos{}, err
	}
	l, err := attach.LimitsOn(ctx, s.db, actor.Tenant, calendar.DateOf(s.db.Now()))
	return Photos{Files: files, MayAdd: may && a.takesPhotos() == nil, Limits: l,
		MayRemove: func(f attach.File) bool { return mayRemovePhoto(actor, &a.Activity, f) }}, err
}

// Photo gives one photograph with its content, the small one if so asked, to who can see the activity.
func (s *Service) Photo(ctx context.Context, actor authz.Actor, activity, photo id.ID, small bool) (attach.File, []byte, error) {
	a, err := get(ctx, s.db, actor, activity)
	if err != nil {
		return attach.File{}, nil, err
	}
	return s.files.Content(ctx, s.db, actor.Tenant, photoOwner(a.ID), photo, small)
}

// AddPhotos adds photographs: all of them or none. It is for who holds or plans the activity, and for who took part. What nobody described
// is described by the activity's title.
func (s *Service) AddPhotos(ctx context.Context, actor authz.Actor, activity id.ID, in []attach.New) ([]attach.File, error) {
	a, err := get(ctx, s.db, actor, activity)
	if err != nil {
		return nil, err
	}
	if err := s.photosWelcome(ctx, s.db, actor, &a.Activity); err != nil {
		return nil, err
	}
	if len(in) == 0 {
		return nil, errs.Field("file", i18n.AttachChoose)
	}
	l, err := attach.LimitsOn(ctx, s.db, actor.Tenant, calendar.DateOf(s.db.Now()))
	if err != nil {
		return nil, err
	}
	if len(in) > MaxPhotos {
		return nil, errs.Field("file", i18n.AttachTooMany, MaxPhotos, 0)
	}
	checked := make([]attach.Checked, 0, len(in))
	for _, n := range in {
		if n.Alt == "" {
			n.Alt = i18n.PhotoAltDefault.In(i18n.ZH, a.Title)
		}
		c, err := s.files.Check(ctx, n, attach.Pictures, l)
		if err != nil {
			return nil, nameTheFile(err, n.Name, len(in))
		}
		checked = append(checked, c)
	}
	var out []attach.File
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		now, err := get(ctx, tx, actor, activity)
		if err != nil {
			return err
		}
		if err := s.photosWelcome(ctx, tx, actor, &now.Activity); err != nil {
			return err
		}
		if out, err = s.files.KeepTx(ctx, tx, actor, photoOwner(now.ID), l, checked...); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, entry(photoRight(actor, &now.Activity), "activity.photo_add", &now.Activity, map[string]any{"files": ids(out)}))
	})
	return out, err
}

// nameTheFile says of several files which one is meant.
func nameTheFile(err error, name string, n int) error {
	e := errs.As(err)
	if n < 2 || e == nil || len(e.Fields) == 0 {
		return err
	}
	return errs.Field("file", i18n.PhotoWhich, name, e.Fields["file"]).Because(err)
}

func ids(files []attach.File) []string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = f.ID.String()
	}
	return out
}

// RemovePhoto removes a photograph for good: who holds or plans the activity may, and who added it.
func (s *Service) RemovePhoto(ctx context.Context, actor authz.Actor, activity, photo id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := get(ctx, tx, actor, activity)
		if err != nil {
			return err
		}
		f, err := attach.RemoveTx(ctx, tx, actor.Tenant, photoOwner(a.ID), photo)
		if err != nil {
			return err
		}
		if !mayRemovePhoto(actor, &a.Activity, f) {
			return errs.ErrForbidden
		}
		return audit.Record(ctx, tx, actor, entry(photoRight(actor, &a.Activity), "activity.photo_remove", &a.Activity, map[string]any{"file": f.ID.String(), "alt": f.Alt}))
	})
}

// runs says whether the actor holds or plans the activity.
func runs(actor authz.Actor, a *Activity) bool {
	return holding(actor).Or(actor.Scope(PermPlan)).Covers(a.CommunityID)
}

// photoRight is the permission that the record names.
func photoRight(actor authz.Actor, a *Activity) authz.Permission {
	if runs(actor, a) {
		return PermHold
	}
	return PermSignOwn
}

func mayAddPhotos(ctx context.Context, q db.Querier, actor authz.Actor, a *Activity) (bool, error) {
	if runs(actor, a) {
		return true, nil
	}
	return tookPart(ctx, q, actor.Scope(PermSignOwn), a.ID)
}

func mayRemovePhoto(actor authz.Actor, a *Activity, f attach.File) bool {
	return runs(actor, a) || (actor.AccountID != 0 && f.AccountID == actor.AccountID && actor.Can(PermSignOwn))
}

func (s *Service) photosWelcome(ctx context.Context, q db.Querier, actor authz.Actor, a *Activity) error {
	may, err := mayAddPhotos(ctx, q, actor, a)
	if err != nil {
		return err
	}
	if !may {
		return errs.ErrForbidden
	}
	return a.takesPhotos()
}

// tookPart says whether somebody within the scope has an attendance that stands.
func tookPart(ctx context.Context, q db.Querier, own authz.Scope, activity id.ID) (bool, error) {
	a := &db.Args{}
	w := own.Where(a, authz.Columns{Tenant: "t.tenant_id", Person: "t.person_id"})
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM attendance t WHERE `+w+` AND t.activity_id = `+a.Add(activity)+` AND t.state <> 'void'`, a.Values()...)
	return n > 0, err
}
