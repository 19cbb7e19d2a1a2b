package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/ledger"
)

// Posting is one line of the book.
type Posting struct {
	ID           rest.ID   `json:"id" doc:"Identifier."`
	Account      string    `json:"account" doc:"hours (amounts in minutes) or deeds (in pieces)."`
	MemberID     rest.ID   `json:"member_id" doc:"Member."`
	Member       string    `json:"member" doc:"Name of the member."`
	CommunityID  rest.ID   `json:"community_id,omitempty" doc:"Community in whose book it stands."`
	Community    string    `json:"community,omitempty" doc:"Name of the community."`
	UnitID       rest.ID   `json:"unit_id,omitempty" doc:"The member's unit on the day."`
	Unit         string    `json:"unit,omitempty" doc:"Name of the unit."`
	OnDate       rest.Date `json:"on_date" doc:"Day on which it counts."`
	Amount       int64     `json:"amount" doc:"Minutes or pieces; negative only in a counter-posting."`
	Proof        string    `json:"proof" doc:"timed, countersigned, vouched."`
	SourceKind   string    `json:"source_kind" doc:"attendance or deed."`
	SourceID     rest.ID   `json:"source_id" doc:"The record it comes from."`
	Source       string    `json:"source,omitempty" doc:"Title of the activity or deed."`
	ActivityID   rest.ID   `json:"activity_id,omitempty" doc:"Of an attendance's activity."`
	ReversesID   rest.ID   `json:"reverses_id,omitempty" doc:"The posting that this one takes back."`
	ReversedByID rest.ID   `json:"reversed_by_id,omitempty" doc:"The counter-posting; absent while it stands."`
	Reason       string    `json:"reason,omitempty" doc:"Of a counter-posting."`
	PostedAt     time.Time `json:"posted_at" doc:"When it was posted."`
	PostedBy     string    `json:"posted_by,omitempty" doc:"Whose act it was; absent for the platform itself."`
}

func postingOf(i ledger.Item) Posting {
	return Posting{ID: rest.IDOf(i.ID), Account: string(i.Account), MemberID: rest.IDOf(i.MemberID), Member: i.MemberName, CommunityID: rest.IDOf(i.CommunityID),
		Community: i.CommunityName, UnitID: rest.IDOf(i.UnitID), Unit: i.UnitName, OnDate: rest.DateOf(i.OnDate), Amount: i.Amount, Proof: string(i.Proof),
		SourceKind: i.SourceKind, SourceID: rest.IDOf(i.SourceID), Source: i.SourceTitle, ActivityID: rest.IDOf(i.ActivityID), ReversesID: rest.IDOf(i.ReversesID),
		ReversedByID: rest.IDOf(i.ReversedByID), Reason: i.Reason, PostedAt: i.PostedAt.UTC(), PostedBy: i.PostedByName}
}

// Mix is an amount by grade of proof.
type Mix struct {
	Total         int64 `json:"total" doc:"The whole amount."`
	Timed         int64 `json:"timed" doc:"Timed by the system."`
	Countersigned int64 `json:"countersigned" doc:"Counter-signed by the person helped."`
	Vouched       int64 `json:"vouched" doc:"Vouched for by an organiser."`
}

func mixOf(m ledger.Mix) Mix { return Mix{m.Total(), m.Timed, m.Countersigned, m.Vouched} }

// Totals are the sums of some postings.
type Totals struct {
	Minutes  Mix   `json:"minutes" doc:"Hours, in minutes."`
	Deeds    Mix   `json:"deeds" doc:"Deeds, in pieces."`
	Services int64 `json:"services" doc:"Attendances that stand with hours."`
}

func totalsOf(t ledger.Totals) Totals { return Totals{mixOf(t.Hours), mixOf(t.Deeds), t.Services} }

// Standing is one member with the totals of a period.
type Standing struct {
	MemberID    rest.ID `json:"member_id" doc:"Member."`
	Name        string  `json:"name" doc:"Name."`
	Kind        string  `json:"kind" doc:"community, in_service, floating."`
	Community   string  `json:"community,omitempty" doc:"Name of the community."`
	Unit        string  `json:"unit,omitempty" doc:"Name of the unit."`
	Year        int     `json:"year" doc:"Year of the totals."`
	Totals      Totals  `json:"totals" doc:"Of the year, or of the quarter asked for."`
	TargetHours int64   `json:"target_hours" doc:"Target of the year, in hours."`
	TargetDeeds int64   `json:"target_deeds" doc:"Target of the year, in deeds."`
}

func standingOf(s ledger.Standing) Standing {
	return Standing{MemberID: rest.IDOf(s.MemberID), Name: s.Name, Kind: s.Kind, Community: s.CommunityName, Unit: s.UnitName, Year: s.Progress.Year,
		Totals: totalsOf(s.Progress.Totals), TargetHours: s.Progress.Targets.Hours, TargetDeeds: s.Progress.Targets.Deeds}
}

// MemberYear is one member's book of a year.
type MemberYear struct {
	Standing
	Quarters []Totals `json:"quarters" nullable:"false" doc:"The four quarters in order."`
}

type postingQuery struct {
	rest.Paging
	PostingFilter
}

// PostingFilter narrows postings and their sum alike.
type PostingFilter struct {
	Member    rest.ID      `query:"member" doc:"Of this member."`
	Community rest.ID      `query:"community" doc:"In this community's book."`
	Unit      rest.ID      `query:"unit" doc:"Of this unit's members."`
	Year      int          `query:"year" minimum:"0" maximum:"9999" doc:"Of this year."`
	Quarter   rest.Quarter `query:"quarter" doc:"Of this quarter."`
	From      rest.Date    `query:"from" doc:"On or after this day."`
	To        rest.Date    `query:"to" doc:"On or before this day."`
	Account   string       `query:"account" enum:"hours,deeds" doc:"In this account."`
	Proof     string       `query:"proof" enum:"timed,countersigned,vouched" doc:"Of this grade."`
	Source    string       `query:"source_kind" enum:"attendance,deed" doc:"From this kind of record."`
	SourceID  rest.ID      `query:"source" doc:"From this record."`
	Standing  bool         `query:"standing" doc:"Leave out counter-postings and what they took back; the sum is the same."`
}

func (q PostingFilter) filter() ledger.Filter {
	return ledger.Filter{MemberID: q.Member.ID(), CommunityID: q.Community.ID(), UnitID: q.Unit.ID(), Year: q.Year, Quarter: q.Quarter.Quarter(), From: q.From.Date(),
		To: q.To.Date(), Account: ledger.Account(q.Account), Proof: ledger.Proof(q.Proof), SourceKind: q.Source, SourceID: q.SourceID.ID(), Standing: q.Standing}
}

type standingQuery struct {
	rest.Paging
	Text      string       `query:"q" maxLength:"60" doc:"Part of the name."`
	Community rest.ID      `query:"community" doc:"Registered with this community."`
	Unit      rest.ID      `query:"unit" doc:"Employed by this unit."`
	Kind      string       `query:"kind" enum:"community,in_service,floating" doc:"Of this kind."`
	Year      int          `query:"year" minimum:"0" maximum:"9999" doc:"Year of the totals; this year if absent."`
	Quarter   rest.Quarter `query:"quarter" doc:"Quarter of the totals."`
}

type memberYearInput struct {
	rest.Path
	Year int `query:"year" minimum:"0" maximum:"9999" doc:"Year; this year if absent."`
}

func (h *handlers) ledgerBooks(k *rest.Kit) {
	const tag = "ledger"
	see := perms(ledger.PermSee, ledger.PermSeeOwn)
	rest.Get(k, rest.Op{ID: "posting-list", Path: "/ledger/postings", Tag: tag, Title: "List postings, newest first; their amounts add up to the totals with the same filter", Needs: see},
		func(ctx context.Context, a authz.Actor, in *postingQuery) (rest.Page[Posting], error) {
			f := in.filter()
			f.Page = in.Page()
			l, err := h.Ledger.List(ctx, a, f)
			return rest.PageOf(l, postingOf), err
		})
	rest.Get(k, rest.Op{ID: "posting-get", Path: "/ledger/postings/{id}", Tag: tag, Title: "Open a posting", Needs: see},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (Posting, error) {
			i, err := h.Ledger.Get(ctx, a, in.ID.ID())
			return postingOf(i), err
		})
	rest.Get(k, rest.Op{ID: "ledger-totals", Path: "/ledger/totals", Tag: tag, Title: "The sum of the postings with the same filter", Needs: see},
		func(ctx context.Context, a authz.Actor, in *PostingFilter) (Totals, error) {
			t, err := h.Ledger.Total(ctx, a, in.filter())
			return totalsOf(t), err
		})
	rest.Get(k, rest.Op{ID: "ledger-member-list", Path: "/ledger/members", Tag: tag, Title: "Members by name, each with the totals of the year or quarter", Needs: see},
		func(ctx context.Context, a authz.Actor, in *standingQuery) (rest.Page[Standing], error) {
			l, err := h.Ledger.Members(ctx, a, ledger.MemberFilter{Search: in.Text, CommunityID: in.Community.ID(), UnitID: in.Unit.ID(), Kind: in.Kind, Year: in.Year,
				Quarter: in.Quarter.Quarter(), Page: in.Page()})
			return rest.PageOf(l, standingOf), err
		})
	rest.Get(k, rest.Op{ID: "ledger-member-get", Path: "/ledger/members/{id}", Tag: tag, Title: "One member's year with its quarters", Needs: see},
		func(ctx context.Context, a authz.Actor, in *memberYearInput) (MemberYear, error) {
			m, err := h.Ledger.Member(ctx, a, in.ID.ID(), in.Year)
			out := MemberYear{Standing: standingOf(m.Standing)}
			for _, q := range m.Quarters {
				out.Quarters = append(out.Quarters, totalsOf(q))
			}
			return out, err
		})
}
