package fill

import (
	"context"
	"regexp"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/fact"
)

// Understand reads a form and says what it asks (PermFill). Nothing is kept.
func (s *Service) Understand(ctx context.Context, actor authz.Actor, name string, data []byte, choice Choice) (*Form, error) {
	if !actor.Can(PermFill) {
		return nil, errs.ErrForbidden
	}
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	b, err := open(name, data, ed, choice, calendar.DateOf(s.db.Now()), s.figures)
	if err != nil {
		return nil, err
	}
	defer b.close()
	return &b.form, nil
}

// run is one filling under way.
type run struct {
	s     *Service
	ctx   context.Context //nolint:containedctx // lives for one call only
	actor authz.Actor
	ed    *fact.Edition
	b     *book
	ask   Ask
	out   Outcome
}

// Fill fills a form in within what the actor may see (PermFill), in its own file with its layout kept. What is not known is marked, never
// guessed. Sealed columns need a purpose and are recorded for each person; without one they stay blank and count as unknown.
func (s *Service) Fill(ctx context.Context, actor authz.Actor, name string, data []byte, ask Ask) (*Form, *Outcome, error) {
	if !actor.Can(PermFill) {
		return nil, nil, errs.ErrForbidden
	}
	if ask.For != 0 {
		part, err := s.places.Subtree(ctx, s.db, actor.Tenant, ask.For)
		if err != nil {
			return nil, nil, err
		}
		if actor = actor.At(ask.For, "", part); !actor.Can(PermFill) {
			return nil, nil, errs.ErrForbidden
		}
	}
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return nil, nil, err
	}
	b, err := open(name, data, ed, ask.Choice, calendar.DateOf(s.db.Now()), s.figures)
	if err != nil {
		return nil, nil, err
	}
	defer b.close()
	r := &run{s: s, ctx: ctx, actor: actor, ed: ed, b: b, ask: ask}
	for i := range b.form.Sheets {
		sh := &b.form.Sheets[i]
		if foreign, err := r.foreign(sh); err != nil {
			return &b.form, nil, err
		} else if foreign {
			continue
		}
		switch sh.Kind {
		case List:
			err = r.list(sh)
		case Card:
			err = r.card(sh)
		case Numbers:
			err = r.numbers(sh)
		}
		if err != nil {
			return &b.form, nil, err
		}
	}
	buf, err := b.file.WriteToBuffer()
	if err != nil {
		return &b.form, nil, err
	}
	r.out.File = buf.Bytes()
	return &b.form, &r.out, nil
}

func (r *run) opening() *fact.Opening {
	if r.ask.Purpose == "" {
		return nil
	}
	return &fact.Opening{Purpose: r.ask.Purpose, Reason: r.ask.Reason}
}

// within narrows rows to the community chosen, or to the one that the sheet is named after.
func (r *run) within(sh *Sheet) (fact.Within, bool, error) {
	if r.ask.Community != 0 {
		return fact.Within{Org: r.ask.Community}, true, nil
	}
	for _, name := range []string{sh.Name, abovePlaceOf(sh)} {
		if len([]rune(name)) < 2 {
			continue
		}
		org, err := r.s.places.CommunityNamed(r.ctx, r.actor, name)
		if err != nil {
			return fact.Within{}, false, err
		}
		if org != 0 {
			return fact.Within{Org: org}, true, nil
		}
	}
	one := r.actor.Scope(PermFill)
	return fact.Within{}, !one.All() && len(one.Organisations()) == 1, nil
}

// communityName is how the name of a community ends.
var communityName = regexp.MustCompile(`.(社区|村|居委会|村委会)$`)

// foreign says whether a sheet belongs to another community than the one for which the form is filled in alone.
func (r *run) foreign(sh *Sheet) (bool, error) {
	if r.ask.For == 0 || sh.Kind == Nothing {
		return false, nil
	}
	for _, name := range []string{sh.Name, abovePlaceOf(sh)} {
		if !communityName.MatchString(squeeze(name)) {
			continue
		}
		org, err := r.s.places.CommunityNamed(r.ctx, r.actor, name)
		if err != nil {
			return false, err
		}
		return org == 0 || r.ask.Community != 0 && org != r.ask.Community, nil
	}
	return false, nil
}
