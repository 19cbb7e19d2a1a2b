package table

import (
	"context"

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
