package web

import (
	"net/http"

	"linli/internal/burden"
	"linli/internal/i18n"
	view "linli/internal/web/view/burden"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

// formNames are the names of forms in words, by the name under which the burden ledger counts them.
var formNames = map[string]i18n.Text{
	"organisation.found": i18n.OrgNew, "organisation.edit": i18n.OrgEdit, "organisation.rename": i18n.OrgRename, "organisation.reparent": i18n.OrgReparent,
	"organisation.merge": i18n.OrgMerge, "organisation.split": i18n.OrgSplit, "organisation.dissolve": i18n.OrgDissolve, "organisation.attach": i18n.OrgAttachAct,
	"organisation.detach": i18n.OrgDetachAct, "organisation.divisions": i18n.OrgFoundTitle,
	"grid.form": i18n.PlaceGrids, "quarter.form": i18n.PlaceQuarters, "building.form": i18n.PlaceBuildings,

	"slip.remark":     i18n.BurdenSlipRemark,
	"slip.answer":     i18n.FeedbackAnswer,
	"slip.correction": i18n.FeedbackCorrections,
	"slip.ask":        i18n.FeedbackCorrectionAsk,
	"evaluation":      i18n.FeedbackEvaluations,

	"import.upload":       i18n.IntakeUpload,
	"import.run":          i18n.IntakeColumns,
	"resident.new":        i18n.ResidentAdd,
	"resident.edit":       i18n.ResidentEdit,
	"resident.take_in":    i18n.ResidentTakeIn,
	"resident.leave":      i18n.ResidentMoveOut,
	"resident.categories": i18n.CodeCategoryList,
	"purpose.save":        i18n.PurposeAdd,
}

func formName(r *http.Request, form string) string {
	if t, ok := formNames[form]; ok {
		return t.In(lang(r))
	}
	return form
}

func burdenFilter(r *http.Request) burden.Filter {
	q := r.URL.Query()
	return burden.Filter{From: q.Get("from"), To: q.Get("to")}
}

func (h *Handler) burdenPage(w http.ResponseWriter, r *http.Request) error {
	figures, err := h.Burden.Forms(r.Context(), actor(r), burdenFilter(r))
	if err != nil {
		return err
	}
	var rows []view.Row
	for _, f := range figures {
		rows = append(rows, view.Row{Name: formName(r, f.Form), Figure: f})
	}
	q := r.URL.Query()
	return h.show(w, r, view.Index(h.page(w, r, i18n.BurdenTitle), q, field.Form{Values: q}, burden.Sum(figures), rows))
}

func (h *Handler) burdenForm(w http.ResponseWriter, r *http.Request) error {
	f := burdenFilter(r)
	f.Form = r.PathValue("form")
	rows, err := h.Burden.Records(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.Verbatim(formName(r, f.Form)))
	p.Breadcrumb = []layout.Crumb{{Text: i18n.BurdenTitle.In(lang(r)), Href: "/burden"}}
	return h.show(w, r, view.Form(p, burden.Sum(rows), rows))
}
