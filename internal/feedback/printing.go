package feedback

import (
	"strconv"

	"linli/internal/i18n"
	"linli/internal/print"
)

// CheckPath is the page on which the holder of a paper looks up its code; the code follows.
const CheckPath = "/p/check/"

// Print makes the slip as an A4 paper: of the version last sent with its verification code, or of the draft without one. base
// is the address of the platform that the QR code names.
func Print(p *print.Printer, l i18n.Lang, base string, d Detail) (*print.Paper, error) {
	s := print.Slip{
		Head:      print.Head{Lang: l, At: d.Slip.CreatedAt, Issuer: d.Slip.Community},
		Community: d.Slip.Community, Unit: d.Slip.Unit, Quarter: d.Slip.Quarter.Label().In(l),
		Remark: d.Slip.Remark, RemarkBy: "", Answer: d.Slip.Answer, AnswerAt: i18n.Date(d.Slip.AnsweredAt),
	}
	lines := d.Lines
	if len(d.Versions) > 0 {
		v := d.Versions[0]
		lines = v.Content.LinesOf()
		s.At, s.Remark, s.RemarkAt = v.SentAt, v.Content.Remark, i18n.Date(v.SentAt)
		s.Verify = print.Verification{Code: v.Code, URL: base + CheckPath + v.Code}
		if v.No > 1 {
			s.Version = i18n.FeedbackVersionOn.In(l, v.No, v.Reason)
		}
	}
	for _, m := range lines {
		s.Members = append(s.Members, printed(m))
	}
	s.Total = printed(Totals(lines))
	return p.Slip(s)
}

func printed(m Line) print.SlipMember {
	return print.SlipMember{Name: m.Name, Hours: i18n.Hours(m.Minutes), Timed: i18n.Hours(m.Timed), Confirmed: i18n.Hours(m.Countersigned),
		Vouched: i18n.Hours(m.Vouched), Deeds: i18n.Number(m.Deeds), Activities: i18n.Number(m.Activities), Remark: m.Remark}
}

// PrintEvaluation makes the yearly evaluation as an A4 paper.
func PrintEvaluation(p *print.Printer, l i18n.Lang, e Evaluation, hours, deeds int64) (*print.Paper, error) {
	f := print.EvaluationForm{
		Head: print.Head{Lang: l, At: e.DecidedAt, Issuer: e.Community}, Year: strconv.FormatInt(e.Year, 10), Community: e.Community, Name: e.Name, Organisation: e.Unit,
		Facts: []print.Pair{
			{Name: i18n.FeedbackHours.In(l), Value: i18n.FeedbackOfTarget.In(l, i18n.Hours(e.Minutes), hours)},
			{Name: i18n.FeedbackDeeds.In(l), Value: i18n.FeedbackOfTarget.In(l, i18n.Number(e.Deeds), deeds)},
			{Name: i18n.FeedbackActivities.In(l), Value: i18n.Number(e.Activities)},
		},
		Branch: print.Opinion{Text: e.Opinion},
	}
	return p.EvaluationForm(f)
}
