package web

import (
	"net/http"

	"linli/internal/i18n"
	"linli/internal/policy"
	view "linli/internal/web/view/platform"
)

func (h *Handler) retentionPage(w http.ResponseWriter, r *http.Request) error {
	kinds, err := h.Retention.List(r.Context(), actor(r))
	if err != nil {
		return err
	}
	done, err := h.Retention.Runs(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Retention(h.page(w, r, i18n.RetentionTitle), view.ListData{Query: r.URL.Query(), Next: done.Next, Prev: done.Prev}, kinds,
		h.Retention.Kept(), done.Items, actor(r).Scope(policy.PermSet).All()))
}
