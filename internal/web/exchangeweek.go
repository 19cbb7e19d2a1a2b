package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/exchange"
	"linli/internal/web/view/layout"
)

// exchangeWeekRoutes are the page of the week's matches and what people make of them.
func (h *Handler) exchangeWeekRoutes() []route {
	keep := may(exchange.PermKeep)
	return []route{
		{pattern: "GET " + view.WeekPath, who: keep, serve: h.weekPage},
		{pattern: "GET " + view.WeekPath + "/export", who: keep, serve: h.exportWeek},
		{pattern: "POST " + view.WeekPath + "/again", who: keep, serve: h.weekAgain},
		{pattern: "POST " + view.WeekPath + "/take", who: keep, serve: h.weekTake},
		{pattern: "POST " + view.WeekPath + "/pass", who: keep, serve: h.weekPass},
	}
}

func weekFilter(r *http.Request) exchange.WeekFilter {
	return exchange.WeekFilter{Community: queryID(r, "community"), Kind: exchange.Kind(r.URL.Query().Get("kind")), Page: pageOf(r)}
}

func (h *Handler) weekPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Exchange.Week(r.Context(), actor(r), weekFilter(r))
	if err != nil {
		return err
	}
	v := view.Week{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next}
	if v.Counts, err = h.Exchange.WeekCounts(r.Context(), actor(r)); err != nil {
		return err
	}
	if v.Places, err = h.placeOptions(r, actor(r).Scope(exchange.PermKeep)); err != nil {
		return err
	}
	p := h.page(w, r, i18n.WeekTitle)
	p.Active = view.Path
	return h.show(w, r, view.WeekPage(p, v))
}

func (h *Handler) exportWeek(w http.ResponseWriter, r *http.Request) error {
	type t = struct {
		exchange.Suggested
		by exchange.Suggestion
	}
	f, l := weekFilter(r), lang(r)
	return exportList(h, w, r, i18n.WeekTitle, []exportColumn[t]{
		{title: i18n.CaseNo, value: func(v t) any { return v.No }},
		{title: i18n.ExchangeWhat, value: func(v t) any { return v.Suggested.Title }},
		{title: i18n.ExchangeKind, value: func(v t) any { return v.Suggested.Kind.Text() }},
		{title: i18n.CaseCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.ExchangeDueOn, value: func(v t) any { return v.DueOn.String() }},
		{title: i18n.WeekResource, value: func(v t) any { return v.by.Title }},
		{title: i18n.WeekGiver, value: func(v t) any { return view.GiverName(lang(r), v.by.Resource) }},
		{title: i18n.WeekWhy, value: func(v t) any {
			var s []string
			for _, why := range v.by.Reasons {
				s = append(s, why.Text().In(l))
			}
			return strings.Join(s, i18n.CatalogueComma.In(l))
		}},
	}, func(ctx context.Context, each func(t) error) error {
		return pages(func(ctx context.Context, p db.Page) (db.List[exchange.Suggested], error) {
			f.Page = p
			return h.Exchange.Week(ctx, actor(r), f)
		})(ctx, func(n exchange.Suggested) error {
			for _, by := range n.Proposals {
				if err := each(t{n, by}); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func (h *Handler) weekAgain(w http.ResponseWriter, r *http.Request) error {
	if _, err := readForm(r); err != nil {
		return err
	}
	got, err := h.Exchange.Propose(r.Context(), actor(r))
	switch {
	case err != nil:
		return err
	case got.Needs == 0:
		return h.done(w, r, view.WeekPath, i18n.WeekNothing)
	}
	return h.done(w, r, view.WeekPath, i18n.WeekDone, got.Needs, got.Covered)
}

// pairIn reads which need a form names, and what is proposed for it.
func pairIn(s string) (need, source id.ID, err error) {
	a, b, _ := strings.Cut(s, "-")
	if need, err = id.Parse(a); err == nil {
		source, err = id.Parse(b)
	}
	if err != nil {
		err = errs.Field("pair", i18n.ErrBadChoice)
	}
	return need, source, err
}

// weekTake accepts what is ticked, each for itself: what cannot be taken any more is named, with why, and the others are taken.
func (h *Handler) weekTake(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	picked := f.Strings("id")
	if most := 10 * (db.Page{}).Size(); len(picked) > most {
		return h.say(w, r, view.WeekPath, layout.Flash{Kind: layout.Caution, Text: i18n.WeekMany.In(lang(r), most)})
	}
	if len(picked) == 0 {
		return h.say(w, r, view.WeekPath, layout.Flash{Kind: layout.Caution, Text: i18n.WeekNone.In(lang(r))})
	}
	amounts := make([]int64, len(picked))
	for i, s := range picked {
		if amounts[i] = 1; f.values.Get(view.AmountKey(s)) != "" {
			amounts[i] = f.Int(view.AmountKey(s))
		}
	}
	if f.Err() != nil { // before anything is taken
		return h.say(w, r, view.WeekPath, layout.Flash{Kind: layout.Caution, Text: i18n.ErrBadNumber.In(lang(r))})
	}
	taken, why := 0, []string(nil)
	for i, s := range picked {
		need, source, err := pairIn(s)
		if err == nil {
			_, err = h.Exchange.Accept(r.Context(), actor(r), need, source, amounts[i])
		}
		switch e := errs.As(err); {
		case err == nil:
			taken++
		case e == nil || e.Kind != errs.Invalid && e.Kind != errs.Conflict && e.Kind != errs.NotFound:
			return err
		default:
			why = append(why, e.Said().In(lang(r)))
		}
	}
	if len(why) == 0 {
		return h.done(w, r, view.WeekPath, i18n.WeekTaken, taken)
	}
	slices.Sort(why)
	text := i18n.WeekPartly.In(lang(r), taken, len(why), strings.Join(slices.Compact(why), i18n.CatalogueComma.In(lang(r))))
	return h.say(w, r, view.WeekPath, layout.Flash{Kind: layout.Caution, Text: text})
}

func (h *Handler) weekPass(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	need, source, err := pairIn(f.Text("pair", 60))
	if err == nil {
		err = h.Exchange.Pass(r.Context(), actor(r), need, source, f.values.Get("reason"))
	}
	if e := errs.As(err); e != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		return h.say(w, r, view.WeekPath, layout.Flash{Kind: layout.Caution, Text: e.Said().In(lang(r))})
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.WeekPath, i18n.WeekPassed)
}
