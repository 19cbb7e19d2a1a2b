package app_test

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/reference"
	"linli/internal/testkit"
)

// sourceNames are what reflection does not tell: names of parameters, and the constants of named text types.
type sourceNames struct {
	params map[string][]string // by "member.Service.Edit"
	consts map[string][]string // by "member.Kind"
}

// parameterNames reads the source of the packages below internal.
func parameterNames(t *testing.T) sourceNames {
	t.Helper()
	out := sourceNames{map[string][]string{}, map[string][]string{}}
	files, err := filepath.Glob(filepath.Join(testkit.Root(), "internal", "*", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil {
					out.params[f.Name.Name+"."+receiver(d)+"."+d.Name.Name] = namesOf(d.Type.Params)
				}
			case *ast.GenDecl:
				out.constants(f.Name.Name, d)
			}
		}
	}
	return out
}

func receiver(d *ast.FuncDecl) string {
	typ := d.Recv.List[0].Type
	if s, ok := typ.(*ast.StarExpr); ok {
		typ = s.X
	}
	name, _ := typ.(*ast.Ident)
	if name == nil {
		return ""
	}
	return name.Name
}

func namesOf(list *ast.FieldList) []string {
	var out []string
	for _, f := range list.List {
		if len(f.Names) == 0 {
			out = append(out, "")
		}
		for _, n := range f.Names {
			out = append(out, n.Name)
		}
	}
	return out
}

func (s sourceNames) constants(pkg string, d *ast.GenDecl) {
	if d.Tok != token.CONST {
		return
	}
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			continue
		}
		typ, _ := v.Type.(*ast.Ident)
		lit, _ := v.Values[0].(*ast.BasicLit)
		if typ != nil && lit != nil && lit.Kind == token.STRING {
			text, _ := strconv.Unquote(lit.Value) // the parser read it
			s.consts[pkg+"."+typ.Name] = append(s.consts[pkg+"."+typ.Name], text)
		}
	}
}

// tableOf says the rows of which table an ID of this name names, by the last part of the name in small letters.
var tableOf = map[string]reference.Table{
	"account": "account", "accounts": "account", "appointment": "appointment", "appeal": "assessment_appeal", "assessment": "assessment", "finding": "assessment_finding", "organiser": "organisation", "rubric": "rubric", "activity": "activity", "activities": "activity", "attendance": "attendance", "attendances": "attendance", "building": "building",
	"claim": "claim", "community": "organisation", "complaint": "complaint", "correction": "correction", "deed": "deed", "deeds": "deed", "grant": "role_grant",
	"grid": "grid", "grids": "grid", "home": "organisation", "household": "household", "import": "import", "into": "organisation", "member": "member",
	"members": "member", "move": "floating_move", "org": "organisation", "organisation": "organisation", "organisations": "organisation", "parent": "organisation",
	"person": "person", "photo": "attachment", "attachment": "attachment", "file": "attachment", "with": "member", "posting": "posting", "promise": "promise", "quarter": "quarter_area", "reason": "absence_reason", "registration": "registration",
	"registrations": "registration", "responsibility": "responsibility", "session": "session", "slip": "slip", "source": "attendance", "sources": "organisation",
	"subject": "activity", "take": "organisation", "takes": "organisation", "to": "organisation", "from": "organisation", "token": "api_token", "unit": "organisation", "worker": "account",
	"after": "person", "ids": "person", "row": "person", "fact": "own_fact", "reverses": "posting", "ledger": "posting", "below": "organisation", "credit": "organisation", "overlap": "attendance", "at": "organisation", "place": "organisation", "form": "office_form", "question": "question", "round": "question_round", "request": "request", "owner": "organisation", "office": "organisation", "answer": "request_answer", "street": "organisation", "head": "person", "table": "saved_table", "run": "table_run", "roots": "organisation",
	"body": "body", "leader": "organisation", "seat": "body_seat", "meeting": "meeting", "topic": "meeting_topic", "resolution": "meeting_resolution", "task": "meeting_task", "feed": "calendar_feed",
	"transfer": "transfer", "transfers": "transfer", "twonew": "two_new", "step": "two_new_step", "decision": "two_new_decision", "branch": "organisation", "payment": "dues_payment", "relief": "dues_relief", "counters": "dues_payment", "entry": "appraisal_entry", "entries": "appraisal_entry", "about": "appraisal_entry",
	"plan": "workplan", "item": "workplan_item", "c": "service_case", "in": "organisation", "technician": "technician", "j": "technician_job", "n": "technician_job", "certificate": "technician_certificate", "charge": "technician_charge", "area": "organisation", "subscription": "webhook_subscription", "delivery": "webhook_delivery", "webhook": "webhook_subscription", "notice": "notice_message", "contact": "notice_contact", "orgs": "organisation", "areas": "organisation", "case": "service_case", "need": "catalogue_item", "hall": "hall", "counter": "hall_counter", "t": "hall_ticket", "paper": "case_paper",
	"volunteer": "volunteer", "team": "volunteer_team", "shift": "volunteer_shift", "signup": "volunteer_signup", "membership": "volunteer_membership", "clearance": "volunteer_clearance", "cover": "volunteer_cover", "club": "club",
	"seeker": "employment_seeker", "job": "employment_job", "match": "employment_match", "result": "employment_result",
	"pair": "pairing_pair", "post": "counselling_post", "datarequest": "data_request", "resident": "account",
	"mediation": "mediation", "agreed": "mediation_party", "party": "mediation_party", "parties": "mediation_party", "visit": "mediation_visit", "duty": "mediation_duty", "wish": "need", "pledge": "need_pledge", "help": "need_help", "resource": "resource", "outlet": "outlet", "venue": "venue", "booking": "venue_booking",
	"book": "bank_account", "order": "bank_order", "journal": "bank_journal", "donation": "bank_donation", "accord": "bank_accord",
	"cobuild": "cobuild", "agreement": "cobuild", "programme": "programme", "units": "organisation", "as": "organisation",
	"check": "household_check", "for": "organisation",
	"project": "project", "partner": "organisation", "partners": "organisation", "lead": "organisation", "line": "project_line", "expense": "project_expense", "change": "project_change",
}

// tableIn overrides tableOf for one method.
var tableIn = map[string]reference.Table{"exchange.Deliver.Came": "volunteer", "exchange.Crew.ID": "need_pledge", "casework.Merge.into": "service_case", "casework.EndRoute.r": "case_route", "casework.SetRoute.ID": "case_route", "casework.SetRoute.ItemID": "case_route", "casework.SetRoute.OrgID": "case_route", "casework.StepDone.step": "case_step", "casework.StepUndone.step": "case_step",
	"catalogue.AddFiles.item": "catalogue_item", "catalogue.File.item": "catalogue_item", "catalogue.RemoveFile.item": "catalogue_item", "casework.Report.item": "catalogue_item", "casework.Enter.item": "catalogue_item", "casework.CheckEntry.item": "catalogue_item", "patrol.Event.item": "catalogue_item", "casework.JointDone.party": "organisation", "casework.Join.other": "organisation", "casework.Unjoin.party": "organisation",
	"hall.Take.item": "catalogue_item", "hall.TakeFor.item": "catalogue_item", "hall.Finish.item": "catalogue_item", "hall.EnterCase.item": "catalogue_item", "hall.Tickets.item": "catalogue_item", "hall.HoursOf.ID": "hall",
	"volunteer.Paper.certificate": "volunteer_certificate", "volunteer.PaperOwn.certificate": "volunteer_certificate",
	"employment.Certificate.certificate": "employment_certificate", "employment.TakeBack.certificate": "employment_certificate", "employment.Follow.from": "organisation",
	"pairing.Get.household": "pairing_household", "pairing.Correct.household": "pairing_household", "pairing.Pair.household": "pairing_household", "pairing.Unpair.household": "pairing_household", "pairing.End.household": "pairing_household", "pairing.Plan.household": "pairing_household", "pairing.Tick.household": "pairing_household", "pairing.Visit.household": "pairing_household", "pairing.Ask.household": "pairing_household", "pairing.Ask.visit": "pairing_visit", "pairing.Tick.item": "pairing_item",
	"counselling.Get.file": "counselling_file", "counselling.Write.file": "counselling_file", "counselling.Arrange.file": "counselling_file", "counselling.Settle.file": "counselling_file", "counselling.End.file": "counselling_file", "counselling.Resume.file": "counselling_file",
	"counselling.Settle.session": "counselling_session", "counselling.Write.session": "counselling_session", "counselling.CancelBy.session": "counselling_session", "counselling.HandOn.to": "account", "counselling.HandOnBy.to": "account", "counselling.HandOn.file": "counselling_file", "counselling.NewCode.file": "counselling_file", "counselling.Erase.file": "counselling_file", "counselling.NewLink.file": "counselling_file",
	"notice.Again.row": "notice_message", "notice.List.subject": "service_case", "notice.HasContact.subject": "service_case", "notice.SendTx.subject": "service_case", "notice.StaffTx.subject": "service_case", "notice.FollowTx.subject": "service_case", "notice.TellTx.subject": "service_case", "notice.TellTx.subjects": "service_case", "notice.StopTx.subject": "service_case", "webhook.SendTx.ID": "case_entry",
	"mediation.Open.ItemID": "catalogue_item", "mediation.Correct.ItemID": "catalogue_item", "mediation.List.ItemID": "catalogue_item", "mediation.SetMediators.Members": "mediation_member", "mediation.EndMember.member": "mediation_member",
	"lovebank.Correct.wrong": "bank_journal", "lovebank.EditItem.item": "bank_item", "lovebank.EndItem.item": "bank_item", "lovebank.Count.item": "bank_item", "lovebank.Item.item": "bank_item", "lovebank.Redeem.Item": "bank_item", "lovebank.RedeemFor.Item": "bank_item", "lovebank.Orders.Item": "bank_item", "lovebank.Journals.Item": "bank_item",
	"outlet.Add.RecommendedBy": "organisation", "outlet.Edit.RecommendedBy": "organisation", "exchange.Approve.n": "need", "exchange.Edit.n": "need", "exchange.Refuse.n": "need", "exchange.End.n": "need", "exchange.RaiseTopic.n": "need", "exchange.Reveal.n": "need", "exchange.Ask.resident": "resident_account",
	"cobuild.Edit.item": "cobuild_item", "cobuild.Remove.item": "cobuild_item", "cobuild.Say.task": "cobuild_task", "cobuild.Link.task": "cobuild_task", "cobuild.Unsay.task": "cobuild_task", "cobuild.Confirm.task": "cobuild_task", "cobuild.ConfirmFor.task": "cobuild_task", "cobuild.Lacks.task": "cobuild_task", "cobuild.Task.task": "cobuild_task",
	"cobuild.SetTerms.by": "organisation", "cobuild.Add.by": "organisation", "cobuild.Edit.by": "organisation", "cobuild.Remove.by": "organisation", "cobuild.Send.by": "organisation", "cobuild.Sign.by": "organisation", "cobuild.SignOnPaper.by": "organisation", "cobuild.GiveUp.by": "organisation", "cobuild.AnswerEnd.by": "organisation", "cobuild.Renew.by": "organisation", "cobuild.SetContact.by": "organisation", "cobuild.Link.by": "organisation", "cobuild.Unsay.by": "organisation", "cobuild.Confirm.by": "organisation", "cobuild.ConfirmFor.by": "organisation", "cobuild.Lacks.by": "organisation",
	"project.SetAbout.by": "organisation", "project.LinkNeed.by": "organisation", "project.UnlinkNeed.by": "organisation", "project.Invite.by": "organisation", "project.Remove.by": "organisation", "project.Propose.by": "organisation", "project.TakeBack.by": "organisation", "project.Finish.by": "organisation", "project.Stop.by": "organisation", "project.Reopen.by": "organisation", "project.Copy.by": "organisation", "project.AddStep.by": "organisation", "project.ChangeStep.by": "organisation", "project.DropStep.by": "organisation", "project.AddLine.by": "organisation", "project.ChangeLine.by": "organisation", "project.DropLine.by": "organisation", "project.Recall.by": "organisation",
	"project.FromNeed.need": "need", "project.LinkNeed.need": "need", "project.UnlinkNeed.need": "need", "project.OfNeed.need": "need", "project.Create.Needs": "need",
	"project.ChangeStep.which": "project_step", "project.DropStep.which": "project_step", "project.Do.which": "project_step", "project.DoBy.which": "project_step", "project.Undo.which": "project_step", "project.Candidates.which": "project_step", "project.ChangeLine.which": "project_line", "project.DropLine.which": "project_line", "project.RemovePerson.person": "project_person", "project.DoBy.source": "activity",
	"cobuild.NamePerson.HostID": "organisation", "cobuild.EndPerson.person": "cobuild_person", "volunteer.HelpersNear.communities": "organisation", "exchange.BookTx.Booking": "venue_booking", "exchange.BookTx.Venue": "venue", "exchange.BookTx.Owner": "organisation", "exchange.ReserveTx.Booking": "venue_booking", "exchange.ReserveTx.Venue": "venue", "exchange.ReserveTx.Owner": "organisation", "venue.Book.NeedID": "need",
	"cobuild.AddFiles.task": "cobuild_task", "cobuild.File.task": "cobuild_task", "cobuild.RemoveFile.task": "cobuild_task", "cobuild.Link.source": "activity",
	"technician.Create.item": "catalogue_item", "technician.Edit.item": "catalogue_item",
	"workplan.Begin.from":   "workplan",
	"catalogue.Detail.item": "catalogue_item", "catalogue.Edit.item": "catalogue_item", "catalogue.Retire.item": "catalogue_item", "catalogue.Restore.item": "catalogue_item", "catalogue.Create.ID": "catalogue_item", "catalogue.Edit.ID": "catalogue_item",
	"appraisal.Advance.round": "appraisal_round", "appraisal.Link.round": "appraisal_round", "appraisal.GivePaper.round": "appraisal_round", "appraisal.CountPaper.round": "appraisal_round", "appraisal.Repeat.round": "appraisal_round", "appraisal.Strike.round": "appraisal_round", "appraisal.Get.round": "appraisal_round", "appraisal.Members.round": "appraisal_round", "appraisal.Subjects.round": "appraisal_round", "appraisal.Unvoted.round": "appraisal_round",
	"appraisal.WriteRemark.from": "appraisal_entry", "appraisal.WriteRemarkFor.from": "appraisal_entry",
	"activity.Copy.from": "activity", "fill.Complete.For": "organisation", "fill.Fill.For": "organisation", "countersign.IssueTx.subject": "attendance", "countersign.RedeemTx.subject": "attendance",
	"deed.ProposeTx.ID": "posting", "countersign.ObjectTx.ID": "countersign", "countersign.UseTx.ID": "countersign", "ledger.PostTx.ID": "posting", "ledger.PostManyTx.ID": "posting"}

func (c *arguments) tableFor(name string) reference.Table {
	if t := tableIn[c.method.name+"."+name]; t != "" {
		return t
	}
	key := strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(name, "IDs"), "ID"))
	if key == "" { // the ID of the very thing that is handed over
		key, _, _ = strings.Cut(c.method.name, ".")
	}
	if strings.HasSuffix(key, "by") {
		key = "account"
	}
	t := tableOf[key]
	if t == "" {
		c.w.t.Errorf("%s takes an ID named %s: say in tableOf what it names", c.method.name, name)
		tableOf[key] = reference.Organisation
		return reference.Organisation
	}
	return t
}

// spread are the columns over whose values the rows tried are spread, so that there is one of every state.
var spread = map[reference.Table]string{"organisation": "kind", "activity": "state", "claim": "state", "registration": "state", "slip": "state", "deed": "state",
	"promise": "state", "correction": "state", "member": "kind", "attendance": "state", "posting": "source_kind", "import": "state", "assessment": "state", "transfer": "state", "service_case": "CASE WHEN EXISTS (SELECT 1 FROM case_takeover v WHERE v.tenant_id = service_case.tenant_id AND v.case_id = service_case.id) THEN 'run for somebody' ELSE state END", "technician_job": "state", "data_request": "state", "hall_ticket": "state", "mediation": "state", "need": "state", "need_pledge": "state", "venue_booking": "state", "bank_order": "state", "bank_donation": "state", "bank_account": "kind", "bank_journal": "kind", "cobuild": "CASE WHEN kind <> 'general' AND state = 'agreed' THEN 'named' ELSE state END", "cobuild_task": "state", "project": "state", "project_step": "state", "project_change": "state", "employment_seeker": "state", "employment_job": "state", "employment_match": "state"}

// pool are the rows of a table that the tenant has, by the value of the column over which they are spread.
func (w *walker) pool(table reference.Table) [][]id.ID {
	if p, ok := w.pools[string(table)]; ok {
		return p
	}
	by := spread[table]
	if by == "" {
		by = "''"
	}
	type row struct {
		id id.ID
		by string
	}
	rows, err := db.All(w.t.Context(), w.a.DB, func(r *row) []any { return []any{&r.id, &r.by} },
		"SELECT id, "+by+" FROM "+string(table)+" WHERE tenant_id = $1 ORDER BY id", w.tenant)
	if err != nil {
		w.t.Fatal(err)
	}
	index := map[string]int{}
	var pool [][]id.ID
	for _, r := range rows {
		i, ok := index[r.by]
		if !ok {
			i = len(pool)
			index[r.by] = i
			pool = append(pool, nil)
		}
		pool[i] = append(pool[i], r.id)
	}
	if len(pool) > 0 {
		w.pools[string(table)] = pool
	}
	return pool
}

// pick takes a row of the tenant's for an ID of a name: one that belongs to what was taken before, where there is one.
func (c *arguments) pick(name string) id.ID {
	table := c.tableFor(name)
	if strings.HasPrefix(strings.ToLower(name), "community") || table == reference.Organisation && (name == "to" || name == "from") {
		if i := c.kindred("organisation", "kind = 'community_party' AND dissolved_on = ''", int(c.w.rand.Uint64()%8)); i != 0 {
			return i
		}
	}
	if name == "by" || name == "As" { // the party for which an act on an agreement is done
		for table, of := range map[string]string{"cobuild": "%d", "cobuild_task": "(SELECT t.cobuild_id FROM cobuild_task t WHERE t.tenant_id = p.tenant_id AND t.id = %d)"} {
			if c.picked[table] != 0 {
				return c.kindred("organisation", "id IN (SELECT p.org_id FROM cobuild_party p WHERE p.tenant_id = organisation.tenant_id AND p.side = 'community' AND p.cobuild_id = "+fmt.Sprintf(of, int64(c.picked[table]))+")", 0)
			}
		}
	}
	if g := c.picked["cobuild"]; g != 0 && c.method.name == "cobuild.NamePerson" { // somebody of the community, who serves at a unit
		side := func(s string) string {
			return "IN (SELECT p.org_id FROM cobuild_party p WHERE p.tenant_id = $1 AND p.side = '" + s + "' AND p.cobuild_id = " + fmt.Sprint(int64(g)) + ")"
		}
		switch name {
		case "OrgID":
			return c.kindred("organisation", "id "+side("community"), 0)
		case "HostID":
			return c.kindred("organisation", "id "+side("unit"), 0)
		case "MemberID":
			return c.kindred("member", "ended_on = '' AND community_id "+side("community"), 0)
		case "AccountID":
			return 0
		}
	}
	if p := c.picked["project"]; p != 0 && table == reference.Organisation && (name == "by" || name == "As" || name == "OrgID") && strings.HasPrefix(c.method.name, "project.") { // who leads it
		return c.kindred("organisation", "id IN (SELECT p.community_id FROM project p WHERE p.tenant_id = organisation.tenant_id AND p.id = "+fmt.Sprint(int64(p))+")", 0)
	}
	if name == "unit" || name == "UnitID" {
		return c.kindred("organisation", "kind = 'unit'", c.w.rand.IntN(4))
	}
	if c.w.rand.IntN(4) > 0 {
		for _, r := range reference.All {
			if r.Table == string(table) && len(r.To) == 1 && c.picked[string(r.To[0])] != 0 && r.To[0] != "organisation" {
				if i := c.kindred(r.Table, r.Column+" = "+strconv.FormatInt(int64(c.picked[string(r.To[0])]), 10), c.w.rand.IntN(3)); i != 0 {
					return i
				}
			}
		}
	}
	pool := c.w.pool(table)
	if len(pool) == 0 {
		return 0
	}
	some := pool[c.w.rand.IntN(len(pool))]
	i := some[c.w.rand.IntN(len(some))]
	return i
}

// kindred is one of the rows that a condition names.
func (c *arguments) kindred(table, where string, n int) id.ID {
	ids, err := db.Column[id.ID](context.Background(), c.w.a.DB, "SELECT id FROM "+table+" WHERE tenant_id = $1 AND "+where+" ORDER BY id LIMIT 8", c.w.tenant)
	if err != nil {
		c.w.t.Fatal(err)
	}
	if len(ids) == 0 {
		return 0
	}
	return ids[n%len(ids)]
}

// id makes an ID: the tenant's own, or the same row of the other tenant.
func (c *arguments) id(name string) id.ID {
	slot := c.slots
	c.slots++
	i := c.pick(name)
	c.picked[string(c.tableFor(name))] = i
	if c.foreign(slot) {
		if i == 0 {
			i = 1 // there is no such row here; any ID of the other tenant will do
			i += c.w.first
			return i
		}
		return i + idShift
	}
	return i
}

// make makes an argument, or a field of one.
func (c *arguments) make(t reflect.Type, name string) reflect.Value {
	v := c.value(t, name)
	if t.Kind() != reflect.Struct && t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && t.Kind() != reflect.Func {
		c.said = append(c.said, fmt.Sprintf("%s=%.60v", name, v.Interface()))
	}
	return v
}

func (c *arguments) value(t reflect.Type, name string) reflect.Value {
	day := calendar.DateOf(c.w.a.DB.Now())
	low := strings.ToLower(name)
	late := strings.HasPrefix(low, "to") || strings.HasPrefix(low, "end") || low == "until" || low == "due" || low == "validto"
	var v any
	switch t {
	case typeOf[context.Context]():
		v = c.ctx
	case typeOf[authz.Actor]():
		v = c.w.actor
	case typeOf[authz.Scope]():
		v = c.w.actor.Scope("resident.reveal").Or(authz.System(c.w.tenant, "walk").Scope("x.y"))
	case typeOf[*db.Tx]():
		v = c.tx
	case typeOf[fact.Link]():
		return reflect.ValueOf(some(c, c.w.a.Facts.Links))
	case typeOf[fact.Part]():
		return reflect.ValueOf(some(c, c.w.a.Facts.Parts))
	case typeOf[ledger.Source]():
		return reflect.ValueOf(c.w.a.Deed)
	case typeOf[db.Querier]():
		return reflect.ValueOf(c.w.a.DB)
	case typeOf[io.Writer]():
		return reflect.ValueOf(&c.out)
	case typeOf[id.ID]():
		v = c.id(name)
	case typeOf[calendar.Date]():
		switch {
		case late && c.w.rand.IntN(2) == 0:
			v = day.AddDays(30)
		case low != "on" && c.w.rand.IntN(2) == 0:
			v = calendar.Date{}
		default:
			v = day
		}
	case typeOf[figure.Period]():
		v = figure.InQuarterOf(calendar.QuarterOf(day.AddDays(-95 * (1 + c.w.rand.IntN(2)))))
	case typeOf[calendar.Quarter]():
		v = calendar.QuarterOf(day.AddDays(-95 * c.w.rand.IntN(3)))
	case typeOf[time.Time]():
		at := c.w.a.DB.Now().Add(-3 * time.Hour)
		if low == "startsat" || low == "endsat" {
			at = at.Add(48 * time.Hour)
		}
		if start, err := db.Value[int64](c.ctx, c.w.a.DB, `SELECT a.starts_at FROM activity a WHERE a.tenant_id = $1 AND (a.id = $2 OR a.id =
			(SELECT t.activity_id FROM attendance t WHERE t.tenant_id = $1 AND t.id = $3)) ORDER BY a.id LIMIT 1`,
			c.w.tenant, c.picked["activity"], c.picked["attendance"]); err == nil && start != 0 && (low == "inat" || low == "outat") {
			at = db.FromMicros(start).Add(-time.Hour)
		}
		if late || low == "endsat" || low == "outat" {
			at = at.Add(2 * time.Hour)
		}
		v = at
	case typeOf[fact.Ref]():
		v = fact.Ref("organisation.name")
	case typeOf[i18n.Lang]():
		v = i18n.ZH
	case typeOf[db.Page](), typeOf[db.Cursor]():
		return reflect.Zero(t)
	}
	if v != nil {
		return reflect.ValueOf(v)
	}
	return c.plain(t, name)
}

// some takes one of what the catalogue has of its subjects.
func some[T any](c *arguments, of func(fact.Subject) []T) T {
	var all []T
	for _, s := range fact.Subjects() {
		all = append(all, of(s)...)
	}
	if len(all) == 0 {
		var none T
		return none
	}
	return all[c.w.rand.IntN(len(all))]
}

// plain makes what is known by its kind only.
func (c *arguments) plain(t reflect.Type, name string) reflect.Value {
	v := reflect.New(t).Elem()
	low := strings.ToLower(name)
	switch t.Kind() {
	case reflect.String:
		v.SetString(c.word(t, low))
	case reflect.Bool:
		v.SetBool(c.w.rand.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(c.number(low))
	case reflect.Int8, reflect.Int16, reflect.Int32:
		v.SetInt(3)
	case reflect.Pointer:
		if e := c.make(t.Elem(), name); c.w.rand.IntN(3) > 0 || c.designated() {
			v.Set(reflect.New(t.Elem()))
			v.Elem().Set(e)
		}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			v.SetBytes(c.content())
			break
		}
		v.Set(reflect.Append(v, c.make(t.Elem(), name)))
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		if t.Key() == typeOf[id.ID]() {
			v.SetMapIndex(c.make(t.Key(), "member"), c.make(t.Elem(), name))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() {
				continue
			}
			made := c.make(f.Type, f.Name)
			// What need not be said is often left out, but never the ID that this call is about.
			if f.Type == typeOf[id.ID]() && !c.designated() && c.w.rand.IntN(3) == 0 {
				made = reflect.Zero(f.Type)
			}
			v.Field(i).Set(made)
		}
	case reflect.Func:
		v.Set(reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value {
			out := make([]reflect.Value, t.NumOut())
			for i, a := range in {
				c.w.seen(c.method, c, "callback "+strconv.Itoa(i+1), a)
			}
			for i := range out {
				out[i] = reflect.Zero(t.Out(i))
			}
			return out
		}))
	}
	return v
}

// designated says whether the ID made last is the other tenant's.
func (c *arguments) designated() bool { return c.slots > 0 && c.foreign(c.slots-1) }

func (c *arguments) number(name string) int64 {
	switch {
	case strings.Contains(name, "tenant"):
		return c.w.tenant
	case strings.Contains(name, "version"):
		if m := c.picked["mediation"]; m != 0 { // a mediation has taken many steps
			if v, err := db.Value[int64](c.ctx, c.w.a.DB, `SELECT m.version FROM mediation m WHERE m.tenant_id = $1 AND m.id = $2`, c.w.tenant, m); err == nil && v != 0 {
				return v
			}
		}
		for _, table := range []string{"cobuild_person", "cobuild", "cobuild_task", "project_step", "project_change", "project", "need_pledge", "need", "venue_booking", "venue", "outlet", "bank_order", "bank_item", "hall_counter", "hall"} { // so have these
			if g := c.picked[table]; g != 0 {
				if v, err := db.Value[int64](c.ctx, c.w.a.DB, "SELECT t.version FROM "+table+" t WHERE t.tenant_id = $1 AND t.id = $2", c.w.tenant, g); err == nil && v != 0 {
					return v
				}
			}
		}
		return int64(1 + c.w.rand.IntN(3))
	case strings.Contains(name, "year"):
		return 2026
	case name == "slot": // minutes
		return 60
	case name == "x":
		return 119_000_000
	case name == "y":
		return 33_000_000
	case strings.Contains(name, "level"):
		return 5
	}
	return int64(1 + c.w.rand.IntN(5))
}

// texts are texts by the name of the parameter or field; one of several is taken.
var texts = map[string][]string{
	"password": {"a long pass phrase for the walk"}, "field": {"phone", "id_number"}, "purpose": {"contact", "visit", "message"}, "channel": {"paper", "counter", "online"}, "answer": {"agreed", "refused"},
	"uscc": {""}, "code": {""}, "divisioncode": {""}, "successor": {""}, "role": {"worker", "secretary"}, "gives": {"worker"}, "roles": {"worker"}, "text": {"王", "社区"},
	"window": {"02", "04"}, "windows": {"02", "04"}, "week": {"08:30-12:00 14:00-17:30"},
	"filename": {"a.csv"}, "kind": {""}, "outline": {""}, "sex": {"1"}, "ethnic": {"01"}, "lang": {"zh"}, "sourcekind": {""}, "kindcode": {"volunteer"},
	"categories": {"02"}, "search": {"王"}, "sector": {""}, "quarter": {""}, "codes": {"02"}, "residence": {""}, "political": {""}, "schooling": {""}, "headrelation": {""},
	"mapping": {""}, "page": {"/"}, "source": {"form"}, "basis": {"同意"}, "datakinds": {"phone"}, "worker": {""}, "initials": {"w"}, "after": {""}, "before": {""},
}

// textIn are texts by method and parameter or field, where the name alone does not say enough.
var textIn = map[string][]string{
	"figure.Get.figure": {"org.communities"}, "figure.Records.figure": {"org.communities"}, "figure.EachRecord.figure": {"org.communities"}, "figure.LeftOut.figure": {"org.communities"}, "figure.Batch.figures": {"org.communities"},
	"authn.SaveRole.code": {"walker"}, "authn.RemoveRole.code": {"walker"}, "activity.SaveKind.code": {"walk"}, "person.SavePurpose.code": {"walk"},
	"table.Template.code": {"units", "residents"}, "table.Repeat.purpose": {""}, "table.Begin.purpose": {""}, "table.Write.purpose": {""},
	"intake.Kind.name": {"buildings", "units"}, "intake.Upload.kind": {"buildings", "units"}, "intake.Direct.kind": {"buildings", "units"}, "intake.Template.kind": {"units"},
	"assess.AddFinding.indicator": {"3"}, "assess.AddFinding.measure": {"公示栏内容过期一处"}, "assess.AddFinding.value": {"1"}, "assess.Appeal.indicator": {"3", "5"}, "assess.AnswerAppeal.measure": {""},
	"assess.Open.period": {"2026Q1", "2026Q2"}, "assess.Import.body": {walkRubric("walk"), walkRubric("again"), walkRubric("once-more")}, "assess.Revise.body": {walkRubric("community-quarter")},
	"outlet.Add.weekdays": {"08:00-18:00"}, "outlet.Add.weekend": {""}, "outlet.Add.phone": {"822-1234"}, "outlet.Add.element": {"eat"}, "outlet.Add.level": {"point"}, "outlet.Add.terms": {"free"}, "outlet.Add.why": {""},
	"outlet.Edit.weekdays": {"08:00-18:00"}, "outlet.Edit.weekend": {""}, "outlet.Edit.phone": {"822-1234"}, "outlet.Edit.element": {"eat"}, "outlet.Edit.level": {"point"}, "outlet.Edit.terms": {"free"}, "outlet.Edit.why": {""},
	"venue.SetDay.hours": {"09:00-12:00"}, "technician.SetDay.hours": {"09:00-12:00"}, "catalogue.List.list": {"hotline"}, "catalogue.SaveClass.list": {"hotline"}, "catalogue.SaveClass.code": {"99"}, "holiday.Load.text": {"2027-01-01 2027-01-03 休 元旦"},
	"pairing.Visit.form": {"home"}, "pairing.Visit.deed": {"talk"}, "pairing.Enter.difficulty": {"illness"}, "pairing.Enter.consent": {"in_person"}, "pairing.Correct.difficulty": {"illness"}, "pairing.Correct.consent": {"in_person"},
	"exchange.AcceptAsked.contact": {""}, "exchange.EditResource.contact": {""}, "exchange.PledgeTeam.contact": {""}, "webhook.Create.address": {"https://example.cn/hook"}, "webhook.Edit.address": {"https://example.cn/hook"},
	"notice.Switch.kind": {"case.ended"}, "notice.Text.kind": {"case.ended"}, "notice.Text.c": {"sms"}, "notice.Preview.kind": {"case.ended"}, "notice.Preview.c": {"sms"}, "notice.SendTx.kind": {"case.ended"},
	"policy.Set.name": {"exchange.weekly_uses"}, "figure.LinesOf.names": {"org.communities"}, "figure.Fresh.figures": {"org.communities"},
	"volunteer.Enter.skills": {"aid"}, "volunteer.Enter.times": {"6m"}, "volunteer.Enter.kinds": {"care"}, "volunteer.Register.skills": {"aid"}, "volunteer.Register.times": {"6m"}, "volunteer.Register.kinds": {"care"}, "volunteer.Correct.skills": {"aid"}, "volunteer.Correct.times": {"6m"}, "volunteer.Correct.kinds": {"care"}, "volunteer.CorrectOwn.skills": {"aid"}, "volunteer.CorrectOwn.times": {"6m"}, "volunteer.CorrectOwn.kinds": {"care"}, "volunteer.Found.kind": {"care", "patrol"}, "volunteer.EditTeam.kind": {"care"}, "volunteer.Clear.kind": {"aid"}, "volunteer.Plan.skill": {""}, "volunteer.Plan.clearance": {""},
	"project.Create.kind": {"mixed"}, "project.SetAbout.kind": {"mixed"}, "project.AddLine.source": {"community"}, "project.ChangeLine.source": {"community"}, "project.DoBy.kind": {"activity"}, "project.List.wait": {""}, "project.List.state": {""}, "project.List.kind": {""},
	"cobuild.EndPerson.ending": {"changed"}, "cobuild.Draft.kind": {"general"}, "cobuild.SetTerms.kind": {"twin"}, "cobuild.Add.often": {"once"}, "cobuild.Edit.often": {"once"}, "cobuild.Add.measure": {""}, "cobuild.Edit.measure": {""}, "cobuild.Link.kind": {"activity", "meeting"}, "cobuild.SetUp.kind": {"day"}, "cobuild.EditProgramme.kind": {"day"}, "cobuild.Reveal.purpose": {"contact"}, "cobuild.List.wait": {""}, "cobuild.List.state": {""}, "cobuild.List.kind": {""},
	"assess.Editions.code": {"community-quarter"}, "complaint.Answer.to": {"answered"}, "casework.Report.kind": {"opinion"}, "dataright.Ask.kind": {"explain", "correct"}, "dataright.Ask.part": {"work_unit"}, "hall.EnterCase.kind": {"matter"}, "exchange.Pledge.contact": {""}, "exchange.PledgeFor.contact": {""}, "exchange.Enlist.contact": {""}, "exchange.AddResource.contact": {""}, "casework.Enter.kind": {"opinion", "need"}, "casework.CheckEntry.kind": {"opinion", "need"}, "patrol.Event.key": {"0123456789abcdef-walk"}, "patrol.Visit.key": {"0123456789abcdef-walk2"}, "patrol.Upkeep.key": {"0123456789abcdef-walk3"}, "casework.Kind.code": {"opinion"}, "casework.SetRoute.kindcode": {"event"}, "casework.SetRoute.classcode": {""}, "casework.SetRoute.level": {"community"}, "casework.SetRoute.orgkind": {""}, "casework.SetServiceNumber.typed": {"13900001234"}, "casework.StepDone.said": {""}, "casework.Caller.typed": {"13900001234"}, "casework.SaveKind.code": {"opinion"}, "casework.SaveKind.georeport": {""}, "casework.Offer.code": {"event"}, "casework.Receive.offer": {"event"}, "ledger.PostTx.sourcekind": {"attendance"}, "ledger.PostManyTx.sourcekind": {"attendance"}, "patrol.Check.finding": {"occupancy"}, "patrol.Check.occupancy": {"let", "empty"}, "patrol.Check.key": {"0123456789abcdefa", "0123456789abcdefb"}, "patrol.Check.phone": {""}, "person.AtDoorTx.finding": {"occupancy"}, "person.AtDoorTx.occupancy": {"let", "empty"}, "person.AtDoorTx.phone": {""},
}

// workbook is a form with some households of the tenant.
func (w *walker) workbook() []byte {
	d := testkit.Draw(w.t)
	_, first := d.List(testkit.RealForm{Title: "住户表", Header: []any{"家庭住址", "户主姓名", "家庭人口"}, HeaderDepth: 1, Columns: 3}, 3)
	homes, err := db.Column[string](w.t.Context(), w.a.DB, "SELECT address FROM household WHERE tenant_id = $1 ORDER BY id LIMIT 3", w.tenant)
	if err != nil {
		w.t.Fatal(err)
	}
	for i, a := range homes {
		d.Put(testkit.Area{Top: first + i, Bottom: first + i}, a)
	}
	var b bytes.Buffer
	if err := d.File.Write(&b); err != nil {
		w.t.Fatal(err)
	}
	return b.Bytes()
}

// walkRubric is a rubric with a code.
func walkRubric(code string) string {
	return `{"id":"` + code + `","title":"Walk","subject":"organisation","period":"quarter","indicators":[{"code":"3","name":"Litter","points":10,"rules":[{"type":"deduct_per","unit":"a piece","points":1}]}]}`
}

// textFrom asks the tenant's own rows for a text; $1 is the tenant, $2 the claim that was picked.
var textFrom = map[string]string{
	"activity.Kind.code":                     "SELECT code FROM activity_kind WHERE tenant_id = $1 AND $2 >= 0",
	"activity.Create.kindcode":               "SELECT code FROM activity_kind WHERE tenant_id = $1 AND $2 >= 0",
	"activity.Edit.kindcode":                 "SELECT code FROM activity_kind WHERE tenant_id = $1 AND $2 >= 0",
	"agreement.Sign.digest":                  "SELECT content_hash FROM claim WHERE tenant_id = $1 AND id = $2",
	"agreement.SignOnPaper.digest":           "SELECT content_hash FROM claim WHERE tenant_id = $1 AND id = $2",
	"place.Division.divisioncode":            "SELECT code FROM division WHERE tenant_id = $1 AND level = 5 AND $2 >= 0",
	"organisation.FoundFromDivisions.county": "SELECT code FROM division WHERE tenant_id = $1 AND level = 3 AND $2 >= 0",
}

// idNumber makes a number of an identity card that checks.
func (w *walker) idNumber() string {
	n := fmt.Sprintf("32090219%02d0101%03d", 50+w.rand.IntN(50), w.rand.IntN(1000))
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * int(n[i]-'0')
	}
	return n + string("10X98765432"[sum%11])
}

// word makes a text: a constant of its type, one that the name asks for, or plain words.
func (c *arguments) word(t reflect.Type, name string) string {
	if t.PkgPath() != "" {
		known := c.w.names.consts[filepath.Base(t.PkgPath())+"."+t.Name()]
		if len(known) > 0 {
			return known[c.w.rand.IntN(len(known))]
		}
	}
	if query := textFrom[c.method.name+"."+name]; query != "" {
		found, err := db.Column[string](c.ctx, c.w.a.DB, query, c.w.tenant, c.picked["claim"])
		if err != nil {
			c.w.t.Fatal(err)
		}
		if len(found) > 0 {
			return found[c.w.rand.IntN(len(found))]
		}
	}
	switch {
	case name == "login":
		return "walker" + strconv.Itoa(c.w.calls)
	case name == "idnumber":
		return c.w.idNumber()
	case strings.HasSuffix(name, "phone"):
		return "13800138000"
	case t == typeOf[authz.Permission]():
		all := app.Permissions()
		return string(all[c.w.rand.IntN(len(all))])
	}
	if list := textIn[c.method.name+"."+name]; len(list) > 0 {
		return list[c.w.rand.IntN(len(list))]
	}
	if list := texts[name]; len(list) > 0 {
		return list[c.w.rand.IntN(len(list))]
	}
	return "走查" + strconv.Itoa(c.w.rand.IntN(1000))
}

// content is what a method takes as a file: a picture where pictures go, otherwise a table.
func (c *arguments) content() []byte {
	if c.method.name == "activity.AddPhotos" {
		return []byte(onePicture)
	}
	if strings.HasPrefix(c.method.name, "fill.") || c.method.name == "table.Header" {
		return c.w.workbook()
	}
	return []byte("name,code\nx,1\n")
}

// onePicture is a whole picture of four points (PNG).
const onePicture = "\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x02\x00\x00\x00\x02\x08\x02\x00\x00\x00\xfd\xd4\x9a\x73\x00\x00\x00\x12\x49\x44\x41\x54\x78\x9c\x63\xf8\xcf\xc0\xc0\x00\xc2\x0c\xff\x81\x00\x00\x1f\xee\x05\xfb\x0b\xd9\x68\x8b\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82"
