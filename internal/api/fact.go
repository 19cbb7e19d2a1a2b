package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// FactChoice is a value of a fact that is chosen from a list.
type FactChoice struct {
	Code  string `json:"code" doc:"Code, as values hold it."`
	Label string `json:"label" doc:"Label, in the language asked for."`
}

// KnownFact is one thing that the platform can know about a subject.
type KnownFact struct {
	ID          string       `json:"id" doc:"Name of the fact: the subject, a dot, a word."`
	Subject     string       `json:"subject" doc:"What it is about: person, household, building, …"`
	Name        string       `json:"name" doc:"Name, in the language asked for."`
	Synonyms    []string     `json:"synonyms" doc:"What offices call it on their forms, in Chinese."`
	Meaning     string       `json:"meaning" doc:"What it means."`
	Type        string       `json:"type" enum:"text,choice,date,number,yes_no" doc:"Type of its values."`
	Choices     []FactChoice `json:"choices,omitempty" doc:"Of a choice."`
	Unit        string       `json:"unit,omitempty" doc:"Of a number."`
	Sensitivity string       `json:"sensitivity" enum:"open,personal,sealed" doc:"How carefully it is handled."`
	Purpose     string       `json:"purpose,omitempty" doc:"Code of the purpose under which it is held."`
	Owner       string       `json:"owner" doc:"Part of the platform that keeps it; own for a fact of the district's own."`
	Columns     []string     `json:"columns,omitempty" doc:"Stored columns from which it is read."`
	From        []string     `json:"from,omitempty" doc:"Facts from which it is worked out."`
	Listed      bool         `json:"listed" doc:"It follows from being on a list: no is known only where the list was declared complete."`
	CompleteOn  rest.Date    `json:"complete_on,omitempty" doc:"Day on which the list was declared complete."`
	OwnID       rest.ID      `json:"own_id,omitempty" doc:"Of a fact of the district's own: its identifier, for ending it."`
}

func knownFact(f fact.Fact, ed *fact.Edition, l i18n.Lang) KnownFact {
	out := KnownFact{ID: f.ID, Subject: string(f.Subject), Name: f.Name.In(l), Synonyms: append([]string{}, f.Synonyms...), Meaning: f.Doc.In(l), Type: string(f.Type),
		Unit: f.Unit.In(l), Sensitivity: string(f.Sensitivity), Purpose: f.Purpose, Owner: f.Owner, Columns: f.Columns, Listed: f.Register, OwnID: rest.ID(f.OwnID)}
	for _, r := range f.From {
		out.From = append(out.From, string(r))
	}
	if f.List != nil {
		for _, it := range f.List.Items() {
			out.Choices = append(out.Choices, FactChoice{it.Code, it.Label.In(l)})
		}
	}
	if d, ok := ed.Declared(f.ID); ok {
		out.CompleteOn = rest.DateOf(d.CompleteOn)
	}
	return out
}

// NewOwnFact defines a fact of the district's own.
type NewOwnFact struct {
	Subject     string       `json:"subject" maxLength:"20" doc:"What it is about."`
	Code        string       `json:"code,omitempty" maxLength:"30" doc:"Short name in small Latin letters; made if absent."`
	Name        string       `json:"name" maxLength:"40" doc:"Name in Chinese."`
	NameEN      string       `json:"name_en,omitempty" maxLength:"80" doc:"Name in English."`
	Question    string       `json:"question" maxLength:"100" doc:"As it is asked."`
	Meaning     string       `json:"meaning" maxLength:"500" doc:"What it means and what it is for."`
	Synonyms    []string     `json:"synonyms,omitempty" maxItems:"30" doc:"Other labels for it on forms."`
	Type        string       `json:"type" enum:"text,choice,date,number,yes_no" doc:"Type of its values."`
	Choices     []FactChoice `json:"choices,omitempty" maxItems:"50" doc:"Of a choice: at least two."`
	Unit        string       `json:"unit,omitempty" maxLength:"10" doc:"Of a number."`
	Sensitivity string       `json:"sensitivity" enum:"open,personal,sealed" doc:"How carefully it is handled."`
	Purpose     string       `json:"purpose" maxLength:"40" doc:"Code of a registered purpose; see GET /purposes."`
	AskedBy     string       `json:"asked_by" maxLength:"100" doc:"Who needs it."`
	ValidFrom   rest.Date    `json:"valid_from,omitempty" doc:"First day; today if absent."`
	ValidTo     rest.Date    `json:"valid_to" doc:"Last day; at most three years ahead."`
}

type factListInput struct {
	Subject string `query:"subject" maxLength:"20" doc:"About this subject."`
	Label   string `query:"label" maxLength:"60" doc:"With subject: facts that this label on a form may mean, the surest first."`
}

type factInput struct {
	Fact string `path:"fact" maxLength:"80" doc:"Name of the fact."`
}

type ownFactCreate struct{ Body NewOwnFact }

type ownFactEnd struct {
	ID   rest.ID `path:"fact" doc:"Identifier of the own fact."`
	Body struct {
		ValidTo rest.Date `json:"valid_to,omitempty" doc:"Last day; today if absent."`
	}
}

// FactValue is what is known of a fact about one row.
type FactValue struct {
	Known  bool      `json:"known" doc:"Whether anything is known; unknown is not no."`
	Hidden bool      `json:"hidden,omitempty" doc:"Sealed and not opened: text is a mask."`
	Text   string    `json:"text,omitempty" doc:"Canonical value: days YYYY-MM-DD, yes and no 1 and 0, choices their code."`
	Shown  string    `json:"shown,omitempty" doc:"As people read it, in the language asked for."`
	AsOf   rest.Date `json:"as_of,omitempty" doc:"Day on which it was recorded or last confirmed."`
}

// PastValue is a value that an own fact had.
type PastValue struct {
	FactValue
	Source string     `json:"source,omitempty" doc:"How it came in."`
	At     time.Time  `json:"at" doc:"When it was recorded."`
	Until  *time.Time `json:"until,omitempty" doc:"When a newer one took its place."`
}

type factRowInput struct {
	Fact string  `path:"fact" maxLength:"80" doc:"Name of the fact."`
	Row  rest.ID `path:"row" doc:"Record that it is about."`
}

type ownValueSet struct {
	Fact string  `path:"fact" maxLength:"80" doc:"Name of the own fact."`
	Row  rest.ID `path:"row" doc:"Record that it is about."`
	Body struct {
		Value  string    `json:"value" maxLength:"300" doc:"As people write it; empty takes the present value back."`
		OnDate rest.Date `json:"on_date,omitempty" doc:"As of this day; today if absent."`
		Source string    `json:"source,omitempty" maxLength:"100" doc:"How it came in."`
	}
}

type factTeach struct {
	Body struct {
		Subject string `json:"subject" maxLength:"20" doc:"On forms about rows of this subject."`
		Label   string `json:"label" maxLength:"60" doc:"this label"`
		Ref     string `json:"ref" maxLength:"200" doc:"means this fact, with the links on the way: household/head/person.name."`
	}
}

// FactCandidate is a fact that a label may mean.
type FactCandidate struct {
	KnownFact
	Ref   string `json:"ref" doc:"The fact as seen from a row of the subject, with the links on the way."`
	Grade int    `json:"grade" doc:"How sure: 6 taught, 5 its name, 4 a synonym, 3 the other end's own label, 2 likely, 1 a guess; 0 where no label was given."`
}

func (h *handlers) facts(k *rest.Kit) {
	const tag = "facts"
	rest.Get(k, rest.Op{ID: "fact-list", Path: "/facts", Tag: tag, Title: "Everything that can be known, or what a label on a form may mean", Needs: perms(fact.PermSee)},
		func(ctx context.Context, a authz.Actor, in *factListInput) (rest.All[FactCandidate], error) {
			ed, err := h.Facts.Edition(ctx, a.Tenant)
			if err != nil {
				return rest.All[FactCandidate]{}, err
			}
			l := rest.Lang(ctx)
			var out []FactCandidate
			if in.Label != "" {
				for _, c := range ed.Lookup(fact.Subject(in.Subject), in.Label) {
					out = append(out, FactCandidate{knownFact(c.Fact, ed, l), string(c.Ref), int(c.Grade)})
				}
			} else {
				for _, f := range ed.Facts() {
					if in.Subject == "" || string(f.Subject) == in.Subject {
						out = append(out, FactCandidate{KnownFact: knownFact(f, ed, l), Ref: f.ID})
					}
				}
			}
			return rest.AllOf(out, func(c FactCandidate) FactCandidate { return c }), nil
		})
	rest.Get(k, rest.Op{ID: "fact-get", Path: "/facts/{fact}", Tag: tag, Title: "One fact", Needs: perms(fact.PermSee)},
		func(ctx context.Context, a authz.Actor, in *factInput) (KnownFact, error) {
			ed, err := h.Facts.Edition(ctx, a.Tenant)
			if err != nil {
				return KnownFact{}, err
			}
			f, ok := ed.Fact(in.Fact)
			if !ok {
				return KnownFact{}, errs.ErrNotFound
			}
			return knownFact(f, ed, rest.Lang(ctx)), nil
		})
	rest.Post(k, rest.Op{ID: "fact-define", Path: "/facts", Tag: tag, Title: "Define a fact of the district's own", Needs: perms(fact.PermDefine)},
		func(ctx context.Context, a authz.Actor, in *ownFactCreate) (KnownFact, error) {
			b := in.Body
			o := fact.OwnFact{Subject: fact.Subject(b.Subject), Code: b.Code, Name: b.Name, NameEn: b.NameEN, Question: b.Question, Doc: b.Meaning, Synonyms: b.Synonyms,
				Type: fact.Type(b.Type), Unit: b.Unit, Sensitivity: fact.Sensitivity(b.Sensitivity), Purpose: b.Purpose, AskedBy: b.AskedBy,
				ValidFrom: b.ValidFrom.Date(), ValidTo: b.ValidTo.Date()}
			for _, c := range b.Choices {
				o.Options = append(o.Options, fact.Option{Code: c.Code, Label: c.Label})
			}
			o, err := h.Facts.Define(ctx, a, o)
			if err != nil {
				return KnownFact{}, err
			}
			ed, err := h.Facts.Edition(ctx, a.Tenant)
			if err != nil {
				return KnownFact{}, err
			}
			return knownFact(o.Fact(), ed, rest.Lang(ctx)), nil
		})
	rest.Act(k, rest.Op{ID: "fact-end", Method: "POST", Path: "/facts/{fact}/end", Tag: tag, Title: "Let a fact of the district's own end", Needs: perms(fact.PermDefine)},
		func(ctx context.Context, a authz.Actor, in *ownFactEnd) error {
			return h.Facts.End(ctx, a, in.ID.ID(), in.Body.ValidTo.Date(), 0)
		})
	rest.Act(k, rest.Op{ID: "fact-teach", Method: "PUT", Path: "/fact-labels", Tag: tag, Title: "Say what a label on forms means", Needs: perms(fact.PermTeach)},
		func(ctx context.Context, a authz.Actor, in *factTeach) error {
			return h.Facts.Teach(ctx, a, fact.Subject(in.Body.Subject), in.Body.Label, fact.Ref(in.Body.Ref))
		})
	h.factValues(k)
}

func (h *handlers) factValues(k *rest.Kit) {
	const tag = "facts"
	rest.Get(k, rest.Op{ID: "fact-value", Path: "/facts/{fact}/values/{row}", Tag: tag, Title: "What is known of a fact about a record; sealed ones masked", Needs: perms(fact.PermSee)},
		func(ctx context.Context, a authz.Actor, in *factRowInput) (FactValue, error) {
			ed, err := h.Facts.Edition(ctx, a.Tenant)
			if err != nil {
				return FactValue{}, err
			}
			f, ok := ed.Fact(in.Fact)
			if !ok {
				return FactValue{}, errs.ErrNotFound
			}
			names, err := h.Facts.Names(ctx, a, f.Subject, []id.ID{in.Row.ID()})
			if err != nil || len(names) == 0 {
				return FactValue{}, cmpErr(err, errs.ErrNotFound)
			}
			ref := fact.Ref(f.ID)
			v, err := ed.Read(ctx, a, fact.Ask{Subject: f.Subject, IDs: []id.ID{in.Row.ID()}, Refs: []fact.Ref{ref}})
			if err != nil {
				return FactValue{}, err
			}
			return factValue(f, v.At(0, ref), rest.Lang(ctx)), nil
		})
	rest.Act(k, rest.Op{ID: "fact-record", Method: "PUT", Path: "/facts/{fact}/values/{row}", Tag: tag, Title: "Record a value of a fact of the district's own"},
		func(ctx context.Context, a authz.Actor, in *ownValueSet) error {
			return h.Facts.Record(ctx, a, in.Fact, []fact.Entry{{Row: in.Row.ID(), Value: in.Body.Value, OnDate: in.Body.OnDate.Date(), Source: in.Body.Source}})
		})
	rest.Get(k, rest.Op{ID: "fact-history", Path: "/facts/{fact}/values/{row}/history", Tag: tag, Title: "The values that an own fact has had, newest first", Needs: perms(fact.PermSee)},
		func(ctx context.Context, a authz.Actor, in *factRowInput) (rest.All[PastValue], error) {
			ed, err := h.Facts.Edition(ctx, a.Tenant)
			if err != nil {
				return rest.All[PastValue]{}, err
			}
			f, _ := ed.Fact(in.Fact)
			past, err := h.Facts.History(ctx, a, in.Fact, in.Row.ID())
			return rest.AllOf(past, func(p fact.Past) PastValue {
				return PastValue{factValue(f, p.Value, rest.Lang(ctx)), p.Source, p.At.UTC(), rest.UTC(p.GoneAt)}
			}), err
		})
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func factValue(f fact.Fact, v fact.Value, l i18n.Lang) FactValue {
	return FactValue{Known: v.Known, Hidden: v.Hidden, Text: v.Text, Shown: f.Show(v, l), AsOf: rest.DateOf(v.AsOf)}
}
