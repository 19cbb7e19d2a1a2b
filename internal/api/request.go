package api

import (
	"bytes"
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/fact"
	"linli/internal/id"
	"linli/internal/request"
)

// RequestFromAbove is something that an office asks, with how it stands.
type RequestFromAbove struct {
	ID       rest.ID   `json:"id" doc:"Identifier."`
	Office   string    `json:"office" doc:"Who asks."`
	OfficeID rest.ID   `json:"office_id,omitempty" doc:"The same, where it is an organisation here."`
	Ground   string    `json:"ground,omitempty" doc:"Document on which it rests."`
	GroundNo string    `json:"ground_no,omitempty" doc:"Its number."`
	Grounded bool      `json:"grounded" doc:"A ground is stated."`
	Title    string    `json:"title" doc:"What it is called."`
	Every    string    `json:"every" enum:"once,month,quarter,half,year" doc:"How often."`
	FirstDue rest.Date `json:"first_due" doc:"First day by which an answer is wanted."`
	EndsOn   rest.Date `json:"ends_on" doc:"Last day."`
	OwnEnd   bool      `json:"own_end" doc:"The program set the end."`
	OwnerID  rest.ID   `json:"owner_id" doc:"The organisation that keeps it."`
	State    string    `json:"state" enum:"open,paused,ended,expired" doc:"Where it stands."`
	Reason   string    `json:"reason,omitempty" doc:"Why it is paused or ended."`
	Sealed   bool      `json:"sealed" doc:"It asks for sealed data; an answer needs a purpose."`
	Answered int64     `json:"answered" doc:"Occurrences that are answered, of the organisations you see."`
	Waiting  int64     `json:"waiting" doc:"Due soon."`
	Late     int64     `json:"late" doc:"Late."`
	NextDue  rest.Date `json:"next_due,omitempty" doc:"The earliest day that is not answered."`
	Version  int64     `json:"version" doc:"Version, for a later change."`
}

// RequestDetail is a request with what it asks and of whom.
type RequestDetail struct {
	RequestFromAbove
	Organisations []RequestParty `json:"organisations" doc:"Who must answer, of those you see."`
	Fields        []RequestField `json:"fields" doc:"What the form asks."`
	Due           []RequestDue   `json:"due" doc:"Occurrences, the latest first."`
	Same          []RequestSame  `json:"same" doc:"Other open requests that ask the same."`
}

// RequestParty is an organisation that is asked.
type RequestParty struct {
	ID   rest.ID `json:"id" doc:"Identifier."`
	Name string  `json:"name" doc:"Name."`
}

// RequestField is something that a form asks.
type RequestField struct {
	Label string `json:"label" doc:"As it is printed."`
	Fact  string `json:"fact,omitempty" doc:"The fact or figure that it means; absent where the platform knows nothing of it."`
}

// RequestDue is one period of one organisation.
type RequestDue struct {
	Period       string    `json:"period" doc:"once, 2026-11, 2026Q4, 2026H2 or 2026."`
	Organisation rest.ID   `json:"organisation_id" doc:"Who must answer."`
	DueOn        rest.Date `json:"due_on" doc:"By when."`
	State        string    `json:"state" enum:"ahead,waiting,late,answered" doc:"How it stands; ahead: its day is still far."`
	Answer       rest.ID   `json:"answer_id,omitempty" doc:"The latest answer."`
	Edition      int64     `json:"edition" doc:"Its edition; 0 for none."`
}

// RequestSame is another request that asks the same.
type RequestSame struct {
	ID     rest.ID  `json:"id" doc:"The other request."`
	Office string   `json:"office" doc:"Who asks."`
	Labels []string `json:"labels" doc:"What both ask."`
}

// NewRequest registers what an office asks: with its workbook, or with a list of facts.
type NewRequest struct {
	OwnerID       rest.ID   `json:"owner_id" doc:"The organisation that keeps it."`
	OfficeID      rest.ID   `json:"office_id,omitempty" doc:"Who asks, if it is an organisation here."`
	Office        string    `json:"office,omitempty" maxLength:"60" doc:"Who asks, otherwise."`
	Ground        string    `json:"ground,omitempty" maxLength:"200" doc:"Document on which it rests."`
	GroundNo      string    `json:"ground_no,omitempty" maxLength:"60" doc:"Its number."`
	Title         string    `json:"title" minLength:"1" maxLength:"100" doc:"What it is called."`
	Every         string    `json:"every" enum:"once,month,quarter,half,year" doc:"How often."`
	FirstDue      rest.Date `json:"first_due" doc:"First day by which an answer is wanted."`
	EndsOn        rest.Date `json:"ends_on,omitempty" doc:"Last day; the program sets one if absent."`
	Organisations []rest.ID `json:"organisation_ids" minItems:"1" maxItems:"300" doc:"Who must answer."`
	FormName      string    `json:"form_name,omitempty" maxLength:"200" doc:"Name of the workbook."`
	Form          []byte    `json:"form,omitempty" doc:"The office's workbook (.xlsx), base64."`
	Subject       string    `json:"subject,omitempty" maxLength:"20" doc:"Without a form: what its rows are about."`
	Facts         []string  `json:"facts,omitempty" maxItems:"100" doc:"Without a form: the facts asked."`
	Only          string    `json:"only,omitempty" maxLength:"200" doc:"Without a form: a yes-or-no that the rows fulfil."`
}

// CorrectRequest changes what a request says; what is absent stays.
type CorrectRequest struct {
	Office        *string    `json:"office,omitempty" maxLength:"60" doc:"Who asks."`
	Ground        *string    `json:"ground,omitempty" maxLength:"200" doc:"Document on which it rests."`
	GroundNo      *string    `json:"ground_no,omitempty" maxLength:"60" doc:"Its number."`
	Title         *string    `json:"title,omitempty" maxLength:"100" doc:"What it is called."`
	Every         *string    `json:"every,omitempty" enum:"once,month,quarter,half,year" doc:"How often."`
	FirstDue      *rest.Date `json:"first_due,omitempty" doc:"First day by which an answer is wanted."`
	Organisations []rest.ID  `json:"organisation_ids,omitempty" maxItems:"300" doc:"Who must answer."`
	Version       int64      `json:"version" doc:"The version that you saw."`
}

// StopRequest pauses, resumes, ends or extends a request.
type StopRequest struct {
	Act     string    `json:"act" enum:"pause,resume,end,extend" doc:"What to do."`
	Reason  string    `json:"reason,omitempty" maxLength:"200" doc:"Why; not needed to resume."`
	EndsOn  rest.Date `json:"ends_on,omitempty" doc:"The new last day, to extend."`
	Version int64     `json:"version,omitempty" doc:"The version that you saw."`
}

// RequestHeld is how much of what a request asks is known.
type RequestHeld struct {
	Rows   int                `json:"rows" doc:"Rows that were looked at; the first 200."`
	Asked  int                `json:"asked" doc:"Blank fields in them."`
	Known  int                `json:"known" doc:"Of these, known and open."`
	Sealed int                `json:"sealed" doc:"Of these, known and sealed."`
	Fields []RequestHeldField `json:"fields" doc:"By field."`
	Lacks  []string           `json:"lacks" doc:"What the platform does not hold at all."`
}

// RequestHeldField is how much of one field is known, and how fresh.
type RequestHeldField struct {
	Label   string    `json:"label" doc:"As it is printed."`
	Percent int       `json:"percent" doc:"Known, in per cent; -1 without rows."`
	Oldest  rest.Date `json:"oldest,omitempty" doc:"The oldest value, where that is kept."`
	Newest  rest.Date `json:"newest,omitempty" doc:"The newest."`
}

// AnswerRequest answers a period of one organisation.
type AnswerRequest struct {
	Organisation rest.ID `json:"organisation_id" doc:"Who answers."`
	Period       string  `json:"period" maxLength:"10" doc:"Which period."`
	Edition      int64   `json:"edition,omitempty" doc:"Edition of the answer that is replaced; 0 for the first."`
	Purpose      string  `json:"purpose,omitempty" maxLength:"40" doc:"For sealed columns."`
	Partly       bool    `json:"partly,omitempty" doc:"Hand it in although not every field is known."`
	FileName     string  `json:"file_name,omitempty" maxLength:"200" doc:"Name of the file completed by hand."`
	File         []byte  `json:"file,omitempty" doc:"A file completed by hand (.xlsx), base64; absent: the program fills the form."`
	Minutes      int64   `json:"minutes,omitempty" minimum:"0" maximum:"1440" doc:"How long completing it took."`
	Note         string  `json:"note,omitempty" maxLength:"200" doc:"Note."`
}

// RequestAnswer is what was handed in.
type RequestAnswer struct {
	ID           rest.ID   `json:"id" doc:"Identifier."`
	Request      rest.ID   `json:"request_id" doc:"The request."`
	Title        string    `json:"title" doc:"What the request is called."`
	Office       string    `json:"office" doc:"Who asked."`
	Organisation rest.ID   `json:"organisation_id" doc:"Who answered."`
	Period       string    `json:"period" doc:"For which period."`
	Edition      int64     `json:"edition" doc:"1 for the first."`
	Replaced     bool      `json:"replaced" doc:"A later one replaced it."`
	Way          string    `json:"way" enum:"program,file" doc:"Filled by the program, or completed by hand."`
	Asked        int64     `json:"asked" doc:"Fields asked."`
	Filled       int64     `json:"filled" doc:"Fields that the program filled."`
	Minutes      int64     `json:"minutes" doc:"Time spent."`
	At           time.Time `json:"at" doc:"When."`
}

// RequestLoad is what an office cost in a month.
type RequestLoad struct {
	Office  string `json:"office" doc:"Who asked."`
	Month   string `json:"month" doc:"2026-11."`
	Times   int64  `json:"times" doc:"Occurrences that fell due."`
	Answers int64  `json:"answers" doc:"Answers."`
	Asked   int64  `json:"asked" doc:"Fields asked."`
	Filled  int64  `json:"filled" doc:"Fields that the program filled."`
	Left    int64  `json:"left" doc:"Fields left over."`
	Minutes int64  `json:"minutes" doc:"Time spent."`
}

type requestQuery struct {
	rest.Paging
	Q            string  `query:"q" maxLength:"60" doc:"Part of the title, the office or the document number."`
	State        string  `query:"state" maxLength:"10" doc:"open, paused, ended or expired."`
	Office       string  `query:"office" maxLength:"60" doc:"Who asks, exactly."`
	Organisation rest.ID `query:"organisation" doc:"Asked of this organisation."`
	Due          string  `query:"due" maxLength:"10" doc:"late or waiting: has such an occurrence."`
}

type requestAt struct {
	rest.Path
	Organisation rest.ID `query:"organisation" doc:"Of which organisation."`
}

type answerQuery struct {
	rest.Paging
	Request      rest.ID   `query:"request" doc:"To this request."`
	Organisation rest.ID   `query:"organisation" doc:"Of this organisation."`
	Office       string    `query:"office" maxLength:"60" doc:"Asked by this office, exactly."`
	From         rest.Date `query:"from" doc:"Handed in on this day or later."`
	To           rest.Date `query:"to" doc:"Handed in on this day or earlier."`
	All          bool      `query:"all" doc:"Also those that a later one replaced."`
}

type loadQuery struct {
	From rest.Date `query:"from" doc:"From this day."`
	To   rest.Date `query:"to" doc:"Up to this day."`
}

func idsOf(list []rest.ID) []id.ID {
	if list == nil {
		return nil
	}
	out := make([]id.ID, len(list))
	for i, x := range list {
		out[i] = x.ID()
	}
	return out
}

func (h *handlers) requests(k *rest.Kit) {
	const tag = "requests"
	see, register, answer := perms(request.PermSee), perms(request.PermRegister), perms(request.PermAnswer)
	rest.Get(k, rest.Op{ID: "request-list", Path: "/requests", Tag: tag, Title: "What offices above ask, the latest first", Needs: see},
		func(ctx context.Context, a authz.Actor, in *requestQuery) (rest.Page[RequestFromAbove], error) {
			l, err := h.Request.List(ctx, a, request.Filter{Text: in.Q, State: request.State(in.State), Office: in.Office, OrganisationID: in.Organisation.ID(), Due: request.DueState(in.Due), Page: in.Page()})
			return rest.PageOf(l, requestOf), err
		})
	rest.Post(k, rest.Op{ID: "request-register", Path: "/requests", Tag: tag, Title: "Register what an office asks", Needs: register, Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewRequest]) (RequestDetail, error) {
			b := in.Body
			n := request.NewRequest{OwnerID: b.OwnerID.ID(), OfficeID: b.OfficeID.ID(), Office: b.Office, Ground: b.Ground, GroundNo: b.GroundNo, Title: b.Title, Every: request.Every(b.Every),
				FirstDue: b.FirstDue.Date(), EndsOn: b.EndsOn.Date(), OrganisationIDs: idsOf(b.Organisations), FormName: b.FormName, Form: b.Form}
			if n.FormName == "" {
				n.FormName = b.Title + ".xlsx"
			}
			if b.Subject != "" {
				n.Facts = &request.Facts{Subject: fact.Subject(b.Subject), Only: fact.Ref(b.Only)}
				for _, f := range b.Facts {
					n.Facts.Refs = append(n.Facts.Refs, fact.Ref(f))
				}
			}
			made, err := h.Request.Register(ctx, a, n)
			if err != nil {
				return RequestDetail{}, err
			}
			return h.requestDetail(ctx, a, made)
		})
	rest.Get(k, rest.Op{ID: "request-get", Path: "/requests/{id}", Tag: tag, Title: "One request, with its occurrences", Needs: see},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (RequestDetail, error) {
			return h.requestDetail(ctx, a, in.ID.ID())
		})
	rest.Get(k, rest.Op{ID: "request-held", Path: "/requests/{id}/held", Tag: tag, Title: "How much of what it asks is known, and how fresh", Needs: see},
		func(ctx context.Context, a authz.Actor, in *requestAt) (RequestHeld, error) {
			f, err := h.Request.Held(ctx, a, in.ID.ID(), in.Organisation.ID())
			return heldOf(f), err
		})
	rest.Download(k, rest.Op{ID: "request-form", Path: "/requests/{id}/form", Tag: tag, Title: "The blank form", Needs: see}, workbook,
		func(ctx context.Context, a authz.Actor, in *rest.Path) ([]byte, error) {
			_, content, err := h.Request.Form(ctx, a, in.ID.ID())
			return content, err
		})
	rest.Act(k, rest.Op{ID: "request-correct", Path: "/requests/{id}/correct", Tag: tag, Title: "Correct what a request says", Needs: register},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[CorrectRequest]) error {
			b := in.Body
			c := request.Correction{Office: b.Office, Ground: b.Ground, GroundNo: b.GroundNo, Title: b.Title, OrganisationIDs: idsOf(b.Organisations), Version: b.Version}
			if b.Every != nil {
				every := request.Every(*b.Every)
				c.Every = &every
			}
			if b.FirstDue != nil {
				first := b.FirstDue.Date()
				c.FirstDue = &first
			}
			return h.Request.Correct(ctx, a, in.ID.ID(), c)
		})
	rest.Act(k, rest.Op{ID: "request-stop", Path: "/requests/{id}/stop", Tag: tag, Title: "Pause, resume, end or extend a request", Needs: register},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[StopRequest]) error {
			b, r := in.Body, in.ID.ID()
			switch b.Act {
			case request.ActPause:
				return h.Request.Pause(ctx, a, r, b.Version, b.Reason)
			case request.ActResume:
				return h.Request.Resume(ctx, a, r, b.Version)
			case request.ActExtend:
				return h.Request.Extend(ctx, a, r, b.Version, b.EndsOn.Date(), b.Reason)
			}
			return h.Request.End(ctx, a, r, b.Version, b.Reason)
		})
	rest.Post(k, rest.Op{ID: "request-answer", Path: "/requests/{id}/answers", Tag: tag, Title: "Answer a period; the program fills the form", Needs: answer, Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[AnswerRequest]) (RequestAnswer, error) {
			b := in.Body
			x, err := h.Request.Answer(ctx, a, request.NewAnswer{RequestID: in.ID.ID(), OrganisationID: b.Organisation.ID(), Period: b.Period, Edition: b.Edition, Purpose: b.Purpose, Partly: b.Partly,
				FileName: b.FileName, File: bytes.Clone(b.File), Minutes: b.Minutes, Note: b.Note})
			return requestAnswerOf(x), err
		})
	rest.Get(k, rest.Op{ID: "request-answers", Path: "/request-answers", Tag: tag, Title: "What was handed in, the latest first", Needs: see},
		func(ctx context.Context, a authz.Actor, in *answerQuery) (rest.Page[RequestAnswer], error) {
			l, err := h.Request.Answers(ctx, a, request.AnswerFilter{RequestID: in.Request.ID(), OrganisationID: in.Organisation.ID(), Office: in.Office, From: in.From.Date(), To: in.To.Date(), All: in.All, Page: in.Page()})
			return rest.PageOf(l, requestAnswerOf), err
		})
	rest.Download(k, rest.Op{ID: "request-answer-file", Path: "/request-answers/{id}/file", Tag: tag, Title: "The file that was handed in; the reading is recorded", Needs: perms(request.PermAnswer, request.PermRegister)}, workbook,
		func(ctx context.Context, a authz.Actor, in *rest.Path) ([]byte, error) {
			_, content, err := h.Request.File(ctx, a, in.ID.ID())
			return content, err
		})
	rest.Get(k, rest.Op{ID: "request-loads", Path: "/request-loads", Tag: tag, Title: "The burden of requests by office and month", Needs: see},
		func(ctx context.Context, a authz.Actor, in *loadQuery) (rest.All[RequestLoad], error) {
			from := in.From.Date()
			if from.IsZero() {
				from = calendar.DateOf(h.db.Now()).AddMonths(-12)
			}
			l, err := h.Request.Loads(ctx, a, from, in.To.Date())
			return rest.AllOf(l, func(x request.Load) RequestLoad {
				return RequestLoad{Office: x.Office, Month: x.Month, Times: x.Times, Answers: x.Answers, Asked: x.Asked, Filled: x.Filled, Left: x.Left(), Minutes: x.Minutes}
			}), err
		})
}

func (h *handlers) requestDetail(ctx context.Context, a authz.Actor, r id.ID) (RequestDetail, error) {
	d, err := h.Request.Get(ctx, a, r)
	out := RequestDetail{RequestFromAbove: requestOf(d.Request), Organisations: []RequestParty{}, Fields: []RequestField{}, Due: []RequestDue{}, Same: []RequestSame{}}
	for _, p := range d.Parties {
		out.Organisations = append(out.Organisations, RequestParty{rest.IDOf(p.ID), p.Name})
	}
	for _, f := range d.Fields {
		out.Fields = append(out.Fields, RequestField{f.Label, f.Fact})
	}
	for _, x := range d.Dues {
		due := RequestDue{Period: x.Period, Organisation: rest.IDOf(x.Party.ID), DueOn: rest.DateOf(x.On), State: string(x.State(d.Today, d.Lead))}
		if x.Answer != nil {
			due.Answer, due.Edition = rest.IDOf(x.Answer.ID), x.Answer.Edition
		}
		out.Due = append(out.Due, due)
	}
	for _, s := range d.Same {
		out.Same = append(out.Same, RequestSame{rest.IDOf(s.ID), s.Office, s.Labels})
	}
	return out, err
}

func requestOf(r request.Request) RequestFromAbove {
	return RequestFromAbove{ID: rest.IDOf(r.ID), Office: r.Office, OfficeID: rest.IDOf(r.OfficeID), Ground: r.Ground, GroundNo: r.GroundNo, Grounded: r.Grounded(), Title: r.Title, Every: string(r.Every),
		FirstDue: rest.DateOf(r.FirstDue), EndsOn: rest.DateOf(r.EndsOn), OwnEnd: r.OwnEnd, OwnerID: rest.IDOf(r.OwnerID), State: string(r.State), Reason: r.Reason, Sealed: r.Sealed,
		Answered: r.Answered, Waiting: r.Waiting, Late: r.Late, NextDue: rest.DateOf(r.NextDue), Version: r.Version}
}

func heldOf(f request.Filled) RequestHeld {
	out := RequestHeld{Rows: f.Rows, Asked: f.Asked, Known: f.Filled, Sealed: f.Hidden, Fields: []RequestHeldField{}, Lacks: []string{}}
	for _, x := range f.Held {
		out.Fields = append(out.Fields, RequestHeldField{x.Label, x.Percent(), rest.DateOf(x.Oldest), rest.DateOf(x.Newest)})
	}
	for _, l := range f.Lacks {
		out.Lacks = append(out.Lacks, l.Label)
	}
	return out
}

func requestAnswerOf(a request.Answer) RequestAnswer {
	return RequestAnswer{ID: rest.IDOf(a.ID), Request: rest.IDOf(a.RequestID), Title: a.Title, Office: a.Office, Organisation: rest.IDOf(a.PartyID), Period: a.Period, Edition: a.Edition,
		Replaced: !a.Replaced.IsZero(), Way: string(a.Way), Asked: a.Asked, Filled: a.Filled, Minutes: a.Minutes, At: a.At.UTC()}
}
