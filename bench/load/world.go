package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"linli/bench"
	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
)

// atDesk is how many people of a community have a session.
const atDesk = 5

// caller is somebody with a session.
type caller struct {
	login, cookie, address string
	person                 id.ID
}

type person struct {
	id, community id.ID
	name          string
}

type caseRow struct {
	id, community id.ID
	version       int64
}

// world is what callers know: who they are, and what they can look at.
type world struct {
	run         string // names this run in keys
	laid        *bench.Laid
	communities []id.ID
	password    string
	staff       []caller
	at          map[id.ID][]caller // the staff of a community
	liaisons    []caller
	members     []caller
	people      []person
	cases       []caseRow
	waiting     []caseRow // received, for accept
	token       string
	activity    id.ID
	organiser   caller
	digits      atomic.Pointer[string] // on the screen of the activity
	number      atomic.Int64
	accepted    atomic.Int64
	signed      atomic.Int64
}

// openApp opens the platform on the district; it must be closed before a server starts, so that a start after a kill is a real one.
func openApp(ctx context.Context, l *bench.Laid, check bool) (*app.App, error) {
	cfg := config.Defaults()
	cfg.DB, cfg.KeyFile = l.Address, l.Keys
	return app.Open(ctx, cfg, app.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Check: check})
}

// furnish makes accounts with sessions, cases that wait, and an activity at which members sign in, and lets a night pass.
func furnish(ctx context.Context, l *bench.Laid, waiting, signing int) (w *world, err error) {
	a, err := openApp(ctx, l, true)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	w = &world{run: id.New().String(), laid: l, communities: l.Communities, password: authn.TemporaryPassword(), at: map[id.ID][]caller{}}
	for _, step := range []func(context.Context, *app.App) error{
		w.hire,
		func(ctx context.Context, a *app.App) error { return w.enrol(ctx, a, signing) },
		w.connect,
		w.meet,
		func(ctx context.Context, a *app.App) error { return w.fill(ctx, a, waiting) },
		w.hold,
		w.night,
	} {
		if err := step(ctx, a); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (w *world) system() authz.Actor { return authz.System(w.laid.Tenant, "load") }

// accounts makes accounts that share the password, a thousand in a commit, and gives each a session.
func (w *world) accounts(ctx context.Context, a *app.App, list []authn.NewAccount) ([]caller, error) {
	var all []caller
	for len(list) > 0 {
		part := list[:min(1000, len(list))]
		list = list[len(part):]
		cookies, made, err := bench.Enter(ctx, a, w.system(), w.password, part)
		if err != nil {
			return nil, err
		}
		callers := make([]caller, len(made))
		for i, m := range made {
			callers[i] = caller{login: m.Login, cookie: cookies[i], address: fmt.Sprintf("172.16.%d.%d", len(all)>>8&255, 1+(len(all)+i)%254), person: part[i].PersonID}
		}
		all = append(all, callers...)
	}
	return all, nil
}

// streets puts four sub-districts between the district and its communities.
func (w *world) streets(ctx context.Context, a *app.App) ([]id.ID, error) {
	const streets = 4
	list := make([]id.ID, streets)
	for i := range list {
		o, err := a.Organisation.Create(ctx, w.system(), organisation.NewOrganisation{Kind: organisation.Working, Name: fmt.Sprintf("%s%d", i18n.LoadStreet.In(i18n.ZH), i+1), ParentID: w.laid.Root})
		if err != nil {
			return nil, err
		}
		list[i] = o.ID
	}
	on := organisation.Effect{On: calendar.DateOf(a.DB.Now()), Document: i18n.LoadStreet.In(i18n.ZH)}
	for i, c := range w.communities {
		if err := a.Organisation.Reparent(ctx, w.system(), c, list[i*streets/len(w.communities)], on); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// hire gives everybody at a desk an account, in the communities and in the sub-districts.
func (w *world) hire(ctx context.Context, a *app.App) (err error) {
	var list []authn.NewAccount
	for c, org := range w.communities {
		for i := range atDesk {
			list = append(list, authn.NewAccount{Login: fmt.Sprintf("desk-%d-%d", c, i), Name: i18n.LoadName.In(i18n.ZH), Keep: true, Grants: []authn.NewGrant{{Role: app.RoleSecretary, OrgID: org}}})
		}
	}
	if w.staff, err = w.accounts(ctx, a, list); err != nil {
		return err
	}
	for c, org := range w.communities {
		w.at[org] = w.staff[c*atDesk : (c+1)*atDesk]
	}
	w.organiser = w.staff[0]
	list = nil
	streets, err := w.streets(ctx, a)
	if err != nil {
		return err
	}
	for i := range len(w.staff) * officeDesks / communityDesks {
		list = append(list, authn.NewAccount{Login: fmt.Sprintf("office-%d", i), Name: i18n.LoadName.In(i18n.ZH), Keep: true, Grants: []authn.NewGrant{{Role: app.RoleSubdistrict, OrgID: streets[i%len(streets)]}}})
	}
	offices, err := w.accounts(ctx, a, list)
	if err != nil {
		return err
	}
	w.staff = append(w.staff, offices...)
	list = nil
	for i, org := range w.laid.Units {
		list = append(list, authn.NewAccount{Login: fmt.Sprintf("unit-%d", i), Name: i18n.LoadName.In(i18n.ZH), Keep: true, Grants: []authn.NewGrant{{Role: app.RoleLiaison, OrgID: org}}})
	}
	w.liaisons, err = w.accounts(ctx, a, list)
	return err
}

func (w *world) enrol(ctx context.Context, a *app.App, n int) (err error) {
	var list []authn.NewAccount
	for i, m := range w.laid.Members[:min(n, len(w.laid.Members))] {
		list = append(list, authn.NewAccount{Login: fmt.Sprintf("member-%d", i), Name: i18n.LoadName.In(i18n.ZH), PersonID: m.Person, Keep: true,
			Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: m.Community}}})
	}
	w.members, err = w.accounts(ctx, a, list)
	return err
}

// connect makes the token of a system that enters residents.
func (w *world) connect(ctx context.Context, a *app.App) error {
	actor, err := a.Authn.ActorByLogin(ctx, w.laid.Tenant, w.organiser.login)
	if err != nil {
		return err
	}
	w.token, _, err = a.Authn.CreateToken(ctx, actor, authn.NewToken{Name: "load"})
	return err
}

// meet gets to know some residents of every community.
func (w *world) meet(ctx context.Context, a *app.App) error {
	for _, c := range w.communities {
		some, err := db.All(ctx, a.DB, func(p *person) []any { return []any{&p.id, &p.community, &p.name} },
			"SELECT id, community_id, name FROM person WHERE tenant_id = $1 AND community_id = $2 ORDER BY id LIMIT 50", w.laid.Tenant, c)
		if err != nil {
			return err
		}
		w.people = append(w.people, some...)
	}
	return nil
}

// fill reports the cases that wait to be accepted, and some that are only looked at.
func (w *world) fill(ctx context.Context, a *app.App, waiting int) error {
	const looked = 60
	for range waiting + looked {
		n := w.number.Add(1)
		if _, err := a.Casework.Report(ctx, w.laid.Tenant, "load", "", casework.Report{Kind: "opinion", CommunityID: w.communities[int(n)%len(w.communities)], Place: "3-501",
			Body: i18n.LoadWords.In(i18n.ZH, n)}); err != nil {
			return err
		}
	}
	all, err := db.All(ctx, a.DB, func(c *caseRow) []any { return []any{&c.id, &c.community, &c.version} },
		"SELECT id, community_id, version FROM service_case WHERE tenant_id = $1 AND state = 'received' ORDER BY id LIMIT $2", w.laid.Tenant, waiting+looked)
	if err != nil {
		return err
	}
	if len(all) != waiting+looked {
		return fmt.Errorf("load: %d cases of %d wait", len(all), waiting+looked)
	}
	w.cases, w.waiting = all[:looked], all[looked:]
	return nil
}

// hold publishes an activity that goes on now.
func (w *world) hold(ctx context.Context, a *app.App) error {
	actor, err := a.Authn.ActorByLogin(ctx, w.laid.Tenant, w.organiser.login)
	if err != nil {
		return err
	}
	w.activity, err = bench.Hold(ctx, a, actor, w.communities[0], 6*time.Hour)
	return err
}

// night does what a night does: quarters are closed, figures rolled up, the record checked. A district just laid never had one, and its day would begin with that.
func (w *world) night(ctx context.Context, a *app.App) error {
	if err := a.Queue.EnqueueDue(ctx); err != nil {
		return err
	}
	for {
		if ran, err := a.Queue.RunOne(ctx); err != nil || !ran {
			return err
		}
	}
}
