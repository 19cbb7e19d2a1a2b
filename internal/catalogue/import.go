package catalogue

import (
	"context"
	"strconv"
	"strings"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

// ImportName names the kind of import.
const ImportName = "catalogue"

// ImportKind is a code list, or any list of matters and services (GRD-14): keyed by list, standard, part and code. What changed gets a new edition; columns
// that the file does not have stay as they are; the same file again changes nothing. Nothing that is missing from the file is retired.
func ImportKind() intake.Kind {
	col := func(name string, title i18n.Text, c intake.Column) intake.Column {
		c.Name, c.Title, c.Also = name, title, i18n.CatalogueHeads[name]
		return c
	}
	return intake.Kind{
		Name: ImportName, Title: i18n.CatalogueImport, Hint: i18n.CatalogueImportHint, Permission: PermKeep,
		Columns: []intake.Column{
			col("list", i18n.CatalogueList, intake.Column{Required: true, Max: 20, Choices: listTexts(), Example: i18n.CatalogueEvent.In(i18n.ZH)}),
			col("standard", i18n.CatalogueStandard, intake.Column{Max: MaxStandard, Hint: i18n.CatalogueStandardTip, Example: Standards()[1]}),
			col("part", i18n.CataloguePart, intake.Column{Max: 10, Hint: i18n.CataloguePartTip, Choices: []i18n.Text{APart.Text(), AMatter.Text()}, Example: AMatter.Text().In(i18n.ZH)}),
			col("code", i18n.CatalogueCode, intake.Column{Required: true, Max: MaxCode, Example: "01001"}),
			col("class", i18n.CatalogueClass, intake.Column{Max: MaxName, Hint: i18n.CatalogueClassTip}),
			col("name", i18n.CatalogueName, intake.Column{Required: true, Max: MaxName}),
			col("name_en", i18n.CatalogueNameEN, intake.Column{Max: MaxNameEN}),
			col("who", i18n.CatalogueWho, intake.Column{Max: MaxWho}),
			col("who_en", i18n.CatalogueWhoEN, intake.Column{Max: MaxWhoEN}),
			col("bring", i18n.CatalogueBring, intake.Column{Max: MaxBring, Hint: i18n.CatalogueLinesTip}),
			col("bring_en", i18n.CatalogueBringEN, intake.Column{Max: MaxBringEN}),
			col("forms", i18n.CatalogueForms, intake.Column{Max: MaxWho, Hint: i18n.CatalogueLinesTip}),
			col("forms_en", i18n.CatalogueFormsEN, intake.Column{Max: MaxWhoEN}),
			col("note", i18n.CatalogueNote, intake.Column{Max: MaxWho}),
			col("note_en", i18n.CatalogueNoteEN, intake.Column{Max: MaxWhoEN}),
			col("price_kind", i18n.CataloguePriceKind, intake.Column{Max: 20, Choices: []i18n.Text{Free.Text(), Low.Text(), Paid.Text()}}),
			col("price", i18n.CataloguePriceYuan, intake.Column{Max: 20}),
			col("price_note", i18n.CataloguePriceNote, intake.Column{Max: MaxNote}),
			col("price_note_en", i18n.CataloguePriceNoteEN, intake.Column{Max: MaxNoteEN}),
			col("days", i18n.CatalogueDays, intake.Column{Max: 10}),
			col("hours", i18n.CatalogueHours, intake.Column{Max: 10}),
			col("level", i18n.CatalogueLevel, intake.Column{Max: 20, Choices: []i18n.Text{Community.Text(), Subdistrict.Text(), District.Text()}}),
			col("local", i18n.CatalogueLocal, intake.Column{Max: 10, Hint: i18n.CatalogueFlagTip}),
			col("public", i18n.CataloguePublic, intake.Column{Max: 10, Hint: i18n.CatalogueFlagTip}),
			col("retired", i18n.CatalogueRetired, intake.Column{Max: 10, Hint: i18n.CatalogueFlagTip}),
		},
		Begin: beginImport,
	}
}

func listTexts() []i18n.Text {
	var out []i18n.Text
	for _, l := range Lists() {
		out = append(out, ListText(l))
	}
	return out
}

// lines is one pass over a file.
type lines struct {
	intake.Setup
	stored  map[string]Item  // by key
	byCode  map[string]Class // by list and code
	byName  map[string]Class // by list and folded name, either language
	account id.ID
}

func beginImport(ctx context.Context, q db.Querier, set intake.Setup) (intake.Importer, error) {
	im := &lines{Setup: set, stored: map[string]Item{}, byCode: map[string]Class{}, byName: map[string]Class{}, account: set.Actor.AccountID}
	items, err := all(ctx, q, set.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		im.stored[i.key()] = i
	}
	groups, err := classes(ctx, q, set.Actor.Tenant, "", true)
	for _, c := range groups {
		im.byCode[c.List+"|"+c.Code] = c
		for _, n := range []string{c.Name, c.NameEN} {
			if n != "" {
				im.byName[c.List+"|"+gram.Key(n)] = c
			}
		}
	}
	return im, err
}

// line is one row: what it says, and which columns it says it in.
type line struct {
	item Item
	rank int64
	old  Item // the item as stored; its ID is 0 for a new one
}

// choice reads a cell that holds one of some words, as the program or either language writes it. none is what an empty cell means.
func choice[T ~string](r *intake.Row, column string, options []T, word func(T) i18n.Text) (T, bool) {
	s := r.Text(column)
	for _, o := range options {
		if t := word(o); s == string(o) || gram.Key(s) == gram.Key(t.In(i18n.ZH)) || gram.Key(s) == gram.Key(t.In(i18n.EN)) {
			return o, true
		}
	}
	return "", false
}

// Check reads one row over what is stored of its item.
func (im *lines) Check(r *intake.Row) any {
	if !im.Scope.All() { // the catalogue is the whole district's
		r.Refuse("code", i18n.ErrForbidden, i18n.ErrForbidden)
		return nil
	}
	l := &line{}
	var known bool
	if l.item.List, known = choice(r, "list", Lists(), ListText); !known {
		if r.Text("list") != "" {
			r.Refuse("list", i18n.CatalogueNoList, i18n.CatalogueNoListHow)
		}
		return nil
	}
	l.item.Standard, l.item.Code = r.Text("standard"), r.Text("code")
	if r.Raw("part") != "" {
		if l.item.Part, known = choice(r, "part", []Part{APart, AMatter}, Part.Text); !known {
			r.Refuse("part", i18n.ErrBadChoice, i18n.CataloguePartTip)
		}
	}
	l.item.tidy()
	l.old = im.stored[l.item.key()]
	if l.old.ID != 0 {
		l.item = l.old
	} else {
		l.item.Level = Community
		l.item.Public = false
	}
	im.read(r, l)
	if !r.Refused() {
		for field, m := range fieldsOf(l.item.check()) {
			r.Refuse(column(field), m.Text, i18n.CatalogueImportHow, m.Args...)
		}
	}
	return l
}

// column is the column of a field of an item.
func column(field string) string {
	if field == "class_code" {
		return "class"
	}
	return field
}

func fieldsOf(err error) map[string]errs.Message {
	if e := errs.As(err); e != nil {
		return e.Fields
	}
	return nil
}

// read takes the cells of a row into its item; a column that the file does not have leaves it as it is.
func (im *lines) read(r *intake.Row, l *line) {
	i := &l.item
	for _, c := range []struct {
		name string
		to   *string
	}{{"name", &i.Name}, {"name_en", &i.NameEN}, {"who", &i.Who}, {"who_en", &i.WhoEN}, {"note", &i.Note}, {"note_en", &i.NoteEN}, {"price_note", &i.PriceNote}, {"price_note_en", &i.PriceNoteEN}} {
		if r.Has(c.name) {
			*c.to = r.Text(c.name)
		}
	}
	for _, c := range []struct {
		name string
		to   *string
	}{{"bring", &i.Bring}, {"bring_en", &i.BringEN}, {"forms", &i.Forms}, {"forms_en", &i.FormsEN}} {
		if r.Has(c.name) {
			r.Text(c.name) // says what is wrong with it; the line breaks count
			*c.to = strings.Join(Lines(r.Raw(c.name)), "\n")
		}
	}
	if r.Has("price_kind") {
		k, known := choice(r, "price_kind", []PriceKind{Free, Low, Paid}, PriceKind.Text)
		if i.PriceKind = k; !known && r.Raw("price_kind") != "" {
			r.Refuse("price_kind", i18n.ErrBadChoice, i18n.CataloguePriceKindHow)
		}
	}
	if r.Has("price") {
		fen, ok := ParseYuan(r.Text("price"))
		if i.PriceFen = fen; !ok {
			r.Refuse("price", i18n.CataloguePriceBad, i18n.CatalogueImportHow)
		}
	}
	count(r, "days", &i.Days)
	count(r, "hours", &i.Hours)
	if r.Has("level") && r.Raw("level") != "" {
		v, known := choice(r, "level", Levels(), Level.Text)
		if i.Level = v; !known {
			r.Refuse("level", i18n.ErrBadChoice, i18n.CatalogueLevelHow)
		}
	}
	for _, c := range []struct {
		name string
		to   *bool
	}{{"local", &i.IsLocal}, {"public", &i.Public}, {"retired", &i.Retired}} {
		if r.Has(c.name) {
			*c.to = r.Flag(c.name)
		}
	}
	im.class(r, l)
}

func count(r *intake.Row, column string, to *int64) {
	if !r.Has(column) {
		return
	}
	s := r.Text(column)
	if *to = 0; s == "" {
		return
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if *to = n; err != nil {
		r.Refuse(column, i18n.ErrBadNumber, i18n.CatalogueImportHow)
	}
}

// class finds the class of a row by code or by name.
func (im *lines) class(r *intake.Row, l *line) {
	s := l.item.ClassCode
	if r.Has("class") {
		s = r.Text("class")
	}
	l.item.ClassCode, l.rank = s, unclassed
	if s == "" {
		return
	}
	c, there := im.byCode[l.item.List+"|"+s]
	if !there {
		c, there = im.byName[l.item.List+"|"+gram.Key(s)]
	}
	switch {
	case !there:
		r.Refuse("class", i18n.CatalogueNoClass, i18n.CatalogueNoClassHow, s)
	case c.Retired && !l.item.Retired:
		r.Refuse("class", i18n.CatalogueClassRetired, i18n.CatalogueNoClassHow, c.Name)
	}
	l.item.ClassCode, l.rank = c.Code, c.Rank
}

// Key is list, standard, part and code.
func (im *lines) Key(record any) string { return record.(*line).item.key() }

// Plan says which rows are new and which say something new.
func (im *lines) Plan(_ context.Context, _ db.Querier, items []*intake.Item) error {
	for _, it := range items {
		switch l := it.Record.(*line); {
		case l.old.ID == 0:
			it.Outcome = intake.Inserted
		case !l.item.same(l.old):
			it.Outcome = intake.Updated
		}
	}
	return nil
}

// Write writes new items, and new editions of those that changed.
func (im *lines) Write(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	var fresh, changed []draft
	for _, it := range items {
		l := it.Record.(*line)
		d := draft{Item: l.item, rank: l.rank, importID: im.ImportID}
		d.ValidFrom = calendar.DateOf(im.Now)
		switch it.Outcome {
		case intake.Inserted:
			d.ID, d.Edition = id.New(), 1
			fresh = append(fresh, d)
		case intake.Updated:
			d.Edition++
			changed = append(changed, d)
		}
	}
	if err := insert(ctx, tx, im.Actor.Tenant, im.account, fresh); err != nil {
		return err
	}
	return save(ctx, tx, im.Actor.Tenant, im.account, changed)
}

// Finish has nothing left to do.
func (im *lines) Finish(context.Context, *db.Tx) error { return nil }
