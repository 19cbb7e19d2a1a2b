package venue

import (
	"bytes"
	"context"
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Line is what became of a place in a month. Each number opens to its bookings (Filter).
type Line struct {
	Venue     Venue
	Opened    int64 // minutes that it was open, by the hours of each day
	Used      int64 // minutes of bookings at which somebody checked in
	Bookings  int64
	UsedTimes int64
	Off       int64 // called off, refused or not answered
	Missed    int64
}

// Share is how much of what was open was used, in percent.
func (l Line) Share() int64 {
	if l.Opened == 0 {
		return 0
	}
	return (l.Used*100 + l.Opened/2) / l.Opened
}

// MostLines bounds the figures of one look; where there are as many, one looks at a community.
const MostLines = 1000

// Figures gives for each place of organisations in scope, in one community or in all (0), what became of it in a month (PermSee). What is closed is there as long as it was open or used in that month.
func (s *Service) Figures(ctx context.Context, actor authz.Actor, month calendar.Date, community id.ID) ([]Line, error) {
	cal, err := s.days.Calendar(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	first := month.StartOfMonth()
	last := first.EndOfMonth()
	a := &db.Args{}
	where := actor.Scope(PermSee).Where(a, owned)
	if community != 0 {
		where += " AND v.community_id = " + a.Add(community)
	}
	list, err := db.All(ctx, s.db, (*Venue).dest, "SELECT "+venueColumns+venueJoined+where+" AND (v.created_at < "+a.Add(db.Micros(last.AddDays(1).Time()))+" AND (v.ended_on = '' OR v.ended_on > "+
		a.Add(first.String())+") OR EXISTS (SELECT 1 FROM venue_booking b WHERE b.tenant_id = v.tenant_id AND b.venue_id = v.id AND b.starts_at >= "+a.Add(db.Micros(first.Time()))+" AND b.starts_at < "+
		a.Add(db.Micros(last.AddDays(1).Time()))+")) ORDER BY v.org_id, v.id LIMIT "+a.Add(int64(MostLines)), a.Values()...)
	if err != nil {
		return nil, err
	}
	if err := parts(ctx, s.db, actor.Tenant, list, first); err != nil {
		return nil, err
	}
	out, at := make([]Line, len(list)), make(map[id.ID]int, len(list))
	for i, v := range list {
		out[i].Venue, at[v.ID] = v, i
		for d := first; !d.After(last); d = d.AddDays(1) {
			out[i].Opened += v.Opened(cal, d)
		}
	}
	type sum struct {
		venue    id.ID
		state    State
		n, spans int64
	}
	a = &db.Args{}
	return out, db.Each(ctx, s.db, func(x *sum) []any { return []any{&x.venue, &x.state, &x.n, &x.spans} }, func(x sum) error {
		i, ok := at[x.venue]
		if !ok {
			return nil
		}
		l := &out[i]
		l.Bookings += x.n
		switch x.state {
		case In, Done:
			l.UsedTimes, l.Used = l.UsedTimes+x.n, l.Used+x.spans/time.Minute.Microseconds()
		case Missed:
			l.Missed += x.n
		case Refused, Cancelled, Lapsed:
			l.Off += x.n
		}
		return nil
	}, "SELECT b.venue_id, b.state, count(*), CAST(coalesce(sum(b.ends_at - b.starts_at), 0) AS BIGINT) FROM venue_booking b JOIN venue v ON v.tenant_id = b.tenant_id AND v.id = b.venue_id WHERE "+
		actor.Scope(PermSee).Where(a, atPlace)+" AND b.starts_at >= "+a.Add(db.Micros(first.Time()))+" AND b.starts_at < "+a.Add(db.Micros(last.AddDays(1).Time()))+" GROUP BY b.venue_id, b.state", a.Values()...)
}

// zone is the time zone of China, which has had no summer time since 1991.
const zone = "Asia/Shanghai"

// calendarDays is how many days a calendar file looks ahead.
const calendarDays = 42

// ICS gives the bookings in sight of a place as a calendar of RFC 5545 (PermSee). It names organisations, and no resident.
func (s *Service) ICS(ctx context.Context, actor authz.Actor, venue id.ID, base string) (name string, file []byte, err error) {
	c, err := s.Calendar(ctx, actor, venue, calendar.Date{}, calendarDays)
	if err != nil {
		return "", nil, err
	}
	cal := ics.NewCalendar()
	cal.SetProductId("-//Linli//Venues//ZH")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(c.Name)
	cal.SetXWRTimezone(zone)
	std := cal.AddTimezone(zone).AddStandard()
	std.AddProperty(ics.ComponentPropertyDtStart, "19910915T010000")
	std.AddProperty("TZOFFSETFROM", "+0800")
	std.AddProperty("TZOFFSETTO", "+0800")
	std.AddProperty("TZNAME", "CST")
	at := func(t time.Time) string { return t.In(i18n.Zone).Format("20060102T150405") }
	for _, b := range c.Listed {
		e := cal.AddEvent(b.ID.String() + "@linli")
		e.SetDtStampTime(s.db.Now())
		e.SetProperty(ics.ComponentPropertyDtStart, at(b.Starts), ics.WithTZID(zone))
		e.SetProperty(ics.ComponentPropertyDtEnd, at(b.Ends), ics.WithTZID(zone))
		who := b.Org
		if b.OrgID == 0 {
			who = i18n.VenueResident.In(i18n.ZH)
		}
		e.SetSummary(who + " " + b.No)
		e.SetSequence(int(b.Version))
		status := ics.ObjectStatusConfirmed
		if b.State == Asked {
			status = ics.ObjectStatusTentative
		}
		e.SetStatus(status)
		e.SetLocation(c.Name + " " + c.Address)
		e.SetURL(fmt.Sprintf("%s/bookings/%s", base, b.ID))
	}
	var out bytes.Buffer
	err = cal.SerializeTo(&out, ics.WithNewLineWindows)
	return c.Name, out.Bytes(), err
}
