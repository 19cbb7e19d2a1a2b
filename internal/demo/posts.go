package demo

import (
	"context"
	"slices"

	"linli/internal/appointment"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/person"
)

// The secretaries of communities are on average 41.5 years old, one in three of them has been to college, all to senior high school.
var secretaryAges = []int{41, 42}

// posts sets up the residents' committees and fills the posts of communities, branches and residents' committees. In most communities one person
// leads both; one branch waits for a secretary, and one term is near its end.
func (b *builder) posts(ctx context.Context) error {
	branches := map[id.ID][]id.ID{}
	err := b.Organisation.Export(ctx, b.system, organisation.Filter{Kinds: []organisation.Kind{organisation.Branch}}, func(o organisation.Item) error {
		branches[o.ParentID] = append(branches[o.ParentID], o.ID)
		return nil
	})
	if err != nil {
		return err
	}
	for i, c := range b.communities {
		if err := b.community(ctx, i, c, branches[c.id]); err != nil {
			return err
		}
	}
	for _, u := range b.units {
		for _, branch := range branches[u.id] {
			if len(u.members) > 0 {
				if err := b.appoint(ctx, branch, u.members[0].person, appointment.Secretary, appointment.Elected, appointment.Local, 3); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// community fills the posts of a community, of its residents' committee and of its branches.
func (b *builder) community(ctx context.Context, i int, c *community, branches []id.ID) error {
	committee, err := b.Organisation.Create(ctx, b.system, organisation.NewOrganisation{Kind: organisation.Residents, ParentID: c.id, Name: c.name + "居民委员会", ShortName: c.name + "居委会"})
	if err != nil {
		return err
	}
	secretary, err := b.secretary(ctx, i, c)
	if err != nil {
		return err
	}
	origin := appointment.Local
	if i%6 != 0 { // B: 54 of 65 are seconded
		origin = appointment.Seconded
	}
	years := 5
	if i == 1 {
		years = 2 // the term is near its end
	}
	others := choose(b.random("posts", i), c.members, 12)
	if len(others) < 9 {
		others = c.members
	}
	next := func() id.ID {
		for len(others) > 1 && others[0].person == secretary {
			others = others[1:]
		}
		p := others[0].person
		others = append(others[1:], others[0])
		return p
	}
	if err := b.appoint(ctx, c.id, secretary, appointment.Secretary, appointment.Elected, origin, years); err != nil {
		return err
	}
	deputy := next()
	director := secretary
	if i%5 == 4 {
		director = deputy // not everywhere does one person lead both
	}
	for _, p := range []struct {
		org    id.ID
		person id.ID
		post   appointment.Post
		years  int
	}{
		{c.id, deputy, appointment.Deputy, 5}, {c.id, next(), appointment.Organiser, 5}, {c.id, next(), appointment.Publicity, 5}, {c.id, next(), appointment.Discipline, 5},
		{committee.ID, director, appointment.Director, 5}, {committee.ID, next(), appointment.DeputyDirector, 5}, {committee.ID, next(), appointment.ResidentsMember, 5},
	} {
		if err := b.appoint(ctx, p.org, p.person, p.post, appointment.Elected, appointment.Local, p.years); err != nil {
			return err
		}
	}
	for n, branch := range branches {
		if i == 0 && n == 1 {
			continue // waits for its secretary
		}
		for _, post := range []appointment.Post{appointment.Secretary, appointment.Organiser, appointment.Publicity} {
			if err := b.appoint(ctx, branch, next(), post, appointment.Elected, appointment.Local, 3); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *builder) appoint(ctx context.Context, org, person id.ID, post appointment.Post, way appointment.Way, origin appointment.Origin, years int) error {
	from := b.start.AddDays(-240)
	_, err := b.Appointment.Appoint(ctx, b.system, appointment.NewAppointment{OrganisationID: org, PersonID: person, Terms: appointment.Terms{Post: post, Way: way, Origin: origin,
		FromOn: from, TermEndsOn: from.AddYears(years).AddDays(-1), Document: "邻和组发〔示例〕2号"}})
	return err
}

// secretary finds a member of the right age in a community; the schooling is entered where it is not of the level wanted.
func (b *builder) secretary(ctx context.Context, i int, c *community) (id.ID, error) {
	age := secretaryAges[i%len(secretaryAges)]
	l, err := b.Person.List(ctx, b.system, person.Filter{CommunityID: c.id, AgeFrom: age - 2, AgeTo: age, Political: "01", Page: db.Page{Limit: 200}}) // a year ago
	if err != nil {
		return 0, err
	}
	fits := slices.DeleteFunc(l.Items, func(p person.Item) bool { return p.BornOn.YearsUntil(b.today) != age })
	if len(fits) == 0 {
		return c.members[0].person, nil
	}
	wanted, now := i%3 == 0, fits[0]
	for _, p := range fits {
		if college := p.Schooling >= "1" && p.Schooling < "4"; college == wanted && p.Schooling < "7" && p.Schooling != "" {
			return p.ID, nil
		}
	}
	schooling := "61"
	if wanted {
		schooling = "31"
	}
	return now.ID, b.Person.Edit(ctx, b.system, now.ID, person.Change{Version: now.Version, Schooling: &schooling})
}
