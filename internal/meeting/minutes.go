package meeting

import (
	"context"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// MaxMinutes is the longest text of minutes, in characters.
const MaxMinutes = 30_000

// coalesce is how long savings of one writer make one revision.
const coalesce = 10 * time.Minute

// Revision is a text of minutes as it once was.
type Revision struct {
	ID     id.ID
	Number int64
	Text   string
	Aside  bool // it met a newer text and was kept beside it
	By     string
	At     time.Time
}

// Saved says what came of saving minutes.
type Saved struct {
	Version int64 // to be given with the next saving
	At      time.Time
	Clash   bool   // somebody else saved meanwhile: the text was kept beside theirs, nothing was overwritten
	Theirs  string // the text that stands
	By      string // who wrote it
}

// SaveMinutes saves minutes (PermPlan); version is MinutesVersion as the writer saw it. Where somebody else saved meanwhile, their text stands,
// this one is kept beside it, and Clash says so. auto is a saving by the page itself: a clash then keeps nothing, the writer is still writing.
func (s *Service) SaveMinutes(ctx context.Context, actor authz.Actor, meeting id.ID, version int64, text string, auto bool) (out Saved, err error) {
	if e := paragraph(nil, "minutes", &text, MaxMinutes, !auto); e != nil {
		return out, e
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := findPlanned(ctx, tx, actor.Scope(PermPlan), meeting)
		if err != nil {
			return err
		}
		if m.State == Cancelled {
			return errs.New(errs.Conflict, i18n.MeetingIsCancelled)
		}
		out = Saved{Version: m.MinutesVersion, At: tx.Now()}
		switch {
		case text == m.Minutes:
			return nil
		case version != m.MinutesVersion:
			out.Clash, out.Theirs, out.By = true, m.Minutes, m.MinutesBy
			if auto {
				return nil
			}
			if err := insertRevision(ctx, tx, actor, m.ID, m.MinutesVersion, text, true); err != nil {
				return err
			}
			return record(ctx, tx, actor, PermPlan, "minutes", m, map[string]any{"aside": true})
		}
		out.Version++
		if err := setMinutes(ctx, tx, actor, m, text); err != nil {
			return err
		}
		grown, err := extendRevision(ctx, tx, actor, m.ID, out.Version, text, tx.Now().Add(-coalesce))
		if err != nil || grown { // an hour of writing is one act in the record
			return err
		}
		if err := insertRevision(ctx, tx, actor, m.ID, out.Version, text, false); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermPlan, "minutes", m, map[string]any{"number": out.Version})
	})
	return out, err
}

// Revisions are the revisions of minutes, the latest first.
func (s *Service) Revisions(ctx context.Context, actor authz.Actor, meeting id.ID) ([]Revision, error) {
	if _, err := find(ctx, s.db, seeing(actor), meeting); err != nil {
		return nil, err
	}
	return revisions(ctx, s.db, actor.Tenant, meeting)
}

// shows is nil if the minutes name every kind for which the meeting counts, where there are several (PARTY-29).
func shows(m Meeting, kinds []Kind) error {
	if len(kinds) < 2 {
		return nil
	}
	for _, k := range kinds {
		if !strings.Contains(m.Minutes, k.Name) {
			return errs.New(errs.Conflict, i18n.MeetingMinutesKinds, k.Text())
		}
	}
	return nil
}

// Template is what minutes begin with: what the program knows of the meeting, in Chinese, as they are written.
func (d Detail) Template() string {
	var b strings.Builder
	line := func(t i18n.Text, args ...any) { b.WriteString(t.In(i18n.ZH, args...) + "\n") }
	var names []string
	for _, k := range d.Kinds {
		names = append(names, k.Name)
	}
	line(i18n.MinutesHead, d.Title, strings.Join(names, i18n.PaperComma.In(i18n.ZH)))
	line(i18n.MinutesWhen, i18n.DateTime(d.StartsAt), d.Place)
	if d.Votes {
		line(i18n.MinutesPresent, d.Quorum.Eligible, d.Quorum.Present)
	}
	if d.Sits && d.Committee.Eligible > 0 {
		line(i18n.MinutesCommittee, d.Committee.Eligible, d.Committee.Present)
	}
	if !d.Votes && !d.Sits && len(d.Recipients) > 0 {
		line(i18n.MinutesInvited, len(d.Recipients))
	}
	line(i18n.MinutesChair)
	if len(d.Before) > 0 {
		line(i18n.MinutesBefore)
		for i, t := range d.Before {
			line(i18n.MinutesTask, i+1, t.Title, t.Organisation, t.DueOn.String(), t.State.Text())
		}
	}
	for i, t := range d.Agenda {
		line(i18n.MinutesTopic, i+1, t.Title, t.Organisation)
	}
	for _, k := range d.Kinds {
		if k.Template != "" {
			b.WriteString(k.Template + "\n")
		}
	}
	line(i18n.MinutesEnd)
	return b.String()
}
