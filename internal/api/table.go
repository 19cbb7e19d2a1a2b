package api

import (
	"bytes"
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/table"
)

// TableColumn is one column of a table.
type TableColumn struct {
	Kind    string `json:"kind" enum:"fact,figure,text,serial" doc:"What stands in it."`
	Fact    string `json:"fact,omitempty" maxLength:"200" doc:"Of a fact: as seen from a row, such as person.name or household/head/person.name."`
	Figure  string `json:"figure,omitempty" maxLength:"80" doc:"Of a figure: its name; only in tables of organisations."`
	Heading string `json:"heading,omitempty" maxLength:"60" doc:"Heading; the name in the catalogue if absent."`
	Text    string `json:"text,omitempty" maxLength:"200" doc:"Of a text: the words in every row; absent leaves it blank."`
	Style   string `json:"style,omitempty" enum:"dots,slashes,chars,digits,month,year,code,1/0,ticks" doc:"How days, choices, yes and no are written; the usual way if absent."`
}

// TableCondition keeps rows of which a fact says something. All conditions of a table must be met.
type TableCondition struct {
	Fact   string   `json:"fact" maxLength:"200" doc:"As seen from a row."`
	Test   string   `json:"test" enum:"is,contains,between,known,unknown" doc:"What is asked of it. What is unknown meets unknown and nothing else."`
	Values []string `json:"values,omitempty" maxItems:"100" doc:"Of is: one of these; of contains: one text."`
	From   string   `json:"from,omitempty" maxLength:"40" doc:"Of between: the least; absent for no bound."`
	To     string   `json:"to,omitempty" maxLength:"40" doc:"Of between: the most."`
}

// TableBody is what a table is.
type TableBody struct {
	Title    string           `json:"title" maxLength:"100" doc:"Title."`
	Subtitle string           `json:"subtitle,omitempty" maxLength:"100" doc:"Title line of files; the title if absent."`
	Subject  string           `json:"subject" maxLength:"20" doc:"What each row is; it stays when a table is changed."`
	Columns  []TableColumn    `json:"columns" minItems:"1" maxItems:"60" nullable:"false" doc:"Columns in order."`
	Where    []TableCondition `json:"where,omitempty" maxItems:"20" doc:"Which rows."`
	Place    rest.ID          `json:"place_id,omitempty" doc:"Only rows of this organisation and what lies below it."`
	Grid     rest.ID          `json:"grid_id,omitempty" doc:"Only rows of this grid."`
	Gone     bool             `json:"gone,omitempty" doc:"Also who moved out and what ended."`
	Sort     string           `json:"sort,omitempty" maxLength:"200" doc:"Fact that rows are sorted by: one that stands on the row itself. The order of entry if absent."`
	Desc     bool             `json:"desc,omitempty" doc:"Descending."`
	Blank    bool             `json:"blank,omitempty" doc:"Files leave what is not recorded blank."`
}

// SavedTable is a table that somebody put together.
type SavedTable struct {
	TableBody
	ID        rest.ID    `json:"id" doc:"Identifier."`
	Owner     string     `json:"owner" doc:"Who made it."`
	Own       bool       `json:"own" doc:"Whether it is yours to change."`
	SharedID  rest.ID    `json:"shared_with_id,omitempty" doc:"Organisation with which it is shared."`
	Shared    string     `json:"shared_with,omitempty" doc:"Its name."`
	CreatedAt time.Time  `json:"created_at" doc:"When it was made."`
	UpdatedAt time.Time  `json:"updated_at" doc:"When it was changed last."`
	RemovedAt *time.Time `json:"removed_at,omitempty" doc:"When it was removed; it can be brought back for thirty days."`
	Version   int64      `json:"version" doc:"Version, for changes."`
}

// RecordVersion is the version for the ETag.
func (t SavedTable) RecordVersion() int64 { return t.Version }

// TableTemplate is a table to start from.
type TableTemplate struct {
	Code string    `json:"code" doc:"Code."`
	Hint string    `json:"hint,omitempty" doc:"What it is for."`
	Body TableBody `json:"table" doc:"The table."`
}

// TableHead is a column as the catalogue knows it.
type TableHead struct {
	Heading string `json:"heading" doc:"Heading."`
	Gone    bool   `json:"gone,omitempty" doc:"What it shows is not in the catalogue any more."`
	Sealed  bool   `json:"sealed,omitempty" doc:"Its values are masked."`
	Sorts   bool   `json:"sorts,omitempty" doc:"Rows can be sorted by it."`
}

// TableRow is one row.
type TableRow struct {
	ID    rest.ID     `json:"id" doc:"The record."`
	Cells []TableCell `json:"cells" nullable:"false" doc:"Cells in the order of the columns."`
}

// TableCell is one value.
type TableCell struct {
	Text   string `json:"text,omitempty" doc:"As people read it."`
	Known  bool   `json:"known" doc:"Whether anything is known; unknown is not no."`
	Hidden bool   `json:"hidden,omitempty" doc:"Sealed: text is a mask."`
}

// TableRows is a page of a table.
type TableRows struct {
	Columns []TableHead `json:"columns" nullable:"false" doc:"Columns."`
	Items   []TableRow  `json:"items" nullable:"false" doc:"Rows that you may see."`
	Next    string      `json:"next,omitempty" doc:"Cursor of the next page."`
	Partial bool        `json:"partial,omitempty" doc:"A condition had to be tried row by row and the search stopped for now; next goes on."`
}

// TableCount is how many rows a table has for you.
type TableCount struct {
	Rows int  `json:"rows" doc:"Rows, at most ten thousand."`
	More bool `json:"more,omitempty" doc:"There are others."`
}

// TableRun is a file made in the background.
type TableRun struct {
	ID         rest.ID    `json:"id" doc:"Identifier."`
	TableID    rest.ID    `json:"table_id" doc:"Table."`
	Kind       string     `json:"kind" enum:"export,edition" doc:"Asked for, or made by a schedule."`
	State      string     `json:"state" enum:"waiting,done,failed" doc:"Where it stands."`
	Day        rest.Date  `json:"day" doc:"As of when."`
	Rows       int64      `json:"rows" doc:"Rows."`
	Previous   rest.ID    `json:"previous_id,omitempty" doc:"Edition that it was compared with."`
	Added      int64      `json:"added" doc:"Rows that the edition before did not have."`
	Removed    int64      `json:"removed" doc:"Rows that it had and this one has not."`
	Changed    int64      `json:"changed" doc:"Rows that differ."`
	Message    string     `json:"message,omitempty" doc:"Why it failed."`
	CreatedAt  time.Time  `json:"created_at" doc:"When it was begun."`
	FinishedAt *time.Time `json:"finished_at,omitempty" doc:"When it ended."`
	ExpiresOn  rest.Date  `json:"expires_on" doc:"Last day on which it is kept."`
}

// TableChange is a row in which two editions differ.
type TableChange struct {
	ID    rest.ID            `json:"id" doc:"The record."`
	Name  string             `json:"name,omitempty" doc:"What it is called."`
	What  string             `json:"what" enum:"added,removed,changed" doc:"How it differs."`
	Cells []TableChangedCell `json:"cells,omitempty" doc:"Of a changed row: what differs; masks in sealed columns."`
}

// TableChangedCell is a cell before and after.
type TableChangedCell struct {
	Heading string `json:"heading" doc:"Column."`
	Was     string `json:"was,omitempty" doc:"Before."`
	Is      string `json:"is,omitempty" doc:"Now."`
}

// TableSchedule says when a table is made again by itself.
type TableSchedule struct {
	Every      string    `json:"every" enum:"month,quarter" doc:"How often."`
	OnDay      int       `json:"on_day" minimum:"1" maximum:"31" doc:"Day of the month, or of the first month of the quarter."`
	KeepMonths int       `json:"keep_months,omitempty" minimum:"1" maximum:"36" doc:"How long each edition is kept; a year if absent."`
	Purpose    string    `json:"purpose,omitempty" maxLength:"40" doc:"Purpose for which sealed columns are opened; masked if absent."`
	Reason     string    `json:"reason,omitempty" maxLength:"200" doc:"Needed with a purpose."`
	NextOn     rest.Date `json:"next_on,omitempty" doc:"Day of the next edition; given back, not taken."`
}

// TableHeading is a heading of a file with what it means.
type TableHeading struct {
	Text   string      `json:"text" doc:"Heading."`
	Sure   bool        `json:"sure" doc:"Whether the column is what it means; otherwise it is a blank one."`
	Column TableColumn `json:"column" doc:"The column to take."`
	Maybe  []string    `json:"maybe,omitempty" doc:"Facts that it may mean, the likeliest first."`
}

// TableHeadings are the columns that a header asks for.
type TableHeadings struct {
	Subject string         `json:"subject" doc:"What the rows are about."`
	Items   []TableHeading `json:"items" nullable:"false" doc:"Columns in order."`
}

// TableSave changes a table.
type TableSave struct {
	TableBody
	Version int64 `json:"version,omitempty" doc:"Version that you saw; or the header If-Match."`
}

func tableBodyOf(d table.Draft) TableBody {
	b := TableBody{Title: d.Title, Subtitle: d.Subtitle, Subject: string(d.Subject), Columns: []TableColumn{}, Place: rest.IDOf(d.Place), Grid: rest.IDOf(d.Grid), Gone: d.Gone,
		Sort: string(d.Sort), Desc: d.Desc, Blank: d.Blank}
	for _, c := range d.Columns {
		b.Columns = append(b.Columns, tableColumnOf(c))
	}
	for _, c := range d.Where {
		b.Where = append(b.Where, TableCondition{Fact: string(c.Ref), Test: string(c.Test), Values: c.Values, From: c.From, To: c.To})
	}
	return b
}

func tableColumnOf(c table.Column) TableColumn {
	return TableColumn{Kind: string(c.Kind), Fact: string(c.Ref), Figure: c.Figure, Heading: c.Heading, Text: c.Text, Style: string(c.Style)}
}

func (b TableBody) draft() table.Draft {
	d := table.Draft{Title: b.Title, Subject: fact.Subject(b.Subject)}
	d.Subtitle, d.Place, d.Grid, d.Gone, d.Sort, d.Desc, d.Blank = b.Subtitle, b.Place.ID(), b.Grid.ID(), b.Gone, fact.Ref(b.Sort), b.Desc, b.Blank
	for _, c := range b.Columns {
		d.Columns = append(d.Columns, table.Column{Kind: table.Kind(c.Kind), Ref: fact.Ref(c.Fact), Figure: c.Figure, Heading: c.Heading, Text: c.Text, Style: table.Style(c.Style)})
	}
	for _, c := range b.Where {
		d.Where = append(d.Where, fact.Condition{Ref: fact.Ref(c.Fact), Test: fact.Test(c.Test), Values: c.Values, From: c.From, To: c.To})
	}
	return d
}

func savedTableOf(a authz.Actor, t table.Table) SavedTable {
	return SavedTable{TableBody: tableBodyOf(t.Draft), ID: rest.IDOf(t.ID), Owner: t.OwnerName, Own: t.OwnerID == a.AccountID, SharedID: rest.IDOf(t.SharedID), Shared: t.SharedName,
		CreatedAt: t.CreatedAt.UTC(), UpdatedAt: t.UpdatedAt.UTC(), RemovedAt: rest.UTC(t.RemovedAt), Version: t.Version}
}

func tableRunOf(r table.Run) TableRun {
	return TableRun{ID: rest.IDOf(r.ID), TableID: rest.IDOf(r.TableID), Kind: string(r.Kind), State: string(r.State), Day: rest.DateOf(r.OnDate), Rows: r.Rows,
		Previous: rest.IDOf(r.PreviousID), Added: r.Added, Removed: r.Removed, Changed: r.Changed, Message: r.Message, CreatedAt: r.CreatedAt.UTC(),
		FinishedAt: rest.UTC(r.FinishedAt), ExpiresOn: rest.DateOf(r.ExpiresOn)}
}

func tableRowsOf(ctx context.Context, v table.View) TableRows {
	out := TableRows{Columns: []TableHead{}, Items: []TableRow{}, Next: v.Next, Partial: v.Partial}
	for _, h := range v.Heads {
		out.Columns = append(out.Columns, TableHead{Heading: h.Name.In(rest.Lang(ctx)), Gone: h.Gone, Sealed: h.Sealed, Sorts: h.Sorts})
	}
	for _, r := range v.Rows {
		row := TableRow{ID: rest.IDOf(r.ID), Cells: make([]TableCell, len(r.Cells))}
		for i, c := range r.Cells {
			row.Cells[i] = TableCell{Text: c.Text, Known: c.Known, Hidden: c.Hidden}
		}
		out.Items = append(out.Items, row)
	}
	return out
}

type tableQuery struct {
	rest.Paging
	Show    string `query:"show" enum:"mine,shared,removed" doc:"Your own, those shared with you, or those you removed; your own if absent."`
	Title   string `query:"title" maxLength:"100" doc:"Stands in the title."`
	Subject string `query:"subject" maxLength:"20" doc:"Rows are about this."`
}

type tableRowsQuery struct {
	rest.Path
	rest.Paging
	Place rest.ID `query:"place_id" doc:"Only rows of this organisation and what lies below it."`
	Sort  string  `query:"sort" maxLength:"200" doc:"Sort by this fact instead."`
	Desc  bool    `query:"desc" doc:"Descending."`
}

type tableCountQuery struct {
	rest.Path
	Place rest.ID `query:"place_id" doc:"Only rows of this organisation and what lies below it."`
}

type tableFileQuery struct {
	rest.Path
	Format string `query:"format" enum:"xlsx,csv,csv-gbk" doc:"Format; xlsx if absent."`
}

type tableHeaderInput struct {
	FileName string `query:"file_name" maxLength:"200" doc:"Name of the file."`
	RawBody  []byte `contentType:"application/octet-stream"`
}

// TableWanted says what file is wanted.
type TableWanted struct {
	Place   rest.ID `json:"place_id,omitempty" doc:"Only rows of this organisation and what lies below it."`
	Purpose string  `json:"purpose,omitempty" maxLength:"40" doc:"Purpose for which sealed columns are opened; masked if absent. Each person's opening is recorded."`
	Reason  string  `json:"reason,omitempty" maxLength:"200" doc:"A few words on it."`
}

// TableShare says with whom a table is shared.
type TableShare struct {
	Organisation rest.ID `json:"organisation_id,omitempty" doc:"Who has rights there, or below it, sees the table with rows of their own scope; nobody if absent."`
}

func (h *handlers) tables(k *rest.Kit) {
	const tag = "tables"
	use := perms(table.PermUse)
	one := func(a authz.Actor, t table.Table, err error) (SavedTable, error) { return savedTableOf(a, t), err }
	rest.Get(k, rest.Op{ID: "table-list", Path: "/tables", Tag: tag, Title: "List tables, newest first", Needs: use},
		func(ctx context.Context, a authz.Actor, in *tableQuery) (rest.Page[SavedTable], error) {
			l, err := h.Table.List(ctx, a, table.Filter{Show: table.Show(in.Show), Text: in.Title, Subject: fact.Subject(in.Subject), Page: in.Page()})
			return rest.PageOf(l, func(t table.Table) SavedTable { return savedTableOf(a, t) }), err
		})
	rest.Get(k, rest.Op{ID: "table-templates", Path: "/tables/templates", Tag: tag, Title: "Tables to start from", Needs: use},
		func(ctx context.Context, a authz.Actor, _ *rest.None) (rest.All[TableTemplate], error) {
			l, err := h.Table.Templates(ctx, a)
			return rest.AllOf(l, func(t table.Template) TableTemplate {
				return TableTemplate{Code: t.Code, Hint: t.Hint.In(rest.Lang(ctx)), Body: tableBodyOf(t.Draft)}
			}), err
		})
	rest.Post(k, rest.Op{ID: "table-header", Path: "/tables/header", Tag: tag, Title: "Columns that the header of a workbook asks for", Needs: use, Upload: true,
		Text: "The body is the workbook. Nothing is kept; what is not sure is offered, never taken."}, h.tableHeader)
	rest.Post(k, rest.Op{ID: "table-create", Path: "/tables", Tag: tag, Title: "Make a table", Needs: use, Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.In[TableBody]) (SavedTable, error) {
			t, err := h.Table.Create(ctx, a, in.Body.draft())
			return one(a, t, err)
		})
	rest.Get(k, rest.Op{ID: "table-get", Path: "/tables/{id}", Tag: tag, Title: "Open a table", Needs: use},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (SavedTable, error) {
			t, err := h.Table.Get(ctx, a, in.ID.ID())
			return one(a, t, err)
		})
	rest.Put(k, rest.Op{ID: "table-save", Path: "/tables/{id}", Tag: tag, Title: "Change a table of your own", Needs: use},
		func(ctx context.Context, a authz.Actor, in *rest.Change[TableSave]) (SavedTable, error) {
			version, err := in.Version(in.Body.Version)
			if err != nil {
				return SavedTable{}, err
			}
			t, err := h.Table.Save(ctx, a, in.ID.ID(), version, in.Body.draft())
			return one(a, t, err)
		})
	rest.Post(k, rest.Op{ID: "table-copy", Path: "/tables/{id}/copy", Tag: tag, Title: "Save a table as one of your own", Needs: use, Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (SavedTable, error) {
			t, err := h.Table.Copy(ctx, a, in.ID.ID())
			return one(a, t, err)
		})
	rest.Act(k, rest.Op{ID: "table-share", Path: "/tables/{id}/share", Tag: tag, Title: "Share a table of your own", Needs: use},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TableShare]) error {
			return h.Table.Share(ctx, a, in.ID.ID(), in.Body.Organisation.ID())
		})
	rest.Act(k, rest.Op{ID: "table-remove", Path: "/tables/{id}/remove", Tag: tag, Title: "Remove a table of your own", Needs: use},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Table.Remove(ctx, a, in.ID.ID())
		})
	rest.Act(k, rest.Op{ID: "table-restore", Path: "/tables/{id}/restore", Tag: tag, Title: "Bring a removed table back", Needs: use},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Table.Restore(ctx, a, in.ID.ID())
		})
	rest.Get(k, rest.Op{ID: "table-rows", Path: "/tables/{id}/rows", Tag: tag, Title: "Rows of a table, within what you may see", Needs: use},
		func(ctx context.Context, a authz.Actor, in *tableRowsQuery) (TableRows, error) {
			page := in.Page()
			v, err := h.Table.Rows(i18n.With(ctx, rest.Lang(ctx)), a, in.ID.ID(), table.Ask{Place: in.Place.ID(), Sort: fact.Ref(in.Sort), Desc: in.Desc, Page: page})
			return tableRowsOf(ctx, v), err
		})
	rest.Get(k, rest.Op{ID: "table-count", Path: "/tables/{id}/count", Tag: tag, Title: "How many rows a table has for you", Needs: use},
		func(ctx context.Context, a authz.Actor, in *tableCountQuery) (TableCount, error) {
			n, more, err := h.Table.Count(ctx, a, in.ID.ID(), in.Place.ID())
			return TableCount{n, more}, err
		})
	h.tableFiles(k, tag, use)
}

// tableFiles are the operations on files of tables.
func (h *handlers) tableFiles(k *rest.Kit, tag string, use []authz.Permission) {
	rest.Post(k, rest.Op{ID: "table-export", Path: "/tables/{id}/files", Tag: tag, Title: "Have a file of a table made in the background", Needs: use, Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TableWanted]) (TableRun, error) {
			r, err := h.Table.Begin(ctx, a, in.ID.ID(), table.Wanted{Place: in.Body.Place.ID(), Purpose: in.Body.Purpose, Reason: in.Body.Reason})
			return tableRunOf(r), err
		})
	rest.Get(k, rest.Op{ID: "table-files", Path: "/tables/{id}/files", Tag: tag, Title: "Files that were made of a table for you, newest first", Needs: use},
		func(ctx context.Context, a authz.Actor, in *pagedPath) (rest.Page[TableRun], error) {
			l, err := h.Table.Runs(ctx, a, in.ID.ID(), in.Page())
			return rest.PageOf(l, tableRunOf), err
		})
	rest.Download(k, rest.Op{ID: "table-write", Path: "/tables/{id}/file", Tag: tag, Title: "A table as a file at once, sealed columns masked", Needs: use,
		Text: "For some thousand rows at most; the act is recorded."}, "application/octet-stream",
		func(ctx context.Context, a authz.Actor, in *tableFileQuery) ([]byte, error) {
			var b bytes.Buffer
			err := h.Table.Write(i18n.With(ctx, rest.Lang(ctx)), a, in.ID.ID(), table.Wanted{Format: table.Format(in.Format)}, &b)
			return b.Bytes(), err
		})
	rest.Get(k, rest.Op{ID: "table-file", Path: "/table-files/{id}", Tag: tag, Title: "How far a file is", Needs: use},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (TableRun, error) {
			r, err := h.Table.Run(ctx, a, in.ID.ID())
			return tableRunOf(r), err
		})
	rest.Download(k, rest.Op{ID: "table-file-fetch", Path: "/table-files/{id}/file", Tag: tag, Title: "A file that was made, in any format", Needs: use}, "application/octet-stream",
		func(ctx context.Context, a authz.Actor, in *tableFileQuery) ([]byte, error) {
			var b bytes.Buffer
			err := h.Table.Download(ctx, a, in.ID.ID(), table.Format(in.Format), &b)
			return b.Bytes(), err
		})
	rest.Get(k, rest.Op{ID: "table-file-changes", Path: "/table-files/{id}/changes", Tag: tag, Title: "Rows in which an edition differs from the one before", Needs: use},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (rest.All[TableChange], error) {
			_, l, err := h.Table.Changes(ctx, a, in.ID.ID())
			return rest.AllOf(l, func(c table.Change) TableChange {
				out := TableChange{ID: rest.IDOf(c.ID), Name: c.Name, What: string(c.What)}
				for _, x := range c.Cells {
					out.Cells = append(out.Cells, TableChangedCell(x))
				}
				return out
			}), err
		})
	rest.Act(k, rest.Op{ID: "table-file-remove", Path: "/table-files/{id}/remove", Tag: tag, Title: "Delete a file", Needs: use},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Table.RemoveRun(ctx, a, in.ID.ID())
		})
	rest.Get(k, rest.Op{ID: "table-schedule", Path: "/tables/{id}/schedule", Tag: tag, Title: "When a table is made again by itself", Needs: use},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (TableSchedule, error) {
			c, err := h.Table.ScheduleOf(ctx, a, in.ID.ID())
			if err == nil && c.TableID == 0 {
				err = errs.ErrNotFound
			}
			return tableScheduleOf(c), err
		})
	rest.Put(k, rest.Op{ID: "table-repeat", Path: "/tables/{id}/schedule", Tag: tag, Title: "Let a table of your own be made again each month or quarter", Needs: use},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TableSchedule]) (TableSchedule, error) {
			b := in.Body
			c, err := h.Table.Repeat(ctx, a, in.ID.ID(), table.Schedule{Every: table.Every(b.Every), OnDay: b.OnDay, KeepMonths: b.KeepMonths, Purpose: b.Purpose, Reason: b.Reason})
			return tableScheduleOf(c), err
		})
	rest.Act(k, rest.Op{ID: "table-repeat-end", Path: "/tables/{id}/schedule/end", Tag: tag, Title: "Stop it", Needs: use},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Table.EndRepeat(ctx, a, in.ID.ID())
		})
}

func tableScheduleOf(c table.Schedule) TableSchedule {
	return TableSchedule{Every: string(c.Every), OnDay: c.OnDay, KeepMonths: c.KeepMonths, Purpose: c.Purpose, Reason: c.Reason, NextOn: rest.DateOf(c.NextOn)}
}

func (h *handlers) tableHeader(ctx context.Context, a authz.Actor, in *tableHeaderInput) (TableHeadings, error) {
	out := TableHeadings{Items: []TableHeading{}}
	if len(in.RawBody) == 0 {
		return out, errs.New(errs.Invalid, i18n.APIFileNeeded)
	}
	subject, list, err := h.Table.Header(ctx, a, in.FileName, bytes.Clone(in.RawBody))
	out.Subject = string(subject)
	for _, x := range list {
		one := TableHeading{Text: x.Text, Sure: x.Sure, Column: tableColumnOf(x.Column)}
		for _, m := range x.Maybe {
			one.Maybe = append(one.Maybe, string(m.Ref))
		}
		out.Items = append(out.Items, one)
	}
	return out, err
}
