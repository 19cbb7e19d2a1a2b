package person

import (
	"context"
	"fmt"

	"linli/internal/db"
)

// verifyChecks are questions to which a sound database answers 0. {0} in the fault is the answer.
var verifyChecks = []struct{ fault, query string }{
	{"%d people are in a household that does not exist", `SELECT count(*) FROM person p WHERE p.tenant_id = $1 AND p.household_id <> 0
		AND NOT EXISTS (SELECT 1 FROM household h WHERE h.tenant_id = p.tenant_id AND h.id = p.household_id)`},
	{"%d people live in another community than their household", `SELECT count(*) FROM person p JOIN household h
		ON h.tenant_id = p.tenant_id AND h.id = p.household_id WHERE p.tenant_id = $1 AND h.community_id <> p.community_id`},
	{"%d people cannot be found by their initials in their community", `SELECT count(*) FROM person p WHERE p.tenant_id = $1 AND p.initials <> ''
		AND NOT EXISTS (SELECT 1 FROM person_gram g WHERE g.tenant_id = p.tenant_id AND g.gram = '` + initialsMark + `' || p.initials
			AND g.community_id = p.community_id AND g.person_id = p.id)`},
	{"%d sealed ID numbers have no index, or an index no number", `SELECT count(*) FROM person p WHERE p.tenant_id = $1
		AND (p.id_index = '') <> (p.id_mask = '')`},
	{"%d people came with an import that does not exist", `SELECT count(*) FROM person p WHERE p.tenant_id = $1 AND p.import_id <> 0
		AND NOT EXISTS (SELECT 1 FROM import i WHERE i.tenant_id = p.tenant_id AND i.id = p.import_id)`},
	{"%d categories belong to nobody", `SELECT count(*) FROM person_category c WHERE c.tenant_id = $1
		AND NOT EXISTS (SELECT 1 FROM person p WHERE p.tenant_id = c.tenant_id AND p.id = c.person_id)`},
	{"%d anonymous records still tell who they were", `SELECT count(*) FROM person p WHERE p.tenant_id = $1 AND p.anonymised_on <> '' AND (p.id_index <> ''
		OR p.phone_index <> '' OR p.name_key <> '' OR p.initials <> '' OR p.born_on <> '' OR p.household_id <> 0)`},
	{"%d consents belong to nobody", `SELECT count(*) FROM consent c WHERE c.tenant_id = $1
		AND NOT EXISTS (SELECT 1 FROM person p WHERE p.tenant_id = c.tenant_id AND p.id = c.person_id)`},
}

// Verify checks that households, search rows, indexes and sources of the people of a tenant belong together.
func Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	var faults []string
	for _, c := range verifyChecks {
		n, err := db.Value[int64](ctx, q, c.query, tenant)
		if err != nil {
			return faults, err
		}
		if n != 0 {
			faults = append(faults, fmt.Sprintf(c.fault, n))
		}
	}
	return faults, nil
}
