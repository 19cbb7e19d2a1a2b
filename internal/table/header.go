package table

import (
	"context"
	"strings"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
)

// Heading is a heading of a file with what it may mean.
type Heading struct {
	Text   string
	Column Column           // what is taken; an Own column with the heading where nothing is sure
	Sure   bool             // Column is what the heading means
	Maybe  []fact.Candidate // where it is not sure: what it may mean, best first
}

// Header gives the columns that the header of a file asks for, and what its rows are about (PermUse). Nothing of the file is kept.
func (s *Service) Header(ctx context.Context, actor authz.Actor, name string, data []byte) (fact.Subject, []Heading, error) {
	if !actor.Can(PermUse) || s.headers == nil {
		return "", nil, errs.ErrForbidden
	}
	subject, list, err := s.headers.Header(ctx, actor, name, data)
	switch {
	case err != nil:
		return "", nil, err
	case len(list) == 0:
		return "", nil, errs.Field("file", i18n.TableNoHeader)
	case len(list) > mostColumns:
		return "", nil, errs.Field("file", i18n.TableManyColumns, mostColumns)
	}
	for i := range list {
		if r := []rune(list[i].Column.Heading); len(r) > longestHeading {
			list[i].Column.Heading = string(r[:longestHeading])
		}
	}
	return subject, list, nil
}

// Recognise gives the columns that a row of headings asks for. What is not sure is offered, never taken: it becomes a column of its own.
func (s *Service) Recognise(ctx context.Context, actor authz.Actor, subject fact.Subject, headings []string) ([]Heading, error) {
	if !actor.Can(PermUse) {
		return nil, errs.ErrForbidden
	}
	if len(headings) > mostColumns {
		return nil, errs.Field("file", i18n.TableManyColumns, mostColumns)
	}
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	out := make([]Heading, 0, len(headings))
	for _, text := range headings {
		text = strings.Join(strings.Fields(text), " ")
		if r := []rune(text); len(r) > longestHeading {
			text = string(r[:longestHeading])
		}
		h := Heading{Text: text, Column: Column{Kind: Own, Heading: text}}
		switch c := ed.Lookup(subject, text); {
		case i18n.TableSerialWords[fact.Key(text)]:
			h.Column, h.Sure = Column{Kind: Serial, Heading: text}, true
		case len(c) == 0:
		case c[0].Grade >= fact.Inherit && (len(c) == 1 || c[1].Grade < c[0].Grade || c[1].Hops > c[0].Hops):
			h.Column, h.Sure = Column{Kind: Fact, Ref: c[0].Ref, Heading: text}, true
		default:
			h.Maybe = c[:min(len(c), 8)]
		}
		out = append(out, h)
	}
	return out, nil
}

// Subject guesses what rows a row of headings is about: the subject of which most of them speak surely.
func (s *Service) Subject(ctx context.Context, actor authz.Actor, headings []string) (fact.Subject, error) {
	best, most := fact.Person, -1
	for _, subject := range fact.Subjects() {
		list, err := s.Recognise(ctx, actor, subject, headings)
		if err != nil {
			return best, err
		}
		n := 0
		for _, h := range list {
			if h.Sure && h.Column.Kind == Fact {
				if n += 2; !strings.Contains(string(h.Column.Ref), "/") {
					n++
				}
			}
		}
		if n > most {
			best, most = subject, n
		}
	}
	return best, nil
}
