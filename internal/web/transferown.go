package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/transfer"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/transfer"
)

func (h *Handler) mineTransfer(w http.ResponseWriter, r *http.Request) error {
	return h.mineTransferWith(w, r, field.Form{Values: url.Values{"direction": {r.URL.Query().Get("direction")}}}, nil)
}

func (h *Handler) mineTransferWith(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	own, err := h.Transfer.Mine(r.Context(), actor(r))
	if err != nil {
		return err
	}
	d := view.Mine{Own: own, Form: f, Direction: transfer.Inside, To: h.label(r, f.Values.Get("to_id"))}
	if f.Values.Get("direction") == string(transfer.Out) {
		d.Direction = transfer.Out
	}
	if o := own.Open(); o != nil {
		d.Letter = o.Direction != transfer.In && (o.State == transfer.InTransit || o.State == transfer.Expired)
	}
	p := h.pocket(w, r, "/m/member", i18n.TransferMine)
	if wrong == nil {
		return h.show(w, r, view.MinePage(p, d))
	}
	return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
		d.Form.Err = e
		return view.MinePage(p, d)
	})
}

func (h *Handler) mineTransferAsk(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	own, err := h.Transfer.Mine(r.Context(), actor(r))
	if err != nil {
		return err
	}
	route := transferRoute(f)
	if err = f.Err(); err == nil {
		_, err = h.Transfer.Ask(r.Context(), actor(r), route)
	}
	if err != nil {
		return h.mineTransferWith(w, r, f.Show(nil), err)
	}
	return h.done(w, r, view.MinePath, i18n.TransferMineAsked, own.Home)
}

func (h *Handler) mineTransferWithdraw(w http.ResponseWriter, r *http.Request) error {
	x, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := h.Transfer.Withdraw(r.Context(), actor(r), x, f.Version(), ""); err != nil {
		return err
	}
	return h.done(w, r, view.MinePath, i18n.TransferWithdrawDone)
}
