package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/member"
)

// talks gathers the page of a branch's talks: the branch named, or the first in sight.
func (h *Handler) talks(w http.ResponseWriter, r *http.Request, branch id.ID, year int, f field.Form) (templ.Component, error) {
	a := actor(r)
	d := view.TalkData{Query: r.URL.Query(), Form: f, Today: h.today().String()}
	var err error
	if d.Branches, err = h.Member.TalkBranches(r.Context(), a); err != nil {
		return nil, err
	}
	if branch == 0 && len(d.Branches) > 0 {
		branch = d.Branches[0].ID
	}
	if year < 2000 || year > 2100 {
		year = h.today().Year()
	}
	if branch != 0 {
		p := pageOf(r)
		p.Limit = 20
		if d.Talks, err = h.Member.Talks(r.Context(), a, branch, year, p); err != nil {
			return nil, err
		}
		l, err := h.Member.List(r.Context(), a, member.Filter{HomeID: branch, Page: db.Page{Limit: mostRows}})
		if err != nil {
			return nil, err
		}
		for _, m := range l.Items {
			d.Members = append(d.Members, field.Option{Value: m.ID.String(), Text: i18n.Verbatim(m.Name)})
		}
	}
	d.May = a.Scope(member.PermTalk).Or(a.Scope(member.PermContact)).Covers(branch) && year == h.today().Year()
	return view.TalkIndex(h.page(w, r, i18n.TalkTitle), d), nil
}

func (h *Handler) talksPage(w http.ResponseWriter, r *http.Request) error {
	year, _ := strconv.Atoi(r.URL.Query().Get("year")) // no year is this year
	page, err := h.talks(w, r, queryID(r, "branch"), year, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) talkAdd(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	branch := f.ID("branch")
	n := member.NewTalk{MemberID: f.ID("member"), WithID: f.ID("with"), On: f.Date("on"), Note: f.Text("note", 500), Reason: member.TalkReason(f.Text("reason", 20))}
	if err = f.Err(); err == nil {
		err = h.Member.AddTalk(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.talks(w, r, branch, 0, f.Show(e))) })
	}
	return h.done(w, r, view.TalkPath+"?"+url.Values{"branch": {branch.String()}}.Encode(), i18n.TalkDone)
}
