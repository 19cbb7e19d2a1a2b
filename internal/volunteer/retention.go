package volunteer

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/retention"
)

// keptMonths is how long a file is kept after its end where a district sets nothing else.
const keptMonths = 36

// RetentionKinds is the period of files after their end: who it was and what was said go; teams, shifts and hours stay.
func RetentionKinds() []retention.Kind {
	period := retention.Months("retention.volunteer_months", i18n.RetentionVolunteer, 12, "PRIV-7")
	period.Default = keptMonths
	return []retention.Kind{{Code: "volunteer.ended", Title: i18n.RetentionVolunteer, Act: i18n.RetentionActVolunteer, Period: period,
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "v.id", From: "volunteer v WHERE v.tenant_id = " + a.Add(tenant) + " AND v.ended_on <> '' AND v.ended_on < " + a.Add(before) + " AND v.forgotten_on = ''"}
		},
		Remove: forget}}
}

// forget takes out of files who it was and all that was said.
func forget(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
	for _, q := range []string{"DELETE FROM volunteer_clearance WHERE ", "DELETE FROM volunteer_cover WHERE ", "DELETE FROM volunteer_thanks WHERE ", "UPDATE volunteer_certificate SET content = NULL WHERE "} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, q+"tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "volunteer_id", rows), a.Values()...); err != nil {
			return err
		}
	}
	// Who is not there any more cannot be ticked: such places are given up, so that the shift can be closed with the others.
	a := &db.Args{}
	shifts, err := db.Column[id.ID](ctx, tx, "SELECT u.shift_id FROM volunteer_signup u WHERE u.tenant_id = "+a.Add(tenant)+" AND u.state = 'in' AND u.attended = '' AND "+db.In(a, "u.volunteer_id", rows)+" ORDER BY u.id", a.Values()...)
	if err != nil {
		return err
	}
	if len(shifts) > 0 {
		a = &db.Args{}
		if _, err := tx.Exec(ctx, "UPDATE volunteer_signup SET state = 'out', substitute_id = 0, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND state = 'in' AND attended = '' AND "+db.In(a, "volunteer_id", rows), a.Values()...); err != nil {
			return err
		}
		if err := recount(ctx, tx, tenant, shifts); err != nil {
			return err
		}
		if err := closeTicked(ctx, tx, tenant, shifts); err != nil {
			return err
		}
	}
	a = &db.Args{}
	_, err = tx.Exec(ctx, "UPDATE volunteer SET words = NULL, skills = '', times = '', kinds = '', person_id = 0, contact = FALSE, publish = FALSE, forgotten_on = "+a.Add(today(tx))+", version = version + 1 WHERE tenant_id = "+
		a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
	return err
}

// closeTicked takes shifts that are over for ticked where nobody is left to tick.
func closeTicked(ctx context.Context, tx *db.Tx, tenant int64, shifts []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE volunteer_shift SET state = 'ticked', version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND state = 'open' AND taken > 0 AND ends_at <= "+a.Add(db.Micros(tx.Now()))+" AND "+db.In(a, "id", shifts)+
		" AND NOT EXISTS (SELECT 1 FROM volunteer_signup u WHERE u.tenant_id = volunteer_shift.tenant_id AND u.shift_id = volunteer_shift.id AND u.state = 'in' AND u.attended = '')", a.Values()...)
	return err
}

// ForgetTx ends the files of persons whom the register forgets and takes out what was said; they are in no club any more.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	a := &db.Args{}
	rows, err := db.Column[id.ID](ctx, tx, "SELECT v.id FROM volunteer v WHERE v.tenant_id = "+a.Add(tenant)+" AND v.person_id <> 0 AND "+db.In(a, "v.person_id", persons)+" ORDER BY v.id", a.Values()...)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		if err := endFiles(ctx, tx, tenant, rows, Moved); err != nil {
			return err
		}
		if err := forget(ctx, tx, tenant, rows); err != nil {
			return err
		}
	}
	a = &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE club_member SET to_on = "+a.Add(today(tx))+" WHERE tenant_id = "+a.Add(tenant)+" AND to_on = '' AND "+db.In(a, "person_id", persons), a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	_, err = tx.Exec(ctx, "UPDATE club_member SET person_id = 0 WHERE tenant_id = "+a.Add(tenant)+" AND person_id <> 0 AND "+db.In(a, "person_id", persons), a.Values()...)
	return err
}

// Follow lets files, teams and clubs of an organisation follow when another takes it in. Names that both have are told apart by where they come from.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	name, err := db.Value[string](ctx, tx, "SELECT "+reference.Label("o")+" FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2", actor.Tenant, from)
	if err != nil {
		return err
	}
	for _, table := range []string{"volunteer_team", "club"} {
		if _, err := tx.Exec(ctx, "UPDATE "+table+" SET name = name || $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3 AND ended_on = '' AND EXISTS (SELECT 1 FROM "+table+" o WHERE o.tenant_id = "+table+
			".tenant_id AND o.org_id = $4 AND o.name = "+table+".name AND o.ended_on = '')", " · "+name, actor.Tenant, from, to); err != nil {
			return err
		}
	}
	for _, table := range []string{"volunteer", "volunteer_team", "volunteer_membership", "volunteer_shift", "volunteer_signup", "volunteer_cover", "volunteer_clearance", "volunteer_thanks", "volunteer_certificate", "club", "club_member"} {
		if _, err := tx.Exec(ctx, "UPDATE "+table+" SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3", to, actor.Tenant, from); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, "UPDATE volunteer_team SET unit_id = $1 WHERE tenant_id = $2 AND unit_id = $3", to, actor.Tenant, from)
	return err
}
