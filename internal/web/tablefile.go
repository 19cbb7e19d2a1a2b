package web

import (
	"errors"
	"net/http"
	"strings"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/jobs"
	"linli/internal/table"
	view "linli/internal/web/view/table"
)

// tableExport sends a table as a file; a large one is made in the background.
func (h *Handler) tableExport(w http.ResponseWriter, r *http.Request) error {
	tableID, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	want := table.Wanted{Format: table.Format(f.values.Get("format")), Purpose: f.values.Get("purpose"), Reason: f.Text("reason", 200)}
	if f.values.Get("place") != "" {
		want.Place = f.ID("place")
	}
	t, err := h.Table.Get(r.Context(), actor(r), tableID)
	if err != nil {
		return err
	}
	if err := f.Err(); err != nil {
		return h.tableAgain(w, r, f, err)
	}
	out := &firstWrite{w: w, before: func() { h.tableAttachment(w, t.Title, want.Format) }}
	err = h.Table.Write(r.Context(), actor(r), tableID, want, out)
	switch {
	case errors.Is(err, table.ErrLarge):
		run, err := h.Table.Begin(r.Context(), actor(r), tableID, want)
		if err != nil {
			return h.tableAgain(w, r, f, err)
		}
		return h.done(w, r, view.RunHref(run.ID), i18n.TableFileLarge)
	case err == nil || out.before == nil: // once the file has begun it cannot become a page any more
		return err
	}
	return h.tableAgain(w, r, f, err)
}

// tableAttachment sets the head of a table's file.
func (h *Handler) tableAttachment(w http.ResponseWriter, title string, f table.Format) {
	if f == "" {
		f = table.XLSX
	}
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, title)
	attachment(w, name+"-"+i18n.Date(h.DB.Now())+f.Ending(), f.ContentType())
}

func (h *Handler) tableRepeat(w http.ResponseWriter, r *http.Request) error {
	tableID, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c := table.Schedule{Every: table.Every(f.values.Get("every")), OnDay: int(f.Int("on_day")), KeepMonths: int(f.Int("keep_months")),
		Purpose: f.values.Get("repeat_purpose"), Reason: f.Text("repeat_reason", 200)}
	if err = f.Err(); err == nil {
		c, err = h.Table.Repeat(r.Context(), actor(r), tableID, c)
	}
	if e := errs.As(err); e != nil && e.Kind == errs.Invalid {
		said := &errs.Error{Kind: e.Kind, Message: e.Message}
		for name, m := range e.Fields { // the page has another purpose beside
			if name == "purpose" || name == "reason" {
				name = "repeat_" + name
			}
			said = said.With(name, m.Text, m.Args...)
		}
		return h.tableAgain(w, r, f, said)
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(tableID), i18n.TableRepeatDone, c.NextOn.String())
}

// fileOf is the file of the address with how far it is.
func (h *Handler) fileOf(r *http.Request) (view.File, error) {
	runID, err := pathID(r)
	if err != nil {
		return view.File{}, err
	}
	var f view.File
	if f.Run, err = h.Table.Run(r.Context(), actor(r), runID); err != nil {
		return f, err
	}
	if f.Run.State == table.Waiting {
		j, err := jobs.Get(r.Context(), h.DB, actor(r), f.Run.JobID)
		if err == nil {
			f.Job = &j
		} else if errs.KindOf(err) != errs.NotFound {
			return f, err
		}
	}
	return f, nil
}

func (h *Handler) tableFilePage(w http.ResponseWriter, r *http.Request) error {
	f, err := h.fileOf(r)
	if err != nil {
		return err
	}
	if _, f.Changes, err = h.Table.Changes(r.Context(), actor(r), f.Run.ID); err != nil && errs.KindOf(err) != errs.Forbidden { // a file that may not be opened any more can be removed
		return err
	}
	if err := h.Table.Look(r.Context(), actor(r), f.Run.ID); err != nil {
		return err
	}
	p := h.tableCrumbs(w, r, i18n.Verbatim("{0}"), f.Run.Title)
	return h.show(w, r, view.OneFile(p, f))
}

func (h *Handler) tableFileProgress(w http.ResponseWriter, r *http.Request) error {
	f, err := h.fileOf(r)
	if err != nil {
		return err
	}
	if f.Run.State != table.Waiting { // the whole page has more to say now
		w.Header().Set("HX-Refresh", "true")
	}
	return h.show(w, r, view.Progress(f))
}

func (h *Handler) tableFile(w http.ResponseWriter, r *http.Request) error {
	runID, err := pathID(r)
	if err != nil {
		return err
	}
	run, err := h.Table.Run(r.Context(), actor(r), runID)
	if err != nil {
		return err
	}
	format := table.Format(r.URL.Query().Get("format"))
	out := &firstWrite{w: w, before: func() { h.tableAttachment(w, run.Title, format) }}
	return h.Table.Download(r.Context(), actor(r), runID, format, out)
}

func (h *Handler) tableFileRemove(w http.ResponseWriter, r *http.Request) error {
	runID, err := pathID(r)
	if err != nil {
		return err
	}
	run, err := h.Table.Run(r.Context(), actor(r), runID)
	if err != nil {
		return err
	}
	if err := h.Table.RemoveRun(r.Context(), actor(r), runID); err != nil {
		return err
	}
	return h.done(w, r, view.Href(run.TableID), i18n.TableRunGone)
}
