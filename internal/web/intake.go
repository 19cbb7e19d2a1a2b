package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/dues"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/intake"
	"linli/internal/jobs"
	"linli/internal/tabular"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/intake"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
)

func (h *Handler) importRoutes() []route {
	some := may(h.Intake.Permissions()...)
	return []route{
		{pattern: "GET /imports", who: some, serve: h.imports},
		{pattern: "GET /imports/new", who: some, serve: h.newImport},
		{pattern: "POST /imports", who: some, serve: h.upload, upload: true},
		{pattern: "GET /imports/new/template", who: some, serve: h.importTemplate},
		{pattern: "GET /imports/{id}", who: some, serve: h.importPage},
		{pattern: "GET /imports/{id}/progress", who: some, serve: h.importProgress},
		{pattern: "POST /imports/{id}/run", who: some, serve: h.runImport},
		{pattern: "GET /imports/{id}/rejected", who: some, serve: h.importRejected},
	}
}

func (h *Handler) imports(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Intake.List(r.Context(), actor(r), intake.Filter{Kind: r.URL.Query().Get("kind"), Stopped: r.URL.Query().Get("show") == "stopped", Page: pageOf(r)})
	if err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.IntakeTitle), r.URL.Query(), h.Intake.Kinds(actor(r)), list.Items, list.Prev, list.Next))
}

func (h *Handler) newImport(w http.ResponseWriter, r *http.Request) error {
	body, err := h.uploadForm(w, r, r.URL.Query().Get("kind"), field.Form{Values: r.URL.Query()})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// uploadForm asks for the file, and for the community where a table may belong to one.
func (h *Handler) uploadForm(w http.ResponseWriter, r *http.Request, kind string, f field.Form) (templ.Component, error) {
	k, err := h.Intake.Kind(actor(r), kind)
	if err != nil {
		return nil, err
	}
	var communities []field.Option
	if k.Name == dues.ImportName {
		branches, err := h.Dues.Branches(r.Context(), actor(r))
		if err != nil {
			return nil, err
		}
		for _, b := range branches {
			communities = append(communities, field.Option{Value: b.ID.String(), Text: i18n.Verbatim(b.Name)})
		}
	} else if k.OrgNeeded || hasColumn(k, "community") {
		if communities, err = h.communityOptions(r, actor(r).Scope(k.Permission)); err != nil {
			return nil, err
		}
	}
	if len(communities) == 1 && len(f.Values["organisation"]) == 0 {
		f.Values = map[string][]string{"organisation": {communities[0].Value}}
		f.Filled = map[string]bool{"organisation": true}
	}
	p := h.page(w, r, i18n.IntakeOf, k.Title)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.IntakeTitle.In(lang(r)), Href: "/imports"}}
	return view.New(p, f, k, communities), nil
}

func hasColumn(k intake.Kind, name string) bool {
	for _, c := range k.Columns {
		if c.Name == name {
			return true
		}
	}
	return false
}

// maxUploadMemory is how much of an upload is held in memory before the rest goes to a temporary file.
const maxUploadMemory = 8 << 20

func (h *Handler) upload(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, intake.MaxFile+1<<20)
	if err := r.ParseMultipartForm(maxUploadMemory); err != nil {
		return badForm(err)
	}
	defer r.MultipartForm.RemoveAll()
	f := &form{values: r.PostForm}
	in, err := readUpload(r, f)
	var m intake.Import
	if err == nil {
		m, err = h.Intake.Upload(r.Context(), actor(r), in)
	}
	if err != nil {
		e := errs.As(err)
		if e == nil {
			return err
		}
		if len(e.Fields) == 0 { // a file that cannot be read is a fault of that field
			e = errs.Field("file", e.Message.Text, e.Message.Args...)
		}
		body, ferr := h.uploadForm(w, r, in.Kind, f.Show(e))
		if ferr != nil {
			return ferr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	return h.done(w, r, "/imports/"+m.ID.String(), i18n.IntakeUploaded, m.FileName)
}

func readUpload(r *http.Request, f *form) (intake.NewImport, error) {
	in := intake.NewImport{Kind: f.values.Get("kind"), OrgID: f.ID("organisation")}
	if err := f.Err(); err != nil {
		return in, err
	}
	file, head, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return in, errs.Field("file", i18n.IntakeChooseFile)
	}
	if err != nil {
		return in, badForm(err)
	}
	defer file.Close()
	in.FileName = head.Filename
	in.Content, err = io.ReadAll(file)
	return in, err
}

func (h *Handler) importPage(w http.ResponseWriter, r *http.Request) error {
	m, err := h.findImport(r)
	if err != nil {
		return err
	}
	body, err := h.importDetail(w, r, m, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) findImport(r *http.Request) (intake.Import, error) {
	importID, err := pathID(r)
	if err != nil {
		return intake.Import{}, err
	}
	return h.Intake.Get(r.Context(), actor(r), importID)
}

func (h *Handler) importDetail(w http.ResponseWriter, r *http.Request, m intake.Import, f field.Form) (templ.Component, error) {
	k, err := h.Intake.Kind(actor(r), m.Kind)
	if err != nil {
		return nil, err
	}
	report, err := h.Intake.Problems(r.Context(), actor(r), m.ID, pageOf(r))
	if err != nil {
		return nil, err
	}
	d := view.Detail{Import: m, Kind: k, Matches: m.Layout.Matches(k), Report: report.Items, Next: report.Next, Prev: report.Prev}
	if m.State == intake.Waiting || m.State == intake.Running {
		d.Job = h.importJob(r, m)
	}
	if m.Kind == "residents" && m.State == intake.Done {
		d.Imprint = "/residents?import=" + m.ID.String()
	}
	p := h.page(w, r, i18n.IntakeOf, k.Title)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.IntakeTitle.In(lang(r)), Href: "/imports"}}
	return view.Show(p, d, f, r.URL.Query()), nil
}

// importJob is how far an import in the background has come.
func (h *Handler) importJob(r *http.Request, m intake.Import) partial.Job {
	l := lang(r)
	out := partial.Job{ID: "import-job", Label: i18n.IntakeWorking.In(l, m.FileName), State: view.StateOf(m), Poll: "/imports/" + m.ID.String() + "/progress"}
	if j, err := jobs.Get(r.Context(), h.DB, actor(r), m.JobID); err == nil { // somebody else's job is shown without figures
		out.Done, out.Total = j.Done, j.Total
	}
	return out
}

// importProgress answers the page that asks how far an import has come; when it is over the page is drawn anew.
func (h *Handler) importProgress(w http.ResponseWriter, r *http.Request) error {
	m, err := h.findImport(r)
	if err != nil {
		return err
	}
	if m.State != intake.Waiting && m.State != intake.Running {
		w.Header().Set("HX-Redirect", "/imports/"+m.ID.String())
		return h.show(w, r, templ.NopComponent)
	}
	return h.show(w, r, partial.JobProgress(h.importJob(r, m)))
}

func (h *Handler) runImport(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	m, err := h.findImport(r)
	if err != nil {
		return err
	}
	choice, err := importChoice(f)
	if err != nil {
		return err
	}
	done, err := h.Intake.Run(r.Context(), actor(r), m.ID, choice)
	to := "/imports/" + m.ID.String()
	if e := errs.As(err); e != nil && e.Kind == errs.Invalid {
		if m, err = h.findImport(r); err != nil {
			return err
		}
		body, berr := h.importDetail(w, r, m, f.Show(e))
		if berr != nil {
			return berr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	return h.tellImport(w, r, to, done)
}

func (h *Handler) tellImport(w http.ResponseWriter, r *http.Request, to string, m intake.Import) error {
	l := lang(r)
	switch m.State {
	case intake.Waiting:
		return h.say(w, r, to, layout.Flash{Kind: layout.Note, Text: i18n.IntakeQueued.In(l)})
	case intake.Refused:
		return h.say(w, r, to, layout.Flash{Kind: layout.Caution, Text: i18n.IntakeRefusedText.In(l, m.Rejected)})
	case intake.Checked:
		return h.say(w, r, to, layout.Flash{Kind: layout.Note, Text: i18n.IntakeTried.In(l, m.Inserted, m.Updated, m.Unchanged, m.Rejected)})
	}
	return h.done(w, r, to, i18n.IntakeDone, m.Inserted, m.Updated, m.Unchanged, m.Rejected)
}

func importChoice(f *form) (intake.Choice, error) {
	c := intake.Choice{Columns: map[string]int{}, Options: map[string]bool{}}
	for name := range f.values {
		if column, ok := strings.CutPrefix(name, "column."); ok {
			at, err := -1, error(nil) // left out
			if s := f.values.Get(name); s != "" {
				at, err = strconv.Atoi(s)
			}
			if err != nil {
				return c, errs.Field(name, i18n.ErrBadChoice)
			}
			c.Columns[column] = at
		}
		if option, ok := strings.CutPrefix(name, "option."); ok {
			c.Options[option] = f.Bool(name)
		}
	}
	switch f.values.Get("act") {
	case "all":
	case "good":
		c.TakeGood = true
	default:
		c.DryRun = true
	}
	return c, nil
}

func (h *Handler) importRejected(w http.ResponseWriter, r *http.Request) error {
	m, err := h.findImport(r)
	if err != nil {
		return err
	}
	return h.Intake.Rejected(r.Context(), actor(r), m.ID, h.workbook(w, i18n.IntakeRest.In(lang(r))+"-"+i18n.Date(h.DB.Now())))
}

func (h *Handler) importTemplate(w http.ResponseWriter, r *http.Request) error {
	k, err := h.Intake.Kind(actor(r), r.URL.Query().Get("kind"))
	if err != nil {
		return err
	}
	return h.Intake.Template(actor(r), k.Name, lang(r), h.workbook(w, k.Title.In(lang(r))+"-"+i18n.IntakeTemplate.In(lang(r))))
}

// workbook sends a workbook; its head goes out with the first byte, so that an error before becomes an error page.
func (h *Handler) workbook(w http.ResponseWriter, name string) io.Writer {
	return &firstWrite{w: w, before: func() {
		attachment(w, name+".xlsx", tabular.ContentType)
	}}
}
