package member

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// writer puts answers about members into their records (PermEdit), checked as in the form.
func (s *Service) writer() fact.Writer {
	w := fact.Writer{Subject: fact.Member, Facts: []string{"member.standing", "member.joined_on", "member.full_on", "member.skills"}, Edit: PermEdit}
	w.Write = func(ctx context.Context, tx *db.Tx, actor authz.Actor, row id.ID, factID, text string) error {
		m, err := find(ctx, tx, actor.Scope(PermEdit), row)
		if err != nil {
			return err
		}
		if !m.Living() {
			return errs.New(errs.Conflict, i18n.MemberEnded, m.EndedOn.String())
		}
		ed := Edit{Version: m.Version}
		day, _ := calendar.Parse(text) // what is no date leaves it zero, and only dates read it
		switch factID {
		case "member.standing":
			standing := Standing(text)
			ed.Standing = &standing
		case "member.joined_on":
			ed.JoinedOn = &day
		case "member.full_on":
			ed.FullOn = &day
		default:
			ed.Skills = &text
		}
		return errs.Under("value", s.edit(ctx, tx, actor, m, ed))
	}
	return w
}
