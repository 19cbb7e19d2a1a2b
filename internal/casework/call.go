package casework

import (
	"context"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

// mostEarlier is how many earlier cases of a number are shown while somebody calls.
const mostEarlier = 8

// leastWords is how many characters of what is said are compared with other cases.
const leastWords = 4

// Caller is what may be seen of who calls from a number.
type Caller struct {
	Number  string // as it is kept; "" where it is withheld
	Allowed bool   // the actor may look for the cases of a number
	Earlier []Row  // cases of the number, open ones first, then the newest
	More    bool   // there are others
	Last    *LastCall
}

// LastCall is what the latest case of a number says of who reported it and where; it can be taken over, and is taken over by nothing else.
type LastCall struct {
	No          string
	Name        string
	CommunityID id.ID
	Community   string
	BuildingID  id.ID
	Building    string
	Place       string
}

// Caller looks a number up while somebody calls (PermEnter). What is shown of it is what the actor may find by a number: cases that they see, of organisations where
// they may know who reported one (PermReveal). The latest that is neither confidential nor about an organisation, in a community where they enter cases, says name and
// place. The look is recorded for each person whose cases it shows; a resident whom the register knows sees it.
func (s *Service) Caller(ctx context.Context, actor authz.Actor, typed string) (out Caller, err error) {
	if !actor.Can(PermEnter) {
		return out, errs.ErrForbidden
	}
	if strings.TrimSpace(typed) == "" {
		return out, nil
	}
	number, problem := code.ParsePhone(typed)
	if problem.Blocks() {
		return out, errs.Field("phone", i18n.CodeProblem, problem.Message, problem.Advice)
	}
	out.Number = number.String()
	if out.Allowed = actor.Can(PermReveal); !out.Allowed {
		return out, nil
	}
	key := s.phoneKey(out.Number)
	of := func(a *db.Args) string {
		return s.visible(a, actor) + " AND c.phone_key <> '' AND c.phone_key = " + a.Add(key) + " AND " + actor.Scope(PermReveal).Where(a, handlers)
	}
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		out.Earlier, err = db.All(ctx, tx, (*Row).dest, "SELECT "+rowColumns+rowJoined+of(a)+" ORDER BY CASE WHEN "+openStates+" THEN 0 ELSE 1 END, c.id DESC LIMIT "+a.Add(mostEarlier+1), a.Values()...)
		if err != nil {
			return err
		}
		named(out.Earlier)
		if out.More = len(out.Earlier) > mostEarlier; out.More {
			out.Earlier = out.Earlier[:mostEarlier]
		}
		look := audit.Entry{Action: "casework.lookup", Permission: PermReveal, SubjectKind: "service_case", Purpose: purposeOfLook, Detail: map[string]any{"phone_key": key}}
		seen := &db.Args{}
		a = &db.Args{}
		last, err := db.All(ctx, tx, (*row).dest, "SELECT "+columns+joined+of(a)+" AND c.confidential = FALSE AND c.about_id = 0 AND "+
			actor.Scope(PermEnter).Where(a, authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.community_id"}})+" ORDER BY c.id DESC LIMIT 1", a.Values()...)
		if err != nil {
			return err
		}
		shown, err := db.All(ctx, tx, func(e *audit.Entry) []any { return []any{&e.SubjectID, &e.PersonID, &e.OrgID} }, "SELECT c.id, c.person_id, c.org_id FROM service_case c WHERE "+of(seen)+
			" ORDER BY CASE WHEN "+openStates+" THEN 0 ELSE 1 END, c.id DESC LIMIT "+seen.Add(mostEarlier), seen.Values()...)
		if err != nil {
			return err
		}
		for _, r := range last { // one or none
			full, err := s.open(r)
			if err != nil {
				return err
			}
			out.Last = &LastCall{No: full.No, CommunityID: full.CommunityID, Community: full.Community, BuildingID: full.BuildingID, Building: full.Building, Place: full.Place}
			if out.Last.Name, err = s.ring.Open("service_case", "reporter", r.ID, r.reporter); err != nil {
				return err
			}
			shown = append([]audit.Entry{{SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.OrgID}}, shown...)
		}
		if len(shown) == 0 {
			shown = append(shown, audit.Entry{})
		}
		told := map[id.ID]bool{} // each person sees one look
		var looks []audit.Entry
		for _, e := range shown {
			if !told[e.PersonID] {
				told[e.PersonID] = true
				look.SubjectID, look.PersonID, look.OrgID = e.SubjectID, e.PersonID, e.OrgID
				looks = append(looks, look)
			}
		}
		return audit.RecordMany(ctx, tx, actor, looks)
	})
}

// Draft is a case that is being written down.
type Draft struct {
	Kind        string
	ItemID      id.ID
	CommunityID id.ID
	BuildingID  id.ID
	Body        string
}

// AlikeTo proposes open cases that could be the same as one that is being written down, of those that the actor sees in the community (PermSee); none where the kind
// is confidential or a petition, which are not merged with those of others. It keeps nothing of what was typed.
func (s *Service) AlikeTo(ctx context.Context, actor authz.Actor, d Draft) ([]Double, error) {
	if !actor.Can(PermEnter) {
		return nil, errs.ErrForbidden
	}
	k, err := findKind(ctx, s.db, actor.Tenant, d.Kind)
	if errs.KindOf(err) == errs.NotFound || err == nil && (k.Confidential || k.Petition) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if d.BuildingID != 0 {
		at, err := communityOf(ctx, s.db, actor.Tenant, d.BuildingID)
		switch {
		case errs.KindOf(err) == errs.NotFound:
			d.BuildingID = 0
		case err != nil:
			return nil, err
		case d.CommunityID == 0:
			d.CommunityID = at
		}
	}
	if d.CommunityID == 0 || len([]rune(gram.Key(d.Body))) < leastWords {
		return nil, nil
	}
	return s.doubles(ctx, s.db, actor, Case{CommunityID: d.CommunityID, BuildingID: d.BuildingID, ItemID: d.ItemID, Title: titleOf(k, item{}, d.Body)})
}

// joinTx lets a case that was just entered on behalf follow another that it is the same as: whoever reported it has a code of their own and hears of the other's
// result. The receipt then says who has that one, and until when.
func (s *Service) joinTx(ctx context.Context, tx *db.Tx, actor authz.Actor, joins *Case, into id.ID, out *Receipt) error {
	r, err := load(ctx, tx, actor.Tenant, joins.ID)
	if err != nil {
		return err
	}
	if err := s.apply(ctx, tx, actor, PermEnter, r, 0, ActMerge, func(c *Case) (step, error) {
		e, err := s.mergedInto(ctx, tx, actor, c, into)
		e.quiet = true // they are told that it came in
		return e, err
	}); err != nil {
		return err
	}
	main, err := load(ctx, tx, actor.Tenant, into)
	if err != nil {
		return err
	}
	joins.Timing = main.Timing
	out.Joined, out.Org, out.DueAt, out.Provisional, out.SignOff = main.No, main.Org, main.DueAt, main.Provisional, ""
	return nil
}
