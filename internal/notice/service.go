package notice

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/outbox"
	"linli/internal/seal"
)

// Service tells people.
type Service struct {
	db        *db.DB
	ring      *seal.Ring
	senders   map[Channel]Sender
	fake      *Fake
	signature string
	base      func() string
	hidden    func(*db.Args, authz.Actor) string // condition on message m that leaves it out of the log
}

// New makes the service, without a channel.
func New(d *db.DB, ring *seal.Ring) *Service {
	return &Service{db: d, ring: ring, senders: map[Channel]Sender{}, base: func() string { return "" }}
}

// WithChannels connects the channels and tells the address of the platform, for links. The composition root calls it once.
func (s *Service) WithChannels(senders map[Channel]Sender, signature string, base func() string) *Service {
	s.senders, s.signature, s.base = senders, signature, base
	return s
}

// WithFake lets everything go into f, on all channels: the demonstration.
func (s *Service) WithFake(f *Fake, base func() string) *Service {
	s.fake, s.base, s.signature = f, base, i18n.NoticeDemoSign.In(i18n.ZH)
	s.senders = map[Channel]Sender{}
	for _, c := range Channels() {
		s.senders[c] = f
	}
	return s
}

// Faked gives what a demonstration would have sent in a tenant, the newest first; ok is false outside one.
func (s *Service) Faked(tenant int64) (list []Outgoing, ok bool) {
	if s.fake == nil {
		return nil, false
	}
	for _, m := range s.fake.Taken() {
		if m.Tenant == tenant {
			list = append(list, m)
		}
	}
	return list, true
}

// mostHeld is how many messages that wait for the morning a demonstration shows.
const mostHeld = 30

// FakedLater gives what a demonstration would send in the morning, the newest first, as it reads now; nothing outside a demonstration.
func (s *Service) FakedLater(ctx context.Context, tenant int64) (list []Outgoing, err error) {
	if s.fake == nil {
		return nil, nil
	}
	ids, err := db.Column[id.ID](ctx, s.db, `SELECT q.id FROM notice_message q WHERE q.tenant_id = $1 AND q.state = 'waiting' AND q.reason = $2 ORDER BY q.id DESC LIMIT $3`, tenant, WhyQuiet, int64(mostHeld))
	if err != nil {
		return nil, err
	}
	for _, n := range ids { // one by one: a demonstration has few, and this is how they are sent
		c := outbox.Claim{Tenant: tenant, ID: n}
		d, err := s.load(ctx, c)
		if err != nil {
			return nil, err
		}
		if k, ok := KindOf(d.Kind); ok {
			list = append(list, s.render(c, d, k))
		}
	}
	return list, nil
}

// WithHidden leaves messages out of the log that the reader is not to see: a condition on message m, with its arguments. The composition root calls it once.
func (s *Service) WithHidden(hidden func(*db.Args, authz.Actor) string) *Service {
	s.hidden = hidden
	return s
}

// SetUp says whether a channel can send.
func (s *Service) SetUp(c Channel) bool { return s.senders[c] != nil }

// box is where messages wait.
var box = outbox.Table{Name: "notice_message", Lease: 2 * time.Minute}

// How often a message is tried, and after which pauses; the last attempt is some five hours after the first.
const (
	maxAttempts = 8
	mostUnsure  = 1
	firstPause  = 30 * time.Second
	longPause   = time.Hour
	atOnce      = 4
	perTake     = 20
	sendTime    = 20 * time.Second
	lapse       = 3 * 24 * time.Hour // what is older says nothing new
)

// SendTx puts a message into the box, in the transaction of the act that causes it. An address that is none is an error under "to".
func (s *Service) SendTx(ctx context.Context, tx *db.Tx, m Message) (id.ID, error) {
	k, ok := KindOf(m.Kind)
	if !ok {
		return 0, errs.Field("kind", i18n.ErrBadChoice)
	}
	if m.Channel == "" {
		m.Channel = k.Channels[0]
	}
	if !k.Has(m.Channel) {
		return 0, errs.Field("channel", i18n.ErrBadChoice)
	}
	to, err := Address(m.Channel, m.To, "to")
	if err != nil {
		return 0, err
	}
	contact := id.ID(0)
	if k.Refusable() {
		if contact, err = s.generalContact(ctx, tx, m, to); err != nil {
			return 0, err
		}
	}
	row := id.New()
	return row, s.insert(ctx, tx, row, contact, k, m, s.ring.Seal("notice_message", "address", row, to), s.key(m.Channel, to))
}

// CodeTx sends a code for a log-in at once. It lapses after so many minutes, is never kept in the log, and goes from the box when it is done with.
func (s *Service) CodeTx(ctx context.Context, tx *db.Tx, tenant int64, l i18n.Lang, phone, code string, minutes int) (id.ID, error) {
	return s.SendTx(ctx, tx, Message{Tenant: tenant, Kind: KindCode, Channel: SMS, Language: l, To: phone, Urgent: true, Expires: tx.Now().Add(time.Duration(minutes) * time.Minute),
		Values: Values{"secret": i18n.Verbatim(code), "minutes": i18n.Verbatim(strconv.Itoa(minutes))}})
}

// FollowTx keeps where somebody who agreed to it is told of a record, and tells them first that it is there. Numbers that take no SMS are an error under "phone", and what is no address under "email".
func (s *Service) FollowTx(ctx context.Context, tx *db.Tx, c Contact, first Message) error {
	field := "phone"
	if c.Channel == Mail {
		field = "email"
	}
	to, err := Address(c.Channel, c.To, field)
	if err != nil {
		return err
	}
	n := id.New()
	if err := s.insertContact(ctx, tx, n, c, to); err != nil {
		return err
	}
	if first.Kind == "" {
		return nil
	}
	k, ok := KindOf(first.Kind)
	if !ok {
		return errs.Field("kind", i18n.ErrBadChoice)
	}
	first.Tenant, first.Channel, first.Language, first.SubjectKind, first.SubjectID = c.Tenant, c.Channel, c.Language, c.SubjectKind, c.SubjectID
	return s.insert(ctx, tx, id.New(), n, k, first, nil, s.key(c.Channel, to))
}

// TellTx tells whoever follows records: a message for each contact that was not stopped.
func (s *Service) TellTx(ctx context.Context, tx *db.Tx, m Message, subjects ...id.ID) error {
	k, ok := KindOf(m.Kind)
	if !ok || len(subjects) == 0 {
		return nil
	}
	list, err := following(ctx, tx, m.Tenant, m.SubjectKind, subjects)
	if err != nil {
		return err
	}
	for _, c := range list {
		one := m
		one.Channel, one.Language, one.SubjectID = c.channel, c.language, c.subject
		if own := m.Each[c.subject]; own != nil {
			one.Values = maps.Clone(m.Values)
			maps.Copy(one.Values, own)
		}
		if err := s.insert(ctx, tx, id.New(), c.id, k, one, nil, c.key); err != nil {
			return err
		}
	}
	return nil
}

// HasContact says whether and how somebody is told of a record: none, on, stopped for this record, or refused for the number.
func (s *Service) HasContact(ctx context.Context, q db.Querier, tenant int64, kind string, subject id.ID) (Following, error) {
	return followingOf(ctx, q, tenant, kind, subject)
}

// LeaveTx forgets where people are told of a record by a channel, so that another address can take its place; what waits for it is not sent.
func (s *Service) LeaveTx(ctx context.Context, tx *db.Tx, tenant int64, kind string, subject id.ID, by Channel) error {
	_, err := tx.Exec(ctx, `DELETE FROM notice_contact WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3 AND channel = $4`, tenant, kind, subject, string(by))
	return err
}

// StopTx ends what is told of a record, or lets it go on.
func (s *Service) StopTx(ctx context.Context, tx *db.Tx, tenant int64, kind string, subject id.ID, stop bool) error {
	at := time.Time{}
	if stop {
		at = tx.Now()
	}
	_, err := tx.Exec(ctx, `UPDATE notice_contact SET stopped_at = $1 WHERE tenant_id = $2 AND subject_kind = $3 AND subject_id = $4`, db.Micros(at), tenant, kind, subject)
	return err
}

// ForgetTx takes out where people were told of records that are forgotten.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, kind string, subjects []id.ID) error {
	a := &db.Args{}
	if _, err := tx.Exec(ctx, "DELETE FROM notice_contact WHERE tenant_id = "+a.Add(tenant)+" AND subject_kind = "+a.Add(kind)+" AND "+db.In(a, "subject_id", subjects), a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE notice_message SET address = NULL, address_key = '', content = NULL, contact_id = 0 WHERE tenant_id = "+a.Add(tenant)+" AND subject_kind = "+a.Add(kind)+" AND "+db.In(a, "subject_id", subjects), a.Values()...)
	return err
}

// newToken makes what opens the page on which somebody says no: the tenant, and ten letters by chance.
func newToken(tenant int64) string { return strconv.FormatInt(tenant, 10) + rand.Text()[:10] }

// tenantOf reads the tenant of a token.
func tenantOf(token string) (int64, bool) {
	token = strings.ToUpper(strings.TrimSpace(token))
	if len(token) != 16 {
		return 0, false
	}
	n, err := strconv.ParseInt(token[:6], 10, 64)
	return n, err == nil
}

func (s *Service) tokenKey(token string) string {
	return s.ring.Index("notice_token", strings.ToUpper(strings.TrimSpace(token)))
}

func (s *Service) key(c Channel, address string) string {
	if c == SMS {
		return s.ring.Index("phone", address)
	}
	return s.ring.Index("notice_"+string(c), address)
}

// encode is what a message keeps for its text.
func encode(v Values, path string) (string, error) {
	out := map[string][2]string{}
	for k, t := range v {
		out[k] = [2]string{t.In(i18n.ZH), t.In(i18n.EN)}
	}
	if path != "" {
		out[keptPathField] = [2]string{path, path}
	}
	b, err := json.Marshal(out)
	return string(b), err
}

func decode(s string) (v Values, path string, err error) {
	var in map[string][2]string
	if s == "" {
		return Values{}, "", nil
	}
	if err := json.Unmarshal([]byte(s), &in); err != nil {
		return nil, "", err
	}
	v = Values{}
	for k, t := range in {
		if k == keptPathField {
			path = t[0]
			continue
		}
		v[k] = i18n.Both(t[0], t[1])
	}
	return v, path, nil
}

// Deliver sends what is due in a tenant, and gives how many messages it tried. Channels do not wait for each other.
func (s *Service) Deliver(ctx context.Context, tenant int64) (int, error) {
	now := db.Micros(s.db.Now())
	due, err := db.Column[Channel](ctx, s.db, `SELECT q.channel FROM notice_message q WHERE q.tenant_id = $1 AND q.state = 'waiting' AND q.due_at <= $2 GROUP BY q.channel
		UNION SELECT q.channel FROM notice_message q WHERE q.tenant_id = $1 AND q.state = 'sending' AND q.leased_until <= $2 GROUP BY q.channel`, tenant, now)
	if err != nil {
		return 0, err
	}
	tried, all := make([]int, len(due)), make([]error, len(due))
	var wg sync.WaitGroup
	for i, c := range due {
		wg.Go(func() { tried[i], all[i] = s.deliverBy(ctx, tenant, c) })
	}
	wg.Wait()
	n := 0
	for _, t := range tried {
		n += t
	}
	return n, errors.Join(all...)
}

// by is the box of one channel.
func by(c Channel) outbox.Table {
	t := box
	if c.Text().IsZero() { // nothing of a column stands in a statement unless it is known
		c = ""
	}
	t.Ready = "q.channel = '" + string(c) + "'"
	return t
}

// deliverBy sends one batch: what waits behind a slow channel does not hold up other districts.
func (s *Service) deliverBy(ctx context.Context, tenant int64, c Channel) (int, error) {
	claims, err := by(c).Take(ctx, s.db, tenant, perTake)
	if err != nil || len(claims) == 0 {
		return 0, err
	}
	return len(claims), outbox.Together(ctx, claims, atOnce, s.deliver)
}

// deliver decides on one message, sends it, and notes what came of it.
func (s *Service) deliver(ctx context.Context, c outbox.Claim) error {
	d, err := s.load(ctx, c)
	if err != nil && ctx.Err() == nil && c.Attempts >= maxAttempts { // it cannot be read, so it is not tried for ever
		return errors.Join(err, s.note(ctx, c, d, outbox.Result{State: outbox.Failed, Reason: WhyGone}))
	}
	if err != nil {
		return err
	}
	res, out := s.decide(c, d)
	if res.State == "" {
		sending, cancel := context.WithTimeout(ctx, sendTime)
		err := s.senders[d.Channel].Send(sending, out)
		cancel()
		res = s.outcome(c, err)
	}
	return s.note(context.WithoutCancel(ctx), c, d, res)
}

// decide says what becomes of a message without sending it, or makes what is sent.
func (s *Service) decide(c outbox.Claim, d delivery) (outbox.Result, Outgoing) {
	now := s.db.Now()
	k, known := KindOf(d.Kind)
	drop := func(why string) (outbox.Result, Outgoing) {
		return outbox.Result{State: outbox.Dropped, Reason: why}, Outgoing{}
	}
	fail := func(why string) (outbox.Result, Outgoing) {
		return outbox.Result{State: outbox.Failed, Reason: why, Free: true}, Outgoing{}
	}
	switch {
	case !known || d.address == "":
		return fail(WhyGone)
	case c.Unsure > mostUnsure:
		return fail(WhyUnsure)
	case !d.expires.IsZero() && now.After(d.expires):
		return drop(WhyLate)
	case d.off:
		return drop(WhyOff)
	case !k.Secret && d.Kind != KindTest && d.refused:
		return drop(WhyNo)
	case s.senders[d.Channel] == nil:
		return fail(WhyNotSet)
	case !k.Secret && !d.urgent && !k.Urgent && !slices.Contains(neverLost, d.Kind) && d.today >= d.most: // codes have a bound of their own; what is urgent is not lost to it
		return drop(WhyMost)
	}
	if end, quiet := Quiet(now, d.quietFrom, d.quietUntil); quiet && !d.urgent && !k.Urgent {
		return outbox.Result{State: outbox.Waiting, Reason: WhyQuiet, Again: end, Free: true}, Outgoing{}
	}
	return outbox.Result{}, s.render(c, d, k)
}

// neverLost are the kinds that the daily bound does not stop: how a case ended, what somebody has to send for it, and what staff are pressed for.
var neverLost = []string{KindEnded, KindAsked, KindPressed, KindEscalated}

// render makes what is sent of a message.
func (s *Service) render(c outbox.Claim, d delivery, k Kind) Outgoing {
	base := strings.TrimSuffix(s.base(), "/")
	link := base + d.path
	if d.code != "" {
		link += "?c=" + strings.ReplaceAll(d.code, "-", "")
	}
	d.values[codeField], d.values[linkField], d.values[stopField] = i18n.Verbatim(d.code), i18n.Verbatim(link), i18n.Verbatim(base+"/n/"+d.token)
	out := Outgoing{ID: c.ID.String(), Tenant: c.Tenant, Kind: d.Kind, Channel: d.Channel, Language: d.language, To: d.address, At: s.db.Now(), Values: map[string]string{},
		Subject: k.fill(d.text.Subject, d.language, d.values), Body: k.fill(d.text.Body, d.language, d.values)}
	for _, f := range k.Fields {
		out.Values[f.Code] = d.values[f.Code].In(d.language)
	}
	if d.Channel == SMS {
		out.Body = s.signed(out.Body)
	}
	return out
}

// outcome is what an answer of a channel means for the message.
func (s *Service) outcome(c outbox.Claim, err error) outbox.Result {
	var final *Final
	switch {
	case err == nil:
		return outbox.Result{State: outbox.Sent}
	case errors.As(err, &final):
		return outbox.Result{State: outbox.Failed, Reason: final.Reason}
	case c.Attempts >= maxAttempts:
		return outbox.Result{State: outbox.Failed, Reason: err.Error()}
	}
	return outbox.Result{State: outbox.Waiting, Reason: err.Error(), Again: s.db.Now().Add(outbox.Pause(c.Attempts, firstPause, longPause))}
}

func (s *Service) note(ctx context.Context, c outbox.Claim, d delivery, r outbox.Result) error {
	r.Reason = without(r.Reason, d.address)
	parts := 0
	if r.State == outbox.Sent && d.Channel == SMS {
		k, _ := KindOf(d.Kind) // it was sent
		_, parts = Parts(s.signed(k.fill(d.text.Body, d.language, d.values)))
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		ok, err := box.NoteTx(ctx, tx, c, r)
		if err != nil || !ok {
			return err
		}
		gone := r.State == outbox.Sent || r.State == outbox.Dropped || d.secret && r.State == outbox.Failed
		set := ""
		if gone {
			set = ", content = NULL"
		}
		_, err = tx.Exec(ctx, "UPDATE notice_message SET edition = $1, parts = $2"+set+" WHERE tenant_id = $3 AND id = $4", d.text.Edition, int64(parts), c.Tenant, c.ID)
		return err
	})
}

// delivery is everything that decides on a message.
type delivery struct {
	Kind                  string
	Channel               Channel
	language              i18n.Lang
	address, code, token  string
	values                Values
	path                  string
	urgent, off, refused  bool
	secret                bool
	expires               time.Time
	today, most           int64
	quietFrom, quietUntil int64
	text                  Template
}

func (s *Service) load(ctx context.Context, c outbox.Claim) (d delivery, err error) {
	return d, s.db.View(ctx, func(tx *db.Tx) error {
		m, err := find(ctx, tx, c.Tenant, c.ID)
		if err != nil {
			return err
		}
		d = delivery{Kind: m.Kind, Channel: m.Channel, language: m.Language, urgent: m.urgent, expires: m.expires, off: m.off, refused: m.refused}
		if d.address, d.code, d.token, err = s.opened(m); err != nil {
			return err
		}
		content, err := s.ring.Open("notice_message", "content", m.ID, m.content)
		if err != nil {
			return err
		}
		if d.values, d.path, err = decode(content); err != nil {
			return err
		}
		k, _ := KindOf(d.Kind) // decide refuses what is unknown
		d.secret = k.Secret
		if d.text, err = current(ctx, tx, c.Tenant, k, d.Channel, d.language); err != nil {
			return err
		}
		day := calendar.DateOf(tx.Now())
		if m.key != "" {
			if d.today, err = db.Value[int64](ctx, tx, `SELECT count(*) FROM notice_message WHERE tenant_id = $1 AND address_key = $2 AND kind <> 'code' AND (state = 'sent' AND done_at >= $3 OR state = 'sending' AND id < $4)`,
				c.Tenant, m.key, db.Micros(startOf(tx.Now())), c.ID); err != nil {
				return err
			}
		}
		if d.most, err = DailyMost.On(ctx, tx, c.Tenant, day); err != nil {
			return err
		}
		if d.quietFrom, err = QuietFrom.On(ctx, tx, c.Tenant, day); err != nil {
			return err
		}
		d.quietUntil, err = QuietUntil.On(ctx, tx, c.Tenant, day)
		return err
	})
}

// startOf is the beginning of a day in Beijing.
func startOf(t time.Time) time.Time {
	l := t.In(i18n.Zone)
	return time.Date(l.Year(), l.Month(), l.Day(), 0, 0, 0, 0, i18n.Zone).UTC()
}

// whole asks for a permission in the whole tenant.
func whole(actor authz.Actor, p authz.Permission) error {
	if !actor.Scope(p).All() {
		return errs.ErrForbidden
	}
	return nil
}
