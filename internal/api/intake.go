package api

import (
	"bytes"
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/intake"
	"linli/internal/tabular"
)

// ImportKind is a kind of table that can be imported.
type ImportKind struct {
	Name      string         `json:"name" doc:"Name, as in addresses."`
	Title     string         `json:"title" doc:"Title, in the language asked for."`
	Hint      string         `json:"hint,omitempty" doc:"What the table is and what is done with it."`
	OrgNeeded bool           `json:"organisation_needed" doc:"Whether the import belongs to one organisation."`
	Columns   []ImportColumn `json:"columns" nullable:"false" doc:"Its columns."`
	Options   []ImportOption `json:"options" nullable:"false" doc:"Choices for a whole file."`
}

// ImportColumn is one column of a kind of table.
type ImportColumn struct {
	Name     string   `json:"name" doc:"Key of the column."`
	Title    string   `json:"title" doc:"Heading in the template."`
	Required bool     `json:"required" doc:"Whether each row needs a value."`
	Sealed   bool     `json:"sealed" doc:"Whether values are personal, and masked in reports."`
	Hint     string   `json:"hint,omitempty" doc:"How to fill it in."`
	Choices  []string `json:"choices,omitempty" doc:"Values that it can take."`
}

// ImportOption is a choice for a whole file.
type ImportOption struct {
	Name  string `json:"name" doc:"Key of the option."`
	Title string `json:"title" doc:"Title."`
	Hint  string `json:"hint,omitempty" doc:"What it does."`
	On    bool   `json:"on" doc:"Whether it is on unless changed."`
}

func importKindOf(ctx context.Context, k intake.Kind) ImportKind {
	l := rest.Lang(ctx)
	out := ImportKind{Name: k.Name, Title: k.Title.In(l), Hint: k.Hint.In(l), OrgNeeded: k.OrgNeeded, Columns: []ImportColumn{}, Options: []ImportOption{}}
	for _, c := range k.Columns {
		col := ImportColumn{Name: c.Name, Title: c.Title.In(l), Required: c.Required, Sealed: c.Sealed, Hint: c.Hint.In(l)}
		for _, v := range c.Choices {
			col.Choices = append(col.Choices, v.In(l))
		}
		out.Columns = append(out.Columns, col)
	}
	for _, o := range k.Options {
		out.Options = append(out.Options, ImportOption{Name: o.Name, Title: o.Title.In(l), Hint: o.Hint.In(l), On: o.On})
	}
	return out
}

// Import is one table handed in.
type Import struct {
	ID             rest.ID         `json:"id" doc:"Identifier."`
	Kind           string          `json:"kind" doc:"Kind of table."`
	State          string          `json:"state" doc:"ready, checked, waiting, running, done, refused, failed."`
	DryRun         bool            `json:"dry_run" doc:"Whether the counts are those of a dry run."`
	OrganisationID rest.ID         `json:"organisation_id,omitempty" doc:"Organisation that it belongs to."`
	FileName       string          `json:"file_name" doc:"Name of the file."`
	FileHash       string          `json:"file_hash,omitempty" doc:"Digest of the file."`
	Sheet          string          `json:"sheet,omitempty" doc:"Sheet of the workbook."`
	Header         []string        `json:"header,omitempty" doc:"Headings found in the file."`
	Columns        map[string]int  `json:"columns,omitempty" doc:"Where each column of the kind was found, from 0; absent where not."`
	Options        map[string]bool `json:"options,omitempty" doc:"Choices for the file."`
	TakeGood       bool            `json:"take_good" doc:"Whether good rows are taken although others must be mended."`
	Rows           int64           `json:"rows" doc:"Rows read."`
	Inserted       int64           `json:"inserted" doc:"Rows that made a new record."`
	Updated        int64           `json:"updated" doc:"Rows that changed a record."`
	Unchanged      int64           `json:"unchanged" doc:"Rows that changed nothing."`
	Rejected       int64           `json:"rejected" doc:"Rows that must be mended."`
	Warnings       int64           `json:"warnings" doc:"Things to look at."`
	JobID          rest.ID         `json:"job_id,omitempty" doc:"Background job, of a large import."`
	CreatedAt      time.Time       `json:"created_at" doc:"When it was handed in."`
	FinishedAt     *time.Time      `json:"finished_at,omitempty" doc:"When it ended."`
}

func importOf(m intake.Import) Import {
	return Import{ID: rest.IDOf(m.ID), Kind: m.Kind, State: m.State, DryRun: m.DryRun, OrganisationID: rest.IDOf(m.OrgID), FileName: m.FileName, FileHash: m.FileHash,
		Sheet: m.Layout.Sheet, Header: m.Layout.Header, Columns: m.Layout.Chosen, Options: m.Options, TakeGood: m.TakeGood, Rows: m.Rows, Inserted: m.Inserted,
		Updated: m.Updated, Unchanged: m.Unchanged, Rejected: m.Rejected, Warnings: m.Warnings, JobID: rest.IDOf(m.JobID), CreatedAt: m.CreatedAt.UTC(), FinishedAt: rest.UTC(m.FinishedAt)}
}

// ImportFinding is something wrong with a row, and what to do.
type ImportFinding struct {
	Row     int    `json:"row" doc:"Row as the spreadsheet counts, 0 for the whole file."`
	Column  string `json:"column,omitempty" doc:"Heading of the column."`
	Masked  string `json:"masked,omitempty" doc:"The value, masked."`
	Message string `json:"message" doc:"What is wrong."`
	Advice  string `json:"advice,omitempty" doc:"What to do."`
	Warning bool   `json:"warning" doc:"Whether the row was taken all the same."`
}

func findingOf(f intake.Finding) ImportFinding {
	return ImportFinding{Row: f.Row, Column: f.Column, Masked: f.Masked, Message: f.Message, Advice: f.Advice, Warning: f.Warning}
}

// ImportRun says how an import is to run.
type ImportRun struct {
	DryRun   bool            `json:"dry_run,omitempty" doc:"Check all rows and write nothing."`
	TakeGood bool            `json:"take_good,omitempty" doc:"Take the good rows although others must be mended."`
	Columns  map[string]int  `json:"columns,omitempty" doc:"Column of the kind to column of the file (from 0, -1 for none); absent keeps what was matched."`
	Options  map[string]bool `json:"options,omitempty" doc:"Choices for the file; absent keeps them."`
}

type importQuery struct {
	rest.Paging
	Kind string `query:"kind" maxLength:"40" doc:"Of this kind."`
}

type uploadInput struct {
	Kind         string  `query:"kind" required:"true" maxLength:"40" doc:"Kind of table."`
	Organisation rest.ID `query:"organisation" doc:"Organisation that it belongs to, where the kind needs one."`
	FileName     string  `query:"file_name" maxLength:"200" doc:"Name of the file, for the report."`
	Sheet        string  `query:"sheet" maxLength:"100" doc:"Sheet of a workbook; the one that fits best if absent."`
	RawBody      []byte  `contentType:"application/octet-stream"`
}

type pagedPath struct {
	rest.Path
	rest.Paging
}

func (h *handlers) imports(k *rest.Kit) {
	const tag = "imports"
	rest.Get(k, rest.Op{ID: "import-kinds", Path: "/imports/kinds", Tag: tag, Title: "Kinds of tables that you may import"},
		func(ctx context.Context, a authz.Actor, in *rest.None) (rest.All[ImportKind], error) {
			return rest.AllOf(h.Intake.Kinds(a), func(k intake.Kind) ImportKind { return importKindOf(ctx, k) }), nil
		})
	rest.Get(k, rest.Op{ID: "import-list", Path: "/imports", Tag: tag, Title: "List imports, newest first"},
		func(ctx context.Context, a authz.Actor, in *importQuery) (rest.Page[Import], error) {
			l, err := h.Intake.List(ctx, a, intake.Filter{Kind: in.Kind, Page: in.Page()})
			return rest.PageOf(l, importOf), err
		})
	rest.Post(k, rest.Op{ID: "import-upload", Path: "/imports", Tag: tag, Title: "Hand in a workbook or CSV file", Upload: true, Status: 201,
		Text: "The body is the file, at most 64 MB. Nothing is checked or written yet: run it afterwards."}, h.upload)
	rest.Get(k, rest.Op{ID: "import-get", Path: "/imports/{id}", Tag: tag, Title: "Open an import with its counts"},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (Import, error) {
			m, err := h.Intake.Get(ctx, a, in.ID.ID())
			return importOf(m), err
		})
	rest.Post(k, rest.Op{ID: "import-run", Path: "/imports/{id}/run", Tag: tag, Title: "Check the rows (dry run) or write them",
		Text: "Large files run in the background: the state is then waiting."},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[ImportRun]) (Import, error) {
			m, err := h.Intake.Run(ctx, a, in.ID.ID(), intake.Choice{DryRun: in.Body.DryRun, TakeGood: in.Body.TakeGood, Columns: in.Body.Columns, Options: in.Body.Options})
			return importOf(m), err
		})
	rest.Get(k, rest.Op{ID: "import-report", Path: "/imports/{id}/report", Tag: tag, Title: "The report of the last run, row by row"},
		func(ctx context.Context, a authz.Actor, in *pagedPath) (rest.Page[ImportFinding], error) {
			l, err := h.Intake.Problems(ctx, a, in.ID.ID(), in.Page())
			return rest.PageOf(l, findingOf), err
		})
	rest.Download(k, rest.Op{ID: "import-rejected", Path: "/imports/{id}/rejected", Tag: tag, Title: "The rows to mend, as a workbook", Text: "The rows are not masked, so the download is recorded."}, workbook,
		func(ctx context.Context, a authz.Actor, in *rest.Path) ([]byte, error) {
			var b bytes.Buffer
			err := h.Intake.Rejected(ctx, a, in.ID.ID(), &b)
			return b.Bytes(), err
		})
	rest.Download(k, rest.Op{ID: "import-template", Path: "/imports/kinds/{kind}/template", Tag: tag, Title: "The workbook to fill in"}, workbook,
		func(ctx context.Context, a authz.Actor, in *kindPath) ([]byte, error) {
			var b bytes.Buffer
			err := h.Intake.Template(a, in.Kind, rest.Lang(ctx), &b)
			return b.Bytes(), err
		})
}

type kindPath struct {
	Kind string `path:"kind" maxLength:"40" doc:"Kind of table."`
}

const workbook = tabular.ContentType

func (h *handlers) upload(ctx context.Context, a authz.Actor, in *uploadInput) (Import, error) {
	if len(in.RawBody) == 0 {
		return Import{}, errs.New(errs.Invalid, i18n.APIFileNeeded)
	}
	name := in.FileName
	if name == "" {
		name = in.Kind
	}
	m, err := h.Intake.Upload(ctx, a, intake.NewImport{Kind: in.Kind, OrgID: in.Organisation.ID(), FileName: name, Content: bytes.Clone(in.RawBody), Sheet: in.Sheet})
	return importOf(m), err
}
