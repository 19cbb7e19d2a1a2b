package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/meeting"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/meeting"
)

func dueFilter(r *http.Request) meeting.DueFilter {
	q := r.URL.Query()
	return meeting.DueFilter{Text: q.Get("q"), KindCode: q.Get("kind"), Only: meeting.Standing(q.Get("only")), Page: pageOf(r)}
}

func (h *Handler) duePage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Meeting.Due(r.Context(), actor(r), dueFilter(r))
	if err != nil {
		return err
	}
	kinds, err := h.Meeting.Kinds(r.Context(), actor(r), false)
	if err != nil {
		return err
	}
	return h.show(w, r, view.DueIndex(h.meetingCrumbs(w, r, i18n.MeetingDueTitle), view.Due{Query: r.URL.Query(), Items: l.Items, Kinds: kinds, Before: l.Prev, After: l.Next}))
}

func (h *Handler) exportDue(w http.ResponseWriter, r *http.Request) error {
	type t = meeting.DueOf
	f, l := dueFilter(r), lang(r)
	return exportList(h, w, r, i18n.MeetingDueTitle, []exportColumn[t]{
		{title: i18n.MeetingDueOf, value: func(v t) any { return v.Name }},
		{title: i18n.MeetingDueOver, number: true, value: func(v t) any { return len(v.Overdue) }},
		{title: i18n.MeetingOverdue, value: func(v t) any { return view.Cells(l, v.Overdue, 0) }},
		{title: i18n.MeetingDueWant, number: true, value: func(v t) any { return len(v.Wanted) }},
		{title: i18n.MeetingDue, value: func(v t) any { return view.Cells(l, v.Wanted, 0) }},
		{title: i18n.MeetingDuePlan, number: true, value: func(v t) any { return len(v.Fixed) }},
		{title: i18n.MeetingDueHeld, number: true, value: func(v t) any { return v.Done }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Meeting.Due(ctx, actor(r), f)
	}))
}

// year gathers the year of a holder: the one in the address, or the first for which the actor plans.
func (h *Handler) year(w http.ResponseWriter, r *http.Request, who meeting.Holder, year int, f field.Form) (templ.Component, error) {
	y := view.Year{Holder: who, Year: year, Today: h.today(), Form: f}
	var err error
	if y.Holders, err = h.holderOptions(r); err != nil {
		return nil, err
	}
	if y.Holder == (meeting.Holder{}) && len(y.Holders) > 0 {
		y.Holder = holder(y.Holders[0].Value)
	}
	if y.Year < 2000 || y.Year > 2100 {
		y.Year = y.Today.Year()
	}
	if y.Holder == (meeting.Holder{}) {
		return nil, errs.ErrNotFound
	}
	if y.Cells, err = h.Meeting.Year(r.Context(), actor(r), y.Holder, y.Year); err != nil {
		return nil, err
	}
	for _, o := range y.Holders {
		if o.Value == view.HolderValue(y.Holder) {
			y.Plans, y.Name = true, o.Text.In(lang(r))
		}
	}
	if len(y.Cells) > 0 {
		y.Holder.OwnerID, y.Name = y.Cells[0].OwnerID, y.Cells[0].Name
	}
	if f.Values == nil {
		place, err := h.Meeting.LastPlace(r.Context(), actor(r), y.Holder)
		if err != nil {
			return nil, err
		}
		y.Form = known(url.Values{"day": {"15"}, "hour": {"15"}, "place": {place}})
	}
	return view.YearPage(h.meetingCrumbs(w, r, i18n.MeetingYearTitle), y), nil
}

func (h *Handler) yearPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	n, _ := strconv.Atoi(q.Get("year")) // no year is this year
	page, err := h.year(w, r, holder(q.Get("holder")), n, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) yearPlan(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	p := meeting.YearPlan{Holder: holder(f.values.Get("holder")), Year: int(f.Int("year")), Kinds: f.Strings("kinds"), Day: int(f.Int("day")), Hour: int(f.Int("hour")), Place: f.Text("place", 80)}
	who := p.Holder
	var n int
	if err = f.Err(); err == nil {
		n, err = h.Meeting.PlanYear(r.Context(), actor(r), p)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.year(w, r, who, p.Year, f.Show(e))) })
	}
	return h.done(w, r, view.YearPath+"?"+url.Values{"holder": {view.HolderValue(who)}, "year": {strconv.Itoa(p.Year)}}.Encode(), i18n.MeetingYearMade, n)
}

func (h *Handler) meetingKinds(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Meeting.Kinds(r.Context(), actor(r), true)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Kinds(h.meetingCrumbs(w, r, i18n.MeetingKindsTitle), list))
}

func (h *Handler) meetingKindPage(w http.ResponseWriter, r *http.Request, title i18n.Text, k view.Kind) templ.Component {
	return view.EditKind(h.meetingCrumbs(w, r, title, layout.Crumb{Text: i18n.MeetingKindsTitle.In(lang(r)), Href: view.KindPath}), k)
}

func (h *Handler) meetingKind(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("code")
	if code == "new" {
		return h.show(w, r, h.meetingKindPage(w, r, i18n.MeetingKindNew, view.Kind{New: true, Form: known(url.Values{"every": {string(meeting.Quarterly)}, "needs": {"nothing"}, "since": {h.today().String()}})}))
	}
	list, err := h.Meeting.Kinds(r.Context(), actor(r), true)
	if err != nil {
		return err
	}
	for _, k := range list {
		if k.Code != code {
			continue
		}
		v := url.Values{"code": {k.Code}, "name": {k.Name}, "name_en": {k.NameEN}, "every": {string(k.Every)}, "needs": {string(k.Needs)}, "source": {k.Source}, "template": {k.Template}, "holders": k.Holders, "since": {k.Since.String()}}
		if k.Needs == meeting.Nothing {
			v.Set("needs", "nothing")
		}
		for name, on := range map[string]bool{"votes": k.Votes, "retired": k.Retired} {
			if on {
				v.Set(name, "1")
			}
		}
		return h.show(w, r, h.meetingKindPage(w, r, k.Text(), view.Kind{Version: k.Version, Form: field.Form{Values: v}}))
	}
	return errs.ErrNotFound
}

func (h *Handler) meetingKindSave(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	k := meeting.Kind{Code: f.Need("code", 30), Name: f.Text("name", 30), NameEN: f.Text("name_en", 60), Every: meeting.Every(f.values.Get("every")), Needs: meeting.Needs(f.values.Get("needs")), Source: f.Text("source", 60),
		Template: f.values.Get("template"), Holders: f.Strings("holders"), Since: f.Date("since"), Votes: f.Bool("votes"), Retired: f.Bool("retired"), Version: f.Version()}
	if k.Needs == "nothing" {
		k.Needs = meeting.Nothing
	}
	if err = f.Err(); err == nil {
		err = h.Meeting.SaveKind(r.Context(), actor(r), k)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return h.meetingKindPage(w, r, i18n.MeetingKindNew, view.Kind{New: k.Version == 0, Version: k.Version, Form: f.Show(e)})
		})
	}
	return h.done(w, r, view.KindPath, i18n.MeetingKindSaved)
}
