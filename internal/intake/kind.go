package intake

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Kind is one sort of table that can be imported, such as residents. It is declared by the package that owns the records
// and registered with New.
type Kind struct {
	Name       string    // as in the command line and in addresses: "residents"
	Title      i18n.Text // as people read it
	Hint       i18n.Text // one or two sentences above the upload: what the table is, what is done with it
	Columns    []Column
	Permission authz.Permission // needed at the organisation of the import
	OrgNeeded  bool             // the import belongs to one organisation (a community, a unit) that the person chooses
	Private    bool             // only the account that began an import sees it: its rows are nobody else's business
	Options    []Option

	// Begin makes the importer for one pass over one file. It loads what all rows need (names, codes, maps) once.
	// q is the transaction itself when rows are to be written, a snapshot in a dry run. A pass may be repeated from
	// the start, so an Importer must keep no state outside itself.
	Begin func(ctx context.Context, q db.Querier, s Setup) (Importer, error)
}

// Column is one column of a table.
type Column struct {
	Name     string              // the key by which Row is asked
	Title    i18n.Text           // heading in the template and in reports
	Also     []string            // other headings under which people keep it
	Required bool                // the file must have the column, and each row a value
	Max      int                 // most characters; 0 is 200
	Hint     i18n.Text           // how to fill it in, shown in the template
	Example  string              // in the template's example row
	Choices  []i18n.Text         // the values it can take, offered in the template
	Sealed   bool                // personal: masked in reports
	Mask     func(string) string // how a value is masked in reports; nil leaves it to Sealed
}

// Option is a choice that applies to a whole file.
type Option struct {
	Name  string
	Title i18n.Text
	Hint  i18n.Text
	On    bool // ticked unless the person changes it
}

// Setup is what an importer may know about its import.
type Setup struct {
	Actor    authz.Actor
	Scope    authz.Scope // of the kind's permission: Require the organisation of each row unless it is OrgID's
	ImportID id.ID       // provenance, to be kept with every record written
	OrgID    id.ID       // the organisation chosen; 0 if the kind does not need one
	Options  map[string]bool
	Now      time.Time
	DryRun   bool
	Mapped   map[string]bool // columns that the file has
}

// Importer turns the rows of one file into records. Check and Key may be called by several goroutines at once and must
// not change the importer; Plan, Write and Finish are called by one, in the order of the file.
type Importer interface {
	// Check reads one row and says on it what is wrong. Its record is ignored if the row is refused.
	Check(r *Row) any
	// Key is what makes two rows of a file the same record, "" for nothing.
	Key(record any) string
	// Plan compares the records of a chunk with the database: it sets each item's Outcome, or refuses it.
	// It must not ask once per row.
	Plan(ctx context.Context, q db.Querier, items []*Item) error
	// Write writes the items planned as Inserted or Updated. It is not called in a dry run.
	Write(ctx context.Context, tx *db.Tx, items []*Item) error
	// Finish is called after the last chunk; tx is nil in a dry run.
	Finish(ctx context.Context, tx *db.Tx) error
}

// Outcome is what becomes of a row.
type Outcome int

// The outcomes of a row that is not refused.
const (
	Unchanged Outcome = iota
	Inserted
	Updated
)

// Item is one good row on its way into the database.
type Item struct {
	*Row            // for Refuse and Warn
	Record  any     // what Check made
	Outcome Outcome // set by Plan
}

// Summary says what an import did, or in a dry run would do.
type Summary struct {
	ImportID  id.ID  `json:"import_id,omitempty"`
	Kind      string `json:"kind"`
	State     string `json:"state"`
	DryRun    bool   `json:"dry_run"`
	Rows      int64  `json:"rows"`
	Inserted  int64  `json:"inserted"`
	Updated   int64  `json:"updated"`
	Unchanged int64  `json:"unchanged"`
	Rejected  int64  `json:"rejected"`
	Warnings  int64  `json:"warnings"`
}

// Only gives the items planned with outcome o.
func Only(items []*Item, o Outcome) []*Item {
	var out []*Item
	for _, it := range items {
		if it.Outcome == o {
			out = append(out, it)
		}
	}
	return out
}
