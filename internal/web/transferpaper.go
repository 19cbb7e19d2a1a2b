package web

import (
	"net/http"
	"strconv"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/member"
	"linli/internal/print"
	"linli/internal/transfer"
)

// transferHead is the head of a paper of a transfer.
func (h *Handler) transferHead(r *http.Request, p transfer.Printed, issuer string) print.Head {
	return print.Head{Lang: lang(r), At: p.Paper.IssuedAt, Number: p.Paper.Number, Issuer: issuer,
		Verify: print.Verification{Code: p.Paper.Code, URL: h.base(r) + feedback.CheckPath + p.Paper.Code}}
}

func (h *Handler) transferLetter(w http.ResponseWriter, r *http.Request) error {
	x, err := pathID(r)
	if err != nil {
		return err
	}
	p, err := h.Transfer.LetterOf(r.Context(), actor(r), x)
	if err != nil {
		return err
	}
	l := lang(r)
	on, _ := calendar.Parse(p.Letter.Issued) // the letter was written by the program
	until, _ := calendar.Parse(p.Letter.Until)
	out := print.TransferLetter{Head: h.transferHead(r, p, p.Letter.From), From: p.Letter.From, To: p.Letter.To, Address: p.Letter.Address, Name: p.Letter.Name,
		Sex: code.Sex(p.Letter.Sex).Text().In(l), Ethnic: code.EthnicGroups.Label(p.Letter.Ethnic).In(l), Standing: member.Standing(p.Letter.Standing).Text().In(l), IDMask: p.Letter.IDMask,
		On: day(r, on), Until: day(r, until), Days: on.DaysUntil(until)}
	if born, err := calendar.Parse(p.Letter.Born); err == nil {
		out.Age = i18n.PostAgeValue.In(l, strconv.Itoa(born.YearsUntil(on)))
	}
	pdf, err := h.Printer.TransferLetter(out)
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.PaperTransfer.In(l), pdf)
}

func (h *Handler) transferReceipt(w http.ResponseWriter, r *http.Request) error {
	x, err := pathID(r)
	if err != nil {
		return err
	}
	p, err := h.Transfer.ReceiptOf(r.Context(), actor(r), x)
	if err != nil {
		return err
	}
	on, _ := calendar.Parse(p.Receipt.On) // written by the program
	pdf, err := h.Printer.TransferReceipt(print.TransferReceipt{Head: h.transferHead(r, p, p.Receipt.To), LetterNo: p.Receipt.LetterNo, From: p.Receipt.From, To: p.Receipt.To,
		Name: p.Receipt.Name, On: day(r, on)})
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.PaperReceipt.In(lang(r)), pdf)
}
