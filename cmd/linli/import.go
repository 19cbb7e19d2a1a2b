package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

// importing is what was asked of an import.
type importing struct {
	kind, file, tenant, org  string
	dryRun, asJSON, takeGood bool
	options                  map[string]bool
}

func importTable(ctx context.Context, e *env, args []string) (err error) {
	cfg := e.config()
	in := importing{options: map[string]bool{}}
	e.flags.BoolVar(&in.dryRun, "dry-run", false, both(i18n.CLIFlagDryRun))
	e.flags.BoolVar(&in.asJSON, "json", false, both(i18n.CLIFlagJSON))
	e.flags.BoolVar(&in.takeGood, "take-good", false, both(i18n.CLIFlagTakeGood))
	e.flags.StringVar(&in.tenant, "tenant", "", both(i18n.CLIFlagTenant))
	e.flags.StringVar(&in.org, "org", "", both(i18n.CLIFlagOrg))
	e.flags.Func("option", both(i18n.CLIFlagOption), in.option)
	plain, err := e.parse(args, 2)
	if err != nil {
		return err
	}
	in.kind, in.file = plain[0], plain[1]
	content, err := readTable(in.file)
	if err != nil {
		return err
	}
	a, err := e.open(ctx, *cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return e.importInto(ctx, a, in, content)
}

func (in *importing) option(v string) error {
	name, value, _ := strings.Cut(v, "=")
	if value != "yes" && value != "no" {
		return errors.New(i18n.CLIFlagOption.In(i18n.EN))
	}
	in.options[name] = value == "yes"
	return nil
}

// readTable reads a file that is small enough to be a table.
func readTable(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, errs.New(errs.NotFound, i18n.CLIFileRead, name, reason(err))
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, intake.MaxFile+1))
	if err != nil {
		return nil, errs.New(errs.Invalid, i18n.CLIFileRead, name, reason(err))
	}
	if len(content) > intake.MaxFile {
		return nil, errs.New(errs.Invalid, i18n.ErrTooLarge, "256 MiB")
	}
	return content, nil
}

// reason is why a file could not be used, without its name.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func (e *env) importInto(ctx context.Context, a *app.App, in importing, content []byte) error {
	kind, err := findKind(a, in)
	if err != nil {
		return err
	}
	tenant, err := e.tenantFor(ctx, a, in, kind, content)
	if err != nil {
		return err
	}
	var org id.ID
	if org, err = a.FindOrganisation(ctx, tenant, in.org); err != nil {
		return err
	}
	if kind.OrgNeeded && org == 0 {
		return usage(i18n.CLIKindOrg)
	}
	show, wipe := e.bar(in.kind)
	sum, problems, err := a.Intake.Direct(ctx, authz.System(tenant, "command line"),
		intake.NewImport{Kind: in.kind, OrgID: org, FileName: filepath.Base(in.file), Content: content},
		intake.Choice{Options: in.options, DryRun: in.dryRun, TakeGood: in.takeGood}, show)
	wipe()
	if err != nil {
		return err
	}
	return e.showImport(in, sum, problems)
}

func findKind(a *app.App, in importing) (intake.Kind, error) {
	var names []string
	for _, k := range a.Intake.Kinds(authz.System(1, "command line")) {
		if k.Name == in.kind {
			for name := range in.options {
				if !hasOption(k, name) {
					return k, usage(i18n.CLIKindOption, in.kind, name)
				}
			}
			return k, nil
		}
		names = append(names, k.Name)
	}
	return intake.Kind{}, usage(i18n.CLIKindNone, in.kind, strings.Join(names, ", "))
}

func hasOption(k intake.Kind, name string) bool {
	for _, o := range k.Options {
		if o.Name == name {
			return true
		}
	}
	return false
}

// tenantFor finds the tenant to import into. The list of divisions makes the first one itself: the smallest division that contains
// all of the list. A dry run only says so.
func (e *env) tenantFor(ctx context.Context, a *app.App, in importing, kind intake.Kind, content []byte) (int64, error) {
	all, err := a.Tenants(ctx)
	if err != nil {
		return 0, err
	}
	if len(all) > 0 || in.kind != "divisions" {
		return a.Tenant(ctx, in.tenant)
	}
	code, name, err := app.TenantOfDivisions(filepath.Base(in.file), content, app.TableColumns(kind))
	if in.tenant != "" {
		code, err = in.tenant, nil
	}
	if err != nil {
		return 0, err
	}
	if in.dryRun {
		e.note(i18n.CLITenantWould, name, code)
		return app.ParseTenant(code)
	}
	tenant, _, err := a.CreateTenant(ctx, code, name)
	if err == nil {
		e.note(i18n.CLITenantMade, name, code)
	}
	return tenant, err
}

// shownProblems is how many problems are listed before the rest is only counted.
const shownProblems = 50

func (e *env) showImport(in importing, sum intake.Summary, problems []intake.Problem) error {
	if in.asJSON {
		if err := writeJSON(e.out, sum); err != nil {
			return err
		}
	} else {
		e.say(i18n.CLISummary, sum.Kind, sum.Rows, sum.Inserted, sum.Updated, sum.Unchanged, sum.Rejected)
		if sum.DryRun {
			e.say(i18n.CLISummaryDry)
		}
	}
	for i, p := range problems {
		if i == shownProblems {
			e.note(i18n.CLIProblemMore, len(problems)-i)
			break
		}
		if p.Masked == "" {
			e.note(i18n.CLIProblem, p.Row, p.Column, p.Message, p.Advice)
		} else {
			e.note(i18n.CLIProblemValue, p.Row, p.Column, p.Masked, p.Message, p.Advice)
		}
	}
	switch {
	case sum.Rejected == 0:
		return nil
	case !sum.DryRun && !in.takeGood:
		e.note(i18n.CLIRefused)
	}
	return errFaults
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func writeTemplate(_ context.Context, e *env, args []string) error {
	out := e.flags.String("o", "", both(i18n.CLIFlagOutFile))
	lang := e.flags.String("lang", string(e.lang()), both(i18n.CLIFlagLang))
	plain, err := e.parse(args, 1)
	if err != nil {
		return err
	}
	if *out == "" {
		return usage(i18n.CLIArguments)
	}
	tables := app.Tables()
	if _, err := findKind(tables, importing{kind: plain[0]}); err != nil {
		return err
	}
	f, err := create(*out)
	if err != nil {
		return err
	}
	err = tables.Intake.Template(authz.System(1, "command line"), plain[0], i18n.Parse(*lang), f)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	e.say(i18n.CLIWritten, *out)
	return nil
}

// create makes a new file and never overwrites one.
func create(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, errs.New(errs.Conflict, i18n.CLIFileThere, name)
	}
	if err != nil {
		return nil, errs.New(errs.Invalid, i18n.CLIFileWrite, name, reason(err))
	}
	return f, nil
}
