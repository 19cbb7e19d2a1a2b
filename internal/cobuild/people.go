package cobuild

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

const (
	maxPosts   = 40
	mostPeople = 200 // of one agreement
	lastDoings = 50  // kept of one person; all are counted
)

// belongs is the condition that a member or account belongs to an organisation: it is the member's unit, community or branch, or the branch lies below it; the account holds a role there.
func belongs(member, account, tenant, org, today string) string {
	return "(EXISTS (SELECT 1 FROM member y LEFT JOIN organisation yh ON yh.tenant_id = y.tenant_id AND yh.id = y.home_id LEFT JOIN organisation yo ON yo.tenant_id = y.tenant_id AND yo.id = " + org +
		" WHERE y.tenant_id = " + tenant + " AND y.id = " + member + " AND y.ended_on = '' AND (y.unit_id = " + org + " OR y.community_id = " + org + " OR y.home_id = " + org + " OR yo.path <> '' AND yh.path LIKE yo.path || '%'))" +
		" OR EXISTS (SELECT 1 FROM role_grant z JOIN account zk ON zk.tenant_id = z.tenant_id AND zk.id = z.account_id AND zk.status = 'active' WHERE z.tenant_id = " + tenant + " AND z.account_id = " + account +
		" AND z.organisation_id = " + org + " AND z.valid_from <= " + today + " AND (z.valid_to = '' OR z.valid_to >= " + today + ")))"
}

// personColumns need the day of today, as it stands among the arguments, and the condition that the reader acts for a party.
func personColumns(today, acts string) string {
	return `x.id, x.cobuild_id, c.no, c.kind, c.community_id, x.org_id, ` + reference.Label("o") + `, x.host_id, ` + reference.Label("h") + `, x.post, x.member_id, x.account_id, x.person_id, coalesce(e.name, k.name, ''), x.name, x.from_on, x.to_on,
	x.ended_on, x.ending, x.end_words, c.edition, ` + lastDay + `, coalesce(h.path, ''), CASE WHEN x.member_id = 0 AND x.account_id = 0 OR ` + belongs("x.member_id", "x.account_id", "x.tenant_id", "x.org_id", today) + ` THEN FALSE ELSE TRUE END, CASE WHEN ` + acts + ` THEN TRUE ELSE FALSE END, x.version`
}

const personJoined = ` FROM cobuild_person x JOIN cobuild c ON c.tenant_id = x.tenant_id AND c.id = x.cobuild_id
	LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id
	LEFT JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.org_id
	LEFT JOIN organisation h ON h.tenant_id = x.tenant_id AND h.id = x.host_id
	LEFT JOIN member e ON e.tenant_id = x.tenant_id AND e.id = x.member_id AND x.member_id <> 0
	LEFT JOIN account k ON k.tenant_id = x.tenant_id AND k.id = x.account_id AND x.account_id <> 0
	WHERE `

func (p *Person) dest() []any {
	return []any{&p.ID, &p.AgreementID, &p.No, &p.Kind, &p.CommunityID, &p.OrgID, &p.Org, &p.HostID, &p.Host, &p.Post, &p.MemberID, &p.AccountID, &p.personID, &p.Name, &p.hasName, &p.From, &p.To,
		&p.EndedOn, &p.Ending, &p.hasWords, &p.edition, &p.lastDay, &p.path, &p.Left, &p.open, &p.Version}
}

// openPeople opens what is sealed of persons, for who acts for a party.
func (s *Service) openPeople(list []Person) (err error) {
	for i := range list {
		p := &list[i]
		if !p.open {
			continue
		}
		if len(p.hasName) > 0 {
			if p.Name, err = s.ring.Open("cobuild_person", "name", p.ID, p.hasName); err != nil {
				return err
			}
		}
		if p.EndWords, err = s.ring.Open("cobuild_person", "end_words", p.ID, p.hasWords); err != nil {
			return err
		}
	}
	return nil
}

// every is the scope of all parties, for what the platform itself compares or copies.
func every(tenant int64) authz.Scope {
	return authz.System(tenant, "posts by agreements").Scope(PermKeep)
}

// people reads persons by a condition, which is given the day of today as it stands among the arguments. Names that were typed, and words, are there where a party is in scope.
func (s *Service) people(ctx context.Context, q db.Querier, parties authz.Scope, where func(a *db.Args, today string) string) ([]Person, error) {
	a := &db.Args{}
	today := a.Add(s.today().String())
	fields := personColumns(today, party(a, parties))
	list, err := db.All(ctx, q, (*Person).dest, "SELECT "+fields+personJoined+where(a, today), a.Values()...)
	if err != nil {
		return nil, err
	}
	return list, s.openPeople(list)
}

// peopleOf are the persons of an agreement with what they did: those who serve in front.
func (s *Service) peopleOf(ctx context.Context, q db.Querier, actor authz.Actor, agreement id.ID) ([]Person, error) {
	list, err := s.people(ctx, q, acts(actor), func(a *db.Args, _ string) string {
		return "x.tenant_id = " + a.Add(actor.Tenant) + " AND x.cobuild_id = " + a.Add(agreement) + " ORDER BY CASE WHEN x.ended_on = '' THEN 0 ELSE 1 END, x.id LIMIT " + a.Add(mostPeople)
	})
	if err != nil {
		return nil, err
	}
	return list, s.doings(ctx, q, actor.Tenant, list)
}

// speaks finds the party for whose person an actor speaks: their own, or as the community for a unit that signed on paper and of which nobody can.
func (s *Service) speaks(ctx context.Context, q db.Querier, actor authz.Actor, g Agreement, org id.ID) error {
	_, err := as(actor, g, org, PermKeep)
	if err != nil {
		_, err = s.instead(ctx, q, actor, g, org, err)
	}
	return err
}

// naming are the parties for whose persons an actor speaks.
func (s *Service) naming(ctx context.Context, q db.Querier, actor authz.Actor, g Agreement) (out []Party, err error) {
	for _, p := range g.Parties {
		if acts(actor).Covers(p.OrgID) {
			out = append(out, p)
		} else if p.OnPaper { // a few units at most
			mine, err := s.instead(ctx, q, actor, g, p.OrgID, errs.ErrForbidden)
			if err != nil && errs.KindOf(err) != errs.Forbidden {
				return nil, err
			}
			if mine {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// NamePerson says who of a party is contact or holds a post on the other side (PermKeep or PermUnit at that party). A member or account belongs to the party.
func (s *Service) NamePerson(ctx context.Context, actor authz.Actor, agreement id.ID, in NewPerson) (made id.ID, err error) {
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		g, err := s.find(ctx, tx, actor, agreement)
		if err != nil {
			return err
		}
		if err := s.speaks(ctx, tx, actor, g, in.OrgID); err != nil {
			return err
		}
		today := calendar.DateOf(tx.Now())
		if !g.Kind.Names() {
			return errs.New(errs.Conflict, i18n.CobuildNoPeople, g.Kind.Text())
		}
		if err := g.standing(today); err != nil {
			return err
		}
		if err := in.check(g, today).OrNil(); err != nil {
			return err
		}
		person := id.ID(0)
		if in.MemberID != 0 || in.AccountID != 0 {
			if person, err = belonging(ctx, tx, actor.Tenant, in, today); err != nil {
				return err
			}
		}
		if err := s.once(ctx, tx, actor.Tenant, g, in); err != nil {
			return err
		}
		made = id.New()
		if _, err := tx.Exec(ctx, `INSERT INTO cobuild_person (tenant_id, id, cobuild_id, org_id, host_id, post, post_key, member_id, person_id, account_id, name, from_on, to_on, entered_by, created_at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`, actor.Tenant, made, g.ID, in.OrgID, in.HostID, in.Post, gram.Key(in.Post), in.MemberID, person, in.AccountID,
			s.ring.Seal("cobuild_person", "name", made, in.Name), in.From.String(), in.To.String(), actor.AccountID, db.Micros(tx.Now())); err != nil {
			return err
		}
		return s.notePerson(ctx, tx, actor, g, step{act: ActPerson, org: in.OrgID, words: in.Post}, person)
	})
}

// once says that nobody holds the same post at the same place twice at a time.
func (s *Service) once(ctx context.Context, tx *db.Tx, tenant int64, g Agreement, in NewPerson) error {
	list, err := s.people(ctx, tx, every(tenant), func(a *db.Args, _ string) string {
		return "x.tenant_id = " + a.Add(tenant) + " AND x.cobuild_id = " + a.Add(g.ID) + " AND x.org_id = " + a.Add(in.OrgID) + " AND x.host_id = " + a.Add(in.HostID) + " AND x.post = " + a.Add(in.Post) + " AND x.ended_on = ''"
	})
	if err == nil && slices.ContainsFunc(list, func(p Person) bool {
		same := p.MemberID == in.MemberID && p.AccountID == in.AccountID && (in.MemberID != 0 || in.AccountID != 0 || p.Name == in.Name)
		return same && !p.LastDay().Before(in.From) && (in.To.IsZero() || !p.From.After(in.To))
	}) {
		return errs.Field("person", i18n.CobuildSamePost)
	}
	return err
}

// belonging finds who a member or account is, if they belong to the party.
func belonging(ctx context.Context, tx *db.Tx, tenant int64, in NewPerson, today calendar.Date) (id.ID, error) {
	a := &db.Args{}
	t, member, account, org := a.Add(tenant), a.Add(in.MemberID), a.Add(in.AccountID), a.Add(in.OrgID)
	cast := func(s string) string { return "CAST(" + s + " AS BIGINT)" }
	query := "SELECT coalesce((SELECT e.person_id FROM member e WHERE e.tenant_id = o.tenant_id AND e.id = " + cast(member) + "), (SELECT k.person_id FROM account k WHERE k.tenant_id = o.tenant_id AND k.id = " + cast(account) +
		"), 0) FROM organisation o WHERE o.tenant_id = " + t + " AND o.id = " + org + " AND " + belongs(cast(member), cast(account), "o.tenant_id", "o.id", a.Add(today.String()))
	person, err := db.One(ctx, tx, func(p *id.ID) []any { return []any{p} }, query, a.Values()...)
	if errs.KindOf(err) == errs.NotFound {
		return 0, errs.Field("person", i18n.CobuildNotOfSide)
	}
	return person, err
}

func (s *Service) notePerson(ctx context.Context, tx *db.Tx, actor authz.Actor, g Agreement, e step, person id.ID) error {
	if err := insertEntry(ctx, tx, actor, g, e); err != nil {
		return err
	}
	perm := PermKeep
	if e.org != g.CommunityID {
		perm = PermUnit
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "cobuild." + string(e.act), Permission: perm, SubjectKind: "cobuild", SubjectID: g.ID, OrgID: e.org, PersonID: person, Detail: map[string]any{"no": g.No, "post": e.words}})
}

// EndPost is how a post ends.
type EndPost struct {
	On     calendar.Date // today if zero; from this day on they serve no more
	Ending PersonEnding
	Words  string
}

// EndPerson ends a post, with the reason (the party whose person it is, or where they serve).
func (s *Service) EndPerson(ctx context.Context, actor authz.Actor, agreement, person id.ID, version int64, in EndPost) error {
	e := errs.Words(nil, "words", &in.Words, MaxWords, in.Ending == OtherCause)
	if !slices.Contains(PersonEndings(), in.Ending) {
		e = e.With("ending", i18n.ErrBadChoice)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		g, err := s.find(ctx, tx, actor, agreement)
		if err != nil {
			return err
		}
		list, err := s.people(ctx, tx, every(actor.Tenant), func(a *db.Args, _ string) string {
			return "x.tenant_id = " + a.Add(actor.Tenant) + " AND x.cobuild_id = " + a.Add(agreement) + " AND x.id = " + a.Add(person)
		})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errs.ErrNotFound
		}
		p, today := list[0], calendar.DateOf(tx.Now())
		if err := s.speaks(ctx, tx, actor, g, p.OrgID); err != nil {
			if _, err := as(actor, g, p.HostID, PermKeep); err != nil {
				return err
			}
		}
		if in.On.IsZero() {
			in.On = today
		}
		first := p.From // who has not begun is ended today
		if today.Before(first) {
			first = today
		}
		if in.On.After(today) || in.On.Before(first) {
			e = e.With("ended_on", i18n.CobuildItemOut, first.String(), today.String())
		}
		switch {
		case e != nil:
			return e
		case version != 0 && version != p.Version:
			return errs.New(errs.Conflict, i18n.ErrConflict)
		case !p.EndedOn.IsZero():
			return errs.New(errs.Conflict, i18n.CobuildPostOver, p.EndedOn.String())
		}
		by := p.OrgID
		if !acts(actor).Covers(by) {
			by = p.HostID
		}
		if err := s.endPost(ctx, tx, actor, g, p, by, in); err != nil {
			return err
		}
		return s.endCarried(ctx, tx, actor, g, p, by, in)
	})
}

// endPost ends one post, which who has not begun never held, and keeps that.
func (s *Service) endPost(ctx context.Context, tx *db.Tx, actor authz.Actor, g Agreement, p Person, by id.ID, in EndPost) error {
	on := in.On
	if on.Before(p.From) {
		on = p.From
	}
	if err := tx.Update(ctx, `UPDATE cobuild_person SET ended_on = $1, ending = $2, end_words = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`, on.String(), string(in.Ending),
		s.ring.Seal("cobuild_person", "end_words", p.ID, in.Words), actor.Tenant, p.ID, p.Version); err != nil {
		return err
	}
	return s.notePerson(ctx, tx, actor, g, step{act: ActPersonEnd, org: by, words: p.Post}, p.personID)
}

// endCarried ends a post that has not begun in the agreement that renews this one, too: it was carried on when that was signed.
func (s *Service) endCarried(ctx context.Context, tx *db.Tx, actor authz.Actor, g Agreement, p Person, by id.ID, in EndPost) error {
	list, err := s.people(ctx, tx, every(actor.Tenant), func(a *db.Args, today string) string {
		return "x.tenant_id = " + a.Add(actor.Tenant) + " AND c.renews_id = " + a.Add(g.ID) + " AND x.org_id = " + a.Add(p.OrgID) + " AND x.host_id = " + a.Add(p.HostID) + " AND x.post = " + a.Add(p.Post) +
			" AND x.ended_on = '' AND x.from_on > " + today + " ORDER BY x.id LIMIT " + a.Add(mostPeople)
	})
	if err != nil {
		return err
	}
	for _, n := range list { // one, unless somebody was entered twice
		if n.MemberID != p.MemberID || n.AccountID != p.AccountID || n.Name != p.Name {
			continue
		}
		next, err := s.find(ctx, tx, actor, n.AgreementID)
		if err != nil {
			return err
		}
		if err := s.endPost(ctx, tx, actor, next, n, by, in); err != nil {
			return err
		}
	}
	return nil
}

// EndedTx ends the posts of a member whose record ends (member.Ender).
func (s *Service) EndedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, member id.ID, on calendar.Date, _ string) error {
	list, err := s.people(ctx, tx, every(actor.Tenant), func(a *db.Args, _ string) string {
		return "x.tenant_id = " + a.Add(actor.Tenant) + " AND x.member_id <> 0 AND x.member_id = " + a.Add(member) + " AND x.ended_on = '' ORDER BY x.id LIMIT " + a.Add(mostPeople)
	})
	if err != nil || len(list) == 0 {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE cobuild_person SET ended_on = CASE WHEN from_on > $1 THEN from_on ELSE $1 END, ending = $2, version = version + 1 WHERE tenant_id = $3 AND member_id = $4 AND member_id <> 0 AND ended_on = ''`,
		on.String(), string(NoMember), actor.Tenant, member)
	if err != nil {
		return err
	}
	for _, p := range list { // a few posts
		g := Agreement{ID: p.AgreementID, CommunityID: p.CommunityID, Edition: p.edition}
		if err := insertEntry(ctx, tx, actor, g, step{act: ActPersonEnd, org: p.OrgID, words: p.Post + "：" + NoMember.Text().In(i18n.ZH)}); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "cobuild.person_end", SubjectKind: "member", SubjectID: member, Detail: map[string]any{"reason": string(NoMember), "posts": n}})
}

// carryPeople lets those who still serve go on by an agreement that renews theirs.
func (s *Service) carryPeople(ctx context.Context, tx *db.Tx, actor authz.Actor, g Agreement) error {
	if g.RenewsID == 0 || !g.Kind.Names() {
		return nil
	}
	list, err := s.people(ctx, tx, every(actor.Tenant), func(a *db.Args, _ string) string {
		return "x.tenant_id = " + a.Add(actor.Tenant) + " AND x.cobuild_id = " + a.Add(g.RenewsID) + " AND x.ended_on = '' AND x.to_on = '' ORDER BY x.id LIMIT " + a.Add(mostPeople)
	})
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(p Person) bool {
		_, mine := g.Party(p.OrgID)
		_, host := g.Party(p.HostID)
		return p.Left || !mine || !host
	})
	return tx.InsertMany(ctx, "cobuild_person", []string{"tenant_id", "id", "cobuild_id", "org_id", "host_id", "post", "post_key", "member_id", "person_id", "account_id", "name", "from_on", "to_on", "entered_by", "created_at"}, len(list), func(i int) []any {
		p, made := list[i], id.New()
		name := ""
		if p.MemberID == 0 && p.AccountID == 0 {
			name = p.Name
		}
		return []any{actor.Tenant, made, g.ID, p.OrgID, p.HostID, p.Post, gram.Key(p.Post), p.MemberID, p.personID, p.AccountID, s.ring.Seal("cobuild_person", "name", made, name), g.From.String(), "", actor.AccountID, db.Micros(tx.Now())}
	})
}

// PeopleFilter narrows the list of persons; zero fields do not filter.
type PeopleFilter struct {
	Text      string // the post, a member's name, or an organisation
	Community id.ID  // of agreements of it, or below it
	Org       id.ID  // whose persons they are, or where they serve
	Kind      Kind
	State     PersonState
	Page      db.Page
}

// onDay is the condition that a person is in a state on a day.
func onDay(s PersonState, today string) string {
	over := "(" + lastDay + " < " + today + " OR x.to_on <> '' AND x.to_on < " + today + ")"
	ended := "x.ended_on <> '' AND (x.ended_on <= " + today + " OR x.ended_on <= x.from_on)"
	gone := "(x.member_id <> 0 OR x.account_id <> 0) AND NOT " + belongs("x.member_id", "x.account_id", "x.tenant_id", "x.org_id", today)
	switch s {
	case PersonEnded:
		return ended
	case PersonOver:
		return "NOT (" + ended + ") AND " + over
	case PersonLeft:
		return "NOT (" + ended + ") AND NOT " + over + " AND " + gone
	case PersonComing:
		return "NOT (" + ended + ") AND NOT " + over + " AND NOT (" + gone + ") AND x.from_on > " + today
	case Serving:
		return "NOT (" + ended + ") AND NOT " + over + " AND NOT (" + gone + ") AND x.from_on <= " + today
	}
	return "1 = 0"
}

// People gives the persons of agreements in sight, the newest first.
func (s *Service) People(ctx context.Context, actor authz.Actor, f PeopleFilter) (out db.List[Person], err error) {
	rows, err := s.people(ctx, s.db, acts(actor), func(a *db.Args, today string) string {
		w := seeing(a, actor)
		if key := gram.Key(strings.TrimSpace(f.Text)); key != "" {
			l := a.Add(gram.Query(strings.TrimSpace(f.Text)).Like())
			w += " AND (x.post_key LIKE " + l + " ESCAPE '!' OR o.name_key LIKE " + l + " ESCAPE '!' OR h.name_key LIKE " + l + " ESCAPE '!' OR e.name = " + a.Add(strings.TrimSpace(f.Text)) + ")"
		}
		if f.Community != 0 {
			w += " AND m.path LIKE (SELECT u.path FROM organisation u WHERE u.tenant_id = c.tenant_id AND u.id = " + a.Add(f.Community) + ") || '%'"
		}
		if f.Org != 0 {
			o := a.Add(f.Org)
			w += " AND (x.org_id = " + o + " OR x.host_id = " + o + ")"
		}
		if f.Kind != "" {
			w += " AND c.kind = " + a.Add(string(f.Kind))
		}
		if f.State != "" {
			w += " AND " + onDay(f.State, today)
		}
		page, tail := a.Keyset(f.Page, db.Order{IDColumn: "x.id", Desc: true})
		return w + page + tail
	})
	if err != nil {
		return out, err
	}
	out = db.Cut(rows, f.Page, func(p Person) db.Cursor { return db.Cursor{ID: p.ID} })
	return out, s.doings(ctx, s.db, actor.Tenant, out.Items)
}

// OwnPosts are the posts of the actor: as the member that they are, and of their account (PermOwn, PermSee, PermUnit). Those that are over follow.
func (s *Service) OwnPosts(ctx context.Context, actor authz.Actor) ([]Person, error) {
	if !actor.Can(PermOwn) && !actor.Can(PermSee) && !actor.Can(PermUnit) {
		return nil, errs.ErrForbidden
	}
	list, err := s.people(ctx, s.db, acts(actor), func(a *db.Args, _ string) string {
		return "x.tenant_id = " + a.Add(actor.Tenant) + " AND (x.person_id <> 0 AND x.person_id = " + a.Add(actor.PersonID) + " OR x.account_id <> 0 AND x.account_id = " + a.Add(actor.AccountID) +
			") ORDER BY CASE WHEN x.ended_on = '' THEN 0 ELSE 1 END, x.id DESC LIMIT " + a.Add(mostPeople)
	})
	if err != nil {
		return nil, err
	}
	return list, s.doings(ctx, s.db, actor.Tenant, list)
}

// doings adds what persons did where they serve while they served: activities at which they were present, needs that they met, visits to households, each at their host or below it. A query for each kind,
// read row by row: all are counted, the latest are kept.
func (s *Service) doings(ctx context.Context, q db.Querier, tenant int64, list []Person) error {
	of := map[id.ID][]*Person{}
	var members, accounts []id.ID
	var first calendar.Date
	for i := range list {
		p := &list[i]
		switch {
		case p.path == "":
			continue
		case p.MemberID != 0:
			members, of[p.MemberID] = append(members, p.MemberID), append(of[p.MemberID], p)
		case p.AccountID != 0:
			accounts, of[p.AccountID] = append(accounts, p.AccountID), append(of[p.AccountID], p)
		default:
			continue
		}
		if first.IsZero() || p.From.Before(first) {
			first = p.From
		}
	}
	if len(of) == 0 {
		return nil
	}
	type deed struct {
		Doing
		member, account id.ID
		path            string
		at              int64
	}
	dest := func(d *deed) []any { return []any{&d.member, &d.account, &d.ID, &d.Title, &d.at, &d.On, &d.path} }
	read := func(kind, query string, a *db.Args) error {
		return db.Each(ctx, q, dest, func(d deed) error {
			if d.Kind = kind; d.On.IsZero() {
				d.On = calendar.DateOf(db.FromMicros(d.at))
			}
			for _, who := range []id.ID{d.member, d.account} {
				for _, p := range of[who] {
					if who != 0 && d.On.In(p.From, p.LastDay()) && strings.HasPrefix(d.path, p.path) {
						p.did(d.Doing)
					}
				}
			}
			return nil
		}, query, a.Values()...)
	}
	if len(members) > 0 {
		a := &db.Args{}
		if err := read(FromActivity, "SELECT n.member_id, 0, v.id, v.title, v.starts_at, '', coalesce(o.path, '') FROM attendance n JOIN activity v ON v.tenant_id = n.tenant_id AND v.id = n.activity_id AND v.state IN ('held', 'closed') "+
			"LEFT JOIN organisation o ON o.tenant_id = v.tenant_id AND o.id = v.community_id WHERE n.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "n.member_id", members)+" AND n.state <> 'void' AND v.starts_at >= "+a.Add(db.Micros(first.Time()))+
			" ORDER BY v.starts_at DESC, n.id", a); err != nil {
			return err
		}
		a = &db.Args{}
		if err := read(FromNeed, "SELECT g.member_id, 0, n.id, n.title, 0, g.on_date, coalesce(o.path, '') FROM need_help g JOIN need n ON n.tenant_id = g.tenant_id AND n.id = g.need_id LEFT JOIN organisation o ON o.tenant_id = n.tenant_id AND o.id = n.community_id "+
			"WHERE g.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "g.member_id", members)+" AND g.counted = TRUE AND g.on_date >= "+a.Add(first.String())+" ORDER BY g.on_date DESC, g.id", a); err != nil {
			return err
		}
	}
	a := &db.Args{}
	return read(FromVisit, "SELECT p.member_id, p.account_id, 0, '', 0, y.visited_on, coalesce(o.path, '') FROM pairing_visit y JOIN pairing_pair p ON p.tenant_id = y.tenant_id AND p.id = y.pair_id LEFT JOIN organisation o ON o.tenant_id = y.tenant_id AND o.id = y.org_id "+
		"WHERE y.tenant_id = "+a.Add(tenant)+" AND ("+db.In(a, "p.member_id", members)+" OR "+db.In(a, "p.account_id", accounts)+") AND y.visited_on >= "+a.Add(first.String())+" ORDER BY y.visited_on DESC, y.id", a)
}

// Known is a member or an account of a party, as they are found by name.
type Known struct {
	MemberID  id.ID
	AccountID id.ID
	Name      string
	Note      string // the branch of a member
}

// KnownOf finds members and accounts of the parties for which an actor names persons by the beginning of their names.
func (s *Service) KnownOf(ctx context.Context, actor authz.Actor, agreement id.ID, typed string, most int) ([]Known, error) {
	g, err := s.find(ctx, s.db, actor, agreement)
	if err != nil {
		return nil, err
	}
	parties, err := s.naming(ctx, s.db, actor, g)
	if err != nil {
		return nil, err
	}
	var of []id.ID
	for _, p := range parties {
		of = append(of, p.OrgID)
	}
	a := &db.Args{}
	t, today := a.Add(actor.Tenant), a.Add(s.today().String())
	like := a.Add(strings.NewReplacer("%", "", "_", "").Replace(strings.TrimSpace(typed)) + "%")
	return db.All(ctx, s.db, func(n *Known) []any { return []any{&n.MemberID, &n.AccountID, &n.Name, &n.Note} }, "SELECT e.id, 0, e.name, coalesce("+reference.Label("b")+`, '') FROM member e
		LEFT JOIN organisation b ON b.tenant_id = e.tenant_id AND b.id = e.home_id WHERE e.tenant_id = `+t+" AND e.ended_on = '' AND e.name LIKE "+like+" AND ("+db.In(a, "e.unit_id", of)+" OR "+db.In(a, "e.community_id", of)+" OR "+db.In(a, "e.home_id", of)+`)
		UNION ALL SELECT 0, k.id, k.name, '' FROM account k WHERE k.tenant_id = `+t+" AND k.status = 'active' AND k.name LIKE "+like+" AND EXISTS (SELECT 1 FROM role_grant z WHERE z.tenant_id = k.tenant_id AND z.account_id = k.id AND "+db.In(a, "z.organisation_id", of)+
		" AND z.valid_from <= "+today+" AND (z.valid_to = '' OR z.valid_to >= "+today+")) ORDER BY 3, 1, 2 LIMIT "+a.Add(int64(most)), a.Values()...)
}

// Posts are the posts from which one chooses, with the version of the list; 0 as long as a district has not changed it.
func (s *Service) Posts(ctx context.Context, actor authz.Actor) (names []string, version int64, err error) {
	type row struct {
		names   string
		version int64
	}
	r, err := db.One(ctx, s.db, func(r *row) []any { return []any{&r.names, &r.version} }, `SELECT p.names, p.version FROM cobuild_posts p WHERE p.tenant_id = $1`, actor.Tenant)
	if errs.KindOf(err) == errs.NotFound {
		return strings.Split(i18n.CobuildStandardPosts.In(i18n.ZH), "\n"), 0, nil
	}
	return strings.Split(r.names, "\n"), r.version, err
}

// SetsPosts says whether an actor may change the posts from which one chooses: they are the same for the whole district (PermProgrammes held there).
func (s *Service) SetsPosts(ctx context.Context, actor authz.Actor) (bool, error) {
	if actor.Scope(PermProgrammes).All() {
		return true, nil
	}
	held := actor.Held(PermProgrammes).Organisations()
	if len(held) == 0 {
		return false, nil
	}
	a := &db.Args{}
	n, err := db.Value[int64](ctx, s.db, "SELECT count(*) FROM organisation o WHERE o.tenant_id = "+a.Add(actor.Tenant)+" AND o.kind = 'district_committee' AND "+db.In(a, "o.id", held), a.Values()...)
	return n > 0, err
}

// SetPosts changes the posts from which one chooses (SetsPosts). What was chosen before stays as it is.
func (s *Service) SetPosts(ctx context.Context, actor authz.Actor, version int64, names []string) error {
	if may, err := s.SetsPosts(ctx, actor); err != nil || !may {
		return errOr(err, errs.ErrForbidden)
	}
	var list []string
	for _, n := range names {
		if n = strings.TrimSpace(n); n == "" || slices.Contains(list, n) {
			continue
		}
		if utf8.RuneCountInString(n) > MaxName {
			return errs.Field("posts", i18n.CobuildBadParts, maxPosts, MaxName)
		}
		list = append(list, n)
	}
	if len(list) == 0 {
		return errs.Field("posts", i18n.ErrRequired)
	}
	if len(list) > maxPosts {
		return errs.Field("posts", i18n.CobuildBadParts, maxPosts, MaxName)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		all, now := strings.Join(list, "\n"), db.Micros(tx.Now())
		if version == 0 {
			_, err := tx.Exec(ctx, `INSERT INTO cobuild_posts (tenant_id, names, set_by, set_at) VALUES ($1,$2,$3,$4)`, actor.Tenant, all, actor.AccountID, now)
			if db.IsUnique(err) {
				return errs.New(errs.Conflict, i18n.ErrConflict).Because(err)
			}
			if err != nil {
				return err
			}
		} else if err := tx.Update(ctx, `UPDATE cobuild_posts SET names = $1, set_by = $2, set_at = $3, version = version + 1 WHERE tenant_id = $4 AND version = $5`, all, actor.AccountID, now, actor.Tenant, version); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "cobuild.posts", Permission: PermProgrammes, Detail: map[string]any{"posts": len(list)}})
	})
}

func errOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
