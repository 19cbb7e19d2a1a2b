package table

import (
	"context"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// tokenPerms are the permissions to which an API token keeps the actor; "" for no token.
func tokenPerms(actor authz.Actor) string {
	var list []string
	for p, ok := range actor.Limit {
		if ok {
			list = append(list, string(p))
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// kept is the actor of a job kept to the permissions of the token that asked for it: a token never gets more by way of the background.
func kept(actor authz.Actor, perms string) authz.Actor {
	if perms == "" {
		return actor
	}
	limit := map[authz.Permission]bool{}
	for _, p := range strings.Fields(perms) {
		if actor.Limit == nil || actor.Limit[authz.Permission(p)] {
			limit[authz.Permission(p)] = true
		}
	}
	actor.Limit = limit
	return actor
}

// Sight is with which rights a file was made: where its rows could be seen, and what could be seen and opened in its columns.
type Sight struct {
	From   []id.ID        `json:"from"`             // roots of the parts of the tree; 0 for the whole tenant
	Of     []fact.Subject `json:"of,omitempty"`     // subjects of its columns
	Opened []fact.Ref     `json:"opened,omitempty"` // sealed columns that were opened
}

func (r *reading) sight(purpose string) Sight {
	out := Sight{From: r.s.facts.SeenFrom(r.actor, r.t.Subject)}
	for _, h := range r.heads {
		if h.Kind != Fact || h.Gone {
			continue
		}
		if of := h.Fact.Subject; !slices.Contains(out.Of, of) && r.s.facts.Sees(r.actor, of) {
			out.Of = append(out.Of, of)
		}
		if purpose != "" && h.Sealed && !slices.Contains(out.Opened, h.Ref) && r.ed.Opens(r.actor, r.t.Subject, h.Ref) {
			out.Opened = append(out.Opened, h.Ref)
		}
	}
	return out
}

// still refuses to hand out a file to an account that has lost rights with which it was made, or to a token that has fewer.
func (s *Service) still(ctx context.Context, actor authz.Actor, sh Sheet) error {
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	lost := errs.New(errs.Forbidden, i18n.TableFileLost)
	if !s.facts.SeesFrom(actor, sh.Subject, sh.Sight.From) {
		return lost
	}
	for _, of := range sh.Sight.Of {
		if !s.facts.Sees(actor, of) {
			return lost
		}
	}
	for _, ref := range sh.Sight.Opened {
		if _, there := ed.Find(sh.Subject, ref); there && !ed.Opens(actor, sh.Subject, ref) {
			return lost
		}
	}
	return nil
}
