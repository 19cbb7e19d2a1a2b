package fill

import (
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/fact"
	"linli/internal/id"
)

// named finds rows by what names them on a form.
func (s *Service) named(ctx context.Context, actor authz.Actor, subject fact.Subject, ref fact.Ref, names []string, w fact.Within) (map[string][]id.ID, error) {
	if subject == fact.Organisation {
		w = fact.Within{} // one that is named may lie in another community; the scope still holds
	}
	via, factID := ref.Split()
	if byCode[factID] {
		return s.coded(ctx, actor, subject, ref, names, w)
	}
	if len(via) == 0 || subject == fact.Member {
		return s.facts.Named(ctx, actor, subject, names, w)
	}
	// over one link: 户主姓名 of a household
	reached, ok := s.edge(subject, via[0])
	if !ok || len(via) > 1 {
		return nil, nil
	}
	there, err := s.facts.Named(ctx, actor, reached.To, names, w)
	if err != nil {
		return nil, err
	}
	return s.back(ctx, actor, subject, reached, there)
}

func (s *Service) edge(from fact.Subject, name string) (fact.Link, bool) {
	links := s.facts.Links(from)
	i := slices.IndexFunc(links, func(l fact.Link) bool { return l.Name == name })
	if i < 0 {
		return fact.Link{}, false
	}
	return links[i], true
}

// back goes from rows at the end of a link to the rows at its beginning: a person is the head of the household in which they live only if
// the link says so.
func (s *Service) back(ctx context.Context, actor authz.Actor, from fact.Subject, l fact.Link, there map[string][]id.ID) (map[string][]id.ID, error) {
	var home fact.Link
	for _, b := range s.facts.Links(l.To) {
		if b.To == from {
			home = b
		}
	}
	if home.Name == "" {
		return nil, nil
	}
	day := calendar.DateOf(s.db.Now())
	nameOf := map[id.ID]string{}
	var all []id.ID
	for name, ids := range there {
		for _, x := range ids {
			nameOf[x] = name
			all = append(all, x)
		}
	}
	slices.Sort(all)
	out := map[string][]id.ID{}
	for part := range slices.Chunk(all, fact.BatchSize) {
		homes, err := s.facts.ReadLink(ctx, actor, home, part, day)
		if err != nil {
			return nil, err
		}
		var rows []id.ID
		for _, h := range homes {
			rows = append(rows, h)
		}
		slices.Sort(rows)
		heads, err := s.facts.ReadLink(ctx, actor, l, slices.Compact(rows), day)
		if err != nil {
			return nil, err
		}
		for h, head := range heads {
			if name, ok := nameOf[head]; ok && slices.Contains(part, head) {
				out[name] = append(out[name], h)
			}
		}
	}
	for _, rows := range out {
		slices.Sort(rows)
	}
	return out, nil
}

// byCode are facts that name a row although they are not its name.
var byCode = map[string]bool{"grid.code": true, "household.number": true, "organisation.uscc": true}

// coded finds rows by a code of theirs.
func (s *Service) coded(ctx context.Context, actor authz.Actor, subject fact.Subject, ref fact.Ref, codes []string, w fact.Within) (map[string][]id.ID, error) {
	wanted := map[string]bool{}
	for _, c := range codes {
		wanted[nameKey(c)] = true
	}
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	out := map[string][]id.ID{}
	for {
		ids, err := s.facts.IDs(ctx, actor, subject, w)
		if err != nil || len(ids) == 0 {
			return out, err
		}
		v, err := ed.Read(ctx, actor, fact.Ask{Subject: subject, IDs: ids, Refs: []fact.Ref{ref}, Day: calendar.DateOf(s.db.Now())})
		if err != nil {
			return nil, err
		}
		for i, x := range ids {
			if key := nameKey(v.At(i, ref).Text); key != "" && wanted[key] {
				out[key] = append(out[key], x)
			}
		}
		w.After = ids[len(ids)-1]
	}
}
