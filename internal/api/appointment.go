package api

import (
	"context"

	"linli/internal/api/rest"
	"linli/internal/appointment"
	"linli/internal/authz"
	"linli/internal/organisation"
)

// Appointment is a post held, or that was held.
type Appointment struct {
	ID             rest.ID   `json:"id" doc:"Identifier."`
	OrganisationID rest.ID   `json:"organisation_id" doc:"Organisation."`
	Organisation   string    `json:"organisation" doc:"Its name."`
	PersonID       rest.ID   `json:"person_id" doc:"Holder."`
	Name           string    `json:"name" doc:"Name of the holder."`
	Post           string    `json:"post" doc:"secretary, deputy_secretary, organisation_member, publicity_member, discipline_member, committee_member, group_leader, director, deputy_director, residents_member, head, deputy_head."`
	Title          string    `json:"title,omitempty" doc:"What the post is called there, if not as usual."`
	Way            string    `json:"way" doc:"elected, appointed, acting."`
	Origin         string    `json:"origin" doc:"local, seconded, recruited, retired, other."`
	FromOn         rest.Date `json:"from_on" doc:"First day."`
	TermEndsOn     rest.Date `json:"term_ends_on,omitempty" doc:"Last day of the term."`
	Document       string    `json:"document,omitempty" doc:"Document."`
	EndedOn        rest.Date `json:"ended_on,omitempty" doc:"First day on which it is no longer held."`
	EndReason      string    `json:"end_reason,omitempty" doc:"Why it ended."`
	EndDocument    string    `json:"end_document,omitempty" doc:"Document of the end."`
	Version        int64     `json:"version" doc:"Version."`
}

// RecordVersion is the version of the appointment.
func (a Appointment) RecordVersion() int64 { return a.Version }

func appointmentOf(i appointment.Item) Appointment {
	return Appointment{ID: rest.IDOf(i.ID), OrganisationID: rest.IDOf(i.OrganisationID), Organisation: i.Organisation, PersonID: rest.IDOf(i.PersonID), Name: i.Name, Post: string(i.Post),
		Title: i.Title, Way: string(i.Way), Origin: string(i.Origin), FromOn: rest.DateOf(i.FromOn), TermEndsOn: rest.DateOf(i.TermEndsOn), Document: i.Document,
		EndedOn: rest.DateOf(i.EndedOn), EndReason: i.EndReason, EndDocument: i.EndDocument, Version: i.Version}
}

// AppointmentTerms is what is said of an appointment.
type AppointmentTerms struct {
	Post       string    `json:"post" maxLength:"40" doc:"Post; see the list of appointments."`
	Title      string    `json:"title,omitempty" maxLength:"30" doc:"What the post is called there, if not as usual."`
	Way        string    `json:"way" enum:"elected,appointed,acting" doc:"How."`
	Origin     string    `json:"origin" enum:"local,seconded,recruited,retired,other" doc:"Where the holder comes from."`
	FromOn     rest.Date `json:"from_on" doc:"First day."`
	TermEndsOn rest.Date `json:"term_ends_on,omitempty" doc:"Last day of the term."`
	Document   string    `json:"document,omitempty" maxLength:"120" doc:"Document."`
}

func (t AppointmentTerms) plain() appointment.Terms {
	return appointment.Terms{Post: appointment.Post(t.Post), Title: t.Title, Way: appointment.Way(t.Way), Origin: appointment.Origin(t.Origin), FromOn: t.FromOn.Date(),
		TermEndsOn: t.TermEndsOn.Date(), Document: t.Document}
}

// NewAppointment puts a person into a post.
type NewAppointment struct {
	OrganisationID rest.ID `json:"organisation_id" doc:"Organisation."`
	PersonID       rest.ID `json:"person_id" doc:"A resident or member whom you see."`
	AppointmentTerms
}

// AppointmentChange corrects an appointment.
type AppointmentChange struct {
	Version int64 `json:"version" doc:"Version that you saw."`
	AppointmentTerms
}

// AppointmentEnd ends an appointment.
type AppointmentEnd struct {
	Version  int64     `json:"version" doc:"Version that you saw."`
	On       rest.Date `json:"on" doc:"First day on which the post is no longer held."`
	Reason   string    `json:"reason" maxLength:"200" doc:"Why."`
	Document string    `json:"document,omitempty" maxLength:"120" doc:"Document."`
}

// AppointmentStructure is what holders are like together: people, each counted once.
type AppointmentStructure struct {
	People    int64            `json:"people" doc:"People."`
	Women     int64            `json:"women" doc:"Of them women."`
	AgeKnown  int64            `json:"age_known" doc:"Whose age is known."`
	MeanAge   float64          `json:"mean_age" doc:"Mean age in years, one decimal."`
	Ages      map[string]int64 `json:"ages" doc:"By band: u35, 35-45, 46-55, o55."`
	Schooling map[string]int64 `json:"schooling" doc:"By level: college, senior, lower, unknown."`
	Origins   map[string]int64 `json:"origins" doc:"By origin."`
	Shoulder  int64            `json:"one_shoulder" doc:"Communities of which one person is secretary and director."`
	Cross     int64            `json:"cross_posts" doc:"People with posts in the Party organisation and the residents' committee."`
}

func counted[T ~string](in map[T]int64) map[string]int64 {
	out := make(map[string]int64, len(in))
	for k, n := range in {
		out[string(k)] = n
	}
	return out
}

// PostConcern is an organisation that the rules say something about.
type PostConcern struct {
	OrganisationID rest.ID   `json:"organisation_id" doc:"Organisation."`
	Name           string    `json:"name" doc:"Its name."`
	Kind           string    `json:"kind" doc:"Its kind."`
	Members        int64     `json:"members" doc:"Members of its formal relation."`
	Full           int64     `json:"full_members" doc:"Without probationary members."`
	Team           int64     `json:"team" doc:"People in its committee."`
	TermEndsOn     rest.Date `json:"term_ends_on,omitempty" doc:"The first end of a term."`
	Concerns       []string  `json:"concerns" nullable:"false" doc:"vacant, term, over_50, over_100, needs_team, large_team, needs_noteam, under_3."`
}

type appointmentQuery struct {
	rest.Paging
	Text         string    `query:"q" maxLength:"100" doc:"Part of the name of the holder or the organisation."`
	Organisation rest.ID   `query:"organisation" doc:"Of this organisation and everything below it."`
	Person       rest.ID   `query:"person" doc:"Of this person."`
	Kind         string    `query:"kind" maxLength:"40" doc:"Of organisations of this kind."`
	Post         string    `query:"post" maxLength:"40" doc:"Of this post."`
	Origin       string    `query:"origin" maxLength:"20" doc:"Of this origin."`
	Ended        bool      `query:"ended" doc:"Those that ended, instead of those held."`
	On           rest.Date `query:"on" doc:"As of this day; today if absent."`
}

func (q *appointmentQuery) filter() appointment.Filter {
	return appointment.Filter{Text: q.Text, OrganisationID: q.Organisation.ID(), PersonID: q.Person.ID(), Kind: organisation.Kind(q.Kind), Post: appointment.Post(q.Post),
		Origin: appointment.Origin(q.Origin), Ended: q.Ended, On: q.On.Date(), Page: q.Page()}
}

func (h *handlers) appointments(k *rest.Kit) {
	const tag = "appointments"
	see, keep := perms(appointment.PermSee), perms(appointment.PermKeep)
	rest.Get(k, rest.Op{ID: "appointment-list", Path: "/appointments", Tag: tag, Title: "List who holds which post, by organisation", Needs: see},
		func(ctx context.Context, a authz.Actor, in *appointmentQuery) (rest.Page[Appointment], error) {
			l, err := h.Appointment.List(ctx, a, in.filter())
			return rest.PageOf(l, appointmentOf), err
		})
	rest.Get(k, rest.Op{ID: "appointment-structure", Path: "/appointments/structure", Tag: tag, Title: "What the holders are like together", Needs: see},
		func(ctx context.Context, a authz.Actor, in *appointmentQuery) (AppointmentStructure, error) {
			s, err := h.Appointment.Structure(ctx, a, in.filter())
			return AppointmentStructure{People: s.People, Women: s.Women, AgeKnown: s.AgeKnown, MeanAge: float64(s.MeanAge()) / 10, Ages: counted(s.Ages), Schooling: counted(s.School),
				Origins: counted(s.Origins), Shoulder: s.Shoulder, Cross: s.Cross}, err
		})
	rest.Get(k, rest.Op{ID: "appointment-concerns", Path: "/appointments/concerns", Tag: tag, Title: "List organisations that the rules on posts and sizes say something about", Needs: see},
		func(ctx context.Context, a authz.Actor, in *struct {
			rest.Paging
			About        string  `query:"about" enum:"vacant,term,over_50,over_100,needs_team,large_team,needs_noteam,under_3" doc:"Only this concern."`
			Organisation rest.ID `query:"organisation" doc:"This and everything below it."`
		}) (rest.Page[PostConcern], error) {
			l, err := h.Appointment.Concerned(ctx, a, appointment.Concerned{About: appointment.Concern(in.About), OrganisationID: in.Organisation.ID(), Page: in.Page()})
			return rest.PageOf(l, func(s appointment.State) PostConcern {
				c := PostConcern{OrganisationID: rest.IDOf(s.OrganisationID), Name: s.Name, Kind: string(s.Kind), Members: s.Members, Full: s.Full, Team: s.Team, TermEndsOn: rest.DateOf(s.Term), Concerns: []string{}}
				for _, x := range s.Concerns(h.Appointment.Today()) {
					c.Concerns = append(c.Concerns, string(x))
				}
				return c
			}), err
		})
	rest.Get(k, rest.Op{ID: "appointment-get", Path: "/appointments/{id}", Tag: tag, Title: "Open an appointment", Needs: see}, h.appointment)
	rest.Post(k, rest.Op{ID: "appointment-create", Path: "/appointments", Tag: tag, Title: "Put a person into a post", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewAppointment]) (rest.Ref, error) {
			made, err := h.Appointment.Appoint(ctx, a, appointment.NewAppointment{OrganisationID: in.Body.OrganisationID.ID(), PersonID: in.Body.PersonID.ID(), Terms: in.Body.plain()})
			return rest.Ref{ID: rest.IDOf(made)}, err
		})
	rest.Put(k, rest.Op{ID: "appointment-correct", Path: "/appointments/{id}", Tag: tag, Title: "Correct what was entered wrongly", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *rest.Change[AppointmentChange]) (Appointment, error) {
			v, err := in.Match.Version(in.Body.Version)
			if err == nil {
				err = h.Appointment.Correct(ctx, a, in.ID.ID(), in.Body.plain(), v)
			}
			if err != nil {
				return Appointment{}, err
			}
			return h.appointment(ctx, a, &in.Path)
		})
	rest.Act(k, rest.Op{ID: "appointment-end", Method: "POST", Path: "/appointments/{id}/end", Tag: tag, Title: "End an appointment", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *struct {
			rest.Path
			Body AppointmentEnd
		}) error {
			b := in.Body
			return h.Appointment.End(ctx, a, in.ID.ID(), appointment.Ending{On: b.On.Date(), Reason: b.Reason, Document: b.Document, Version: b.Version})
		})
	rest.Act(k, rest.Op{ID: "appointment-resume", Method: "POST", Path: "/appointments/{id}/resume", Tag: tag, Title: "Take an end back that was entered by mistake", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *struct {
			rest.Path
			Body struct {
				Version int64 `json:"version" doc:"Version that you saw."`
			}
		}) error {
			return h.Appointment.Resume(ctx, a, in.ID.ID(), in.Body.Version)
		})
	rest.Act(k, rest.Op{ID: "appointment-strike", Method: "POST", Path: "/appointments/{id}/strike", Tag: tag, Title: "Remove an appointment that was entered by mistake", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *struct {
			rest.Path
			Body struct {
				Reason string `json:"reason" maxLength:"200" doc:"Why."`
			}
		}) error {
			return h.Appointment.Strike(ctx, a, in.ID.ID(), in.Body.Reason)
		})
}

func (h *handlers) appointment(ctx context.Context, a authz.Actor, in *rest.Path) (Appointment, error) {
	i, err := h.Appointment.Get(ctx, a, in.ID.ID())
	return appointmentOf(i), err
}
