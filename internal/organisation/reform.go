package organisation

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Form is the form of a Party branch, by its size and with approval from above (PARTY-5).
type Form string

// The forms. A branch grows into a general branch at more than 50 members, into a base committee at more than 100; a smaller one may have the higher form
// where its work needs it.
const (
	PlainBranch   Form = ""
	GeneralBranch Form = "general"
	BaseCommittee Form = "committee"
)

// Forms lists the forms.
func Forms() []Form { return []Form{PlainBranch, GeneralBranch, BaseCommittee} }

// Text names the form.
func (f Form) Text() i18n.Text {
	return map[Form]i18n.Text{PlainBranch: i18n.OrgKindBranch, GeneralBranch: i18n.OrgFormGeneral, BaseCommittee: i18n.OrgFormCommittee}[f]
}

// Renamed is the name that an organisation of this name has in a form: its usual ending becomes that of the form.
func (f Form) Renamed(name string) string { return i18n.OrgFormRenamed(name, string(f)) }

// What names what the organisation is: its form if it is a branch, otherwise its kind.
func (o Organisation) What() i18n.Text {
	if o.Kind == Branch {
		return o.Form.Text()
	}
	return o.Kind.Text()
}

// Reform gives a branch in scope (PermChange) another form and the name that goes with it, from a day on and with the document that approves it.
func (s *Service) Reform(ctx context.Context, actor authz.Actor, org id.ID, form Form, name string, e Effect) error {
	return s.act(ctx, actor, org, e, func(tx *db.Tx, o Organisation) error {
		switch {
		case o.Kind != Branch:
			return errs.New(errs.Conflict, i18n.OrgNotABranch, o.Label())
		case form.Text().IsZero():
			return errs.Field("form", i18n.ErrBadChoice)
		case form == o.Form:
			return errs.Field("form", i18n.OrgSameForm, o.Label(), form.Text())
		case e.Document == "":
			return errs.Field("document", i18n.OrgFormDocument)
		}
		d := draft{Organisation: o}
		if d.Name = clean(name); d.Name == "" {
			return errs.Field("name", i18n.ErrRequired)
		}
		if err := d.lengths(nil).OrNil(); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE organisation SET form = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3`, form, actor.Tenant, o.ID); err != nil {
			return err
		}
		if d.Name != o.Name {
			since, err := nameSince(ctx, tx, actor.Tenant, org)
			if err != nil {
				return err
			}
			if e.On.Before(since) {
				return errs.Field("on", i18n.OrgDateBeforeName, since.String())
			}
			if err := setName(ctx, tx, actor.Tenant, o.ID, d.Name, e.On); err != nil {
				return err
			}
			if err := reindex(ctx, tx, actor.Tenant, o.ID); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, actor, Act{Kind: ActReform, SubjectID: o.ID, Detail: o.Name}, e)
	})
}
