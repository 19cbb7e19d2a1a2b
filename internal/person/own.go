package person

import (
	"context"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// IDTail is how many characters of the ID number somebody gives to be recognised.
const IDTail = 6

// mostSharing bounds how many people are looked at who share a telephone.
const mostSharing = 20

// Recognise says who in the register lives here under a telephone, a name and the end of an ID number; whoever asks has shown that the telephone is in their hands. Not found
// is the answer for whatever does not fit, and where two would.
func (s *Service) Recognise(ctx context.Context, q db.Querier, tenant int64, phone, name, tail string) (id.ID, error) {
	n, problem := code.ParsePhone(phone)
	tail = strings.ToUpper(code.Normalise(tail))
	if problem.Blocks() || n == "" || len(tail) != IDTail {
		return 0, errs.ErrNotFound
	}
	rows, err := db.All(ctx, q, (*storedRecord).dest, "SELECT "+storedColumns+` FROM person p WHERE p.tenant_id = $1 AND p.phone_index = $2 AND p.phone_index <> '' AND p.moved_out_on = '' AND p.died_on = ''
		AND p.anonymised_on = '' ORDER BY p.id LIMIT $3`, tenant, s.ring.Index("phone", n.String()), mostSharing)
	if err != nil {
		return 0, err
	}
	var found []id.ID
	for _, r := range rows {
		if len(r.idSealed) == 0 || r.Name != cleanName(name) {
			continue
		}
		number, err := s.ring.Open("person", "id_number", r.ID, r.idSealed)
		if err != nil {
			return 0, err
		}
		if strings.HasSuffix(number, tail) {
			found = append(found, r.ID)
		}
	}
	if len(found) != 1 {
		return 0, errs.ErrNotFound
	}
	return found[0], nil
}

// Lives says whether somebody is in the register and lives here, with a telephone if one is given.
func (s *Service) Lives(ctx context.Context, q db.Querier, tenant int64, personID id.ID, phone string) (bool, error) {
	key := ""
	if phone != "" {
		key = s.ring.Index("phone", phone)
	}
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM person p WHERE p.tenant_id = $1 AND p.id = $2 AND p.moved_out_on = '' AND p.died_on = '' AND p.anonymised_on = '' AND ($3 = '' OR p.phone_index = $3)`,
		tenant, personID, key)
	return n > 0, err
}

// NumberTx opens the number of somebody who agreed to be told something, for the package that tells them; "" where there is none. It checks no permission; the look is recorded with its purpose, and they
// read it.
func (s *Service) NumberTx(ctx context.Context, tx *db.Tx, actor authz.Actor, personID id.ID, purpose string) (string, error) {
	type row struct {
		sealed    []byte
		community id.ID
	}
	p, err := db.One(ctx, tx, func(r *row) []any { return []any{&r.sealed, &r.community} }, `SELECT p.phone, p.community_id FROM person p WHERE p.tenant_id = $1 AND p.id = $2 AND p.moved_out_on = '' AND p.died_on = ''`, actor.Tenant, personID)
	if errs.KindOf(err) == errs.NotFound || err == nil && len(p.sealed) == 0 {
		return "", nil
	} else if err != nil {
		return "", err
	}
	number, err := s.ring.Open("person", "phone", personID, p.sealed)
	if err != nil {
		return "", err
	}
	return number, audit.Record(ctx, tx, actor, audit.Entry{Action: "resident.number", SubjectKind: "person", SubjectID: personID, PersonID: personID, OrgID: p.community, Purpose: purpose})
}

// Correctable are the parts of a record that somebody can ask to have corrected or deleted, in the order of the form.
func Correctable() []string {
	return []string{"name", "sex", "born_on", "id_number", "phone", "ethnic", "political", "schooling", "residence", "head_relation", "work_unit", "moved_in_on"}
}

// Deletable are those of them that a record can do without.
func Deletable() []string {
	return []string{"phone", "ethnic", "political", "schooling", "work_unit"}
}

// partLists are the lists whose codes stand in parts of a record.
var partLists = map[string]*code.List{"sex": code.Sexes, "ethnic": code.EthnicGroups, "political": code.PoliticalStatuses, "schooling": code.Schoolings, "residence": code.ResidenceKinds,
	"head_relation": code.HeadRelations}

// ListOf is the list whose codes stand in a part of a record; nil for none.
func ListOf(part string) *code.List { return partLists[part] }

// changeOf is the change that puts text into one part of a record; an error under the part says what is wrong with it.
func changeOf(part, text string) (c Change, err error) {
	if part == "name" {
		c.Name = &text
		return c, nil
	}
	put, ok := answers["person."+part]
	if !ok {
		return c, errs.Field("part", i18n.ErrBadChoice)
	}
	if l, coded := partLists[part]; coded { // a code, or its word as somebody wrote it
		if it, known := l.Find(text); known {
			text = it.Code
		}
	}
	day, bad := calendar.Parse(text)
	if bad != nil && text != "" && (part == "born_on" || part == "moved_in_on") {
		return c, errs.Field(part, i18n.ErrBadDate)
	}
	put(&c, text, day)
	return c, nil
}

// CheckPart says whether text can stand in a part of a record, as its form would (an ID number by its check digit, a code by its list).
func (s *Service) CheckPart(ctx context.Context, q db.Querier, tenant int64, part, text string) error {
	c, err := changeOf(part, text)
	if err != nil {
		return err
	}
	f := Fields{Name: "X"} // a record has a name; here only the part counts
	set(&f.Name, c.Name)
	set(&f.Sex, c.Sex)
	set(&f.BornOn, c.BornOn)
	set(&f.IDNumber, c.IDNumber)
	set(&f.Phone, c.Phone)
	set(&f.Ethnic, c.Ethnic)
	set(&f.Political, c.Political)
	set(&f.Schooling, c.Schooling)
	set(&f.Residence, c.Residence)
	set(&f.HeadRelation, c.HeadRelation)
	set(&f.WorkUnit, c.WorkUnit)
	set(&f.MovedInOn, c.MovedInOn)
	if _, _, err := f.check(s.db.Now()); err != nil {
		return err
	}
	return s.guard(ctx, q, tenant, f)
}

// CorrectTx puts text into a part of somebody's record, "" to empty it, because they ask for it (PermEdit); a person has decided, so a difference from the ID number is flagged and
// does not stop it (CODE-4).
func (s *Service) CorrectTx(ctx context.Context, tx *db.Tx, actor authz.Actor, personID id.ID, part, text string) error {
	c, err := changeOf(part, text)
	if err != nil {
		return err
	}
	p, err := findStored(ctx, tx, actor.Scope(PermEdit), personID)
	if err != nil {
		return err
	}
	c.Confirmed = true
	return s.change(ctx, tx, actor, p, c)
}
