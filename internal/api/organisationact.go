package api

import (
	"context"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/organisation"
)

// Effect is the day of effect of an act and its document.
type Effect struct {
	On       rest.Date `json:"on" doc:"Day of effect; not in the future."`
	Document string    `json:"document,omitempty" maxLength:"200" doc:"Document that ordered it."`
}

func (e Effect) plain() organisation.Effect {
	return organisation.Effect{On: e.On.Date(), Document: e.Document}
}

// Renaming gives a new name.
type Renaming struct {
	Effect
	Name      string `json:"name" maxLength:"100" doc:"New name."`
	ShortName string `json:"short_name,omitempty" maxLength:"60" doc:"New short name; absent keeps it."`
}

// Reparenting puts an organisation under another superior.
type Reparenting struct {
	Effect
	ParentID rest.ID `json:"parent_id" doc:"New superior."`
}

// Attachment assigns a unit to a community.
type Attachment struct {
	Effect
	CommunityID rest.ID `json:"community_id" doc:"Community in which the unit lies."`
}

// Merger puts organisations of one kind together.
type Merger struct {
	Effect
	Sources []rest.ID        `json:"sources" minItems:"1" maxItems:"200" doc:"Those that end."`
	IntoID  rest.ID          `json:"into_id,omitempty" doc:"The one that takes them in; or new."`
	New     *NewOrganisation `json:"new,omitempty" doc:"The one that is set up for them."`
}

// SplitPart is one organisation that a split sets up.
type SplitPart struct {
	Organisation NewOrganisation `json:"organisation" doc:"The new organisation; kind and superior as the old one's if absent."`
	Take         []rest.ID       `json:"take,omitempty" maxItems:"5000" doc:"Subordinates and units that go over to it."`
	Grids        []rest.ID       `json:"grids,omitempty" maxItems:"5000" doc:"Grids that go over to it, with their buildings and residents."`
}

// Splitting sets up new organisations out of parts of one.
type Splitting struct {
	Effect
	Parts []SplitPart `json:"parts" minItems:"1" maxItems:"50" doc:"The new organisations."`
}

func (h *handlers) organisationActs(k *rest.Kit) {
	const tag = "organisations"
	rest.Act(k, rest.Op{ID: "organisation-rename", Path: "/organisations/{id}/rename", Tag: tag, Title: "Give a new name from a day on", Needs: perms(organisation.PermChange)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Renaming]) error {
			return h.Organisation.Rename(ctx, a, in.ID.ID(), in.Body.Name, in.Body.ShortName, in.Body.plain())
		})
	rest.Act(k, rest.Op{ID: "organisation-reparent", Path: "/organisations/{id}/reparent", Tag: tag, Title: "Put an organisation, with all below it, under another superior", Needs: perms(organisation.PermChange)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Reparenting]) error {
			return h.Organisation.Reparent(ctx, a, in.ID.ID(), in.Body.ParentID.ID(), in.Body.plain())
		})
	rest.Act(k, rest.Op{ID: "organisation-dissolve", Path: "/organisations/{id}/dissolve", Tag: tag, Title: "Dissolve an organisation to which nothing is attached any more", Needs: perms(organisation.PermChange)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Effect]) error {
			return h.Organisation.Dissolve(ctx, a, in.ID.ID(), in.Body.plain())
		})
	rest.Act(k, rest.Op{ID: "organisation-attach", Path: "/organisations/{id}/attach", Tag: tag, Title: "Assign a unit to a community", Needs: perms(organisation.PermAttach)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Attachment]) error {
			return h.Organisation.Attach(ctx, a, in.ID.ID(), in.Body.CommunityID.ID(), in.Body.plain())
		})
	rest.Act(k, rest.Op{ID: "organisation-detach", Path: "/organisations/{id}/detach", Tag: tag, Title: "Take a unit out of its community", Needs: perms(organisation.PermAttach)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Effect]) error {
			return h.Organisation.Detach(ctx, a, in.ID.ID(), in.Body.plain())
		})
	rest.Post(k, rest.Op{ID: "organisation-merge", Path: "/organisations/merge", Tag: tag, Title: "Merge organisations into one", Needs: perms(organisation.PermChange)},
		func(ctx context.Context, a authz.Actor, in *rest.In[Merger]) (rest.Ref, error) {
			m := organisation.Merger{Sources: rest.IDs(in.Body.Sources), Into: in.Body.IntoID.ID(), Effect: in.Body.plain()}
			if in.Body.New != nil {
				n := in.Body.New.plain()
				m.New = &n
			}
			target, err := h.Organisation.Merge(ctx, a, m)
			return rest.Ref{ID: rest.IDOf(target)}, err
		})
	rest.Post(k, rest.Op{ID: "organisation-split", Path: "/organisations/{id}/split", Tag: tag, Title: "Set up new organisations out of parts of one", Needs: perms(organisation.PermChange), Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Splitting]) (rest.All[rest.Ref], error) {
			parts := make([]organisation.Part, len(in.Body.Parts))
			for i, p := range in.Body.Parts {
				parts[i] = organisation.Part{NewOrganisation: p.Organisation.plain(), Take: rest.IDs(p.Take), Grids: rest.IDs(p.Grids)}
			}
			made, err := h.Organisation.Split(ctx, a, in.ID.ID(), parts, in.Body.plain())
			out := rest.All[rest.Ref]{Items: make([]rest.Ref, len(made))}
			for i, m := range made {
				out.Items[i] = rest.Ref{ID: rest.IDOf(m)}
			}
			return out, err
		})
}
