package person

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/id"
)

// answers say which field of a record an answer changes.
var answers = map[string]func(c *Change, text string, day calendar.Date){
	"person.sex":           func(c *Change, text string, _ calendar.Date) { s := code.Sex(text); c.Sex = &s },
	"person.born_on":       func(c *Change, _ string, day calendar.Date) { c.BornOn = &day },
	"person.id_number":     func(c *Change, text string, _ calendar.Date) { c.IDNumber = &text },
	"person.phone":         func(c *Change, text string, _ calendar.Date) { c.Phone = &text },
	"person.ethnic":        func(c *Change, text string, _ calendar.Date) { c.Ethnic = &text },
	"person.political":     func(c *Change, text string, _ calendar.Date) { c.Political = &text },
	"person.schooling":     func(c *Change, text string, _ calendar.Date) { c.Schooling = &text },
	"person.residence":     func(c *Change, text string, _ calendar.Date) { c.Residence = &text },
	"person.head_relation": func(c *Change, text string, _ calendar.Date) { c.HeadRelation = &text },
	"person.work_unit":     func(c *Change, text string, _ calendar.Date) { c.WorkUnit = &text },
	"person.moved_in_on":   func(c *Change, _ string, day calendar.Date) { c.MovedInOn = &day },
}

// writer puts answers about residents into their records (PermEdit), checked as in the form.
func (s *Service) writer() fact.Writer {
	w := fact.Writer{Subject: fact.Person, Edit: PermEdit}
	for factID := range answers {
		w.Facts = append(w.Facts, factID)
	}
	w.Write = func(ctx context.Context, tx *db.Tx, actor authz.Actor, row id.ID, factID, text string) error {
		p, err := findStored(ctx, tx, actor.Scope(PermEdit), row)
		if err != nil {
			return err
		}
		day, _ := calendar.Parse(text) // what is no date leaves it zero, and only dates read it
		var c Change
		answers[factID](&c, text, day)
		return errs.Under("value", s.change(ctx, tx, actor, p, c))
	}
	return w
}
