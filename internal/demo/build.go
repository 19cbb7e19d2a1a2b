package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"linli/internal/app"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

// seed makes two builds alike.
const seed = 20260701

// Plan says what to build.
type Plan struct {
	Scale    Scale
	Now      time.Time                          // everything lies before it or is planned after it; the present if zero
	Progress func(step Step, done, total int64) // nil for silence
}

// Step is a part of the build.
type Step struct {
	Name string
	Text i18n.Text
}

// builder makes one district.
type builder struct {
	Plan
	*app.App
	clock  *Clock
	step   Step
	system authz.Actor
	tenant int64
	root   id.ID
	today  calendar.Date
	start  calendar.Date // the first day that something happens

	communities  []*community
	units        []*unit
	committees   []id.ID
	recruits     []recruit // in the lists of residents
	members      []*comrade
	later        []event // what came up while the year passed
	recent       []*held // held lately
	offered      []opening
	accounts     []Account
	street       authz.Actor // the first sub-district's staff
	helping      authz.Actor // goes round in the first community, and may not change the register
	connected    authz.Actor // a program of the city that sends cases in
	now          []*toldCase // cases that come in today
	crew         []authz.Actor
	crewIDs      []id.ID // of technicians
	visits       []*visit
	clerks       []authz.Actor // at the counters of the first sub-district's hall
	inHalls      []*atHall
	counsellors  []authz.Actor
	guest        id.ID // person of the resident who has an account
	guestAccount id.ID
	wishing      []*wish                       // wishes that come in today
	early        []func(context.Context) error // what happens in the first minutes of today
	themes       []id.ID                       // programmes of the district
}

type community struct {
	index     int
	id        id.ID
	street    id.ID
	name      string // as in the list of organisations, short
	blocks    []*block
	secretary authz.Actor
	worker    authz.Actor
	member    authz.Actor // who logs in as own
	own       *comrade    // nil where no member has an account
	open      []opened    // responsibilities
	members   []*comrade  // registered here
}

type unit struct {
	id        id.ID
	name      string
	community *community
	liaison   authz.Actor
	members   []*comrade
}

// Build makes the district in the empty database of a, whose clock is clock.
func Build(ctx context.Context, a *app.App, clock *Clock, p Plan) (Report, error) {
	if p.Now.IsZero() {
		p.Now = time.Now()
	}
	today := calendar.DateOf(p.Now)
	b := &builder{Plan: p, App: a, clock: clock, today: today, start: today.AddDays(-390)}
	clock.Set(at(b.start, 8, 0))
	for _, step := range b.steps() {
		b.step = step.Step
		b.progress(0, 1)
		if err := step.run(ctx); err != nil {
			return Report{}, fmt.Errorf("%s: %w", step.Name, err)
		}
		b.progress(1, 1)
	}
	return Report{Tenant: b.tenant, Accounts: b.accounts}, nil
}

// step is a part of the build and what does it.
type step struct {
	Step
	run func(context.Context) error
}

// steps are the parts in their order.
func (b *builder) steps() []step {
	return []step{
		{Step{"organisations", i18n.DemoStepOrgs}, b.found},
		{Step{"units", i18n.DemoStepUnits}, b.stationed},
		{Step{"residents", i18n.DemoStepResidents}, b.people},
		{Step{"accounts", i18n.DemoStepAccounts}, b.staff},
		{Step{"members", i18n.DemoStepMembers}, b.register},
		{Step{"year", i18n.DemoStepYear}, b.live},
		{Step{"today", i18n.DemoStepToday}, b.present},
		{Step{"assessments", i18n.DemoStepAssess}, b.end},
	}
}

func (b *builder) progress(done, total int64) {
	if b.Progress != nil {
		b.Progress(b.step, done, total)
	}
}

// random gives the numbers of one part of the build, so that a part can change without changing the others.
func (b *builder) random(part string, n int) *rand.Rand {
	var h uint64 = 14695981039346656037
	for _, c := range []byte(part) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed+uint64(n), h))
}

// abreast does n things that do not depend on one another, two at a time on SQLite: while one is written the next is read and checked. On PostgreSQL
// they would only get in each other's way.
func (b *builder) abreast(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(1)
	if b.DB.Engine() == db.SQLite {
		g.SetLimit(2)
	}
	for i := range n {
		g.Go(func() error { return do(ctx, i) })
	}
	return g.Wait()
}

// table imports a table as a person would hand it in. A row that is refused ends the build.
func (b *builder) table(ctx context.Context, kind, file string, org id.ID, content []byte, progress func(done, total int64)) error {
	sum, problems, err := b.Intake.Direct(ctx, b.system, intake.NewImport{Kind: kind, OrgID: org, FileName: file, Content: content}, intake.Choice{}, progress)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if sum.State != intake.Done {
		for _, p := range problems {
			if !p.Warning {
				return fmt.Errorf("%s, row %d: %s %s", file, p.Row, p.Message, p.Advice)
			}
		}
		return fmt.Errorf("%s: %s", file, sum.State)
	}
	return nil
}

// live lets the year pass.
func (b *builder) live(ctx context.Context) error {
	a := &agenda{}
	b.history(a)
	b.year(a)
	b.deeds(a)
	b.around(a)
	b.certify(a)
	b.quarters(a)
	b.evaluate(a)
	b.claims(a)
	b.oneself(a)
	b.waiting(a)
	b.platform(a)
	b.questions(a)
	b.requests(a)
	b.tables(a)
	b.meetings(a)
	b.twoNew(a)
	b.workplans(a)
	b.dues(a)
	b.appraisals(a)
	b.transfers(a)
	b.cases(a)
	b.pastCases(a)
	b.technicians(a)
	a.add(at(b.today.AddDays(-2), 19, 30), b.ownAccount)
	b.halls(a)
	b.counselling(a)
	b.mediations(a)
	b.exchanges(a)
	a.add(at(b.today.AddDays(-40), 10, 10), b.outlets)
	b.venues(a)
	b.loveBank(a)
	b.pacts(a)
	b.pairings(a)
	b.volunteers(a)
	b.employments(a)
	b.projects(a)
	return b.pass(ctx, a, b.today.Time())
}

// present is today: what goes on, and the tokens.
func (b *builder) present(ctx context.Context) error {
	b.clock.Set(b.today.Time())
	for _, run := range b.early {
		if err := run(ctx); err != nil {
			return err
		}
	}
	b.clock.Set(b.Now)
	if err := errors.Join(b.running(ctx), b.receiver(ctx), b.reported(ctx), b.visited(ctx), b.rounds(ctx), b.inLine(ctx), b.wished(ctx), b.whoAnswers(ctx)); err != nil {
		return err
	}
	return b.tokens(ctx)
}

// end settles an assessment while the audit record of the year is linked up and looked through.
func (b *builder) end(ctx context.Context) error {
	b.clock.Set(b.Now.Add(5 * time.Second)) // entries rest before they are linked
	linked := make(chan error, 1)
	go func() { linked <- b.link(ctx) }()
	err := b.assessments(ctx)
	if err == nil {
		_, learnt := b.Casework.Learn(ctx, b.tenant)
		err = errors.Join(b.Workplan.Measure(ctx, b.tenant), b.Casework.Night(ctx, b.tenant), learnt)
	}
	return errors.Join(err, <-linked)
}

func (b *builder) link(ctx context.Context) error {
	if _, err := audit.Chain(ctx, b.DB, b.tenant); err != nil {
		return err
	}
	_, err := audit.Check(ctx, b.DB, b.system)
	return err
}
