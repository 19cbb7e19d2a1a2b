package request

import (
	"context"
	"slices"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/file"
	"linli/internal/i18n"
	"linli/internal/id"
)

// NewAnswer answers a period of one organisation: filled in by the program, or with a file that somebody completed.
type NewAnswer struct {
	RequestID      id.ID
	OrganisationID id.ID
	Period         string
	Edition        int64  // of the answer that is replaced, as the person saw it; 0 for the first
	Purpose        string // for sealed columns
	Partly         bool   // what nobody knows stays marked
	FileName       string
	File           []byte // completed by hand; nil for the program's own
	Seconds        int64  // that it took, as far as it was measured
	Minutes        int64  // that completing it by hand took, as the person says
	Note           string
}

// MaxFile is how large a file handed in may be.
const MaxFile = 20 << 20

// asked finds a request with an organisation that it asks, both in the scope of a permission.
func (s *Service) asked(ctx context.Context, actor authz.Actor, perm authz.Permission, requestID, organisationID id.ID) (Request, Party, error) {
	scope := actor.Scope(perm)
	r, err := find(ctx, s.db, scope, requestID)
	if err != nil {
		return r, Party{}, err
	}
	list, err := parties(ctx, s.db, scope, r.ID)
	if err != nil {
		return r, Party{}, err
	}
	i := slices.IndexFunc(list, func(p Party) bool { return p.ID == organisationID })
	if i < 0 {
		return r, Party{}, errs.ErrNotFound
	}
	return r, list[i], nil
}

// formOf is the blank form of a request.
func (s *Service) formOf(ctx context.Context, tenant int64, r Request) (Template, error) {
	content, err := file.Content(ctx, s.db, s.ring, tenant, r.formID)
	return Template{Name: r.FormName, Title: r.Title, Content: content, Choice: r.choice, Sealed: r.Sealed}, err
}

// Answer fills the form in for the organisation and keeps the result as the answer of the period (PermAnswer). Where the program cannot fill every
// field, it is Invalid under "partly" unless the person says to hand it in so; a file of the person's own is taken as it is; where sealed data are asked for it needs
// a purpose too. Somebody who
// answered meanwhile is a Conflict.
func (s *Service) Answer(ctx context.Context, actor authz.Actor, in NewAnswer) (Answer, error) {
	if actor.AccountID == 0 {
		return Answer{}, errs.ErrForbidden
	}
	note, e := words(nil, "note", in.Note, 200, false)
	if n := utf8.RuneCountInString(in.Purpose); n > 40 {
		e = e.With("purpose", i18n.ErrTooLong, 40, n)
	}
	if err := e.OrNil(); err != nil {
		return Answer{}, err
	}
	r, p, err := s.asked(ctx, actor, PermAnswer, in.RequestID, in.OrganisationID)
	if err != nil {
		return Answer{}, err
	}
	if r.State == Paused || r.State == Ended {
		return Answer{}, errs.New(errs.Conflict, i18n.RequestNotAsked)
	}
	d, err := findDue(ctx, s.db, actor.Scope(PermAnswer), r.ID, p.ID, in.Period)
	if err != nil {
		return Answer{}, err
	}
	began := s.db.Now()
	f, err := s.filled(ctx, actor, r, p, in)
	if err != nil {
		return Answer{}, err
	}
	x := Answer{ID: id.New(), RequestID: r.ID, Title: r.Title, Office: r.Office, Period: d.Period, DueOn: d.On, DueID: d.ID, PartyID: p.ID, Party: p.Name, Way: ByProgram,
		FileName: r.FormName, Rows: int64(f.Rows), Asked: int64(f.Asked), Filled: int64(f.Filled), Purpose: in.Purpose, Note: note,
		Minutes: minutes(in.Seconds + int64(s.db.Now().Sub(began).Seconds()))}
	content := f.Content
	if in.File != nil {
		x.Way, x.FileName, content = ByHand, ending(in.FileName, 200), in.File
		if in.Minutes > 0 {
			x.Minutes = minutes(60 * min(in.Minutes, 24*60))
		}
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		now, err := findDue(ctx, tx, actor.Scope(PermAnswer), r.ID, p.ID, in.Period)
		if err != nil {
			return err
		}
		var before int64
		if now.Answer != nil {
			before = now.Answer.Edition
		}
		if before != in.Edition {
			return errs.ErrConflict
		}
		x.Edition, x.At, x.On = before+1, tx.Now(), calendar.DateOf(tx.Now())
		if x.fileID, err = s.keep(ctx, tx, actor, x.FileName, content); err != nil {
			return err
		}
		if err := insertAnswer(ctx, tx, actor, x); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermAnswer), SubjectKind: "request_answer", SubjectID: x.ID, OrgID: p.ID, Purpose: in.Purpose,
			Detail: map[string]any{"title": r.Title, "period": d.Period, "edition": x.Edition, "asked": x.Asked, "filled": x.Filled, "way": string(x.Way)}})
	})
	if db.IsUnique(err) { // two at the same moment
		err = errs.ErrConflict
	}
	return x, err
}

// ending keeps the end of a name that is too long.
func ending(name string, most int) string {
	if r := []rune(name); len(r) > most {
		return string(r[len(r)-most:])
	}
	return name
}

// filled fills the form of a request in for an organisation and says whether it may go out so.
func (s *Service) filled(ctx context.Context, actor authz.Actor, r Request, p Party, in NewAnswer) (Filled, error) {
	as, err := s.at(ctx, actor, p)
	if err != nil {
		return Filled{}, err
	}
	t, err := s.formOf(ctx, actor.Tenant, r)
	if err != nil {
		return Filled{}, err
	}
	if in.File != nil {
		if r.Sealed && in.Purpose == "" { // whoever reads the file is recorded with it
			return Filled{}, errs.Field("purpose", i18n.ErrPurposeNeeded)
		}
		if len(in.File) > MaxFile {
			return Filled{}, errs.Field("file", i18n.TabularTooBig, MaxFile>>20)
		}
		if _, err := s.forms.Read(ctx, as, in.FileName, in.File); err != nil {
			return Filled{}, errs.Under("file", err)
		}
	}
	f, err := s.forms.Fill(ctx, as, t, p, in.Purpose, 0)
	switch {
	case err != nil:
		return f, err
	case in.File != nil || in.Partly:
		return f, nil
	case f.Hidden > 0 && in.Purpose == "":
		return f, errs.Field("purpose", i18n.RequestPurpose, i18n.Number(int64(f.Hidden)))
	case f.Left() > 0:
		return f, errs.Field("partly", i18n.RequestNotAll, i18n.Number(int64(f.Asked)), i18n.Number(int64(f.Left())))
	}
	return f, nil
}

// Held says how much of what a request asks of one organisation is known now, in the first rows that the form is about (PermSee there). Nothing
// sealed is opened.
func (s *Service) Held(ctx context.Context, actor authz.Actor, requestID, organisationID id.ID) (Filled, error) {
	r, p, err := s.asked(ctx, actor, PermSee, requestID, organisationID)
	if err != nil {
		return Filled{}, err
	}
	t, err := s.formOf(ctx, actor.Tenant, r)
	if err != nil {
		return Filled{}, err
	}
	return s.look(ctx, actor, t, p)
}

func (s *Service) look(ctx context.Context, actor authz.Actor, t Template, p Party) (Filled, error) {
	as, err := s.at(ctx, actor, p)
	if err != nil {
		return Filled{}, err
	}
	f, err := s.forms.Fill(ctx, as, t, p, "", sample)
	f.Content = nil
	return f, onForm(err)
}

// Preview is a form that somebody is about to register: what it asks, how much of it is known at one organisation, and who asks the same.
type Preview struct {
	Template
	Guess Guess
	Held  Filled
	Same  []Same
	Wrong *errs.Error // what would stop it from being filled in
}

// Same is another open request that asks the same.
type Same struct {
	Request
	Labels []string
}

// Preview reads a form that the actor dropped in (PermRegister).
func (s *Service) Preview(ctx context.Context, actor authz.Actor, formID, organisationID id.ID) (Preview, error) {
	var out Preview
	scope := actor.Scope(PermRegister)
	if scope.Empty() {
		return out, errs.ErrForbidden
	}
	var err error
	if out.Template, err = s.forms.Dropped(ctx, actor, formID); err != nil {
		return out, err
	}
	out.Guess = GuessOf(out.Title)
	if organisationID == 0 || !scope.Covers(organisationID) {
		return out, nil
	}
	p, err := partyOf(ctx, s.db, actor.Tenant, organisationID)
	if err != nil {
		return out, err
	}
	if out.Held, err = s.look(ctx, actor, out.Template, p); err != nil {
		if out.Wrong = errs.As(err); out.Wrong == nil || out.Wrong.Kind != errs.Invalid {
			return out, err
		}
	}
	out.Same, err = s.same(ctx, actor.Scope(PermSee), 0, []id.ID{p.ID}, out.Fields)
	return out, err
}

// same are the other open requests that ask the same of one of the organisations.
func (s *Service) same(ctx context.Context, scope authz.Scope, request id.ID, orgs []id.ID, of []Field) ([]Same, error) {
	byRequest, list, err := others(ctx, s.db, scope, request, orgs)
	if err != nil {
		return nil, err
	}
	var out []Same
	for _, r := range list {
		if l := Shared(of, byRequest[r.ID]); len(l) > 0 {
			out = append(out, Same{r, l})
		}
	}
	return out, nil
}

// Copy drops the form of a request in for the actor, filled in for one organisation (PermAnswer there), so that what is missing can be asked for and
// columns can be looked over; it gives the ID of the dropped form.
func (s *Service) Copy(ctx context.Context, actor authz.Actor, requestID, organisationID id.ID, purpose string) (id.ID, error) {
	r, p, err := s.asked(ctx, actor, PermAnswer, requestID, organisationID)
	if err != nil {
		return 0, err
	}
	t, err := s.formOf(ctx, actor.Tenant, r)
	if err != nil {
		return 0, err
	}
	return s.forms.Copy(ctx, actor, t, p, purpose)
}

// Form is the blank form of a request (PermSee).
func (s *Service) Form(ctx context.Context, actor authz.Actor, requestID id.ID) (name string, content []byte, err error) {
	r, err := find(ctx, s.db, actor.Scope(PermSee), requestID)
	if err != nil {
		return "", nil, err
	}
	t, err := s.formOf(ctx, actor.Tenant, r)
	return t.Name, t.Content, err
}

// File is what was handed in, for whoever answers there or keeps the request. The reading is recorded with the purpose of the answer.
func (s *Service) File(ctx context.Context, actor authz.Actor, answerID id.ID) (Answer, []byte, error) {
	x, err := findAnswer(ctx, s.db, actor.Scope(PermSee), answerID)
	if err != nil {
		return x, nil, err
	}
	if !actor.Scope(PermAnswer).Covers(x.PartyID) {
		if _, err := findKept(ctx, s.db, actor.Scope(PermRegister), x.RequestID); err != nil {
			return x, nil, err
		}
	}
	if x.fileID == 0 {
		return x, nil, errs.New(errs.NotFound, i18n.RequestFileGone)
	}
	content, err := file.Content(ctx, s.db, s.ring, actor.Tenant, x.fileID)
	if err != nil {
		return x, nil, err
	}
	return x, content, s.db.WithTx(ctx, func(tx *db.Tx) error {
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "request.read", Permission: PermSee, SubjectKind: "request_answer", SubjectID: x.ID, OrgID: x.PartyID, Purpose: x.Purpose,
			Detail: map[string]any{"title": x.Title, "period": x.Period}})
	})
}
