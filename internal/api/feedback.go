package api

import (
	"context"
	"net/http"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/feedback"
	"linli/internal/id"
)

// Slip is the feedback of one community to one unit about one quarter.
type Slip struct {
	ID          rest.ID      `json:"id" doc:"Identifier."`
	Quarter     rest.Quarter `json:"quarter" doc:"Quarter."`
	CommunityID rest.ID      `json:"community_id" doc:"Community that gives it."`
	Community   string       `json:"community" doc:"Name of the community."`
	UnitID      rest.ID      `json:"unit_id" doc:"Unit that gets it."`
	Unit        string       `json:"unit" doc:"Name of the unit."`
	State       string       `json:"state" doc:"draft, sent, answered."`
	Members     int64        `json:"members" doc:"Members on it."`
	Minutes     int64        `json:"minutes" doc:"Minutes of all of them."`
	Deeds       int64        `json:"deeds" doc:"Deeds of all of them."`
	Remark      string       `json:"remark,omitempty" doc:"Remark of the community."`
	VersionNo   int64        `json:"version_no" doc:"Number of the content last sent, 0 for none."`
	SentAt      *time.Time   `json:"sent_at,omitempty" doc:"When it was last sent."`
	ReadAt      *time.Time   `json:"read_at,omitempty" doc:"When the unit first opened it."`
	Answer      string       `json:"answer,omitempty" doc:"Answer of the unit."`
	AnsweredAt  *time.Time   `json:"answered_at,omitempty" doc:"When it was answered."`
	CreatedAt   time.Time    `json:"created_at" doc:"When it was drafted."`
	Version     int64        `json:"version" doc:"Version of the record, for remarks."`
}

// RecordVersion is the version of the slip.
func (s Slip) RecordVersion() int64 { return s.Version }

func slipOf(s feedback.Slip) Slip {
	return Slip{ID: rest.IDOf(s.ID), Quarter: rest.QuarterOf(s.Quarter), CommunityID: rest.IDOf(s.CommunityID), Community: s.Community, UnitID: rest.IDOf(s.UnitID), Unit: s.Unit,
		State: string(s.State), Members: s.Members, Minutes: s.Minutes, Deeds: s.Deeds, Remark: s.Remark, VersionNo: s.VersionNo, SentAt: rest.UTC(s.SentAt),
		ReadAt: rest.UTC(s.ReadAt), Answer: s.Answer, AnsweredAt: rest.UTC(s.AnsweredAt), CreatedAt: s.CreatedAt.UTC(), Version: s.Version}
}

// SlipLine is one member on a slip.
type SlipLine struct {
	MemberID      rest.ID `json:"member_id,omitempty" doc:"Member."`
	Name          string  `json:"name" doc:"Name."`
	Minutes       int64   `json:"minutes" doc:"Minutes in the quarter; the sum of the three grades."`
	Timed         int64   `json:"timed" doc:"Of them timed by the system."`
	Countersigned int64   `json:"countersigned" doc:"Of them counter-signed."`
	Vouched       int64   `json:"vouched" doc:"Of them vouched for."`
	Deeds         int64   `json:"deeds" doc:"Deeds in the quarter."`
	Activities    int64   `json:"activities" doc:"Activities in the quarter."`
	YearMinutes   int64   `json:"year_minutes" doc:"Minutes since 1 January."`
	YearDeeds     int64   `json:"year_deeds" doc:"Deeds since 1 January."`
	Remark        string  `json:"remark,omitempty" doc:"Remark of the community."`
}

func lineOf(l feedback.Line) SlipLine {
	return SlipLine{MemberID: rest.IDOf(l.MemberID), Name: l.Name, Minutes: l.Minutes, Timed: l.Timed, Countersigned: l.Countersigned, Vouched: l.Vouched, Deeds: l.Deeds,
		Activities: l.Activities, YearMinutes: l.YearMinutes, YearDeeds: l.YearDeeds, Remark: l.Remark}
}

// SlipVersion is a content that was sent.
type SlipVersion struct {
	No     int64     `json:"no" doc:"Number, from 1."`
	Code   string    `json:"code" doc:"Verification code."`
	Hash   string    `json:"hash" doc:"SM3 of the content."`
	Reason string    `json:"reason,omitempty" doc:"Why it replaced the version before."`
	SentAt time.Time `json:"sent_at" doc:"When it was sent."`
	Intact bool      `json:"intact" doc:"Whether the stored content still has its hash."`
}

func slipVersionOf(v feedback.Version) SlipVersion {
	return SlipVersion{No: v.No, Code: v.Code, Hash: v.Hash, Reason: v.Reason, SentAt: v.SentAt.UTC(), Intact: v.Intact}
}

// SlipDetail is a slip with all that belongs to it.
type SlipDetail struct {
	Slip
	Lines       []SlipLine       `json:"lines" nullable:"false" doc:"Of the draft, or of the version last sent; by name."`
	Versions    []SlipVersion    `json:"versions" nullable:"false" doc:"Contents that were sent."`
	Corrections []SlipCorrection `json:"corrections" nullable:"false" doc:"Wishes of members."`
	Stale       bool             `json:"stale" doc:"The ledger has moved since the draft."`
	Fingerprint string           `json:"fingerprint" doc:"Of the lines as you see them, for sending."`
	CanReview   bool             `json:"can_review" doc:"You may remark and send."`
	CanAnswer   bool             `json:"can_answer" doc:"You may answer."`
}

// SlipCorrection is a member's wish to have their line looked at again.
type SlipCorrection struct {
	ID        rest.ID    `json:"id" doc:"Identifier."`
	SlipID    rest.ID    `json:"slip_id" doc:"Slip."`
	MemberID  rest.ID    `json:"member_id" doc:"Member."`
	Name      string     `json:"name" doc:"Name of the member."`
	Body      string     `json:"body" doc:"The wish."`
	State     string     `json:"state" doc:"open, accepted, declined."`
	Answer    string     `json:"answer,omitempty" doc:"Answer of the community."`
	At        time.Time  `json:"at" doc:"When it was asked."`
	DecidedAt *time.Time `json:"decided_at,omitempty" doc:"When it was decided."`
}

func correctionOf(c feedback.Correction) SlipCorrection {
	return SlipCorrection{ID: rest.IDOf(c.ID), SlipID: rest.IDOf(c.SlipID), MemberID: rest.IDOf(c.MemberID), Name: c.Name, Body: c.Body, State: c.State, Answer: c.Answer,
		At: c.At.UTC(), DecidedAt: rest.UTC(c.DecidedAt)}
}

// SlipRemarks are what the community writes on a slip.
type SlipRemarks struct {
	Remark  string            `json:"remark,omitempty" maxLength:"500" doc:"On the slip."`
	Lines   map[string]string `json:"lines,omitempty" doc:"On single lines, by member."`
	Version int64             `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
}

// SlipSending sends a draft as it was seen.
type SlipSending struct {
	Fingerprint string `json:"fingerprint" maxLength:"200" doc:"fingerprint of the slip as you saw it."`
}

// Text is free text.
type Text struct {
	Text string `json:"text" maxLength:"2000" doc:"Text."`
}

// Decision accepts or declines.
type Decision struct {
	Accept bool   `json:"accept" doc:"Whether it is accepted. Accepting changes no figure: correct the record behind the line."`
	Answer string `json:"answer,omitempty" maxLength:"1000" doc:"Answer that the member sees."`
}

// OwnLine is a member's own line with the slip it stands on.
type OwnLine struct {
	SlipID    rest.ID      `json:"slip_id" doc:"Slip."`
	Quarter   rest.Quarter `json:"quarter" doc:"Quarter."`
	Community string       `json:"community" doc:"Name of the community."`
	Unit      string       `json:"unit" doc:"Name of the unit."`
	State     string       `json:"state" doc:"draft, sent, answered."`
	SentAt    *time.Time   `json:"sent_at,omitempty" doc:"When it was sent."`
	Line      SlipLine     `json:"line" doc:"Your line."`
}

// QuarterClose is what closing a quarter made.
type QuarterClose struct {
	Quarter rest.Quarter `json:"quarter" doc:"Quarter."`
	Slips   int64        `json:"slips" doc:"Slips drafted."`
	Members int64        `json:"members" doc:"Members on them."`
}

func closeOf(c feedback.Closed) QuarterClose {
	return QuarterClose{rest.QuarterOf(c.Quarter), c.Slips, c.Members}
}

type slipQuery struct {
	rest.Paging
	Quarter   rest.Quarter `query:"quarter" doc:"Of this quarter."`
	State     string       `query:"state" enum:"draft,sent,answered" doc:"In this state."`
	Community rest.ID      `query:"community" doc:"Given by this community."`
	Unit      rest.ID      `query:"unit" doc:"For this unit."`
	Text      string       `query:"q" maxLength:"100" doc:"Part of the unit's or the community's name."`
}

type quarterPath struct {
	Quarter rest.Quarter `path:"quarter" doc:"Quarter, like 2026Q3."`
}

func (h *handlers) slips(k *rest.Kit) {
	const tag = "slips"
	see := perms(feedback.PermSee, feedback.PermReview, feedback.PermAnswer)
	rest.Get(k, rest.Op{ID: "slip-list", Path: "/slips", Tag: tag, Title: "List slips, newest first", Text: "A community sees its own in every state, a unit those that were sent.", Needs: see},
		func(ctx context.Context, a authz.Actor, in *slipQuery) (rest.Page[Slip], error) {
			l, err := h.Feedback.List(ctx, a, feedback.Filter{Quarter: in.Quarter.Quarter(), State: feedback.State(in.State), CommunityID: in.Community.ID(), UnitID: in.Unit.ID(),
				Search: in.Text, Page: in.Page()})
			return rest.PageOf(l, slipOf), err
		})
	rest.Get(k, rest.Op{ID: "slip-get", Path: "/slips/{id}", Tag: tag, Title: "Open a slip with its lines", Needs: see}, h.slip)
	rest.Put(k, rest.Op{ID: "slip-remark", Path: "/slips/{id}/remarks", Tag: tag, Title: "Save the community's remarks", Needs: perms(feedback.PermReview)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[SlipRemarks]) (SlipDetail, error) {
			v, err := in.Match.Version(in.Body.Version)
			if err == nil {
				lines := map[id.ID]string{}
				for m, text := range in.Body.Lines {
					lines[rest.ID(m).ID()] = text
				}
				err = h.Feedback.Remark(ctx, a, in.ID.ID(), feedback.Remarks{Slip: in.Body.Remark, Lines: lines, Version: v})
			}
			if err != nil {
				return SlipDetail{}, err
			}
			return h.slip(ctx, a, &in.Path)
		})
	rest.Act(k, rest.Op{ID: "slip-refresh", Path: "/slips/{id}/refresh", Tag: tag, Title: "Bring the lines up to what the ledger says now", Needs: perms(feedback.PermReview)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Feedback.Refresh(ctx, a, in.ID.ID())
		})
	rest.Act(k, rest.Op{ID: "slip-send", Path: "/slips/{id}/send", Tag: tag, Title: "Freeze the draft and give it to the unit", Needs: perms(feedback.PermReview)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[SlipSending]) error {
			return h.Feedback.Send(ctx, a, in.ID.ID(), in.Body.Fingerprint)
		})
	rest.Act(k, rest.Op{ID: "slip-send-again", Path: "/slips/{id}/send-again", Tag: tag, Title: "Make a new version of a slip that was sent; the old one stays", Needs: perms(feedback.PermReview)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Reason]) error {
			return h.Feedback.SendAgain(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Act(k, rest.Op{ID: "slip-read", Path: "/slips/{id}/read", Tag: tag, Title: "Keep that the unit has opened the slip", Needs: perms(feedback.PermAnswer)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Feedback.Read(ctx, a, in.ID.ID())
		})
	rest.Act(k, rest.Op{ID: "slip-answer", Path: "/slips/{id}/answer", Tag: tag, Title: "Answer for the unit", Needs: perms(feedback.PermAnswer)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Text]) error {
			return h.Feedback.Answer(ctx, a, in.ID.ID(), in.Body.Text)
		})
	h.corrections(k)
	h.quarterCloses(k)
}

func (h *handlers) slip(ctx context.Context, a authz.Actor, in *rest.Path) (SlipDetail, error) {
	d, err := h.Feedback.Get(ctx, a, in.ID.ID())
	if err != nil {
		return SlipDetail{}, err
	}
	return SlipDetail{Slip: slipOf(d.Slip), Lines: rest.AllOf(d.Lines, lineOf).Items, Versions: rest.AllOf(d.Versions, slipVersionOf).Items,
		Corrections: rest.AllOf(d.Corrections, correctionOf).Items, Stale: d.Stale, Fingerprint: feedback.Fingerprint(d.Lines), CanReview: d.CanReview, CanAnswer: d.CanAnswer}, nil
}

func (h *handlers) corrections(k *rest.Kit) {
	const tag = "slips"
	rest.Get(k, rest.Op{ID: "slip-own-lines", Path: "/me/slip-lines", Tag: "me", Title: "Your own lines, newest quarter first", Needs: perms(feedback.PermSeeOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.None) (rest.All[OwnLine], error) {
			l, err := h.Feedback.Own(ctx, a)
			return rest.AllOf(l, func(o feedback.OwnLine) OwnLine {
				return OwnLine{rest.IDOf(o.SlipID), rest.QuarterOf(o.Quarter), o.Community, o.Unit, string(o.State), rest.UTC(o.SentAt), lineOf(o.Line)}
			}), err
		})
	rest.Get(k, rest.Op{ID: "slip-own-corrections", Path: "/me/corrections", Tag: "me", Title: "Your own wishes for corrections with their answers", Needs: perms(feedback.PermSeeOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.None) (rest.All[SlipCorrection], error) {
			l, err := h.Feedback.OwnCorrections(ctx, a)
			return rest.AllOf(l, correctionOf), err
		})
	rest.Act(k, rest.Op{ID: "slip-ask", Path: "/slips/{id}/corrections", Tag: tag, Title: "Ask for a correction of your own line", Needs: perms(feedback.PermAskOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Text]) error {
			return h.Feedback.AskCorrection(ctx, a, in.ID.ID(), in.Body.Text)
		})
	rest.Act(k, rest.Op{ID: "slip-decide", Path: "/corrections/{id}/decide", Tag: tag, Title: "Answer a member's wish for a correction", Needs: perms(feedback.PermReview)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Decision]) error {
			return h.Feedback.DecideCorrection(ctx, a, in.ID.ID(), in.Body.Accept, in.Body.Answer)
		})
}

func (h *handlers) quarterCloses(k *rest.Kit) {
	const tag = "quarters"
	rest.Get(k, rest.Op{ID: "close-list", Path: "/quarter-closes", Tag: tag, Title: "Which quarters are closed, newest first", Needs: perms(feedback.PermClose, feedback.PermSee, feedback.PermReview)},
		func(ctx context.Context, a authz.Actor, in *rest.None) (rest.All[QuarterClose], error) {
			l, err := h.Feedback.Closes(ctx, a)
			return rest.AllOf(l, closeOf), err
		})
	rest.Put(k, rest.Op{ID: "close-create", Path: "/quarter-closes/{quarter}", Tag: tag, Title: "Close a quarter that is over and draft its slips", Needs: perms(feedback.PermClose)},
		func(ctx context.Context, a authz.Actor, in *quarterPath) (QuarterClose, error) {
			c, err := h.Feedback.Close(ctx, a, in.Quarter.Quarter())
			return closeOf(c), err
		})
}

// Evaluation is the community's view of one member's year.
type Evaluation struct {
	MemberID    rest.ID    `json:"member_id" doc:"Member."`
	Year        int64      `json:"year" doc:"Year."`
	Name        string     `json:"name" doc:"Name."`
	CommunityID rest.ID    `json:"community_id" doc:"Community."`
	Community   string     `json:"community" doc:"Name of the community."`
	UnitID      rest.ID    `json:"unit_id,omitempty" doc:"Unit."`
	Unit        string     `json:"unit,omitempty" doc:"Name of the unit."`
	Minutes     int64      `json:"minutes" doc:"Minutes of the year, from the ledger."`
	Deeds       int64      `json:"deeds" doc:"Deeds of the year."`
	Activities  int64      `json:"activities" doc:"Activities of the year."`
	Opinion     string     `json:"opinion,omitempty" doc:"Opinion of the community. There is no grade and no rank."`
	Decided     bool       `json:"decided" doc:"Whether the opinion was given."`
	DecidedAt   *time.Time `json:"decided_at,omitempty" doc:"When."`
	Version     int64      `json:"version" doc:"Version, for the opinion."`
}

// RecordVersion is the version of the evaluation.
func (e Evaluation) RecordVersion() int64 { return e.Version }

func evaluationOf(e feedback.Evaluation) Evaluation {
	return Evaluation{MemberID: rest.IDOf(e.MemberID), Year: e.Year, Name: e.Name, CommunityID: rest.IDOf(e.CommunityID), Community: e.Community, UnitID: rest.IDOf(e.UnitID),
		Unit: e.Unit, Minutes: e.Minutes, Deeds: e.Deeds, Activities: e.Activities, Opinion: e.Opinion, Decided: e.Decided, DecidedAt: rest.UTC(e.DecidedAt), Version: e.Version}
}

// Opinion is the community's opinion of a member's year.
type Opinion struct {
	Opinion string `json:"opinion" maxLength:"1000" doc:"Opinion."`
	Version int64  `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
}

// YearOpening says for which community a year is opened.
type YearOpening struct {
	CommunityID rest.ID `json:"community_id" doc:"Community."`
}

// Count counts.
type Count struct {
	Count int64 `json:"count" doc:"How many."`
}

type evaluationQuery struct {
	rest.Paging
	YearPath
	Community rest.ID `query:"community" doc:"Of this community."`
	Unit      rest.ID `query:"unit" doc:"Of this unit's members."`
	Open      bool    `query:"open" doc:"Only those without an opinion yet."`
}

// YearPath names a year in an address.
type YearPath struct {
	Year int `path:"year" minimum:"2000" maximum:"9999" doc:"Year."`
}

// EvaluationPath names one member's evaluation.
type EvaluationPath struct {
	YearPath
	ID rest.ID `path:"id" doc:"Member."`
}

type opinionInput struct {
	EvaluationPath
	rest.Match
	Body Opinion
}

type openYearInput struct {
	YearPath
	Body YearOpening
}

func (h *handlers) evaluations(k *rest.Kit) {
	const tag = "evaluations"
	see := perms(feedback.PermSee, feedback.PermEvaluate, feedback.PermSeeOwn)
	rest.Get(k, rest.Op{ID: "evaluation-list", Path: "/evaluations/{year}", Tag: tag, Title: "A year's evaluations by name", Needs: see},
		func(ctx context.Context, a authz.Actor, in *evaluationQuery) (rest.Page[Evaluation], error) {
			l, err := h.Feedback.Evaluations(ctx, a, feedback.EvaluationFilter{Year: in.Year, CommunityID: in.Community.ID(), UnitID: in.Unit.ID(), Open: in.Open, Page: in.Page()})
			return rest.PageOf(l, evaluationOf), err
		})
	rest.Get(k, rest.Op{ID: "evaluation-get", Path: "/evaluations/{year}/{id}", Tag: tag, Title: "One member's evaluation of a year", Needs: see},
		func(ctx context.Context, a authz.Actor, in *EvaluationPath) (Evaluation, error) {
			e, err := h.Feedback.Evaluation(ctx, a, in.ID.ID(), in.Year)
			return evaluationOf(e), err
		})
	rest.Post(k, rest.Op{ID: "evaluation-open", Path: "/evaluations/{year}", Tag: tag, Title: "Make the evaluations of all members of a community, with the year's figures", Needs: perms(feedback.PermEvaluate)},
		func(ctx context.Context, a authz.Actor, in *openYearInput) (Count, error) {
			n, err := h.Feedback.OpenYear(ctx, a, in.Body.CommunityID.ID(), in.Year)
			return Count{n}, err
		})
	rest.Act(k, rest.Op{ID: "evaluation-decide", Method: http.MethodPut, Path: "/evaluations/{year}/{id}/opinion", Tag: tag, Title: "Write the community's opinion of a member's year", Needs: perms(feedback.PermEvaluate)},
		func(ctx context.Context, a authz.Actor, in *opinionInput) error {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return err
			}
			return h.Feedback.Evaluate(ctx, a, in.ID.ID(), in.Year, in.Body.Opinion, v)
		})
}
