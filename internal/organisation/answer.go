package organisation

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/id"
)

// answers say which field of an organisation an answer changes.
var answers = map[string]func(ed *Edit, text *string){
	"organisation.code":          func(ed *Edit, text *string) { ed.Code = text },
	"organisation.uscc":          func(ed *Edit, text *string) { ed.USCC = text },
	"organisation.division_code": func(ed *Edit, text *string) { ed.DivisionCode = text },
	"organisation.sector":        func(ed *Edit, text *string) { ed.Sector = text },
	"organisation.address":       func(ed *Edit, text *string) { ed.Address = text },
	"organisation.contact_name":  func(ed *Edit, text *string) { ed.ContactName = text },
	"organisation.contact_phone": func(ed *Edit, text *string) { ed.ContactPhone = text },
}

// writer puts answers about organisations into their records (PermEdit), checked as in the form.
func (s *Service) writer() fact.Writer {
	w := fact.Writer{Subject: fact.Organisation, Edit: PermEdit}
	for factID := range answers {
		w.Facts = append(w.Facts, factID)
	}
	w.Write = func(ctx context.Context, tx *db.Tx, actor authz.Actor, row id.ID, factID, text string) error {
		o, err := find(ctx, tx, actor.Scope(PermEdit), row)
		if err != nil {
			return err
		}
		ed := Edit{Version: o.Version}
		answers[factID](&ed, &text)
		_, err = s.edit(ctx, tx, actor, o, ed)
		return errs.Under("value", err)
	}
	return w
}
