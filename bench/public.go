package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/outlet"
	"linli/internal/webhook"
)

// The residents' pages that are measured.
const (
	reportPath  = "/p/report"
	wishesPath  = "/p/wishes?d=" + tenantCode
	offersPath  = "/p/resources?d=" + tenantCode
	outletsPath = "/p/outlets?d=" + tenantCode + "&element=" + string(outlet.Eat)
)

// wishes is how many needs are open: more than a page shows.
const wishes = 60

// duel serves the platform and a bare handler and gives both to fn.
func (w *world) duel(bare http.Handler, fn func(platform, bare *server) (float64, float64, error)) (ours, ceiling float64, err error) {
	a, err := serve(w.ours.app.Handler(app.Serving{Version: "bench"}))
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	b, err := serve(bare)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	return fn(a, b)
}

// writtenOfACase are the tables in each of which a report of somebody who wants messages writes one row. The audit is not among them: it has entries of other acts.
var writtenOfACase = []string{"service_case", "case_entry", "notice_contact", "notice_message", "webhook_delivery"}

// told makes a receiver that is told of every case, once.
func (w *world) told(ctx context.Context) error {
	if err := w.filled(ctx); err != nil {
		return err
	}
	d := w.ours
	have, err := d.app.Webhook.List(ctx, d.actor(), db.Page{})
	if err != nil || len(have.Items) > 0 {
		return err
	}
	_, _, err = d.app.Webhook.Create(ctx, d.actor(), webhook.Entry{Name: "bench", Address: "https://bench.example/events", Types: []webhook.Type{webhook.CaseReceived}, OrgID: d.root})
	return err
}

// benchCase lets 32 residents report a case over HTTP: the form, every check, the number, the limit, the case with its step, its event for another system, its message and its
// audit in one commit, the receipt with its code and picture. The ceiling reads the same form and writes the same six rows, ready made, in a transaction for each request.
func (w *world) benchCase(ctx context.Context) (float64, float64, error) {
	if err := w.told(ctx); err != nil {
		return 0, 0, err
	}
	h := &bareHandler{b: w.bare, tenant: w.ours.tenant}
	return w.duel(h.window(), func(platform, bare *server) (float64, float64, error) {
		side := func(s *server, database string) func() (float64, error) {
			return func() (float64, error) {
				before, err := countEach(ctx, database, writtenOfACase, w.ours.tenant)
				if err != nil {
					return 0, err
				}
				w.ours.entered++
				from := w.ours.entered * 1_000_000
				rate, err := s.load(ctx, writers, w.o.Scale.Slice, func(n int64) []byte { return s.reported(w.ours.communities[0], from+n) })
				if err != nil {
					return 0, err
				}
				after, err := countEach(ctx, database, writtenOfACase, w.ours.tenant)
				if err != nil {
					return 0, err
				}
				for i, table := range writtenOfACase {
					if n, cases := after[i]-before[i], after[0]-before[0]; cases == 0 || n != cases {
						return 0, fmt.Errorf("%d rows of %s for %d cases", n, table, cases)
					}
				}
				return rate, err
			}
		}
		return w.turns(2*w.o.Scale.Rounds+1, side(platform, w.ours.address), side(bare, w.bareAt))
	})
}

// reported is the form of a report, each from an address of its own: a page takes only so many from one.
func (s *server) reported(community id.ID, n int64) []byte {
	request := s.form(reportPath, "", url.Values{"d": {tenantCode}, "kind": {"opinion"}, "community": {community.String()}, "body": {i18n.LoadWords.In(i18n.ZH, n)}, "place": {"3-501"},
		"name": {nameAt(int(n))}, "phone": {fmt.Sprintf("139%08d", n%100_000_000)}, "tell": {"on"}})
	line, rest, _ := strings.Cut(string(request), "\r\n")
	return []byte(fmt.Sprintf("%s\r\nX-Forwarded-For: 10.%d.%d.%d\r\n%s", line, n>>16&255, n>>8&255, n&255, rest))
}

// window takes reports with nothing around them.
func (h *bareHandler) window() http.Handler {
	reported := h.b.writer(`INSERT INTO service_case (tenant_id, id, no, kind_code, community_id, place, title, title_key, body, channel, reporter, phone, phone_key, code_key, state, org_id, received_at, clock_at,
		limit_days, due_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,'web',$10,$11,$12,$13,'received',$14,$15,$16,5,$17,$18)`)
	entered := h.b.writer(`INSERT INTO case_entry (tenant_id, id, case_id, act, state, from_id, to_id, words, open_to_all, source_id, account_id, at) VALUES ($1,$2,$3,'report','received',0,$4,NULL,FALSE,0,0,$5)`)
	recorded := h.b.writer(`INSERT INTO audit_entry (tenant_id, id, at, account_id, actor_name, actor_role, action, subject_kind, subject_id, person_id, organisation_id, purpose, detail, request_id, digest)
		VALUES ($1,$2,$3,0,'x','','casework.report','service_case',$4,0,$5,'','{}','','x')`)
	follows := h.b.writer(`INSERT INTO notice_contact (tenant_id, id, subject_kind, subject_id, channel, language, address, address_key, code, token, token_key, created_at)
		VALUES ($1,$2,'service_case',$3,'sms','zh',$4,$5,$6,$7,$8,$9)`)
	told := h.b.writer(`INSERT INTO notice_message (tenant_id, id, kind, channel, language, subject_kind, subject_id, contact_id, account_id, address, address_key, content, urgent, expires_at, state, due_at, created_at)
		VALUES ($1,$2,'case.received','sms','zh','service_case',$3,$4,0,$5,$6,$7,FALSE,0,'waiting',$8,$9)`)
	event := h.b.writer(`INSERT INTO webhook_delivery (tenant_id, subscription_id, id, type, subject, happened_at, data, state, due_at, created_at) VALUES ($1,1,$2,'case.received',$3,$4,$5,'waiting',$6,$7)`)
	return h.answer(func(r *http.Request) (any, error) {
		community, err := strconv.ParseInt(r.PostFormValue("community"), 10, 64)
		if err != nil {
			return nil, err
		}
		one, now := int64(id.New()), time.Now().UnixMicro()
		no, words := strconv.FormatInt(one, 10), r.PostFormValue("body")
		tx, err := h.b.write.BeginTx(r.Context(), nil)
		if err != nil {
			return nil, err
		}
		defer tx.Rollback() // after the commit it does nothing
		if _, err := tx.StmtContext(r.Context(), reported).ExecContext(r.Context(), h.tenant, one, no, r.PostFormValue("kind"), community, []byte(r.PostFormValue("place")), words, words, []byte(words),
			[]byte(r.PostFormValue("name")), []byte(r.PostFormValue("phone")), r.PostFormValue("phone"), no, community, now, now, now, now); err != nil {
			return nil, err
		}
		if _, err := tx.StmtContext(r.Context(), entered).ExecContext(r.Context(), h.tenant, int64(id.New()), one, community, now); err != nil {
			return nil, err
		}
		if _, err := tx.StmtContext(r.Context(), recorded).ExecContext(r.Context(), h.tenant, int64(id.New()), now, one, community); err != nil {
			return nil, err
		}
		contact, phone := int64(id.New()), []byte(r.PostFormValue("phone"))
		if _, err := tx.StmtContext(r.Context(), follows).ExecContext(r.Context(), h.tenant, contact, one, phone, string(phone), []byte(no), []byte(no), no, now); err != nil {
			return nil, err
		}
		if _, err := tx.StmtContext(r.Context(), told).ExecContext(r.Context(), h.tenant, int64(id.New()), one, contact, phone, string(phone), []byte(no), now, now); err != nil {
			return nil, err
		}
		if _, err := tx.StmtContext(r.Context(), event).ExecContext(r.Context(), h.tenant, int64(id.New()), "case/"+no, now, `{"number":"`+no+`"}`, now, now); err != nil {
			return nil, err
		}
		return map[string]int64{"id": one}, tx.Commit()
	})
}

// wished makes needs that everybody may read, once.
func (w *world) wished(ctx context.Context) error {
	if err := w.filled(ctx); err != nil {
		return err
	}
	d := w.ours
	have, err := d.app.Exchange.Public(ctx, d.tenant, exchange.CardFilter{})
	if err != nil || len(have.Items) > 0 {
		return err
	}
	due := calendar.DateOf(d.app.DB.Now()).AddDays(20)
	for n := range wishes {
		if _, err := d.app.Exchange.Enter(ctx, d.actor(), exchange.Asking{Kind: exchange.Goods, Small: true, Body: i18n.LoadWords.In(i18n.ZH, n), CommunityID: d.communities[n%len(d.communities)], DueOn: due}, false); err != nil {
			return err
		}
	}
	list, err := d.app.Exchange.List(ctx, d.actor(), exchange.Filter{Page: db.Page{Limit: wishes}})
	if err != nil {
		return err
	}
	for n, it := range list.Items {
		if err := d.app.Exchange.Approve(ctx, d.actor(), it.ID, it.Version, exchange.Public{Title: i18n.LoadWords.In(i18n.ZH, n), Kind: exchange.Goods, Small: true, DueOn: due}); err != nil {
			return err
		}
	}
	return nil
}

// benchPublic reads the residents' page of the wishes that are open: a whole page with its frame, search and choice of community. The ceiling is a bare handler that reads
// the same wishes in one query and writes them with the library's templates.
func (w *world) benchPublic(ctx context.Context) (float64, float64, error) {
	if err := w.wished(ctx); err != nil {
		return 0, 0, err
	}
	list, err := w.ours.app.Exchange.Public(ctx, w.ours.tenant, exchange.CardFilter{})
	if err != nil {
		return 0, 0, err
	}
	titles := make([]string, len(list.Items))
	for i, it := range list.Items {
		titles[i] = it.Title
	}
	return w.page(ctx, wishesPath, titles, func(b *bare) http.Handler { return wishPage(b, w.ours.tenant, len(titles)) })
}

// benchOffers reads the residents' page of resources, benchOutlets that of the service directory; the ceilings read the same rows in one query.
func (w *world) benchOffers(ctx context.Context) (float64, float64, error) {
	if err := w.filled(ctx); err != nil {
		return 0, 0, err
	}
	d := w.ours
	list, err := d.app.Exchange.Listed(ctx, d.tenant, exchange.ResourceFilter{})
	if err != nil {
		return 0, 0, err
	}
	for n := len(list.Items); n < wishes; n++ {
		if _, err := d.app.Exchange.AddResource(ctx, d.actor(), exchange.Offer{Kind: exchange.Goods, Title: i18n.LoadWords.In(i18n.ZH, n), Giver: nameAt(n), PlaceID: d.communities[n%len(d.communities)], Terms: exchange.Free, Amount: 5,
			Listed: true}); err != nil {
			return 0, 0, err
		}
	}
	if list, err = d.app.Exchange.Listed(ctx, d.tenant, exchange.ResourceFilter{}); err != nil {
		return 0, 0, err
	}
	titles := make([]string, len(list.Items))
	for i, it := range list.Items {
		titles[i] = it.Title
	}
	return w.page(ctx, offersPath, titles, func(b *bare) http.Handler {
		return rowsPage(b, `SELECT u.id, u.kind, u.title, u.detail, u.skill, u.terms, u.price, u.amount, u.left_over, u.unit, u.times, u.valid_until, o.name FROM resource u
			LEFT JOIN organisation o ON o.tenant_id = u.tenant_id AND o.id = u.place_id WHERE u.tenant_id = $1 AND u.listed = TRUE AND u.ended_at = 0 AND u.valid_until >= $2 ORDER BY u.id DESC LIMIT $3`,
			w.ours.tenant, time.Now().Format(time.DateOnly), len(titles))
	})
}

func (w *world) benchOutlets(ctx context.Context) (float64, float64, error) {
	if err := w.filled(ctx); err != nil {
		return 0, 0, err
	}
	d, f := w.ours, outlet.Filter{Element: outlet.Eat}
	list, err := d.app.Outlet.Public(ctx, d.tenant, f)
	if err != nil {
		return 0, 0, err
	}
	for n := len(list.Items); n < wishes; n++ {
		if _, err := d.app.Outlet.Add(ctx, d.actor(), outlet.Entry{Level: outlet.Point, Element: outlet.Eat, Name: i18n.LoadWords.In(i18n.ZH, n), CommunityID: d.communities[n%len(d.communities)], Address: strconv.Itoa(n),
			Weekdays: "08:00-20:00", Terms: exchange.Free}); err != nil {
			return 0, 0, err
		}
	}
	if list, err = d.app.Outlet.Public(ctx, d.tenant, f); err != nil {
		return 0, 0, err
	}
	names := make([]string, len(list.Items))
	for i, it := range list.Items {
		names[i] = it.Name
	}
	return w.page(ctx, outletsPath, names, func(b *bare) http.Handler {
		return rowsPage(b, `SELECT u.id, u.level, u.element, u.name, u.about, u.address, u.phone, u.weekdays, u.weekend, u.terms, u.price, u.why, u.checked_on, o.name FROM outlet u
			LEFT JOIN organisation o ON o.tenant_id = u.tenant_id AND o.id = u.community_id WHERE u.tenant_id = $1 AND u.element = $2 AND u.ended_on = '' ORDER BY u.name_key, u.id LIMIT $3`,
			w.ours.tenant, string(outlet.Eat), len(names))
	})
}

// page reads a residents' page, on which texts must stand, beside a bare handler that shows the same.
func (w *world) page(ctx context.Context, path string, texts []string, ceilingOf func(*bare) http.Handler) (ours, ceiling float64, err error) {
	own, err := openBare(w.ours.address)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, own.close()) }()
	return w.duel(ceilingOf(own), func(platform, bare *server) (float64, float64, error) {
		side := func(s *server) (func() (float64, error), error) {
			request := s.request(http.MethodGet, path, "", "")
			page, err := s.one(request)
			if err != nil {
				return nil, err
			}
			for _, text := range texts {
				if !strings.Contains(string(page), text) {
					return nil, fmt.Errorf("the page lacks %q", text)
				}
			}
			return func() (float64, error) {
				return s.load(ctx, readers, w.o.Scale.Slice, func(int64) []byte { return request })
			}, nil
		}
		a, err := side(platform)
		if err != nil {
			return 0, 0, err
		}
		b, err := side(bare)
		if err != nil {
			return 0, 0, err
		}
		return w.turns(2*w.o.Scale.Rounds+1, a, b)
	})
}

var rowsTemplate = template.Must(template.New("rows").Parse(`<!DOCTYPE html><title>Rows</title><ul>{{range .}}<li>{{range .}}{{.}} {{end}}</li>{{end}}</ul>`))

// rowsPage shows what a query reads with nothing around it.
func rowsPage(b *bare, query string, args ...any) http.Handler {
	read := b.reader(query)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all, err := readRows(r.Context(), read, args)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = rowsTemplate.Execute(w, all) // the caller has gone
	})
}

func readRows(ctx context.Context, read *sql.Stmt, args []any) (all [][]any, err error) {
	list, err := read.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer list.Close()
	columns, err := list.Columns()
	for err == nil && list.Next() {
		row := make([]any, len(columns))
		at := make([]any, len(columns))
		for i := range row {
			at[i] = &row[i]
		}
		err = list.Scan(at...)
		all = append(all, row)
	}
	return all, errors.Join(err, list.Err())
}

var wishTemplate = template.Must(template.New("wishes").Parse(`<!DOCTYPE html><title>Wishes</title><ul>{{range .}}<li><a href="/p/wishes/{{.ID}}">{{.Title}}</a> {{.Words}} {{.Community}} {{.Left}} {{.DueOn}}</li>{{end}}</ul>`))

// wishPage shows what is open with nothing around it.
func wishPage(b *bare, tenant int64, rows int) http.Handler {
	open := b.reader(`SELECT n.id, n.kind, n.small, n.title, n.words, n.skill, n.community_id, o.name, n.wanted, n.taken, n.minutes, n.due_on, n.state, n.opened_at, n.ended_at FROM need n
		LEFT JOIN organisation o ON o.tenant_id = n.tenant_id AND o.id = n.community_id WHERE n.tenant_id = $1 AND n.state = 'open' AND n.due_on >= $2 ORDER BY n.due_on, n.id LIMIT $3`)
	type wish struct {
		ID, CommunityID                                    int64
		Kind, Title, Words, Skill, Community, DueOn, State string
		Small                                              bool
		Wanted, Taken, Minutes, OpenedAt, EndedAt, Left    int64
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		list, err := open.QueryContext(r.Context(), tenant, time.Now().Format(time.DateOnly), rows)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer list.Close()
		var all []wish
		for list.Next() {
			var n wish
			if err = list.Scan(&n.ID, &n.Kind, &n.Small, &n.Title, &n.Words, &n.Skill, &n.CommunityID, &n.Community, &n.Wanted, &n.Taken, &n.Minutes, &n.DueOn, &n.State, &n.OpenedAt, &n.EndedAt); err != nil {
				break
			}
			n.Left = n.Wanted - n.Taken
			all = append(all, n)
		}
		if err = errors.Join(err, list.Err()); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = wishTemplate.Execute(w, all) // the caller has gone
	})
}
