package rest

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// ID is an identifier as it stands in JSON and in addresses: decimal text, "" for none.
type ID string

// IDOf is i as text.
func IDOf(i id.ID) ID { return ID(i.String()) }

// IDsOf are several identifiers as text.
func IDsOf(list []id.ID) []ID {
	out := make([]ID, len(list))
	for n, i := range list {
		out[n] = IDOf(i)
	}
	return out
}

// ID is the identifier; 0 for none and for a text that none can have.
func (t ID) ID() id.ID {
	i, err := id.Parse(string(t))
	if err != nil {
		return 0
	}
	return i
}

// IDs are several identifiers.
func IDs(list []ID) []id.ID {
	out := make([]id.ID, len(list))
	for n, t := range list {
		out[n] = t.ID()
	}
	return out
}

// Schema describes an identifier.
func (ID) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^[0-9]{0,19}$`, Description: "Identifier, decimal text.", Examples: []any{"250718299201536"}}
}

// Date is a day as it stands in JSON: YYYY-MM-DD, "" for none.
type Date string

// DateOf is d as text.
func DateOf(d calendar.Date) Date { return Date(d.String()) }

// Date is the day; none if it is no day.
func (t Date) Date() calendar.Date {
	d, err := calendar.Parse(string(t))
	if err != nil {
		return calendar.Date{}
	}
	return d
}

// Schema describes a day.
func (Date) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Description: "Day, YYYY-MM-DD.", Examples: []any{"2026-09-30"}}
}

// Quarter is a quarter as it stands in JSON: 2026Q3.
type Quarter string

// QuarterOf is q as text.
func QuarterOf(q calendar.Quarter) Quarter { return Quarter(q.String()) }

// Quarter is the quarter; none if it is no quarter.
func (t Quarter) Quarter() calendar.Quarter {
	q, err := calendar.ParseQuarter(string(t))
	if err != nil {
		return calendar.Quarter{}
	}
	return q
}

// Schema describes a quarter.
func (Quarter) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^[0-9]{4}Q[1-4]$`, Description: "Quarter, like 2026Q3.", Examples: []any{"2026Q3"}}
}

// None is the input of an operation that takes none.
type None struct{}

// Path is the input of an operation on one record.
type Path struct {
	ID ID `path:"id" doc:"Identifier of the record."`
}

// In is the input of an operation that takes a body.
type In[T any] struct {
	Body T
}

// PathIn is the input of an operation on one record that takes a body.
type PathIn[T any] struct {
	Path
	Body T
}

// Match is the version of a record that the caller saw, as a header.
type Match struct {
	IfMatch string `header:"If-Match" doc:"ETag of the record as you saw it; an alternative to version in the body."`
}

// Version is the version that the caller saw: that of the body, or of the header. One of them is needed.
func (m Match) Version(inBody int64) (int64, error) {
	if inBody > 0 {
		return inBody, nil
	}
	v, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(m.IfMatch, "W/"), `"v`), 10, 64)
	if err != nil || v <= 0 {
		return 0, errs.Field("version", i18n.APIVersionNeeded)
	}
	return v, nil
}

// Change is the input of an update of one record.
type Change[T any] struct {
	Path
	Match
	Body T
}

// Paging is the part of a list that is asked for.
type Paging struct {
	After string `query:"after" maxLength:"400" doc:"Cursor: next of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Records on the page."`
}

// Page is the part of a list that is asked for, as the services know it.
func (p Paging) Page() db.Page {
	return db.Page{After: db.ParseCursor(openCursor(p.After)), Limit: p.Limit}
}

func openCursor(s string) string {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return ""
	}
	return string(b)
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T    `json:"items" nullable:"false" doc:"The records, in the order of the list."`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one. Also in the Link header."`
}

// PageOf makes a page of a service's list.
func PageOf[S, T any](l db.List[S], one func(S) T) Page[T] {
	p := Page[T]{Items: make([]T, len(l.Items))}
	for i, s := range l.Items {
		p.Items[i] = one(s)
	}
	if l.Next != "" {
		p.Next = base64.RawURLEncoding.EncodeToString([]byte(l.Next))
	}
	return p
}

func (p Page[T]) nextCursor() string { return p.Next }

// All is a list that comes in one piece.
type All[T any] struct {
	Items []T `json:"items" nullable:"false" doc:"The records."`
}

// AllOf makes a list of a service's list.
func AllOf[S, T any](list []S, one func(S) T) All[T] {
	out := All[T]{Items: make([]T, len(list))}
	for i, s := range list {
		out.Items[i] = one(s)
	}
	return out
}

// Versioned is a record with a version, which becomes its ETag.
type Versioned interface{ RecordVersion() int64 }

// Ref is the identifier of what was made.
type Ref struct {
	ID ID `json:"id" doc:"Identifier of the new record."`
}

// Done is the answer of an operation that gives nothing back.
type Done struct{}

// reply is an answer with its headers.
type reply[O any] struct {
	Status       int
	ETag         string `header:"ETag" doc:"Version of the record, for If-Match."`
	Link         string `header:"Link" doc:"Address of the next page, rel=next."`
	CacheControl string `header:"Cache-Control" doc:"no-store."`
	Body         O
}

// emptyReply is an answer without a body.
type emptyReply struct {
	CacheControl string `header:"Cache-Control" doc:"no-store."`
}

func replyTo[O any](r *http.Request, status int, o O) *reply[O] {
	out := &reply[O]{Status: status, CacheControl: "no-store", Body: o}
	switch b := any(o).(type) {
	case Versioned:
		out.ETag = `"v` + strconv.FormatInt(b.RecordVersion(), 10) + `"`
	case interface{ nextCursor() string }:
		if c := b.nextCursor(); c != "" && r != nil {
			q := r.URL.Query()
			q.Set("after", c)
			out.Link = "<" + r.URL.Path + "?" + q.Encode() + `>; rel="next"`
		}
	}
	return out
}

// UTC is t as it is shown: nil for none.
func UTC(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// TenantText is the code of a tenant as it is shown.
func TenantText(tenant int64) string { return strconv.FormatInt(tenant, 10) }
