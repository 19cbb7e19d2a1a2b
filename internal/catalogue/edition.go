package catalogue

import (
	"encoding/json"
	"time"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Edition is an item as it was, or is: who made it so, when, and why.
type Edition struct {
	Item     Item // its ID, edition and day are set, its version is not
	No       int64
	From, To calendar.Date // To is the day of the next edition; none for the present one
	Reason   string
	By       string // "" for what the platform set up
	ImportID id.ID  // of the table that brought it; 0 for none
	At       time.Time
}

// ClassEdition is a class as it was, or is; its version is the number of the edition.
type ClassEdition struct {
	Class
	By string // "" for what the platform set up
	At time.Time
}

// ClassChanges says what is different in b from a.
func ClassChanges(a, b Class) []Change {
	rank := func(c Class) i18n.Text { return i18n.Verbatim(i18n.Number(c.Rank)) }
	off := func(c Class) i18n.Text {
		if c.Retired {
			return i18n.CatalogueYes
		}
		return i18n.CatalogueNo
	}
	var out []Change
	for _, c := range []Change{{i18n.CatalogueName, i18n.Verbatim(a.Name), i18n.Verbatim(b.Name)}, {i18n.CatalogueNameEN, i18n.Verbatim(a.NameEN), i18n.Verbatim(b.NameEN)}, {i18n.CatalogueClassRank, rank(a), rank(b)},
		{i18n.CatalogueRetired, off(a), off(b)}} {
		if c.Was != c.Is {
			out = append(out, c)
		}
	}
	return out
}

// kept is how an item is written into the table of editions. Its names stay when fields of Item are renamed.
type kept struct {
	Class       string `json:"class,omitempty"`
	Name        string `json:"name"`
	NameEN      string `json:"name_en,omitempty"`
	Who         string `json:"who,omitempty"`
	WhoEN       string `json:"who_en,omitempty"`
	Bring       string `json:"bring,omitempty"`
	BringEN     string `json:"bring_en,omitempty"`
	Forms       string `json:"forms,omitempty"`
	FormsEN     string `json:"forms_en,omitempty"`
	Note        string `json:"note,omitempty"`
	NoteEN      string `json:"note_en,omitempty"`
	PriceKind   string `json:"price_kind,omitempty"`
	PriceFen    int64  `json:"price_fen,omitempty"`
	PriceNote   string `json:"price_note,omitempty"`
	PriceNoteEN string `json:"price_note_en,omitempty"`
	Days        int64  `json:"days,omitempty"`
	Hours       int64  `json:"hours,omitempty"`
	Level       string `json:"level"`
	Local       bool   `json:"local,omitempty"`
	Public      bool   `json:"public,omitempty"`
	Retired     bool   `json:"retired,omitempty"`
}

// body is what an edition of i says; two editions that say the same have the same body.
func body(i Item) string {
	b, err := json.Marshal(kept{Class: i.ClassCode, Name: i.Name, NameEN: i.NameEN, Who: i.Who, WhoEN: i.WhoEN, Bring: i.Bring, BringEN: i.BringEN, Forms: i.Forms, FormsEN: i.FormsEN, Note: i.Note, NoteEN: i.NoteEN,
		PriceKind: string(i.PriceKind), PriceFen: i.PriceFen, PriceNote: i.PriceNote, PriceNoteEN: i.PriceNoteEN, Days: i.Days, Hours: i.Hours, Level: string(i.Level),
		Local: i.IsLocal, Public: i.Public, Retired: i.Retired})
	if err != nil {
		panic("catalogue: " + err.Error()) // strings, numbers and booleans always marshal
	}
	return string(b)
}

// as gives i with what an edition says of it.
func (i Item) as(text string) (Item, error) {
	var k kept
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return i, err
	}
	i.ClassCode, i.Name, i.NameEN, i.Who, i.WhoEN, i.Bring, i.BringEN, i.Forms, i.FormsEN = k.Class, k.Name, k.NameEN, k.Who, k.WhoEN, k.Bring, k.BringEN, k.Forms, k.FormsEN
	i.Note, i.NoteEN = k.Note, k.NoteEN
	i.PriceKind, i.PriceFen, i.PriceNote, i.PriceNoteEN = PriceKind(k.PriceKind), k.PriceFen, k.PriceNote, k.PriceNoteEN
	i.Days, i.Hours, i.Level, i.IsLocal, i.Public, i.Retired = k.Days, k.Hours, Level(k.Level), k.Local, k.Public, k.Retired
	return i, nil
}

// Change is one thing that differs between two editions, as people read it.
type Change struct {
	Field   i18n.Text
	Was, Is i18n.Text
}

// Changes says what is different in b from a.
func Changes(a, b Item) []Change {
	yes := func(on bool) i18n.Text {
		if on {
			return i18n.CatalogueYes
		}
		return i18n.CatalogueNo
	}
	limit := func(i Item) i18n.Text {
		if t := i.LimitText(); !t.IsZero() {
			return t
		}
		return i18n.CatalogueLimitOfKind
	}
	var out []Change
	for _, c := range []Change{
		{i18n.CatalogueName, i18n.Verbatim(a.Name), i18n.Verbatim(b.Name)}, {i18n.CatalogueNameEN, i18n.Verbatim(a.NameEN), i18n.Verbatim(b.NameEN)},
		{i18n.CatalogueClass, i18n.Verbatim(a.ClassCode), i18n.Verbatim(b.ClassCode)},
		{i18n.CatalogueWho, i18n.Verbatim(a.Who), i18n.Verbatim(b.Who)}, {i18n.CatalogueWhoEN, i18n.Verbatim(a.WhoEN), i18n.Verbatim(b.WhoEN)},
		{i18n.CatalogueBring, i18n.Verbatim(a.Bring), i18n.Verbatim(b.Bring)}, {i18n.CatalogueBringEN, i18n.Verbatim(a.BringEN), i18n.Verbatim(b.BringEN)},
		{i18n.CatalogueForms, i18n.Verbatim(a.Forms), i18n.Verbatim(b.Forms)}, {i18n.CatalogueFormsEN, i18n.Verbatim(a.FormsEN), i18n.Verbatim(b.FormsEN)},
		{i18n.CatalogueNote, i18n.Verbatim(a.Note), i18n.Verbatim(b.Note)}, {i18n.CatalogueNoteEN, i18n.Verbatim(a.NoteEN), i18n.Verbatim(b.NoteEN)},
		{i18n.CataloguePrice, a.PriceText(), b.PriceText()}, {i18n.CatalogueLimit, limit(a), limit(b)}, {i18n.CatalogueLevel, a.Level.Text(), b.Level.Text()},
		{i18n.CatalogueLocal, yes(a.IsLocal), yes(b.IsLocal)}, {i18n.CataloguePublic, yes(a.Public), yes(b.Public)}, {i18n.CatalogueRetired, yes(a.Retired), yes(b.Retired)},
	} {
		if c.Was != c.Is {
			out = append(out, c)
		}
	}
	return out
}
