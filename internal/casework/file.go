package casework

import (
	"cmp"
	"context"
	"slices"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Photos are what a report takes: a few pictures. They may show a home or a face, so each look of staff is recorded. Papers are what staff add: scans as well.
const (
	Photos        = attach.Pictures
	Papers        = attach.Pictures | attach.Documents
	MostPhotos    = 3
	MostTheirs    = 9 // pictures that somebody adds to their case after they reported it
	maxPhotoBytes = 10 << 20
)

// purposeOfLook is the registered purpose for which staff look at a photograph: what the resident asked for.
const purposeOfLook = "request"

// What came with the report belongs to the case; what was added later belongs to the step with which it came, and is seen by who reads that step.
const (
	fileOfCase  = "service_case"
	fileOfEntry = "case_entry"
)

func filesOf(c id.ID) attach.Owner { return attach.Owner{Kind: fileOfCase, ID: c} }

// CaseFile is a photograph or a paper of a case, with the step it came with.
type CaseFile struct {
	attach.File
	Act       Act  // the step; "" where it came with the report or from a technician
	Open      bool // whoever reported the case sees it
	Removable bool // the reader added it, and may take it out again

	source id.ID // of the step: the case whose reporter added it
}

// theirs says whether who reported a case added the file.
func (f CaseFile) theirs(own id.ID) bool { return f.AccountID == 0 && f.source == own }

// WithFiles connects the store of files. The composition root calls it once.
func (s *Service) WithFiles(files *attach.Store) *Service {
	s.files = files
	return s
}

// PhotoLimits bound what photographs a report takes today.
func (s *Service) PhotoLimits(ctx context.Context, tenant int64) (attach.Limits, error) {
	l, err := s.PaperLimits(ctx, tenant)
	l.Bytes, l.Files = min(l.Bytes, maxPhotoBytes), min(l.Files, MostPhotos)
	return l, err
}

// PaperLimits bound what staff add to a case today: the files of one case, and the size of each.
func (s *Service) PaperLimits(ctx context.Context, tenant int64) (attach.Limits, error) {
	return attach.LimitsOn(ctx, s.db, tenant, calendar.DateOf(s.db.Now()))
}

// photos are checked files with the limits that hold for them.
type photos struct {
	limits  attach.Limits
	checked []attach.Checked
}

// amongst says whether the files are those that a step has already.
func (p photos) amongst(kept []CaseFile, entry id.ID) bool {
	for _, c := range p.checked {
		if !slices.ContainsFunc(kept, func(f CaseFile) bool { return f.Owner.ID == entry && f.Hash == c.Hash() }) {
			return false
		}
	}
	return true
}

// checkPhotos judges what was handed in, before the transaction that keeps it.
func (s *Service) checkPhotos(ctx context.Context, tenant int64, in []attach.New) (p photos, err error) {
	if len(in) == 0 {
		return p, nil
	}
	if p.limits, err = s.PhotoLimits(ctx, tenant); err != nil {
		return p, err
	}
	if int64(len(in)) > p.limits.Files {
		return p, errs.Field("file", i18n.CasePublicManyPhotos, p.limits.Files)
	}
	p.checked, err = s.files.CheckAll(ctx, personal(in), Photos, p.limits)
	return p, err
}

// checkPapers judges what staff add.
func (s *Service) checkPapers(ctx context.Context, tenant int64, in []attach.New) (p photos, err error) {
	if len(in) == 0 {
		return p, nil
	}
	if p.limits, err = s.PaperLimits(ctx, tenant); err != nil {
		return p, err
	}
	p.checked, err = s.files.CheckAll(ctx, personal(in), Papers, p.limits)
	return p, err
}

// personal are files of which each look is recorded.
func personal(in []attach.New) []attach.New {
	out := slices.Clone(in)
	for i := range out {
		out[i].Personal = true
	}
	return out
}

// keepPhotos puts checked files to a case, as what came with the report.
func (s *Service) keepPhotos(ctx context.Context, tx *db.Tx, actor authz.Actor, c id.ID, p photos) error {
	if len(p.checked) == 0 {
		return nil
	}
	_, err := s.files.KeepTx(ctx, tx, actor, filesOf(c), p.limits, p.checked...)
	return err
}

// ofCase is the condition that a file (f) belongs to a case or to one of its steps.
func ofCase(a *db.Args, tenant int64, c id.ID) string {
	return "f.tenant_id = " + a.Add(tenant) + " AND (f.owner_kind = 'service_case' AND f.owner_id = " + a.Add(c) +
		" OR f.owner_kind = 'case_entry' AND f.owner_id IN (SELECT e.id FROM case_entry e WHERE e.tenant_id = " + a.Add(tenant) + " AND e.case_id = " + a.Add(c) + "))"
}

// keepAt puts checked files to a step of a case, which holds so many in all.
func (s *Service) keepAt(ctx context.Context, tx *db.Tx, actor authz.Actor, c, entry id.ID, p photos) error {
	if len(p.checked) == 0 {
		return nil
	}
	most, err := s.PaperLimits(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	a := &db.Args{}
	n, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM attachment f WHERE "+ofCase(a, actor.Tenant, c), a.Values()...)
	if err != nil {
		return err
	}
	if n+int64(len(p.checked)) > most.Files {
		return errs.Field("file", i18n.CaseFilesMany, most.Files, n)
	}
	_, err = s.files.KeepTx(ctx, tx, actor, attach.Owner{Kind: fileOfEntry, ID: entry}, most, p.checked...)
	return err
}

// roomForTheirs refuses more pictures than somebody adds to a case, so that theirs leave room for those of staff, and of others whose reports were merged into it.
func roomForTheirs(ctx context.Context, q db.Querier, tenant int64, c, own id.ID, more int) error {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM attachment f JOIN case_entry e ON e.tenant_id = f.tenant_id AND e.id = f.owner_id WHERE f.tenant_id = $1 AND f.owner_kind = 'case_entry'
		AND f.account_id = 0 AND e.case_id = $2 AND e.source_id = $3`, tenant, c, own)
	if err == nil && more > 0 && n+int64(more) > MostTheirs {
		err = errs.Field("file", i18n.CasePublicAddMany, MostTheirs, n)
	}
	return err
}

// Files lists the photographs and papers that came with the report of a case that the caller has found, the oldest first.
func Files(ctx context.Context, q db.Querier, tenant int64, c id.ID) ([]attach.File, error) {
	return attach.List(ctx, q, tenant, filesOf(c))
}

// files lists all that belongs to a case, the oldest first.
func files(ctx context.Context, q db.Querier, tenant int64, c id.ID, entries []Entry) ([]CaseFile, error) {
	first, err := Files(ctx, q, tenant, c)
	if err != nil {
		return nil, err
	}
	out := make([]CaseFile, 0, len(first))
	for _, f := range first {
		out = append(out, CaseFile{File: f, Open: true})
	}
	later, err := filesAt(ctx, q, tenant, entries)
	out = append(out, later...)
	slices.SortStableFunc(out, func(a, b CaseFile) int { return cmp.Compare(a.ID, b.ID) })
	return out, err
}

// filesAt lists what came with steps of a case.
func filesAt(ctx context.Context, q db.Querier, tenant int64, entries []Entry) ([]CaseFile, error) {
	var at []id.ID
	for _, e := range entries {
		if e.Act == ActFiles || e.Act == ActFinish || e.Act == ActAdd {
			at = append(at, e.ID)
		}
	}
	kept, err := attach.ListOf(ctx, q, tenant, fileOfEntry, at)
	if err != nil {
		return nil, err
	}
	var out []CaseFile
	for _, e := range entries {
		for _, f := range kept[e.ID] {
			out = append(out, CaseFile{File: f, Act: e.Act, Open: e.Public, source: e.source})
		}
	}
	return out, nil
}

// NewFiles are photographs and papers that staff add to a case.
type NewFiles struct {
	Files []attach.New
	Words string // what they are
	Open  bool   // whoever reported the case sees them
}

// AddFiles adds photographs and papers to a case (PermWork at the organisation that has it). They are part of the step, open to who reported it or internal as that is.
func (s *Service) AddFiles(ctx context.Context, actor authz.Actor, c id.ID, in NewFiles) error {
	if e := errs.Words(nil, "words", &in.Words, MaxWords, false); e != nil {
		return e
	}
	if len(in.Files) == 0 {
		return errs.Field("file", i18n.AttachChooseFile)
	}
	kept, err := s.checkPapers(ctx, actor.Tenant, in.Files)
	if err != nil {
		return err
	}
	return s.act(ctx, actor, PermWork, c, 0, ActFiles, func(*db.Tx, office, *Case) (step, error) {
		return step{words: in.Words, open: in.Open, files: kept}, nil
	})
}

// mayRemove says whether an account takes a file out again: one that it added, as long as the case lasts.
func (c Case) mayRemove(f attach.File, account id.ID) bool {
	return account != 0 && f.AccountID == account && c.State != Closed && c.State != Merged
}

// RemoveFile takes out a file that the actor added by mistake to a case that they see, as long as it lasts. That one was removed stays among the steps; what it was called
// does not.
func (s *Service) RemoveFile(ctx context.Context, actor authz.Actor, c, file id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := s.find(ctx, tx, actor, c)
		if err != nil {
			return err
		}
		f, err := fileIn(ctx, tx, actor.Tenant, r.ID, file)
		switch {
		case err != nil:
			return err
		case f.AccountID == 0 || f.AccountID != actor.AccountID:
			return errs.New(errs.Conflict, i18n.CaseFilesNotYours)
		case !r.mayRemove(f, actor.AccountID):
			return errs.New(errs.Conflict, i18n.CaseFilesOver)
		}
		return s.removed(ctx, tx, actor, PermSee, r, f, step{act: ActUnfile, account: actor.AccountID})
	})
}

// removed takes a file out for good and keeps that it was.
func (s *Service) removed(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, r row, f attach.File, e step) error {
	if err := attach.ForgetTx(ctx, tx, actor.Tenant, []id.ID{f.ID}); err != nil {
		return err
	}
	if _, err := s.insertEntry(ctx, tx, actor.Tenant, r.ID, r.State, e); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.unfile", Permission: perm, SubjectKind: "service_case", SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.OrgID,
		Detail: map[string]any{"file": f.ID.String(), "type": string(f.Type), "hash": f.Hash}})
}

// fileIn finds a file of a case that the caller has found, whichever step it came with.
func fileIn(ctx context.Context, q db.Querier, tenant int64, c, file id.ID) (attach.File, error) {
	a := &db.Args{}
	owner, err := db.One(ctx, q, func(o *attach.Owner) []any { return []any{&o.Kind, &o.ID} }, "SELECT f.owner_kind, f.owner_id FROM attachment f WHERE "+ofCase(a, tenant, c)+" AND f.id = "+a.Add(file), a.Values()...)
	if err != nil {
		return attach.File{}, err
	}
	return attach.Find(ctx, q, tenant, owner, file)
}

// File gives a photograph or paper of a case that the actor sees (PermSee, PermConfidential), the small one if so asked. Each look is recorded; a resident whom the
// register knows sees it.
func (s *Service) File(ctx context.Context, actor authz.Actor, c, file id.ID, small bool) (f attach.File, content []byte, err error) {
	return f, content, s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := s.find(ctx, tx, actor, c)
		if err != nil {
			return err
		}
		at, err := fileIn(ctx, tx, actor.Tenant, r.ID, file)
		if err != nil {
			return err
		}
		f, content, err = s.files.Look(ctx, tx, actor, at.Owner, file, small, audit.Entry{Action: "casework.file", Permission: PermSee, PersonID: r.PersonID, OrgID: r.OrgID,
			Purpose: purposeOfLook, Detail: map[string]any{"case": r.No}})
		return err
	})
}

// toFile finds a file that who reported a case (own) may see: of their report, or of a step that is told to them.
func (s *Service) toFile(ctx context.Context, q db.Querier, tenant int64, own row, file id.ID) (CaseFile, error) {
	f, err := attach.Find(ctx, q, tenant, filesOf(own.ID), file)
	if err == nil || errs.KindOf(err) != errs.NotFound {
		return CaseFile{File: f, Open: true, source: own.ID}, err
	}
	entries, err := s.toReporter(ctx, q, tenant, own)
	if err != nil {
		return CaseFile{}, err
	}
	list, err := filesAt(ctx, q, tenant, entries)
	if err != nil {
		return CaseFile{}, err
	}
	for _, f := range list {
		if f.ID == file && f.Open {
			return f, nil
		}
	}
	return CaseFile{}, errs.ErrNotFound
}

// FileBy gives a photograph or paper to who reported the case.
func (s *Service) FileBy(ctx context.Context, k Key, by, requestID string, file id.ID) (f attach.File, content []byte, err error) {
	return f, content, s.db.WithTx(ctx, func(tx *db.Tx) error {
		tenant, r, err := s.byKey(ctx, tx, k)
		if err != nil {
			return err
		}
		at, err := s.toFile(ctx, tx, tenant, r, file)
		if err != nil {
			return err
		}
		f, content, err = s.files.Look(ctx, tx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, at.Owner, file, false, audit.Entry{Action: "casework.file_own", OrgID: r.OrgID})
		return err
	})
}

// RemoveFileBy takes out a photograph that who reported a case added to it by mistake after the report, as long as the case lasts.
func (s *Service) RemoveFileBy(ctx context.Context, k Key, by, requestID string, file id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		tenant, own, err := s.byKey(ctx, tx, k)
		if err != nil {
			return err
		}
		f, err := s.toFile(ctx, tx, tenant, own, file)
		if err != nil {
			return err
		}
		at := own
		if own.State == Merged {
			if at, err = load(ctx, tx, tenant, own.MergedID); err != nil {
				return err
			}
		}
		switch {
		case f.Owner.Kind != fileOfEntry || !f.theirs(own.ID):
			return errs.New(errs.Conflict, i18n.CaseFilesNotYours)
		case at.State == Closed || own.State == Closed:
			return errs.New(errs.Conflict, i18n.CaseFilesOver)
		}
		return s.removed(ctx, tx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, "", at, f.File, step{act: ActUnfile, source: own.ID})
	})
}
