package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/id"
)

// filled is what `linli fill -json` prints. Cells is what was asked for and blank: Filled and Unknown together. Ambiguous are rows that
// more than one fits, which a person settles; Absent rows that nobody in scope fits.
type filled struct {
	Rows         int      `json:"rows"`
	Cells        int      `json:"cells"`
	Filled       int      `json:"filled"`
	Unknown      int      `json:"unknown"`
	Ambiguous    int      `json:"ambiguous"`
	Absent       int      `json:"absent"`
	Kept         int      `json:"kept"`
	Differ       int      `json:"differ"`
	Unrecognised []string `json:"unrecognised"`
	NotHeld      []string `json:"not_held"` // what the platform does not record, and could as facts of the district's own
	Notices      []string `json:"notices"`
}

// fillForm fills one form in on behalf of an account.
func fillForm(ctx context.Context, e *env, args []string) (err error) {
	cfg := e.config()
	login := e.flags.String("as", "", both(i18n.CLIFillAs))
	out := e.flags.String("o", "", both(i18n.CLIFillOut))
	purpose := e.flags.String("purpose", "", both(i18n.CLIFillPurpose))
	community := e.flags.String("community", "", both(i18n.CLIFillCommunity))
	all := e.flags.Bool("all", false, both(i18n.CLIFillAll))
	one := e.flags.String("one", "", both(i18n.CLIFillOne))
	tenant := e.flags.String("tenant", "", both(i18n.CLIFlagTenant))
	asJSON := e.flags.Bool("json", false, both(i18n.CLIFlagJSON))
	rest, err := e.parse(args, 1)
	if err != nil {
		return err
	}
	if *login == "" || *out == "" {
		return usage(i18n.CLIArguments)
	}
	data, err := os.ReadFile(rest[0])
	if err != nil {
		return errs.New(errs.Invalid, i18n.CLIFileRead, rest[0], reason(err))
	}
	a, err := e.open(ctx, *cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	at, err := a.Tenant(ctx, *tenant)
	if err != nil {
		return err
	}
	actor, err := a.Authn.ActorByLogin(ctx, at, *login)
	if errs.KindOf(err) == errs.NotFound {
		return errs.New(errs.NotFound, i18n.CLIFillNoLogin, *login)
	}
	if err != nil {
		return err
	}
	ask := fill.Ask{Purpose: *purpose, All: *all}
	if ask.Community, err = a.FindOrganisation(ctx, at, *community); err != nil {
		return err
	}
	if *one != "" {
		if ask.One, err = everySheet(ctx, a.Fill, actor, rest[0], data, *one); err != nil {
			return err
		}
	}
	form, o, err := a.Fill.Fill(ctx, actor, filepath.Base(rest[0]), data, ask)
	if err != nil {
		return err
	}
	if err := os.WriteFile(*out, o.File, 0o600); err != nil {
		return errs.New(errs.Invalid, i18n.CLIFileWrite, *out, reason(err))
	}
	return e.showFilled(form, o, *asJSON)
}

func (e *env) showFilled(form *fill.Form, o *fill.Outcome, asJSON bool) error {
	sum := filled{Rows: o.Rows, Cells: o.Cells, Filled: o.Filled, Unknown: o.Cells - o.Filled, Kept: o.Kept, Differ: len(o.Differs),
		Unrecognised: append([]string{}, form.Unrecognised()...), NotHeld: []string{}, Notices: []string{}}
	for _, r := range o.Unclear {
		if r.How == fill.NotFound {
			sum.Absent++
		} else {
			sum.Ambiguous++
		}
	}
	for _, p := range form.NotHeld() {
		sum.NotHeld = append(sum.NotHeld, i18n.Joined(p.Subject.Text(), i18n.Verbatim(p.Name)).In(e.lang())+" ("+p.Type.Text().In(e.lang())+")")
	}
	for _, n := range form.Notices {
		sum.Notices = append(sum.Notices, n.In(e.lang()))
	}
	if asJSON {
		return json.NewEncoder(e.out).Encode(sum)
	}
	e.say(i18n.CLIFillDone, sum.Rows, sum.Cells, sum.Filled, max(0, o.Percent()), sum.Unknown, sum.Ambiguous)
	if len(sum.Unrecognised) > 0 {
		e.say(i18n.CLIFillUnknownHead, strings.Join(sum.Unrecognised, "、"))
	}
	if len(sum.NotHeld) > 0 {
		e.say(i18n.CLIFillNotHeld, strings.Join(sum.NotHeld, "、"))
	}
	for _, n := range sum.Notices {
		e.say(i18n.Verbatim(n))
	}
	return nil
}

// everySheet says that every sheet of the form is about one row.
func everySheet(ctx context.Context, s *fill.Service, actor authz.Actor, name string, data []byte, one string) (map[string]id.ID, error) {
	row, err := id.Parse(one)
	if err != nil {
		return nil, usage(i18n.CLIArguments)
	}
	form, err := s.Understand(ctx, actor, filepath.Base(name), data, fill.Choice{})
	if err != nil {
		return nil, err
	}
	out := map[string]id.ID{}
	for _, sh := range form.Sheets {
		out[sh.Name] = row
	}
	return out, nil
}
