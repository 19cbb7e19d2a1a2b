package api

import (
	"context"
	"time"

	"linli/internal/activity"
	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/countersign"
	"linli/internal/ledger"
)

// Attendance is one person's presence at one activity.
type Attendance struct {
	ID         rest.ID           `json:"id" doc:"Identifier."`
	ActivityID rest.ID           `json:"activity_id" doc:"Activity."`
	Activity   string            `json:"activity,omitempty" doc:"Title of the activity."`
	MemberID   rest.ID           `json:"member_id,omitempty" doc:"Member; absent for a guest not joined yet."`
	Name       string            `json:"name,omitempty" doc:"Name of the member or guest."`
	Phone      string            `json:"phone,omitempty" doc:"Phone of a guest, masked."`
	Unit       string            `json:"unit,omitempty" doc:"Name of the member's unit on the day."`
	Community  string            `json:"community,omitempty" doc:"Name of the community in whose book the hours stand."`
	InAt       time.Time         `json:"in_at" doc:"Signed in."`
	OutAt      *time.Time        `json:"out_at,omitempty" doc:"Signed out; absent while present."`
	Minutes    int64             `json:"minutes" doc:"Minutes credited."`
	Proof      string            `json:"proof,omitempty" doc:"timed, countersigned, vouched."`
	Reason     string            `json:"reason,omitempty" doc:"Of a late entry, a correction or a void."`
	Answers    map[string]string `json:"answers,omitempty" doc:"Answers to what the kind asks, by code."`
	OverlapID  rest.ID           `json:"overlap_id,omitempty" doc:"Another attendance of the member at the same time."`
	LongDay    bool              `json:"long_day,omitempty" doc:"More hours on one day than can be true."`
	Helped     string            `json:"helped,omitempty" doc:"Who counter-signed."`
	AwaitsCode bool              `json:"awaits_code,omitempty" doc:"A code is out with the person helped."`
	State      string            `json:"state" doc:"in, out, void."`
	Version    int64             `json:"version" doc:"Version, for corrections."`
}

// RecordVersion is the version of the attendance.
func (a Attendance) RecordVersion() int64 { return a.Version }

func attendanceItemOf(ctx context.Context) func(activity.AttendanceItem) Attendance {
	l := rest.Lang(ctx)
	return func(i activity.AttendanceItem) Attendance {
		return Attendance{ID: rest.IDOf(i.ID), ActivityID: rest.IDOf(i.ActivityID), Activity: i.ActivityTitle, MemberID: rest.IDOf(i.MemberID), Name: i.Name, Phone: i.PhoneMask,
			Unit: i.UnitName, Community: i.CommunityName, InAt: i.InAt.UTC(), OutAt: rest.UTC(i.OutAt), Minutes: i.Minutes, Proof: string(i.Proof),
			Reason: activity.ReasonText(i.Reason).In(l), Answers: i.Answers, OverlapID: rest.IDOf(i.OverlapID), LongDay: i.LongDay, Helped: i.HelpedName,
			AwaitsCode: i.AwaitsHelped, State: string(i.State), Version: i.Version}
	}
}

func attendanceOf(ctx context.Context, a activity.Attendance) Attendance {
	return attendanceItemOf(ctx)(activity.AttendanceItem{Attendance: a, Name: a.GuestName})
}

type attendanceQuery struct {
	rest.Paging
	Activity  rest.ID   `query:"activity" doc:"Of this activity, in the order of signing in."`
	Member    rest.ID   `query:"member" doc:"Of this member."`
	Community rest.ID   `query:"community" doc:"Of this community."`
	Text      string    `query:"q" maxLength:"60" doc:"Part of a member's or guest's name."`
	From      rest.Date `query:"from" doc:"On or after this day."`
	To        rest.Date `query:"to" doc:"On or before this day."`
	State     string    `query:"state" enum:"in,out,void" doc:"In this state; what is void is left out otherwise."`
	Proof     string    `query:"proof" enum:"timed,countersigned,vouched" doc:"Of this grade."`
	Guests    bool      `query:"guests" doc:"Guests not joined yet."`
	Flagged   bool      `query:"flagged" doc:"Overlaps and long days."`
	Forgotten bool      `query:"forgotten" doc:"Still signed in after the end."`
	All       bool      `query:"all" doc:"What is void too."`
}

// Guest is somebody who is in no list.
type Guest struct {
	Name  string `json:"name" maxLength:"60" doc:"Name."`
	Phone string `json:"phone" maxLength:"40" doc:"Phone; kept sealed, and only until the guest is joined to a member."`
}

// Presented is the proof of standing before the screen.
type Presented struct {
	Code       string            `json:"code,omitempty" maxLength:"200" doc:"The scanned code; or activity and digits."`
	ActivityID rest.ID           `json:"activity_id,omitempty" doc:"Activity, with digits."`
	Digits     string            `json:"digits,omitempty" maxLength:"20" doc:"The digits on the screen."`
	Answers    map[string]string `json:"answers,omitempty" doc:"Answers to what the kind asks, by code."`
}

func (p Presented) plain() activity.Presented {
	return activity.Presented{Code: p.Code, Activity: p.ActivityID.ID(), Digits: p.Digits}
}

// StaffSignIn is a sign-in by staff at the place.
type StaffSignIn struct {
	MemberID rest.ID           `json:"member_id,omitempty" doc:"Member; or guest."`
	Guest    *Guest            `json:"guest,omitempty" doc:"Guest."`
	Answers  map[string]string `json:"answers,omitempty" doc:"Answers to what the kind asks, by code."`
}

// LateEntry is a presence entered afterwards.
type LateEntry struct {
	MemberID rest.ID           `json:"member_id,omitempty" doc:"Member; or guest."`
	Guest    *Guest            `json:"guest,omitempty" doc:"Guest."`
	InAt     time.Time         `json:"in_at" doc:"Came."`
	OutAt    time.Time         `json:"out_at" doc:"Went."`
	Reason   string            `json:"reason" maxLength:"500" doc:"Why the system did not see it."`
	Answers  map[string]string `json:"answers,omitempty" doc:"Answers to what the kind asks, by code."`
}

func (e LateEntry) plain() activity.Entry {
	out := activity.Entry{MemberID: e.MemberID.ID(), InAt: e.InAt, OutAt: e.OutAt, Reason: e.Reason, Answers: e.Answers}
	if e.Guest != nil {
		out.Guest = activity.Guest{Name: e.Guest.Name, Phone: e.Guest.Phone}
	}
	return out
}

// Sheet is a paper list entered at once.
type Sheet struct {
	Entries []LateEntry `json:"entries" minItems:"1" maxItems:"500" doc:"Those who were there: all are entered or none."`
}

// TimesCorrection puts other times on an attendance.
type TimesCorrection struct {
	InAt    time.Time `json:"in_at" doc:"Came."`
	OutAt   time.Time `json:"out_at" doc:"Went."`
	Reason  string    `json:"reason" maxLength:"500" doc:"Why."`
	Version int64     `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
}

// MemberRef names a member.
type MemberRef struct {
	MemberID rest.ID `json:"member_id" doc:"Member."`
}

// Candidate is a member who may be the guest.
type Candidate struct {
	MemberID  rest.ID `json:"member_id" doc:"Member."`
	Name      string  `json:"name" doc:"Name."`
	Unit      string  `json:"unit,omitempty" doc:"Name of the unit."`
	Community string  `json:"community,omitempty" doc:"Name of the community."`
}

// Screen is what stands on the screen at the place.
type Screen struct {
	Activity    Activity `json:"activity" doc:"The activity with its counts."`
	Code        string   `json:"code" doc:"The code of now, for the QR code."`
	Digits      string   `json:"digits" doc:"For those who cannot scan."`
	SecondsLeft int64    `json:"seconds_left" doc:"Until the next code."`
	Open        bool     `json:"open" doc:"People can sign in now."`
	Closing     bool     `json:"signing_out" doc:"People can still sign out."`
}

// Helped names the person helped.
type Helped struct {
	Name string `json:"name" maxLength:"60" doc:"Name of the person helped."`
}

// IssuedCode is a fresh code for the person helped; it is shown once.
type IssuedCode struct {
	Code    string    `json:"code" doc:"Six digits, to be told to the member or a worker."`
	Public  string    `json:"public_code" doc:"Twelve digits, which the person helped enters themselves on the public page."`
	Link    string    `json:"link_code" doc:"The same with the district in front, for the address /p/confirm?c=…"`
	Expires time.Time `json:"expires" doc:"Until when it can be used."`
	Helped  string    `json:"helped" doc:"Name of the person helped."`
}

func issuedOf(i countersign.Issued) IssuedCode {
	return IssuedCode{Code: i.Code, Public: i.Public, Link: i.Link, Expires: i.Expires.UTC(), Helped: i.Helped}
}

// EnteredCode is the code of the person helped.
type EnteredCode struct {
	Code string `json:"code" maxLength:"20" doc:"The six digits."`
}

// SignedOut counts.
type SignedOut struct {
	Count int `json:"count" doc:"How many were signed out."`
}

func (h *handlers) attendances(k *rest.Kit) {
	const tag = "attendances"
	see := perms(activity.PermSee, activity.PermSeeOwn)
	rest.Get(k, rest.Op{ID: "attendance-list", Path: "/attendances", Tag: tag, Title: "List attendances, latest first", Needs: see},
		func(ctx context.Context, a authz.Actor, in *attendanceQuery) (rest.Page[Attendance], error) {
			l, err := h.Activity.Attendances(ctx, a, activity.Attended{ActivityID: in.Activity.ID(), MemberID: in.Member.ID(), CommunityID: in.Community.ID(), Search: in.Text,
				From: in.From.Date(), To: in.To.Date(), State: activity.Presence(in.State), Proof: ledger.Proof(in.Proof), Guests: in.Guests, Flagged: in.Flagged,
				Forgotten: in.Forgotten, All: in.All, Page: in.Page()})
			return rest.PageOf(l, attendanceItemOf(ctx)), err
		})
	rest.Get(k, rest.Op{ID: "attendance-get", Path: "/attendances/{id}", Tag: tag, Title: "Open an attendance", Needs: see},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (Attendance, error) {
			i, err := h.Activity.Attendance(ctx, a, in.ID.ID())
			return attendanceItemOf(ctx)(i), err
		})
	h.signing(k)
	h.attending(k)
	h.mending(k)
}

// signing is what members do with the code at the place.
func (h *handlers) signing(k *rest.Kit) {
	const tag = "sign-in"
	own := perms(activity.PermSignOwn)
	rest.Get(k, rest.Op{ID: "activity-screen", Path: "/activities/{id}/screen", Tag: tag, Title: "The code of now, for the screen at the place", Needs: perms(activity.PermHold, activity.PermHost)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (Screen, error) {
			s, err := h.Activity.Screen(ctx, a, in.ID.ID())
			if err != nil {
				return Screen{}, err
			}
			return Screen{Activity: activityOf(ctx)(s.Item), Code: s.Code.String(), Digits: s.Digits, SecondsLeft: int64(s.Left.Seconds()), Open: s.Open, Closing: s.Signing}, nil
		})
	rest.Post(k, rest.Op{ID: "sign-in", Path: "/sign-in", Tag: tag, Title: "Sign yourself in with the code at the place", Needs: own},
		func(ctx context.Context, a authz.Actor, in *rest.In[Presented]) (Attendance, error) {
			made, err := h.Activity.SignIn(ctx, a, in.Body.plain(), in.Body.Answers)
			return attendanceOf(ctx, made), err
		})
	rest.Post(k, rest.Op{ID: "sign-out", Path: "/sign-out", Tag: tag, Title: "Sign yourself out with the code at the place; the hours are then in the ledger", Needs: own},
		func(ctx context.Context, a authz.Actor, in *rest.In[Presented]) (Attendance, error) {
			made, err := h.Activity.SignOut(ctx, a, in.Body.plain())
			return attendanceOf(ctx, made), err
		})
}

// attending is what staff enter.
func (h *handlers) attending(k *rest.Kit) {
	const tag = "attendances"
	hold := perms(activity.PermHold, activity.PermHost)
	rest.Post(k, rest.Op{ID: "attendance-sign-in", Path: "/activities/{id}/attendances", Tag: tag, Title: "Sign a member or guest in at the place", Needs: hold, Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[StaffSignIn]) (Attendance, error) {
			var made activity.Attendance
			var err error
			if g := in.Body.Guest; g != nil {
				made, err = h.Activity.SignInGuestFor(ctx, a, in.ID.ID(), activity.Guest{Name: g.Name, Phone: g.Phone}, in.Body.Answers)
			} else {
				made, err = h.Activity.SignInFor(ctx, a, in.ID.ID(), in.Body.MemberID.ID(), in.Body.Answers)
			}
			return attendanceOf(ctx, made), err
		})
	rest.Post(k, rest.Op{ID: "attendance-enter", Path: "/activities/{id}/attendances/late", Tag: tag, Title: "Enter a presence that the system did not see, with a reason", Needs: hold, Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[LateEntry]) (Attendance, error) {
			made, err := h.Activity.Enter(ctx, a, in.ID.ID(), in.Body.plain())
			return attendanceOf(ctx, made), err
		})
	rest.Act(k, rest.Op{ID: "attendance-sheet", Path: "/activities/{id}/attendances/sheet", Tag: tag, Title: "Enter a whole paper list; all or none", Needs: hold},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Sheet]) error {
			sheet := make([]activity.Entry, len(in.Body.Entries))
			for i, e := range in.Body.Entries {
				sheet[i] = e.plain()
			}
			return h.Activity.Presences(ctx, a, in.ID.ID(), ledger.Vouched, sheet)
		})
	rest.Post(k, rest.Op{ID: "attendance-sign-out", Path: "/attendances/{id}/sign-out", Tag: tag, Title: "Sign somebody out at the place", Needs: hold},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (Attendance, error) {
			made, err := h.Activity.SignOutFor(ctx, a, in.ID.ID())
			return attendanceOf(ctx, made), err
		})
	rest.Post(k, rest.Op{ID: "attendance-sign-out-all", Path: "/activities/{id}/attendances/sign-out", Tag: tag, Title: "Sign everybody out who is still present", Needs: hold},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (SignedOut, error) {
			n, err := h.Activity.SignOutAll(ctx, a, in.ID.ID())
			return SignedOut{n}, err
		})
}

// mending corrects what was entered and raises its proof.
func (h *handlers) mending(k *rest.Kit) {
	const tag = "attendances"
	hold := perms(activity.PermHold, activity.PermHost)
	rest.Act(k, rest.Op{ID: "attendance-correct", Path: "/attendances/{id}/correct", Tag: tag, Title: "Put other times on it, with a reason; the ledger follows", Needs: hold},
		func(ctx context.Context, a authz.Actor, in *rest.Change[TimesCorrection]) error {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return err
			}
			return h.Activity.Correct(ctx, a, in.ID.ID(), activity.Correction{InAt: in.Body.InAt, OutAt: in.Body.OutAt, Reason: in.Body.Reason, Version: v})
		})
	rest.Act(k, rest.Op{ID: "attendance-void", Path: "/attendances/{id}/void", Tag: tag, Title: "Take back what did not happen, with a reason", Needs: hold},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Reason]) error {
			return h.Activity.Void(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Get(k, rest.Op{ID: "attendance-candidates", Path: "/attendances/{id}/candidates", Tag: "guests", Title: "Members whose phone is that of a guest", Needs: hold},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (rest.All[Candidate], error) {
			l, err := h.Activity.Candidates(ctx, a, in.ID.ID())
			return rest.AllOf(l, func(c activity.Candidate) Candidate {
				return Candidate{rest.IDOf(c.MemberID), c.Name, c.UnitName, c.CommunityName}
			}), err
		})
	rest.Act(k, rest.Op{ID: "attendance-join", Path: "/attendances/{id}/join", Tag: "guests", Title: "Say which member a guest was", Needs: hold},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[MemberRef]) error {
			return h.Activity.Join(ctx, a, in.ID.ID(), in.Body.MemberID.ID())
		})
	rest.Post(k, rest.Op{ID: "attendance-code", Path: "/attendances/{id}/code", Tag: tag, Title: "Make a code for the person helped; it is shown once", Needs: perms(activity.PermCountersign)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Helped]) (IssuedCode, error) {
			i, err := h.Activity.IssueCode(ctx, a, in.ID.ID(), in.Body.Name)
			return issuedOf(i), err
		})
	rest.Act(k, rest.Op{ID: "attendance-countersign", Path: "/attendances/{id}/countersign", Tag: tag, Title: "Enter the code of the person helped, which raises the proof", Needs: perms(activity.PermSignOwn, activity.PermHold, activity.PermHost)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[EnteredCode]) error {
			return h.Activity.Countersign(ctx, a, in.ID.ID(), in.Body.Code)
		})
}
