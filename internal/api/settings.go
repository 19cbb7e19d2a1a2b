package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/burden"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/policy"
)

// Setting is a value that the district may set.
type Setting struct {
	Name    string    `json:"name" doc:"Name, as in addresses."`
	Title   string    `json:"title" doc:"Title, in the language asked for."`
	Unit    string    `json:"unit,omitempty" doc:"Unit."`
	Now     int64     `json:"now" doc:"In force today."`
	Default int64     `json:"default" doc:"Unless set."`
	Min     int64     `json:"min" doc:"At least."`
	Max     int64     `json:"max" doc:"At most; 1 for a switch."`
	Source  string    `json:"source,omitempty" doc:"Requirement it comes from."`
	Since   rest.Date `json:"since,omitempty" doc:"In force since."`
	SetBy   string    `json:"set_by,omitempty" doc:"Decision or document it rests on."`
	Later   *int64    `json:"later,omitempty" doc:"Set for a later day."`
	LaterOn rest.Date `json:"later_on,omitempty" doc:"That day."`
}

// SettingChange puts a value into force from a day on.
type SettingChange struct {
	Value  int64     `json:"value" doc:"Value."`
	From   rest.Date `json:"from,omitempty" doc:"First day; today if absent. The past is not rewritten."`
	Source string    `json:"source,omitempty" maxLength:"200" doc:"Decision or document it rests on."`
}

type settingInput struct {
	Name string `path:"name" maxLength:"60" doc:"Name of the setting."`
	Body SettingChange
}

// BurdenFigure is what a form asked of people.
type BurdenFigure struct {
	Form          string    `json:"form" doc:"Name of the form."`
	Role          string    `json:"role,omitempty" doc:"Role; absent in a sum over roles."`
	Day           rest.Date `json:"day,omitempty" doc:"Day; absent in a sum over days."`
	Uses          int64     `json:"uses" doc:"How often it was sent."`
	Fields        int64     `json:"fields" doc:"Fields asked."`
	Filled        int64     `json:"filled" doc:"Of them filled in by the program and left so."`
	Typed         int64     `json:"typed" doc:"Of them typed."`
	Seconds       int64     `json:"seconds" doc:"From showing to sending."`
	FilledPercent int64     `json:"filled_percent" doc:"Filled in by the program, whole per cent; -1 if nothing was asked."`
}

func burdenOf(f burden.Figure) BurdenFigure {
	return BurdenFigure{f.Form, f.Role, rest.Date(f.Day), f.Uses, f.Fields, f.Filled, f.Typed, f.Seconds, f.FilledPercent()}
}

type burdenQuery struct {
	From rest.Date `query:"from" doc:"On or after this day."`
	To   rest.Date `query:"to" doc:"On or before this day."`
	Form string    `query:"form" maxLength:"60" doc:"Of this form."`
}

func (h *handlers) settings(k *rest.Kit) {
	rest.Get(k, rest.Op{ID: "policy-list", Path: "/policies", Tag: "policies", Title: "Every setting as it stands today", Needs: perms(policy.PermSee)},
		func(ctx context.Context, a authz.Actor, in *rest.None) (rest.All[Setting], error) {
			l := rest.Lang(ctx)
			list, err := h.Policy.List(ctx, a)
			return rest.AllOf(list, func(s policy.Setting) Setting {
				out := Setting{Name: s.Name, Title: s.Title.In(l), Unit: s.Unit.In(l), Now: s.Now, Default: s.Default, Min: s.Min, Max: s.Max, Source: s.Source, Since: rest.Date(s.Since), SetBy: s.SetBy}
				if s.LaterOn != "" {
					out.Later, out.LaterOn = &s.Later, rest.Date(s.LaterOn)
				}
				return out
			}), err
		})
	rest.Act(k, rest.Op{ID: "policy-set", Method: "PUT", Path: "/policies/{name}", Tag: "policies", Title: "Put a value into force from a day on", Needs: perms(policy.PermSet)},
		func(ctx context.Context, a authz.Actor, in *settingInput) error {
			return h.Policy.Set(ctx, a, policy.Change{Name: in.Name, From: in.Body.From.Date(), Value: in.Body.Value, Source: in.Body.Source})
		})
	rest.Get(k, rest.Op{ID: "burden-forms", Path: "/burden", Tag: "burden", Title: "What forms asked of people, one figure per form", Needs: perms(burden.PermSee)},
		func(ctx context.Context, a authz.Actor, in *burdenQuery) (rest.All[BurdenFigure], error) {
			l, err := h.Burden.Forms(ctx, a, burden.Filter{From: string(in.From), To: string(in.To), Form: in.Form})
			return rest.AllOf(l, burdenOf), err
		})
	rest.Get(k, rest.Op{ID: "burden-records", Path: "/burden/records", Tag: "burden", Title: "The counts behind the figures, newest day first", Needs: perms(burden.PermSee)},
		func(ctx context.Context, a authz.Actor, in *burdenQuery) (rest.All[BurdenFigure], error) {
			l, err := h.Burden.Records(ctx, a, burden.Filter{From: string(in.From), To: string(in.To), Form: in.Form})
			return rest.AllOf(l, burdenOf), err
		})
}

// AuditEntry says who did or read what, when, in which role and for what purpose.
type AuditEntry struct {
	ID             rest.ID   `json:"id" doc:"Identifier."`
	At             time.Time `json:"at" doc:"When."`
	AccountID      rest.ID   `json:"account_id,omitempty" doc:"Account that acted."`
	Actor          string    `json:"actor" doc:"Name of who acted."`
	Role           string    `json:"role,omitempty" doc:"Role under which."`
	Action         string    `json:"action" doc:"concept.verb."`
	SubjectKind    string    `json:"subject_kind,omitempty" doc:"Kind of record concerned."`
	SubjectID      rest.ID   `json:"subject_id,omitempty" doc:"Record concerned."`
	PersonID       rest.ID   `json:"person_id,omitempty" doc:"Resident concerned."`
	OrganisationID rest.ID   `json:"organisation_id,omitempty" doc:"Organisation in whose part of the tree it happened."`
	Purpose        string    `json:"purpose,omitempty" doc:"Purpose of a look at sealed data."`
	Detail         string    `json:"detail,omitempty" doc:"What else matters, as JSON."`
	RequestID      string    `json:"request_id,omitempty" doc:"Number of the request."`
}

func auditEntryOf(r audit.Row) AuditEntry {
	return AuditEntry{ID: rest.IDOf(r.ID), At: r.At.UTC(), AccountID: rest.IDOf(r.AccountID), Actor: r.ActorName, Role: r.ActorRole, Action: r.Action, SubjectKind: r.SubjectKind,
		SubjectID: rest.IDOf(r.SubjectID), PersonID: rest.IDOf(r.PersonID), OrganisationID: rest.IDOf(r.OrgID), Purpose: r.Purpose, Detail: r.Detail, RequestID: r.RequestID}
}

type auditQuery struct {
	rest.Paging
	Account rest.ID   `query:"account" doc:"Acts of this account."`
	Subject rest.ID   `query:"subject" doc:"About this record."`
	Person  rest.ID   `query:"person" doc:"About this resident."`
	Action  string    `query:"action" maxLength:"60" doc:"Of this action."`
	From    rest.Date `query:"from" doc:"On or after this day."`
	To      rest.Date `query:"to" doc:"On or before this day."`
	Looks   bool      `query:"looks" doc:"Only looks at sealed data."`
}

func (h *handlers) auditing(k *rest.Kit) {
	rest.Get(k, rest.Op{ID: "audit-search", Path: "/audit", Tag: "audit", Title: "Search the record of acts and looks, newest first", Needs: perms(audit.PermRead)},
		func(ctx context.Context, a authz.Actor, in *auditQuery) (rest.Page[AuditEntry], error) {
			f := audit.Filter{AccountID: in.Account.ID(), SubjectID: in.Subject.ID(), PersonID: in.Person.ID(), Action: in.Action, Looks: in.Looks, Page: in.Page()}
			if d := in.From.Date(); !d.IsZero() {
				f.From = d.Time()
			}
			if d := in.To.Date(); !d.IsZero() {
				f.To = d.AddDays(1).Time()
			}
			l, err := audit.Search(ctx, h.db, a.Scope(audit.PermRead), f)
			return rest.PageOf(l, auditEntryOf), err
		})
}

// Me is who is calling.
type Me struct {
	AccountID   rest.ID   `json:"account_id" doc:"Account."`
	Login       string    `json:"login" doc:"Log-in name."`
	Name        string    `json:"name" doc:"Name shown."`
	PersonID    rest.ID   `json:"person_id,omitempty" doc:"Person the account belongs to."`
	Tenant      string    `json:"tenant" doc:"Division code of the district."`
	Language    string    `json:"language" doc:"zh or en."`
	Permissions []string  `json:"permissions" nullable:"false" doc:"What this token or session may do anywhere, in order."`
	Grants      []MyGrant `json:"grants" nullable:"false" doc:"Roles in force."`
}

// MyGrant is a role in force with where it reaches.
type MyGrant struct {
	Role           string  `json:"role" doc:"Code of the role."`
	RoleName       string  `json:"role_name" doc:"Name of the role."`
	OrganisationID rest.ID `json:"organisation_id,omitempty" doc:"Organisation at which it is held."`
	Organisation   string  `json:"organisation,omitempty" doc:"Name of that organisation."`
	WholeDistrict  bool    `json:"whole_district" doc:"Whether it reaches the whole district."`
}

// WaitingItem is something that waits for the caller.
type WaitingItem struct {
	Kind      string     `json:"kind" doc:"What is to be done, like registration.accept."`
	Count     int64      `json:"count" doc:"How many."`
	SubjectID rest.ID    `json:"subject_id,omitempty" doc:"The one record concerned."`
	Since     *time.Time `json:"since,omitempty" doc:"When the oldest began to wait."`
	DueOn     rest.Date  `json:"due_on,omitempty" doc:"Day by which it should be done."`
}

func (h *handlers) myself(k *rest.Kit) {
	rest.Get(k, rest.Op{ID: "me", Path: "/me", Tag: "me", Title: "Who you are and what you may do"},
		func(ctx context.Context, a authz.Actor, in *rest.None) (Me, error) {
			return h.me(ctx, a), nil
		})
	rest.Get(k, rest.Op{ID: "me-waiting", Path: "/me/waiting", Tag: "me", Title: "What waits for you today"},
		func(ctx context.Context, a authz.Actor, in *rest.None) (rest.All[WaitingItem], error) {
			out := rest.All[WaitingItem]{Items: []WaitingItem{}}
			for _, of := range h.Waiting {
				list, err := of(ctx, a)
				if err != nil {
					return out, err
				}
				for _, w := range list {
					if w.Count > 0 {
						out.Items = append(out.Items, WaitingItem{w.Kind, w.Count, rest.IDOf(w.Subject), rest.UTC(w.Since), rest.Date(w.DueOn)})
					}
				}
			}
			return out, nil
		})
}

func (h *handlers) me(ctx context.Context, a authz.Actor) Me {
	c := rest.CallerOf(ctx)
	out := Me{AccountID: rest.IDOf(a.AccountID), Login: c.Login, Name: a.Name, PersonID: rest.IDOf(a.PersonID), Tenant: rest.TenantText(a.Tenant), Language: string(c.Lang),
		Permissions: []string{}, Grants: []MyGrant{}}
	for p := range h.Authn.Known() {
		if a.Can(p) {
			out.Permissions = append(out.Permissions, string(p))
		}
	}
	sortStrings(out.Permissions)
	for _, g := range a.Grants {
		out.Grants = append(out.Grants, MyGrant{g.Role, g.RoleName, rest.IDOf(g.Root), g.RootName, g.All})
	}
	return out
}

// Verified is what somebody learns who holds a paper and looks up its code. Names are masked.
type Verified struct {
	Kind     string        `json:"kind" doc:"slip, certificate, claim, evaluation."`
	Number   string        `json:"number,omitempty" doc:"Number printed on the paper."`
	Code     string        `json:"code" doc:"Verification code."`
	IssuedAt time.Time     `json:"issued_at" doc:"When it was issued."`
	ValidTo  rest.Date     `json:"valid_to,omitempty" doc:"Last day; absent for no end."`
	InForce  bool          `json:"in_force" doc:"Whether it holds today."`
	Revoked  *time.Time    `json:"revoked_at,omitempty" doc:"When it was taken out of force."`
	Reason   string        `json:"reason,omitempty" doc:"Why it was taken out of force."`
	Hash     string        `json:"hash" doc:"SM3 of the content."`
	Slip     *VerifiedSlip `json:"slip,omitempty" doc:"Of a slip: what stands on it."`
}

// VerifiedSlip is what stands on a slip, with names masked.
type VerifiedSlip struct {
	No        int64        `json:"no" doc:"Number of the version."`
	Current   bool         `json:"current" doc:"Whether no newer version exists."`
	Newest    int64        `json:"newest" doc:"Number of the newest version."`
	Intact    bool         `json:"intact" doc:"Whether the stored content still has its hash."`
	Quarter   rest.Quarter `json:"quarter" doc:"Quarter."`
	Community string       `json:"community" doc:"Name of the community."`
	Unit      string       `json:"unit" doc:"Name of the unit."`
	Lines     []SlipLine   `json:"lines" nullable:"false" doc:"Its lines, names masked."`
}

type codePath struct {
	Code string `path:"code" maxLength:"40" doc:"The code as it stands on the paper."`
}

func (h *handlers) verification(k *rest.Kit) {
	rest.Get(k, rest.Op{ID: "verify", Path: "/verify/{code}", Tag: "verification", Title: "Look up the code of a paper", Public: true,
		Text: "Whoever holds the paper can check that it is genuine and unchanged; no account is needed."}, h.verify)
}

func (h *handlers) verify(ctx context.Context, _ authz.Actor, in *codePath) (Verified, error) {
	tenant, p, err := paper.Find(ctx, h.db, in.Code)
	if err != nil {
		return Verified{}, err
	}
	out := Verified{Kind: p.Kind, Number: p.Number, Code: p.Code, IssuedAt: p.IssuedAt.UTC(), ValidTo: rest.DateOf(p.ValidTo), InForce: p.InForce(today(h.db)), Revoked: rest.UTC(p.RevokedAt),
		Reason: p.Reason, Hash: p.ContentHash}
	if p.Kind != paper.KindSlip {
		return out, nil
	}
	c, err := h.Feedback.Check(ctx, tenant, p)
	if errs.KindOf(err) == errs.NotFound {
		return out, nil
	}
	content := c.Version.Content
	out.Slip = &VerifiedSlip{No: c.Version.No, Current: c.Current, Newest: c.Newest, Intact: c.Version.Intact, Quarter: rest.QuarterOf(content.Quarter),
		Community: content.Community, Unit: content.Unit, Lines: rest.AllOf(content.LinesOf(), func(l feedback.Line) SlipLine {
			l.MemberID = id.ID(0)
			return lineOf(l)
		}).Items}
	return out, err
}
