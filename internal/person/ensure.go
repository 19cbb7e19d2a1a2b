package person

import (
	"context"
	"slices"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

// SourceImport is the source of records that came in with a table.
const SourceImport = "import"

// Ensured is the outcome of EnsureTx for one person.
type Ensured struct {
	ID      id.ID
	Created bool
	Err     error // why this one was not taken: Invalid, with the field
}

// EnsureTx finds the person with an ID number anywhere in the tenant, or enters them. The caller has checked that the actor
// may do what this is for. A number that is registered under another name is refused; an empty phone of a known person is
// filled in, everything else is left as it is.
func (s *Service) EnsureTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewPerson) (personID id.ID, created bool, err error) {
	all, err := s.EnsureAllTx(ctx, tx, actor, []NewPerson{in})
	if err != nil {
		return 0, false, err
	}
	return all[0].ID, all[0].Created, all[0].Err
}

// EnsureAllTx is EnsureTx for many, without a query for each. People without an ID number are always entered. The
// outcomes stand in the order of in. With Source SourceImport there is no audit entry for each.
func (s *Service) EnsureAllTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in []NewPerson) ([]Ensured, error) {
	out := make([]Ensured, len(in))
	sealed := make([]sealedFields, len(in))
	flags := make([][]string, len(in))
	var indexes []string
	for i := range in {
		sealed[i], flags[i], out[i].Err = in[i].check(tx.Now())
		if index := s.ring.Index("id_number", sealed[i].id.String()); index != "" {
			indexes = append(indexes, index)
		}
	}
	known, err := knownByIndex(ctx, tx, actor.Tenant, indexes)
	if err != nil {
		return nil, err
	}
	allowed, err := collected(ctx, tx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	var new []*stored
	for i := range in {
		if out[i].Err != nil {
			continue
		}
		index := s.ring.Index("id_number", sealed[i].id.String())
		if k := known[index]; index != "" && k != nil {
			out[i].ID, out[i].Err = k.ID, s.complete(ctx, tx, actor, k, in[i], sealed[i])
			if out[i].Err != nil && errs.As(out[i].Err) == nil {
				return nil, out[i].Err
			}
			continue
		}
		if out[i].Err = needed(allowed, in[i].Fields); out[i].Err != nil {
			continue
		}
		p := fresh(in[i].Fields, tx.Now())
		p.CommunityID, p.Flagged, p.Source = in[i].CommunityID, flags[i], in[i].Source
		p.sealing(s.ring, sealed[i])
		new = append(new, p)
		out[i].ID, out[i].Created = p.ID, true
		if index != "" {
			known[index] = p
		}
	}
	if err := insertPeople(ctx, tx, actor.Tenant, new); err != nil {
		return nil, err
	}
	for _, p := range new {
		if p.Source == SourceImport {
			continue // the import has an entry of its own, and the record names it
		}
		if err := audit.Record(ctx, tx, actor, audit.Entry{Action: "resident.create", SubjectKind: "person", SubjectID: p.ID, PersonID: p.ID,
			OrgID: p.CommunityID, Detail: map[string]any{"source": p.Source}, Permission: PermEdit}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// complete refuses another name and fills in a phone that was not known.
func (s *Service) complete(ctx context.Context, tx *db.Tx, actor authz.Actor, k *stored, in NewPerson, sealed sealedFields) error {
	if gram.Key(k.Name) != gram.Key(in.Name) {
		return errs.Field("name", i18n.PersonOtherName)
	}
	if k.phoneIndex != "" || sealed.phone == "" {
		return nil
	}
	k.sealPhone(s.ring, sealed)
	err := tx.Update(ctx, `UPDATE person SET phone = $1, phone_index = $2, phone_mask = $3, updated_at = $4, version = version + 1
		WHERE tenant_id = $5 AND id = $6`, k.phoneSealed, k.phoneIndex, k.PhoneMask, db.Micros(tx.Now()), actor.Tenant, k.ID)
	if err != nil {
		return err
	}
	return s.record(ctx, tx, actor, "resident.edit", k, map[string]any{"fields": []string{"phone"}, "source": in.Source})
}

// knownByIndex finds who has which ID number, by blind index.
func knownByIndex(ctx context.Context, q db.Querier, tenant int64, indexes []string) (map[string]*stored, error) {
	known := make(map[string]*stored, len(indexes))
	for part := range slices.Chunk(indexes, lookupSize) {
		a := &db.Args{}
		err := db.Each(ctx, q, (*storedRecord).dest, func(r storedRecord) error {
			p := r.stored
			p.Flagged = fieldsOf(r.flagged)
			known[p.idIndex] = &p
			return nil
		}, "SELECT "+storedColumns+" FROM person p WHERE p.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "p.id_index", part)+" AND p.id_index <> ''",
			a.Values()...)
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}

// lookupSize is how many keys one look-up asks for.
const lookupSize = 1000
