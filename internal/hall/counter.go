package hall

import (
	"context"
	"errors"
	"time"

	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Post is the counter at which the actor sits, with what is there and what waits.
type Post struct {
	Counter
	Hall    Hall
	Hours   Hours
	Ticket  Ticket // its ID is 0 for none
	Nth     []Entry
	Bring   catalogue.Item // of what the ticket is about; its ID is 0 for not said
	Matters []Matter       // of the window of the ticket
	Lines   []Line         // of the windows that the counter serves
	Next    []Ticket       // who is called next, in order
	Absent  []Ticket       // called in vain, and may come back
	Others  []Window       // to which a ticket can be passed on
	Run     int64
	Now     time.Time
}

// nextShown is how many of those who are next the page shows; absentShown of those who were called in vain.
const (
	nextShown   = 8
	absentShown = 12
)

// At gives the counter at which the actor sits (PermServe); NotFound where they sit at none.
func (s *Service) At(ctx context.Context, actor authz.Actor) (Post, error) {
	scope := actor.Scope(PermServe)
	c, h, err := ownCounter(ctx, s.db, scope, actor.AccountID)
	if err != nil {
		return Post{}, err
	}
	if h, err = findHall(ctx, s.db, s.db.Now(), scope, h.ID); err != nil {
		return Post{}, err
	}
	p := Post{Counter: c, Hall: h, Now: s.db.Now()}
	if p.Hours, err = s.HoursOf(ctx, h); err != nil {
		return p, err
	}
	if p.Ticket, err = atCounter(ctx, s.db, actor.Tenant, c.ID); errs.KindOf(err) == errs.NotFound {
		p.Ticket = Ticket{}
	} else if err != nil {
		return p, err
	}
	if p.Ticket.ID != 0 {
		if p.Matters, err = s.Matters(ctx, actor.Tenant, p.Ticket.Window); err != nil {
			return p, err
		}
	}
	if p.Ticket.ItemID != 0 {
		if p.Bring, err = catalogue.Get(ctx, s.db, actor.Tenant, p.Ticket.ItemID); err != nil {
			return p, err
		}
	}
	return p, s.queued(ctx, &p)
}

// Queue is At with what waits alone, for the part of the page that renews itself.
func (s *Service) Queue(ctx context.Context, actor authz.Actor) (Post, error) {
	scope := actor.Scope(PermServe)
	c, h, err := ownCounter(ctx, s.db, scope, actor.AccountID)
	if err != nil {
		return Post{}, err
	}
	if h, err = findHall(ctx, s.db, s.db.Now(), scope, h.ID); err != nil {
		return Post{}, err
	}
	p := Post{Counter: c, Hall: h, Now: s.db.Now()}
	return p, s.queued(ctx, &p)
}

func (s *Service) queued(ctx context.Context, p *Post) error {
	tenant, day := p.Hall.Tenant, today(s.db.Now())
	q, err := s.queueOf(ctx, p.Hall)
	if err != nil {
		return err
	}
	p.Run = q.run
	all, err := windows(ctx, s.db, tenant)
	if err != nil {
		return err
	}
	for _, w := range all {
		if p.Serves(w.Code) {
			p.Lines = append(p.Lines, q.line(w))
		}
	}
	for _, w := range served(p.Hall, all) {
		if w.Code != p.Ticket.Window {
			p.Others = append(p.Others, w)
		}
	}
	mine, err := waiters(ctx, s.db, tenant, p.Hall.ID, day, p.Windows)
	if err != nil {
		return err
	}
	before, err := inARow(ctx, s.db, tenant, p.Hall.ID, day, p.Windows, q.run)
	if err != nil {
		return err
	}
	order := Order(mine, before, int(q.run))
	if len(order) > nextShown {
		order = order[:nextShown]
	}
	if len(order) > 0 {
		ids, at := make([]id.ID, len(order)), map[id.ID]int{}
		for i, w := range order {
			ids[i], at[w.ID] = w.ID, i
		}
		a := &db.Args{}
		list, err := tickets(ctx, s.db, a, "t.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "t.id", ids))
		if err != nil {
			return err
		}
		p.Next = make([]Ticket, len(list))
		for i, t := range list {
			if len(list) == len(order) {
				i = at[t.ID]
			}
			p.Next[i] = t
		}
	}
	a := &db.Args{}
	p.Absent, err = tickets(ctx, s.db, a, "t.tenant_id = "+a.Add(tenant)+" AND t.hall_id = "+a.Add(p.Hall.ID)+" AND t.day = "+a.Add(day)+" AND t.state = 'absent' AND "+db.In(a, "t.class_code", p.Windows)+
		" ORDER BY t.called_at DESC, t.id LIMIT "+a.Add(int64(absentShown)))
	return err
}

// Sit opens a counter at which the actor sits from now on (PermServe).
func (s *Service) Sit(ctx context.Context, actor authz.Actor, counter id.ID) error {
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, h, err := findCounter(ctx, tx, actor.Scope(PermServe), counter)
		if err != nil {
			return err
		}
		if c.AccountID == actor.AccountID && c.State == Opened {
			return nil
		}
		if c.AccountID != 0 && c.AccountID != actor.AccountID {
			return errs.New(errs.Conflict, i18n.HallTaken, c.Number, c.Account)
		}
		c.State, c.AccountID, c.Word, c.SinceAt = Opened, actor.AccountID, "", tx.Now()
		if err := saveCounter(ctx, tx, actor.Tenant, c); err != nil {
			return err
		}
		return record(ctx, tx, actor, "sit", PermServe, "hall_counter", c.ID, h.OrgID, nil)
	})
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.HallSitsElsewhere)
	}
	return err
}

// Vacate closes a counter at which somebody sits who has gone (PermManage). A number that is there goes back to its place in the queue; one that became a case is done.
func (s *Service) Vacate(ctx context.Context, actor authz.Actor, counter id.ID) error {
	return s.counter(ctx, actor, counter, func(tx *db.Tx, c Counter, h Hall) error {
		if c.State == Shut {
			return nil
		}
		t, err := atCounter(ctx, tx, actor.Tenant, c.ID)
		switch {
		case errs.KindOf(err) == errs.NotFound:
		case err != nil:
			return err
		case t.CaseID != 0:
			err = s.step(ctx, tx, actor, PermManage, &t, ActDone, 0, nil)
		default:
			err = s.step(ctx, tx, actor, PermManage, &t, ActQueue, 0, nil)
		}
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		c.State, c.AccountID, c.Word, c.SinceAt = Shut, 0, "", tx.Now()
		if err := saveCounter(ctx, tx, actor.Tenant, c); err != nil {
			return err
		}
		return record(ctx, tx, actor, "vacate", PermManage, "hall_counter", c.ID, h.OrgID, nil)
	})
}

// mine does something at the counter where the actor sits.
func (s *Service) mine(ctx context.Context, actor authz.Actor, do func(*db.Tx, Counter, Hall) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, h, err := ownCounter(ctx, tx, actor.Scope(PermServe), actor.AccountID)
		if errs.KindOf(err) == errs.NotFound {
			return errs.New(errs.Conflict, i18n.HallSitFirst)
		} else if err != nil {
			return err
		}
		return do(tx, c, h)
	})
}

// free says no where a ticket is still at the counter.
func free(c Counter) error {
	if c.current != "" {
		return errs.New(errs.Conflict, i18n.HallFinishFirst, c.current)
	}
	return nil
}

// Pause lets no new number come to the actor's counter, with a word that the screen shows (PermServe).
func (s *Service) Pause(ctx context.Context, actor authz.Actor, word string) error {
	word = trimmed(word)
	if e := errs.Words(nil, "word", &word, MaxWord, true); e != nil {
		return e
	}
	return s.mine(ctx, actor, func(tx *db.Tx, c Counter, h Hall) error {
		if err := free(c); err != nil {
			return err
		}
		c.State, c.Word, c.SinceAt = Paused, word, tx.Now()
		if err := saveCounter(ctx, tx, actor.Tenant, c); err != nil {
			return err
		}
		return record(ctx, tx, actor, "pause", PermServe, "hall_counter", c.ID, h.OrgID, nil)
	})
}

// GoOn opens the actor's counter again after a pause (PermServe).
func (s *Service) GoOn(ctx context.Context, actor authz.Actor) error {
	return s.mine(ctx, actor, func(tx *db.Tx, c Counter, h Hall) error {
		c.State, c.Word, c.SinceAt = Opened, "", tx.Now()
		if err := saveCounter(ctx, tx, actor.Tenant, c); err != nil {
			return err
		}
		return record(ctx, tx, actor, "goon", PermServe, "hall_counter", c.ID, h.OrgID, nil)
	})
}

// Rise closes the counter at which the actor sits (PermServe).
func (s *Service) Rise(ctx context.Context, actor authz.Actor) error {
	return s.mine(ctx, actor, func(tx *db.Tx, c Counter, h Hall) error {
		if err := free(c); err != nil {
			return err
		}
		c.State, c.AccountID, c.Word, c.SinceAt = Shut, 0, "", tx.Now()
		if err := saveCounter(ctx, tx, actor.Tenant, c); err != nil {
			return err
		}
		return record(ctx, tx, actor, "rise", PermServe, "hall_counter", c.ID, h.OrgID, nil)
	})
}

// errNobody is that nobody waits; it is no fault.
var errNobody = errors.New("nobody waits")

// Next calls who is next to the actor's counter (PermServe). ok is false where nobody waits. Two who call at once get two tickets.
func (s *Service) Next(ctx context.Context, actor authz.Actor) (t Ticket, ok bool, err error) {
	err = s.mine(ctx, actor, func(tx *db.Tx, c Counter, h Hall) error {
		t, err = s.nextTx(ctx, tx, actor, c, h)
		return err
	})
	if errors.Is(err, errNobody) {
		return Ticket{}, false, nil
	}
	return t, err == nil, err
}

func (s *Service) nextTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c Counter, h Hall) (Ticket, error) {
	if err := free(c); err != nil {
		return Ticket{}, err
	}
	if c.State != Opened {
		return Ticket{}, errs.New(errs.Conflict, i18n.HallGoOnFirst)
	}
	if len(c.Windows) == 0 {
		return Ticket{}, errNobody
	}
	day := today(tx.Now())
	run, err := Run.On(ctx, tx, actor.Tenant, day)
	if err != nil {
		return Ticket{}, err
	}
	list, err := waiters(ctx, tx, actor.Tenant, h.ID, day, c.Windows)
	if err != nil {
		return Ticket{}, err
	}
	if len(list) == 0 {
		return Ticket{}, errNobody
	}
	before, err := inARow(ctx, tx, actor.Tenant, h.ID, day, c.Windows, run)
	if err != nil {
		return Ticket{}, err
	}
	a := &db.Args{}
	t, err := ticket(ctx, tx, a, "t.tenant_id = "+a.Add(actor.Tenant)+" AND t.id = "+a.Add(Order(list, before, int(run))[0].ID))
	if err != nil {
		return t, err
	}
	if err := s.step(ctx, tx, actor, PermServe, &t, ActCall, c.ID, nil); err != nil {
		return t, err
	}
	t.Counter = c.Number
	return t, nil
}

// current does something to the ticket that is at the actor's counter.
func (s *Service) current(ctx context.Context, actor authz.Actor, do func(*db.Tx, Counter, Hall, *Ticket) error) error {
	return s.mine(ctx, actor, func(tx *db.Tx, c Counter, h Hall) error {
		t, err := atCounter(ctx, tx, actor.Tenant, c.ID)
		if errs.KindOf(err) == errs.NotFound {
			return errs.New(errs.Conflict, i18n.HallNobodyHere)
		} else if err != nil {
			return err
		}
		return do(tx, c, h, &t)
	})
}

func (s *Service) simply(ctx context.Context, actor authz.Actor, act Act) error {
	return s.current(ctx, actor, func(tx *db.Tx, _ Counter, _ Hall, t *Ticket) error {
		return s.step(ctx, tx, actor, PermServe, t, act, 0, nil)
	})
}

// Again calls the number at the actor's counter once more (PermServe).
func (s *Service) Again(ctx context.Context, actor authz.Actor) error {
	return s.simply(ctx, actor, ActAgain)
}

// Start notes that whoever was called is there (PermServe).
func (s *Service) Start(ctx context.Context, actor authz.Actor) error {
	return s.simply(ctx, actor, ActStart)
}

// NotThere notes that nobody came after MaxCalls calls (PermServe).
func (s *Service) NotThere(ctx context.Context, actor authz.Actor) error {
	return s.simply(ctx, actor, ActAbsent)
}

// Pass passes the ticket at the actor's counter to another window that the hall serves (PermServe). It keeps its turn.
func (s *Service) Pass(ctx context.Context, actor authz.Actor, to string) error {
	return s.current(ctx, actor, func(tx *db.Tx, c Counter, h Hall, t *Ticket) error {
		whole, err := findHall(ctx, tx, tx.Now(), actor.Scope(PermServe), h.ID)
		if err != nil {
			return err
		}
		all, err := windows(ctx, tx, actor.Tenant)
		if err != nil {
			return err
		}
		if _, ok := window(served(whole, all), to); !ok || to == t.Window {
			return errs.Field("window", i18n.ErrBadChoice)
		}
		return s.step(ctx, tx, actor, PermServe, t, ActTransfer, 0, func(t *Ticket) { t.Window, t.ItemID = to, 0 })
	})
}

// Finish ends serving at the actor's counter (PermServe). item is what it was about, where no case says so; 0 leaves what is known.
func (s *Service) Finish(ctx context.Context, actor authz.Actor, item id.ID) error {
	return s.current(ctx, actor, func(tx *db.Tx, _ Counter, _ Hall, t *Ticket) error {
		if item != 0 {
			if err := requireItem(ctx, tx, actor.Tenant, item); err != nil {
				return err
			}
		}
		if t.CaseID == 0 && item == 0 && t.ItemID == 0 {
			return errs.Field("item", i18n.HallWhatAbout)
		}
		return s.step(ctx, tx, actor, PermServe, t, ActDone, 0, func(t *Ticket) {
			if item != 0 && t.CaseID == 0 {
				t.ItemID = item
			}
		})
	})
}

// BackFor notes at the counter that somebody who was called in vain is back (PermServe in the hall).
func (s *Service) BackFor(ctx context.Context, actor authz.Actor, t id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		k, err := findTicket(ctx, tx, actor.Scope(PermServe), t)
		if err != nil {
			return err
		}
		if k.Day != today(tx.Now()) {
			return errs.New(errs.Conflict, i18n.HallCannot, k.Label(), Expired.Text())
		}
		return s.backTx(ctx, tx, actor, PermServe, &k)
	})
}

// EnterCase makes the case from the ticket at the actor's counter: the case and the ticket know each other from then on (PermServe at the counter;
// casework.PermEnter in the community). Sent twice with the same key it gives the receipt of the first.
func (s *Service) EnterCase(ctx context.Context, actor authz.Actor, t id.ID, r casework.Report) (out casework.Receipt, err error) {
	r.Channel = casework.ByHall
	c, _, err := ownCounter(ctx, s.db, actor.Scope(PermServe), actor.AccountID)
	if err != nil && errs.KindOf(err) != errs.NotFound { // who sits nowhere is told so when the ticket is looked at
		return out, err
	}
	r.ForID = c.OrgID
	e, err := s.cases.CheckEntry(ctx, actor, r)
	if err != nil {
		return out, err
	}
	for range casework.Tries {
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			out, err = s.enterCaseTx(ctx, tx, actor, t, r.ItemID, e)
			return err
		})
		if !db.IsUnique(err) {
			return out, err
		}
	}
	return out, err
}

func (s *Service) enterCaseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, n, item id.ID, e casework.Entering) (casework.Receipt, error) {
	t, err := findTicket(ctx, tx, actor.Scope(PermServe), n)
	if err != nil {
		return casework.Receipt{}, err
	}
	got, err := s.cases.EnterOnceTx(ctx, tx, actor, e)
	if err != nil || got.Again {
		return got, err
	}
	c, _, err := ownCounter(ctx, tx, actor.Scope(PermServe), actor.AccountID)
	if errs.KindOf(err) == errs.NotFound || err == nil && c.ID != t.CounterID {
		return got, errs.New(errs.Conflict, i18n.HallNotHere, t.Label())
	} else if err != nil {
		return got, err
	}
	return got, s.step(ctx, tx, actor, PermServe, &t, ActCase, 0, func(t *Ticket) {
		t.CaseID = got.ID
		if item != 0 {
			t.ItemID = item
		}
	})
}
