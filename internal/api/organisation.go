package api

import (
	"context"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/organisation"
)

// Organisation is an organisation as it is today.
type Organisation struct {
	ID            rest.ID   `json:"id" doc:"Identifier."`
	Kind          string    `json:"kind" doc:"district_committee, working_committee, committee, community_party, party_branch, party_group, unit, residents_committee, service_station, other."`
	Name          string    `json:"name" doc:"Name today."`
	ShortName     string    `json:"short_name,omitempty" doc:"Short name."`
	Code          string    `json:"code,omitempty" doc:"The district's own code."`
	USCC          string    `json:"uscc,omitempty" doc:"Unified social credit code."`
	DivisionCode  string    `json:"division_code,omitempty" doc:"12 digits, of a district, sub-district or community."`
	Sector        string    `json:"sector,omitempty" doc:"Sector."`
	ParentID      rest.ID   `json:"parent_id,omitempty" doc:"Superior on the leadership line."`
	ParentName    string    `json:"parent_name,omitempty" doc:"Name of the superior."`
	CommunityID   rest.ID   `json:"community_id,omitempty" doc:"Community in which a unit lies (area line)."`
	CommunityName string    `json:"community_name,omitempty" doc:"Name of that community."`
	Address       string    `json:"address,omitempty" doc:"Address."`
	ContactName   string    `json:"contact_name,omitempty" doc:"Name of the contact."`
	ContactPhone  string    `json:"contact_phone,omitempty" doc:"Phone of the contact, masked; see POST /organisations/{id}/phone."`
	EstablishedOn rest.Date `json:"established_on,omitempty" doc:"Day of foundation, if known."`
	DissolvedOn   rest.Date `json:"dissolved_on,omitempty" doc:"Day on which it was dissolved or merged."`
	Version       int64     `json:"version" doc:"Version, for changes."`
}

// RecordVersion is the version of the organisation.
func (o Organisation) RecordVersion() int64 { return o.Version }

func organisationOf(o organisation.Item) Organisation {
	return Organisation{ID: rest.IDOf(o.ID), Kind: string(o.Kind), Name: o.Name, ShortName: o.ShortName, Code: o.Code, USCC: o.USCC, DivisionCode: o.DivisionCode,
		Sector: o.Sector, ParentID: rest.IDOf(o.ParentID), ParentName: o.ParentName, CommunityID: rest.IDOf(o.CommunityID), CommunityName: o.CommunityName,
		Address: o.Address, ContactName: o.ContactName, ContactPhone: o.PhoneMask, EstablishedOn: rest.DateOf(o.EstablishedOn),
		DissolvedOn: rest.DateOf(o.DissolvedOn), Version: o.Version}
}

// OrganisationRef is an organisation by name.
type OrganisationRef struct {
	ID     rest.ID `json:"id" doc:"Identifier."`
	Kind   string  `json:"kind" doc:"Kind of organisation."`
	Name   string  `json:"name" doc:"Name."`
	Label  string  `json:"label" doc:"Short name, or the name."`
	Parent string  `json:"parent,omitempty" doc:"Label of its superior, to tell namesakes apart."`
}

func organisationRefOf(r organisation.Ref) OrganisationRef {
	return OrganisationRef{ID: rest.IDOf(r.ID), Kind: string(r.Kind), Name: r.Name, Label: r.Label, Parent: r.Parent}
}

// OrganisationDetail is an organisation with its history.
type OrganisationDetail struct {
	Organisation
	Line      []OrganisationRef      `json:"line" nullable:"false" doc:"Superiors from the top."`
	Names     []OrganisationName     `json:"names" nullable:"false" doc:"Its names, newest first."`
	Relations []OrganisationRelation `json:"relations" nullable:"false" doc:"Its dated relations, newest first."`
	Acts      []OrganisationAct      `json:"acts" nullable:"false" doc:"Acts of change, newest first."`
	Below     int64                  `json:"below" doc:"Organisations directly below it today."`
	Units     int64                  `json:"units" doc:"Units that lie in it today, for a community."`
}

// OrganisationName is a name with the days on which it held.
type OrganisationName struct {
	Name  string    `json:"name" doc:"Name."`
	Since rest.Date `json:"since,omitempty" doc:"First day; absent for as far back as known."`
	Until rest.Date `json:"until,omitempty" doc:"First day on which it no longer held."`
}

// OrganisationRelation is a dated relation.
type OrganisationRelation struct {
	Kind     string    `json:"kind" doc:"leadership, area, merged_into, split_from."`
	FromID   rest.ID   `json:"from_id" doc:"Subordinate, unit, predecessor or part."`
	From     string    `json:"from" doc:"Its name today."`
	ToID     rest.ID   `json:"to_id" doc:"Superior, community, successor or origin."`
	To       string    `json:"to" doc:"Its name today."`
	Since    rest.Date `json:"since,omitempty" doc:"First day."`
	Until    rest.Date `json:"until,omitempty" doc:"First day on which it no longer holds; absent while it holds."`
	Document string    `json:"document,omitempty" doc:"Document that ordered it."`
}

// OrganisationAct is one recorded act of change.
type OrganisationAct struct {
	ID        rest.ID   `json:"id" doc:"Identifier."`
	Kind      string    `json:"kind" doc:"found, rename, reparent, merge, split, dissolve, attach, detach."`
	SubjectID rest.ID   `json:"subject_id" doc:"Organisation that it is about."`
	Subject   string    `json:"subject" doc:"Its name today."`
	OtherID   rest.ID   `json:"other_id,omitempty" doc:"The other organisation, if there is one."`
	Other     string    `json:"other,omitempty" doc:"Its name today."`
	On        rest.Date `json:"on,omitempty" doc:"Day of effect."`
	Document  string    `json:"document,omitempty" doc:"Document that ordered it."`
	Detail    string    `json:"detail,omitempty" doc:"A former name, for a rename."`
}

func organisationDetailOf(d organisation.Detail) OrganisationDetail {
	out := OrganisationDetail{Organisation: organisationOf(d.Item), Line: rest.AllOf(d.Line, organisationRefOf).Items, Below: d.Below, Units: d.Units}
	out.Names = rest.AllOf(d.Names, func(n organisation.Name) OrganisationName {
		return OrganisationName{n.Name, rest.DateOf(n.Since), rest.DateOf(n.Until)}
	}).Items
	out.Relations = rest.AllOf(d.Relations, func(r organisation.Relation) OrganisationRelation {
		return OrganisationRelation{Kind: string(r.Kind), FromID: rest.IDOf(r.FromID), From: r.From, ToID: rest.IDOf(r.ToID), To: r.To, Since: rest.DateOf(r.Since),
			Until: rest.DateOf(r.Until), Document: r.Document}
	}).Items
	out.Acts = rest.AllOf(d.Acts, func(a organisation.Act) OrganisationAct {
		return OrganisationAct{ID: rest.IDOf(a.ID), Kind: string(a.Kind), SubjectID: rest.IDOf(a.SubjectID), Subject: a.Subject, OtherID: rest.IDOf(a.OtherID),
			Other: a.Other, On: rest.DateOf(a.On), Document: a.Document, Detail: a.Detail}
	}).Items
	return out
}

// NewOrganisation is what is said when an organisation is set up.
type NewOrganisation struct {
	Kind          string    `json:"kind" enum:"district_committee,working_committee,committee,community_party,party_branch,party_group,unit,residents_committee,service_station,other" doc:"Kind of organisation."`
	Name          string    `json:"name" maxLength:"100" doc:"Name."`
	ShortName     string    `json:"short_name,omitempty" maxLength:"60" doc:"Short name."`
	Code          string    `json:"code,omitempty" maxLength:"40" doc:"The district's own code."`
	USCC          string    `json:"uscc,omitempty" maxLength:"18" doc:"Unified social credit code; a wrong check character warns."`
	DivisionCode  string    `json:"division_code,omitempty" maxLength:"12" doc:"12 digits."`
	Sector        string    `json:"sector,omitempty" maxLength:"40" doc:"Sector."`
	ParentID      rest.ID   `json:"parent_id,omitempty" doc:"Superior; only the district committee has none."`
	CommunityID   rest.ID   `json:"community_id,omitempty" doc:"Units: the community in which it lies."`
	Address       string    `json:"address,omitempty" maxLength:"200" doc:"Address."`
	ContactName   string    `json:"contact_name,omitempty" maxLength:"60" doc:"Name of the contact."`
	ContactPhone  string    `json:"contact_phone,omitempty" maxLength:"40" doc:"Phone of the contact; kept sealed."`
	EstablishedOn rest.Date `json:"established_on,omitempty" doc:"Day of foundation; absent for as far back as known."`
	Document      string    `json:"document,omitempty" maxLength:"200" doc:"Document that ordered it."`
}

func (n NewOrganisation) plain() organisation.NewOrganisation {
	return organisation.NewOrganisation{Kind: organisation.Kind(n.Kind), Name: n.Name, ShortName: n.ShortName, Code: n.Code, USCC: n.USCC, DivisionCode: n.DivisionCode,
		Sector: n.Sector, ParentID: n.ParentID.ID(), CommunityID: n.CommunityID.ID(), Address: n.Address, ContactName: n.ContactName, ContactPhone: n.ContactPhone,
		EstablishedOn: n.EstablishedOn.Date(), Document: n.Document}
}

// OrganisationChange changes what is no act; what is absent stays.
type OrganisationChange struct {
	Version      int64   `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
	Name         *string `json:"name,omitempty" maxLength:"100" doc:"Corrects a misspelt name; a new name is an act (rename)."`
	ShortName    *string `json:"short_name,omitempty" maxLength:"60" doc:"Short name."`
	Code         *string `json:"code,omitempty" maxLength:"40" doc:"The district's own code."`
	USCC         *string `json:"uscc,omitempty" maxLength:"18" doc:"Unified social credit code."`
	DivisionCode *string `json:"division_code,omitempty" maxLength:"12" doc:"12 digits."`
	Sector       *string `json:"sector,omitempty" maxLength:"40" doc:"Sector."`
	Address      *string `json:"address,omitempty" maxLength:"200" doc:"Address."`
	ContactName  *string `json:"contact_name,omitempty" maxLength:"60" doc:"Name of the contact."`
	ContactPhone *string `json:"contact_phone,omitempty" maxLength:"40" doc:"Phone of the contact; kept sealed."`
}

// SavedOrganisation is what was saved, with what was taken although it looks odd.
type SavedOrganisation struct {
	ID       rest.ID  `json:"id" doc:"Identifier."`
	Warnings []string `json:"warnings" nullable:"false" doc:"What was taken although it looks odd."`
}

func savedOf(ctx context.Context, s organisation.Saved) SavedOrganisation {
	return SavedOrganisation{ID: rest.IDOf(s.ID), Warnings: rest.AllOf(s.Warnings, func(m errs.Message) string { return m.In(rest.Lang(ctx)) }).Items}
}

type organisationQuery struct {
	rest.Paging
	Text       string   `query:"q" maxLength:"100" doc:"Part of today's or a former name, or a whole code or credit code."`
	Kinds      []string `query:"kind" doc:"Of these kinds, separated by commas."`
	Community  rest.ID  `query:"community" doc:"Units in this community."`
	Parent     rest.ID  `query:"parent" doc:"Directly below this organisation."`
	Below      rest.ID  `query:"below" doc:"Anywhere below this organisation."`
	Sector     string   `query:"sector" maxLength:"40" doc:"Of this sector."`
	Unattached bool     `query:"unattached" doc:"Units without a community."`
	Living     string   `query:"living" enum:"yes,no,either" default:"yes" doc:"Those that exist today, those that ended, or either."`
}

var livingOf = map[string]organisation.Living{"yes": organisation.OnlyLiving, "no": organisation.OnlyDissolved, "either": organisation.Either}

func (q organisationQuery) filter() organisation.Filter {
	return organisation.Filter{Text: q.Text, Kinds: organisationKinds(q.Kinds), CommunityID: q.Community.ID(), ParentID: q.Parent.ID(), BelowID: q.Below.ID(), Sector: q.Sector,
		Unattached: q.Unattached, Living: livingOf[q.Living], Page: q.Page()}
}

func organisationKinds(list []string) []organisation.Kind {
	var out []organisation.Kind
	for _, s := range list {
		out = append(out, organisation.Kind(s))
	}
	return out
}

type directoryQuery struct {
	Text  string   `query:"q" maxLength:"100" doc:"Part of the name."`
	Kinds []string `query:"kind" doc:"Of these kinds, separated by commas."`
	Limit int      `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"At most so many."`
}

type onQuery struct {
	On rest.Date `query:"on" doc:"The day; today if absent."`
}

// ChartNode is an organisation in the chart of a day.
type ChartNode struct {
	ID       rest.ID      `json:"id" doc:"Identifier."`
	Kind     string       `json:"kind" doc:"Kind of organisation."`
	Name     string       `json:"name" doc:"Name of that day."`
	Children []*ChartNode `json:"children" nullable:"false" doc:"Those below it that day."`
}

// Chart is the organisations as they stood on a day.
type Chart struct {
	On     rest.Date        `json:"on" doc:"The day."`
	Roots  []*ChartNode     `json:"roots" nullable:"false" doc:"Those without a superior."`
	Counts map[string]int64 `json:"counts" doc:"How many of each kind existed that day."`
}

func chartNodes(list []*organisation.Node) []*ChartNode {
	out := make([]*ChartNode, len(list))
	for i, n := range list {
		out[i] = &ChartNode{ID: rest.IDOf(n.ID), Kind: string(n.Kind), Name: n.Name, Children: chartNodes(n.Children)}
	}
	return out
}

func (h *handlers) organisations(k *rest.Kit) {
	const tag = "organisations"
	rest.Get(k, rest.Op{ID: "organisation-list", Path: "/organisations", Tag: tag, Title: "List organisations by name", Needs: perms(organisation.PermSee)},
		func(ctx context.Context, a authz.Actor, in *organisationQuery) (rest.Page[Organisation], error) {
			l, err := h.Organisation.List(ctx, a, in.filter())
			return rest.PageOf(l, organisationOf), err
		})
	rest.Get(k, rest.Op{ID: "organisation-directory", Path: "/organisations/directory", Tag: tag, Title: "Find organisations of the whole district by name, to choose one", Needs: perms(organisation.PermFind)},
		func(ctx context.Context, a authz.Actor, in *directoryQuery) (rest.All[OrganisationRef], error) {
			l, err := h.Organisation.Directory(ctx, a, in.Text, organisationKinds(in.Kinds), in.Limit)
			return rest.AllOf(l, organisationRefOf), err
		})
	rest.Get(k, rest.Op{ID: "organisation-chart", Path: "/organisations/chart", Tag: tag, Title: "The chart of a day, with the names of that day", Needs: perms(organisation.PermFind)},
		func(ctx context.Context, a authz.Actor, in *onQuery) (Chart, error) {
			c, err := h.Organisation.AsOf(ctx, a, in.On.Date())
			out := Chart{On: rest.DateOf(c.On), Roots: chartNodes(c.Roots), Counts: map[string]int64{}}
			for kind, n := range c.Counts {
				out.Counts[string(kind)] = int64(n)
			}
			return out, err
		})
	rest.Get(k, rest.Op{ID: "organisation-get", Path: "/organisations/{id}", Tag: tag, Title: "Open an organisation with its history", Needs: perms(organisation.PermSee)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (OrganisationDetail, error) {
			d, err := h.Organisation.Get(ctx, a, in.ID.ID())
			return organisationDetailOf(d), err
		})
	rest.Post(k, rest.Op{ID: "organisation-create", Path: "/organisations", Tag: tag, Title: "Set up an organisation below one in scope", Needs: perms(organisation.PermFound), Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewOrganisation]) (SavedOrganisation, error) {
			s, err := h.Organisation.Create(ctx, a, in.Body.plain())
			return savedOf(ctx, s), err
		})
	rest.Patch(k, rest.Op{ID: "organisation-change", Path: "/organisations/{id}", Tag: tag, Title: "Change what is no act", Needs: perms(organisation.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[OrganisationChange]) (SavedOrganisation, error) {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return SavedOrganisation{}, err
			}
			b := in.Body
			s, err := h.Organisation.Edit(ctx, a, in.ID.ID(), organisation.Edit{Version: v, Name: b.Name, ShortName: b.ShortName, Code: b.Code, USCC: b.USCC,
				DivisionCode: b.DivisionCode, Sector: b.Sector, Address: b.Address, ContactName: b.ContactName, ContactPhone: b.ContactPhone})
			return savedOf(ctx, s), err
		})
	rest.Post(k, rest.Op{ID: "organisation-phone", Path: "/organisations/{id}/phone", Tag: tag, Title: "Open the contact's phone number for a purpose; the look is recorded", Needs: perms(organisation.PermContact)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[PhoneLook]) (Revealed, error) {
			v, err := h.Organisation.Phone(ctx, a, in.ID.ID(), in.Body.Purpose.Purpose, in.Body.Reason)
			return Revealed{Value: v}, err
		})
}

// PhoneLook says what the number is needed for.
type PhoneLook struct {
	Purpose
	Reason string `json:"reason,omitempty" maxLength:"200" doc:"A few words of your own."`
}

// Purpose says what sealed data is needed for.
type Purpose struct {
	Purpose string `json:"purpose" maxLength:"60" doc:"Code of the purpose."`
}

// Revealed is a sealed value that was opened.
type Revealed struct {
	Value string `json:"value" doc:"The value. Do not keep it longer than the purpose needs."`
}
