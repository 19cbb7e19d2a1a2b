package attach

import (
	"context"
	"strings"
	"time"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/seal"
)

// What a district may set.
var (
	Megabytes = policy.Value{Name: "attach.megabytes", Title: i18n.AttachMegabytes, Unit: i18n.AttachMegabytesUnit, Default: 20, Min: 1, Max: MaxMegabytes}
	Edge      = policy.Value{Name: "attach.edge", Title: i18n.AttachEdge, Unit: i18n.AttachEdgeUnit, Default: 2048, Min: 800, Max: 4096}
	PerRecord = policy.Value{Name: "attach.per_record", Title: i18n.AttachPerRecord, Unit: i18n.AttachPerRecordUnit, Default: 20, Min: 1, Max: 200}
)

// Policies are the values that a district may set.
func Policies() []policy.Value { return []policy.Value{Megabytes, Edge, PerRecord} }

// Owner is the record that a file belongs to: its table and its ID.
type Owner struct {
	Kind string
	ID   id.ID
}

// File is a file that is kept, without its content.
type File struct {
	ID        id.ID
	Owner     Owner
	Type      Type
	Name      string // as people call it; its ending is that of the type
	Alt       string // what a picture shows, for those who do not see it
	Size      int64
	Width     int // of a picture
	Height    int
	Hash      string // SM3 of the content
	Personal  bool   // about one person: each look is recorded
	AccountID id.ID  // who handed it in
	By        string // their name
	CreatedAt time.Time
}

// New is a file as somebody hands it in.
type New struct {
	Name     string // of the file; only shown
	Alt      string // what it shows; the owner's service gives what it knows if nobody says
	Content  []byte
	Personal bool
}

// Limits bound what one district takes.
type Limits struct {
	Bytes int64 // of one file
	Edge  int   // longer side of a picture that is kept
	Files int64 // of one record
}

// Checked is a file that has been judged and, if it is a picture, written anew. Only Check makes one.
type Checked struct {
	typ           Type
	name, alt     string
	content       []byte
	small         []byte
	width, height int
	personal      bool
}

// Hash is the SM3 of the content as it is kept: the same file handed in twice has the same.
func (c Checked) Hash() string { return seal.Hash(c.content) }

// Store keeps files.
type Store struct{ ring *seal.Ring }

// turn lets one picture be decoded at a time in the program: memory stays bounded however many come at once, to whichever store.
var turn = make(chan struct{}, 1)

// NewStore makes the store.
func NewStore(ring *seal.Ring) *Store {
	return &Store{ring: ring}
}

// Check judges a file by its content and writes pictures anew. It touches no database, so it is called before the transaction that keeps the
// file: nothing waits for it.
func (s *Store) Check(ctx context.Context, in New, k Kinds, l Limits) (Checked, error) {
	if int64(len(in.Content)) > l.Bytes {
		return Checked{}, refuse(i18n.AttachTooLarge, l.Bytes>>20)
	}
	t, err := sniff(in.Content, k)
	if err != nil {
		return Checked{}, err
	}
	out := Checked{typ: t, alt: tidy(in.Alt, 200), content: in.Content, personal: in.Personal}
	if t == PDF {
		out.name = named(in.Name, t)
		return out, checkPDF(in.Content)
	}
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return Checked{}, errs.New(errs.Unavailable, i18n.AttachBusy).Because(ctx.Err())
	}
	p, err := remake(in.Content, t, l.Edge)
	if err != nil {
		return Checked{}, err
	}
	out.typ, out.content, out.small, out.width, out.height = JPEG, p.full, p.small, p.width, p.height
	out.name = named(in.Name, JPEG)
	return out, nil
}

// named is the name under which a file is handed out: what it was called, with the ending of its true type.
func named(name string, t Type) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if at := strings.LastIndexByte(name, '.'); at > 0 {
		name = name[:at]
	}
	if name = strings.Trim(tidy(name, 80), ". "); name == "" {
		name = "file"
	}
	return name + t.Extension()
}
