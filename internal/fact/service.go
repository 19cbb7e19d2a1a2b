package fact

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Define adds a fact of the district's own (PermDefine in the whole district). It gives the fact's ID in the catalogue.
func (c *Catalogue) Define(ctx context.Context, actor authz.Actor, o OwnFact) (OwnFact, error) {
	if !actor.Scope(PermDefine).All() {
		return o, errs.ErrForbidden
	}
	err := c.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := o.check(calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		o.ID, o.CreatedAt, o.Version = id.New(), tx.Now(), 1
		if o.Code == "" {
			o.Code = o.ID.String()
		}
		if _, ok := c.rows[o.Subject]; !ok {
			return errs.Field("subject", i18n.ErrBadChoice)
		}
		ok, err := c.purposes.HasPurpose(ctx, tx, actor.Tenant, o.Purpose)
		if err != nil {
			return err
		}
		if !ok {
			return errs.Field("purpose", i18n.ErrBadChoice)
		}
		if err := c.distinct(ctx, tx, actor.Tenant, o); err != nil {
			return err
		}
		if err := insertOwn(ctx, tx, actor.Tenant, o, actor.AccountID); err != nil {
			if db.IsUnique(err) {
				return errs.Field("code", i18n.FactCodeTaken)
			}
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermDefine), SubjectKind: "own_fact", SubjectID: o.ID, Detail: map[string]any{
			"fact": o.FactID(), "name": o.Name, "purpose": o.Purpose, "asked_by": o.AskedBy, "valid_to": o.ValidTo.String()}})
	})
	return o, err
}

// distinct refuses a fact that the platform knows already under the name: it would be entered twice.
func (c *Catalogue) distinct(ctx context.Context, q db.Querier, tenant int64, o OwnFact) error {
	key := Key(o.Name)
	for _, f := range c.facts {
		if f.Subject != o.Subject {
			continue
		}
		for _, l := range f.Labels() {
			if Key(l) == key {
				return errs.Field("name", i18n.FactKnownAlready, f.Name)
			}
		}
	}
	all, err := ownFacts(ctx, q, tenant)
	for _, f := range all {
		if f.Subject == o.Subject && Key(f.Name) == key && f.InForce(o.ValidFrom) {
			return errs.Field("name", i18n.FactKnownAlready, f.Name)
		}
	}
	return err
}

// End lets an own fact end with a day, today at the earliest: nobody is asked for it any more. Its values stay.
func (c *Catalogue) End(ctx context.Context, actor authz.Actor, factID id.ID, last calendar.Date, version int64) error {
	if !actor.Scope(PermDefine).All() {
		return errs.ErrForbidden
	}
	return c.db.WithTx(ctx, func(tx *db.Tx) error {
		o, err := ownFact(ctx, tx, actor.Tenant, factID)
		if err != nil {
			return err
		}
		today := calendar.DateOf(tx.Now())
		if last.IsZero() {
			last = today
		}
		switch {
		case last.Before(today), last.Before(o.ValidFrom):
			return errs.Field("valid_to", i18n.ErrEndBeforeStart)
		case last.After(o.ValidFrom.AddYears(longestYears)):
			return errs.Field("valid_to", i18n.FactEndTooFar, longestYears)
		}
		if version != 0 && version != o.Version {
			return errs.ErrConflict
		}
		o.ValidTo = last
		if err := endOwn(ctx, tx, actor.Tenant, o); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "fact.end", Permission: PermDefine, SubjectKind: "own_fact", SubjectID: o.ID,
			Detail: map[string]any{"fact": o.FactID(), "valid_to": last.String()}})
	})
}

// longestLabel is the longest label that can be taught.
const longestLabel = 60

// Teach keeps that on forms about rows of a subject a label means a fact (PermTeach). What was taught before for the label is taken back.
func (c *Catalogue) Teach(ctx context.Context, actor authz.Actor, s Subject, label string, ref Ref) error {
	if !actor.Can(PermTeach) {
		return errs.ErrForbidden
	}
	label = strings.Join(strings.Fields(label), " ")
	l := Label{Subject: s, Label: label, Ref: ref, TaughtBy: actor.Name, key: Key(label)}
	if n := utf8.RuneCountInString(label); n > longestLabel {
		return errs.Field("label", i18n.ErrTooLong, longestLabel, n)
	}
	if l.key == "" {
		return errs.Field("label", i18n.ErrRequired)
	}
	ed, err := c.Edition(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	if _, ok := ed.find(s, ref); !ok {
		return errs.Field("ref", i18n.ErrBadChoice)
	}
	if old, ok := ed.labels[s][l.key]; ok && old.Ref == ref {
		return nil
	}
	return c.db.WithTx(ctx, func(tx *db.Tx) error {
		l.ID = id.New()
		if _, err := revokeLabel(ctx, tx, actor.Tenant, s, l.key, actor.AccountID); err != nil {
			return err
		}
		if err := insertLabel(ctx, tx, actor.Tenant, l, actor.AccountID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermTeach), SubjectKind: "fact_label", SubjectID: l.ID,
			Detail: map[string]any{"subject": string(s), "label": label, "ref": string(ref)}})
	})
}

// Unteach takes a taught label back (PermDefine).
func (c *Catalogue) Unteach(ctx context.Context, actor authz.Actor, s Subject, label string) error {
	if !actor.Scope(PermDefine).All() {
		return errs.ErrForbidden
	}
	return c.db.WithTx(ctx, func(tx *db.Tx) error {
		n, err := revokeLabel(ctx, tx, actor.Tenant, s, Key(label), actor.AccountID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.ErrNotFound
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "fact.unteach", Permission: PermDefine, SubjectKind: "fact_label",
			Detail: map[string]any{"subject": string(s), "label": label}})
	})
}

// Taught gives the labels that people taught, in the order of time.
func (c *Catalogue) Taught(ctx context.Context, actor authz.Actor) ([]Label, error) {
	if !actor.Can(PermSee) {
		return nil, errs.ErrForbidden
	}
	return labels(ctx, c.db, actor.Tenant)
}

// DeclareComplete says that the list behind a fact was complete on a day (PermDefine): who stood in the records then and is not listed is
// not meant. An earlier declaration is replaced; the record keeps both.
func (c *Catalogue) DeclareComplete(ctx context.Context, actor authz.Actor, factID string, on calendar.Date, note string) error {
	if !actor.Scope(PermDefine).All() {
		return errs.ErrForbidden
	}
	k := c.byID[factID]
	if k == nil || !k.Register {
		return errs.ErrNotFound
	}
	note = strings.TrimSpace(note)
	if n := utf8.RuneCountInString(note); n > 200 {
		return errs.Field("note", i18n.ErrTooLong, 200, n)
	}
	return c.db.WithTx(ctx, func(tx *db.Tx) error {
		if on.IsZero() || on.After(calendar.DateOf(tx.Now())) {
			return errs.Field("complete_on", i18n.FactCompleteLater)
		}
		if _, err := withdrawDeclaration(ctx, tx, actor.Tenant, factID, actor.AccountID); err != nil {
			return err
		}
		d := Declaration{ID: id.New(), FactID: factID, CompleteOn: on, Note: note, DeclaredBy: actor.Name}
		if err := insertDeclaration(ctx, tx, actor.Tenant, d, actor.AccountID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "fact.declare", Permission: PermDefine, SubjectKind: "fact_register", SubjectID: d.ID,
			Detail: map[string]any{"fact": factID, "complete_on": on.String()}})
	})
}

// WithdrawComplete takes the declaration about a list back (PermDefine).
func (c *Catalogue) WithdrawComplete(ctx context.Context, actor authz.Actor, factID string) error {
	if !actor.Scope(PermDefine).All() {
		return errs.ErrForbidden
	}
	return c.db.WithTx(ctx, func(tx *db.Tx) error {
		n, err := withdrawDeclaration(ctx, tx, actor.Tenant, factID, actor.AccountID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.ErrNotFound
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "fact.withdraw", Permission: PermDefine, SubjectKind: "fact_register",
			Detail: map[string]any{"fact": factID}})
	})
}

// Entry is a value to record.
type Entry struct {
	Row    id.ID
	Value  string        // as a person wrote it; "" takes the present value back
	OnDate calendar.Date // as of when; zero for today
	Source string        // how it came in: "form", "asked: grid worker", the name of a file
}

// Record records values of an own fact at rows for which the actor holds the rows' permission to edit. A newer value supersedes the
// present one, which stays in the history; an equal one confirms it. All or nothing; a fault names the row by its place in entries.
func (c *Catalogue) Record(ctx context.Context, actor authz.Actor, factID string, entries []Entry) error {
	return c.db.WithTx(ctx, func(tx *db.Tx) error { return c.RecordTx(ctx, tx, actor, factID, entries) })
}

// RecordTx is Record inside a running transaction.
func (c *Catalogue) RecordTx(ctx context.Context, tx *db.Tx, actor authz.Actor, factID string, entries []Entry) error {
	today := calendar.DateOf(tx.Now())
	o, err := c.ownByFactID(ctx, tx, actor.Tenant, factID)
	if err != nil {
		return err
	}
	if !o.InForce(today) {
		return errs.New(errs.Conflict, i18n.FactEnded)
	}
	vs, err := c.storable(tx, o, actor, entries)
	if err != nil {
		return err
	}
	rows := c.rows[o.Subject]
	for start := 0; start < len(vs); start += BatchSize {
		if err := c.recordBatch(ctx, tx, actor, o, rows, vs[start:min(start+BatchSize, len(vs))]); err != nil {
			return err
		}
	}
	return nil
}

func (c *Catalogue) ownByFactID(ctx context.Context, q db.Querier, tenant int64, factID string) (OwnFact, error) {
	all, err := ownFacts(ctx, q, tenant)
	if err != nil {
		return OwnFact{}, err
	}
	for _, o := range all {
		if o.FactID() == factID {
			return o, nil
		}
	}
	return OwnFact{}, errs.ErrNotFound
}

// storable checks what was written and turns it into rows.
func (c *Catalogue) storable(tx *db.Tx, o OwnFact, actor authz.Actor, entries []Entry) ([]storedValue, error) {
	f, today := o.Fact(), calendar.DateOf(tx.Now())
	seen := make(map[id.ID]bool, len(entries))
	vs := make([]storedValue, len(entries))
	for i, in := range entries {
		text, err := f.Parse(in.Value)
		if err != nil {
			if e := errs.As(err); e != nil {
				return nil, errs.Field("value", i18n.FactRowFault, i+1, f.Name, e.Message)
			}
			return nil, err
		}
		switch {
		case in.Row == 0 || seen[in.Row]:
			return nil, errs.Field("row", i18n.FactRowTwice, i+1)
		case in.OnDate.After(today):
			return nil, errs.Field("on_date", i18n.FactCompleteLater)
		case utf8.RuneCountInString(in.Source) > 100:
			return nil, errs.Field("source", i18n.ErrTooLong, 100, utf8.RuneCountInString(in.Source))
		}
		seen[in.Row] = true
		if in.OnDate.IsZero() {
			in.OnDate = today
		}
		v := storedValue{ID: id.New(), FactID: o.ID, SubjectID: in.Row, Value: text, OnDate: in.OnDate, Source: in.Source, AccountID: actor.AccountID, At: tx.Now()}
		if o.Sensitivity == Sealed && text != "" {
			v.Sealed, v.Value = c.ring.Seal("own_value", "value", v.ID, text), Mask(text)
		}
		vs[i] = v
	}
	return vs, nil
}

// Mask shows how something sealed ends, and nothing of what is short.
func Mask(text string) string {
	r := []rune(text)
	if len(r) < 6 {
		return "****"
	}
	return "****" + string(r[len(r)-2:])
}

func (c *Catalogue) recordBatch(ctx context.Context, tx *db.Tx, actor authz.Actor, o OwnFact, rows Rows, vs []storedValue) error {
	ids := make([]id.ID, len(vs))
	for i, v := range vs {
		ids[i] = v.SubjectID
	}
	type where struct{ row, person, org id.ID }
	a := &db.Args{}
	in := scope(actor, rows.Edit).Where(a, rows.Owner)
	found, err := db.All(ctx, tx, func(w *where) []any { return []any{&w.row, &w.person, &w.org} }, "SELECT "+rows.ID+", "+orZero(rows.Person)+", "+orZero(rows.Org)+
		" FROM "+rows.From+" WHERE "+in+" AND "+db.In(a, rows.ID, ids), a.Values()...)
	if err != nil {
		return err
	}
	if len(found) != len(vs) {
		return errs.ErrNotFound
	}
	if err := supersede(ctx, tx, actor.Tenant, o.ID, ids); err != nil {
		return err
	}
	if err := insertValues(ctx, tx, actor.Tenant, vs); err != nil {
		return err
	}
	entries := make([]audit.Entry, len(found))
	for i, w := range found {
		entries[i] = audit.Entry{Action: "fact.record", Permission: rows.Edit[0], SubjectKind: string(o.Subject), SubjectID: w.row, PersonID: w.person,
			OrgID: w.org, Detail: map[string]any{"fact": o.FactID()}}
	}
	return audit.RecordMany(ctx, tx, actor, entries)
}

// Past is a value that an own fact had at a row.
type Past struct {
	Value  Value
	OnDate calendar.Date
	Source string
	At     time.Time
	GoneAt time.Time // zero for the present one
}

// History gives the values that an own fact has had at a row in scope, newest first; sealed ones masked.
func (c *Catalogue) History(ctx context.Context, actor authz.Actor, factID string, row id.ID) ([]Past, error) {
	o, err := c.ownByFactID(ctx, c.db, actor.Tenant, factID)
	if err != nil {
		return nil, err
	}
	names, err := c.Names(ctx, actor, o.Subject, []id.ID{row})
	if err != nil {
		return nil, err
	}
	if _, ok := names[row]; !ok {
		return nil, errs.ErrNotFound
	}
	vs, err := history(ctx, c.db, actor.Tenant, o.ID, row)
	out := make([]Past, len(vs))
	for i, v := range vs {
		out[i] = Past{Value: Value{Known: v.Value != "", Hidden: o.Sensitivity == Sealed, Text: v.Value, AsOf: v.OnDate}, OnDate: v.OnDate, Source: v.Source,
			At: v.At, GoneAt: v.GoneAt}
	}
	return out, err
}

// own reads own facts at rows that the actor may see.
func (r *reading) own(ctx context.Context, q db.Querier, b *Batch, facts []*known) error {
	rows := r.ed.c.rows[facts[0].Subject]
	type seen struct{ row, person, org id.ID }
	a := &db.Args{}
	where := scope(r.actor, rows.See).Where(a, rows.Owner) + " AND " + db.In(a, rows.ID, b.IDs)
	visible, err := db.All(ctx, q, func(s *seen) []any { return []any{&s.row, &s.person, &s.org} }, "SELECT "+rows.ID+", "+orZero(rows.Person)+", "+orZero(rows.Org)+
		" FROM "+rows.From+" WHERE "+where, a.Values()...)
	if err != nil || len(visible) == 0 {
		return err
	}
	at := make(map[id.ID]seen, len(visible))
	ids := make([]id.ID, len(visible))
	for i, s := range visible {
		at[s.row], ids[i] = s, s.row
	}
	byOwn := map[id.ID]*known{}
	ownIDs := make([]id.ID, len(facts))
	for i, k := range facts {
		byOwn[k.own.ID], ownIDs[i] = k, k.own.ID
	}
	vs, err := values(ctx, q, r.actor.Tenant, ownIDs, ids)
	if err != nil {
		return err
	}
	edit := scope(r.actor, rows.Edit)
	for _, v := range vs {
		k, where := byOwn[v.FactID], at[v.SubjectID]
		out := Is(v.Value, v.OnDate)
		if k.Sensitivity == Sealed && out.Known {
			out.Hidden = true
			// Whoever keeps the record may open what stands at it, for the purpose it is held for.
			if r.ask.Opening != nil && (edit.Covers(where.org) || edit.All()) {
				plain, err := r.ed.c.ring.Open("own_value", "value", v.ID, v.Sealed)
				if err != nil {
					return err
				}
				out = Is(plain, v.OnDate)
				r.opened = append(r.opened, opened{subject: k.Subject, row: v.SubjectID, person: where.person, org: where.org, perm: "fact.reveal", field: k.ID})
			}
		}
		b.Set(v.SubjectID, k.ID, out)
	}
	return nil
}

// Share says for how many records a fact is known.
type Share struct {
	Known, Of int
	More      bool // there are more records than were looked at
}

// Percent is the share in whole per cent, rounded down: what is not whole is not shown as whole.
func (s Share) Percent() int {
	if s.Of == 0 {
		return 0
	}
	return 100 * s.Known / s.Of
}

// shareOf is how many records a share looks at.
const shareOf = 3000

// Share says for how many of the records that the actor may see a fact is known: of all, or of the first few thousand. Sealed ones count as
// known without being opened. It needs PermSee.
func (c *Catalogue) Share(ctx context.Context, actor authz.Actor, factID string) (Share, error) {
	if !actor.Can(PermSee) {
		return Share{}, errs.ErrForbidden
	}
	ed, err := c.Edition(ctx, actor.Tenant)
	if err != nil {
		return Share{}, err
	}
	f, ok := ed.Fact(factID)
	if !ok {
		return Share{}, errs.ErrNotFound
	}
	ids, err := c.IDs(ctx, actor, f.Subject, Within{Limit: shareOf + 1})
	if err != nil {
		return Share{}, err
	}
	s := Share{More: len(ids) > shareOf}
	if s.More {
		ids = ids[:shareOf]
	}
	v, err := ed.Read(ctx, actor, Ask{Subject: f.Subject, IDs: ids, Refs: []Ref{Ref(factID)}})
	if err != nil {
		return Share{}, err
	}
	s.Of = len(ids)
	for _, x := range v.Column(Ref(factID)) {
		if x.Known {
			s.Known++
		}
	}
	return s, nil
}

// Own gives the district's own facts about a subject that are asked on a day.
func (ed *Edition) Own(s Subject, on calendar.Date) []OwnFact {
	var out []OwnFact
	for _, o := range ed.own {
		if o.Subject == s && o.InForce(on) {
			out = append(out, o)
		}
	}
	return out
}

// OwnFact finds a fact of the district's own by its ID in the catalogue.
func (ed *Edition) OwnFact(factID string) (OwnFact, bool) {
	if k := ed.ownByID[factID]; k != nil {
		return *k.own, true
	}
	return OwnFact{}, false
}

// LabelsOf gives the labels that were taught for a fact.
func (ed *Edition) LabelsOf(factID string) []Label {
	var out []Label
	for _, labels := range ed.labels {
		for _, l := range labels {
			if _, id := l.Ref.Split(); id == factID {
				out = append(out, l)
			}
		}
	}
	slices.SortFunc(out, func(a, b Label) int { return strings.Compare(string(a.Subject)+a.Label, string(b.Subject)+b.Label) })
	return out
}

// RecordAll records values of several own facts at once, all or nothing. What is wrong is said under the fact's ID.
func (c *Catalogue) RecordAll(ctx context.Context, actor authz.Actor, changes map[string]Entry) error {
	return c.db.WithTx(ctx, func(tx *db.Tx) error {
		for _, factID := range slices.Sorted(maps.Keys(changes)) {
			if err := c.RecordTx(ctx, tx, actor, factID, []Entry{changes[factID]}); err != nil {
				if e := errs.As(err); e != nil && e.Fields["value"].Text != (i18n.Text{}) {
					return errs.Field(factID, i18n.FactFieldFault, e.Fields["value"])
				}
				return err
			}
		}
		return nil
	})
}
