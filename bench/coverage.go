package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"linli/internal/calendar"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/intake"
	"linli/internal/twonew"
)

// bareCoverages count, by community, all two-new organisations and those that each of the three coverages reaches. $1 is the tenant, $2 the day, $3 and $4
// the instants at which the day a year before and the day itself end, $5 the day a year before.
var bareCoverages = [...]struct {
	name, text string
	args       int
}{
	{"twonew.total", bareTwoNew + ` GROUP BY 1`, 2},
	{"twonew.organisation", bareTwoNew + ` AND t.id IN (SELECT two_new_id FROM two_new_step WHERE tenant_id = $1 AND struck_at = 0 AND on_date <= $2 AND (until_on = '' OR until_on > $2)
		AND kind IN ('joint_branch', 'own_branch')) GROUP BY 1`, 2},
	{"twonew.work", bareTwoNew + ` AND t.id IN (SELECT s.two_new_id FROM two_new_step s LEFT JOIN member m ON m.tenant_id = s.tenant_id AND m.id = s.member_id
		WHERE s.tenant_id = $1 AND s.struck_at = 0 AND s.on_date <= $2 AND (s.until_on = '' OR s.until_on > $2)
		AND (s.kind IN ('joint_branch', 'own_branch', 'union', 'league') OR (m.id IS NOT NULL AND (m.ended_on = '' OR m.ended_on > $2)))) GROUP BY 1`, 2},
	{"twonew.cohesion", bareTwoNew + ` AND (t.uscc <> '' AND t.uscc IN (SELECT u.uscc FROM organisation u WHERE u.tenant_id = $1 AND u.kind = 'unit' AND u.uscc <> '' AND u.id IN (
			SELECT unit_id FROM attendance WHERE tenant_id = $1 AND state <> 'void' AND in_at >= $3 AND in_at < $4 UNION SELECT unit_id FROM claim WHERE tenant_id = $1 AND agreed_at >= $3 AND agreed_at < $4
			UNION SELECT unit_id FROM deed WHERE tenant_id = $1 AND state = 'confirmed' AND on_date > $5 AND on_date <= $2))
		OR t.id IN (SELECT s.two_new_id FROM two_new_step s JOIN member m ON m.tenant_id = s.tenant_id AND m.home_id = s.branch_id WHERE s.tenant_id = $1 AND s.branch_id <> 0 AND s.struck_at = 0
			AND s.on_date <= $2 AND (s.until_on = '' OR s.until_on > $2) AND m.id IN (
			SELECT member_id FROM attendance WHERE tenant_id = $1 AND state <> 'void' AND in_at >= $3 AND in_at < $4 UNION SELECT member_id FROM claim WHERE tenant_id = $1 AND agreed_at >= $3 AND agreed_at < $4
			UNION SELECT member_id FROM deed WHERE tenant_id = $1 AND state = 'confirmed' AND on_date > $5 AND on_date <= $2))) GROUP BY 1`, 5},
}

const bareTwoNew = `SELECT t.community_id, count(*) FROM two_new t WHERE t.tenant_id = $1 AND t.listed_on <= $2 AND (t.ended_on = '' OR t.ended_on > $2)`

// benchCoverage works the three coverages of the district out from the records of today, for all communities at once, as their page does. The ceiling is
// the bare SQL that counts the same; both must come to the same numbers.
func (w *world) benchCoverage(ctx context.Context) (ours, ceiling float64, err error) {
	if err := w.filled(ctx); err != nil {
		return 0, 0, err
	}
	if err := w.ours.census(ctx, w.o.Scale); err != nil {
		return 0, 0, err
	}
	day := calendar.DateOf(w.ours.app.DB.Now())
	p := figure.InQuarterOf(calendar.QuarterOf(day))
	b, err := openBare(w.ours.address)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	names := make([]string, len(bareCoverages))
	for i, c := range bareCoverages {
		names[i] = c.name
	}
	said, counted := make([]int64, len(names)), make([]int64, len(names))
	const times = 20 // one takes a few milliseconds
	ours, ceiling, err = w.turns(w.o.Scale.Rounds, func() (float64, error) {
		began := time.Now()
		for range times {
			_, cells, err := w.ours.app.Figure.Fresh(ctx, w.ours.actor(), names, w.ours.root, p)
			if err != nil {
				return 0, err
			}
			for i := range names {
				said[i] = cells[i*len(cells)/len(names)].Value.Amount // the district comes first
			}
		}
		return millis(time.Since(began)) / times, nil
	}, func() (float64, error) {
		end := func(d calendar.Date) int64 { return d.AddDays(1).Time().UnixMicro() }
		args := []any{w.ours.tenant, day.String(), end(day.AddYears(-1)), end(day), day.AddYears(-1).String()}
		began := time.Now()
		for range times {
			for i, c := range bareCoverages {
				n, err := b.sum(ctx, c.text, args[:c.args]...)
				if err != nil {
					return 0, fmt.Errorf("%s: %w", c.name, err)
				}
				counted[i] = n
			}
		}
		return millis(time.Since(began)) / times, nil
	})
	if err == nil && (!slices.Equal(said, counted) || said[0] == 0 || said[1] == 0) {
		err = fmt.Errorf("the figures say %v, the records %v", said, counted)
	}
	return ours, ceiling, err
}

// census imports a business register of 2,000 organisations, fewer in a tiny district; some have a branch, some a union.
func (d *district) census(ctx context.Context, s Scale) error {
	have, err := d.app.TwoNew.Count(ctx, d.actor())
	if err != nil || len(have) > 0 {
		return err
	}
	n := min(2000, s.Residents/10)
	var list bytes.Buffer
	for i, t := range []i18n.Text{i18n.TwoNewName, i18n.OrgColCommunity, i18n.TwoNewTrade, i18n.TwoNewEmployees, i18n.TwoNewFull} {
		if i > 0 {
			list.WriteByte(',')
		}
		list.WriteString(t.In(i18n.ZH))
	}
	for i := range n {
		fmt.Fprintf(&list, "\n%s-%04d,%s,%d,%d,%d", i18n.BenchUnit.In(i18n.ZH), i, communityName(i%s.Communities), i%7, 5+i%90, i%5)
	}
	sum, problems, err := d.app.Intake.Direct(ctx, d.actor(), intake.NewImport{Kind: "twonew", FileName: "register.csv", Content: list.Bytes()}, intake.Choice{}, nil)
	if err != nil || sum.Inserted != int64(n) {
		return errors.Join(err, fmt.Errorf("bench: %d of %d organisations were taken (%d problems)", sum.Inserted, n, len(problems)))
	}
	var all []twonew.Organisation
	if err := d.app.TwoNew.Export(ctx, d.actor(), twonew.Filter{}, func(o twonew.Organisation) error { all = append(all, o); return nil }); err != nil {
		return err
	}
	for i, o := range all {
		step := twonew.NewStep{Kind: twonew.Union, On: calendar.DateOf(d.app.DB.Now()), Document: "bench"}
		if o.Full >= 3 {
			step.Kind, step.BranchName = twonew.OwnBranch, o.Name
		} else if i%3 > 0 {
			continue
		}
		if _, err := d.app.TwoNew.TakeStep(ctx, d.actor(), o.ID, step, o.Version); err != nil {
			return err
		}
	}
	return nil
}
