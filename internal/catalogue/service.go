package catalogue

import (
	"context"
	"errors"
	"sync/atomic"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Service offers the use cases on the catalogue.
type Service struct {
	db    *db.DB
	files *attach.Store
	known atomic.Pointer[known]
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// Which items a list shows.
const (
	ShowUsed    = "" // those in use
	ShowRetired = "retired"
	ShowAll     = "all"
)

// Filter narrows a list of items; zero fields do not filter. Text is looked for in both names, in the initials of the Chinese name and in the code.
type Filter struct {
	List, Class, Text, Standard string
	Level                       Level
	Price                       PriceKind
	Public, Local               bool
	Show                        string
	Page                        db.Page
}

// Row is an item with the name of its class.
type Row struct {
	Item
	class, classEN, sortKey string
}

// ClassText names the class in both languages.
func (r Row) ClassText() i18n.Text { return i18n.Both(r.class, r.classEN) }

// Get reads an item of a tenant, retired ones too, for a package that refers to it; it asks no permission. NotFound if there is none.
func Get(ctx context.Context, q db.Querier, tenant int64, item id.ID) (Item, error) {
	return find(ctx, q, tenant, item)
}

// Named reads items by their IDs, retired ones too, for lists that refer to them; it asks no permission. What is not there is not in the map.
func Named(ctx context.Context, q db.Querier, tenant int64, ids []id.ID) (map[id.ID]Item, error) {
	out := map[id.ID]Item{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := named(ctx, q, tenant, ids)
	for _, i := range rows {
		out[i.ID] = i
	}
	return out, err
}

// List gives a page of items (PermSee) in the order of their classes.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Row], error) {
	if !actor.Can(PermSee) || actor.Tenant == 0 {
		return db.List[Row]{}, errs.ErrForbidden
	}
	if f.List != "" && ListText(f.List).IsZero() {
		return db.List[Row]{}, errs.Field("list", i18n.CatalogueNoList)
	}
	return list(ctx, s.db, actor.Tenant, f)
}

// Counts gives how many items in use each list has (PermSee).
func (s *Service) Counts(ctx context.Context, actor authz.Actor) (map[string]int64, error) {
	if !actor.Can(PermSee) || actor.Tenant == 0 {
		return nil, errs.ErrForbidden
	}
	return counts(ctx, s.db, actor.Tenant)
}

// Classes gives the classes of a list ("" for all lists) in their order, retired ones too if all is set (PermSee).
func (s *Service) Classes(ctx context.Context, actor authz.Actor, list string, all bool) ([]Class, error) {
	if !actor.Can(PermSee) || actor.Tenant == 0 {
		return nil, errs.ErrForbidden
	}
	return classes(ctx, s.db, actor.Tenant, list, all)
}

// Detail is an item with its history.
type Detail struct {
	Row
	Editions []Edition // the present one first
	Keeps    bool      // the actor may change it
}

// On is the edition that was in force on a day; ok is false where there was none yet.
func (d Detail) On(day calendar.Date) (e Edition, ok bool) {
	for _, e := range d.Editions {
		if !day.Before(e.From) {
			return e, true
		}
	}
	return Edition{}, false
}

// Detail opens an item (PermSee).
func (s *Service) Detail(ctx context.Context, actor authz.Actor, item id.ID) (Detail, error) {
	if !actor.Can(PermSee) || actor.Tenant == 0 {
		return Detail{}, errs.ErrForbidden
	}
	var d Detail
	err := s.db.View(ctx, func(tx *db.Tx) error {
		var err error
		if d.Row, err = findRow(ctx, tx, actor.Tenant, item); err != nil {
			return err
		}
		d.Editions, err = editions(ctx, tx, actor.Tenant, d.Item)
		return err
	})
	d.Keeps = keeps(actor)
	return d, err
}

// keeps says whether the actor writes the catalogue, which is the whole district's.
func keeps(actor authz.Actor) bool { return actor.Scope(PermKeep).All() }

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, i Item, reason string) error {
	detail := map[string]any{"list": i.List, "code": i.Number(), "name": i.Name, "edition": i.Edition}
	if reason != "" {
		detail["reason"] = reason
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "catalogue." + act, Permission: PermKeep, SubjectKind: "catalogue_item", SubjectID: i.ID, Detail: detail})
}

// placed finds the rank of the class of an item; a class that is not there or no longer used is refused.
func placed(ctx context.Context, q db.Querier, tenant int64, i Item) (int64, error) {
	if i.ClassCode == "" {
		return unclassed, nil
	}
	c, err := findClass(ctx, q, tenant, i.List, i.ClassCode)
	if errors.Is(err, errs.ErrNotFound) {
		return 0, errs.Field("class_code", i18n.CatalogueNoClass, i.ClassCode)
	}
	if err == nil && c.Retired {
		return 0, errs.Field("class_code", i18n.CatalogueClassRetired, c.Name)
	}
	return c.Rank, err
}

// Create puts an item into a list (PermKeep in the whole district). Its list, standard, part and code stay what they are.
func (s *Service) Create(ctx context.Context, actor authz.Actor, n Item) (id.ID, error) {
	if !keeps(actor) {
		return 0, errs.ErrForbidden
	}
	if err := n.check(); err != nil {
		return 0, err
	}
	var made id.ID
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		i := n
		i.ID, i.Edition, i.ValidFrom, i.Retired = id.New(), 1, calendar.DateOf(tx.Now()), false
		made = i.ID
		rank, err := placed(ctx, tx, actor.Tenant, i)
		if err != nil {
			return err
		}
		there, err := keyed(ctx, tx, actor.Tenant, i)
		if err != nil {
			return err
		}
		if there != "" {
			return errs.Field("code", i18n.CatalogueCodeTaken, i.Code, there)
		}
		if err := insert(ctx, tx, actor.Tenant, actor.AccountID, []draft{{Item: i, rank: rank}}); err != nil {
			if db.IsUnique(err) { // somebody else took it in the same moment
				return errs.Field("code", i18n.CatalogueCodeTaken, i.Code, i.Name).Because(err)
			}
			return err
		}
		return record(ctx, tx, actor, "create", i, "")
	})
	return made, err
}

// Edit makes a new edition of an item (PermKeep in the whole district) and gives it. List, standard, part, code and whether it is retired stay. If n says
// nothing new there is no new edition. A version that is no longer current is a Conflict.
func (s *Service) Edit(ctx context.Context, actor authz.Actor, item id.ID, n Item, reason string) (edition int64, err error) {
	if !keeps(actor) {
		return 0, errs.ErrForbidden
	}
	if err := long(nil, "reason", reason, MaxReason).OrNil(); err != nil {
		return 0, err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		old, err := find(ctx, tx, actor.Tenant, item)
		if err != nil {
			return err
		}
		if old.Retired {
			return errs.New(errs.Conflict, i18n.CatalogueIsRetired, old.Name)
		}
		i := n
		i.ID, i.List, i.Standard, i.Part, i.Code, i.Retired, i.Edition, i.ValidFrom = old.ID, old.List, old.Standard, old.Part, old.Code, false, old.Edition, old.ValidFrom
		if err := i.check(); err != nil {
			return err
		}
		if edition = old.Edition; i.same(old) && i.Version == old.Version {
			return nil
		}
		edition, err = s.next(ctx, tx, actor, i, "edit", reason)
		return err
	})
	return edition, err
}

// next writes the edition behind i's own.
func (s *Service) next(ctx context.Context, tx *db.Tx, actor authz.Actor, i Item, act, reason string) (int64, error) {
	rank, err := placed(ctx, tx, actor.Tenant, i)
	if err != nil {
		return 0, err
	}
	i.Edition, i.ValidFrom = i.Edition+1, calendar.DateOf(tx.Now())
	if err := save(ctx, tx, actor.Tenant, actor.AccountID, []draft{{Item: i, rank: rank, reason: reason}}); err != nil {
		return 0, err
	}
	return i.Edition, record(ctx, tx, actor, act, i, reason)
}

// Retire says that an item is no longer used, with the reason (PermKeep in the whole district). What refers to it still names it.
func (s *Service) Retire(ctx context.Context, actor authz.Actor, item id.ID, reason string, version int64) error {
	if reason == "" {
		return errs.Field("reason", i18n.ErrRequired)
	}
	return s.turn(ctx, actor, item, true, reason, version)
}

// Restore brings a retired item back (PermKeep in the whole district); its class must be in use.
func (s *Service) Restore(ctx context.Context, actor authz.Actor, item id.ID, version int64) error {
	return s.turn(ctx, actor, item, false, "", version)
}

func (s *Service) turn(ctx context.Context, actor authz.Actor, item id.ID, retired bool, reason string, version int64) error {
	if !keeps(actor) {
		return errs.ErrForbidden
	}
	if err := long(nil, "reason", reason, MaxReason).OrNil(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		i, err := find(ctx, tx, actor.Tenant, item)
		if err != nil {
			return err
		}
		if i.Retired == retired {
			if retired {
				return errs.New(errs.Conflict, i18n.CatalogueIsRetired, i.Name)
			}
			return errs.New(errs.Conflict, i18n.CatalogueIsUsed, i.Name)
		}
		act := "restore"
		if i.Retired, i.Version = retired, version; retired {
			act = "retire"
		}
		_, err = s.next(ctx, tx, actor, i, act, reason)
		return err
	})
}

// ClassEditions gives a class as it is and as it was, the present edition first (PermSee).
func (s *Service) ClassEditions(ctx context.Context, actor authz.Actor, list, code string) ([]ClassEdition, error) {
	if !actor.Can(PermSee) {
		return nil, errs.ErrForbidden
	}
	return classEditions(ctx, s.db, actor.Tenant, list, code)
}

// SaveClass makes a class (version 0) or changes it, as a new edition (PermKeep in the whole district). Its list and code stay. One in which items in use stand is not retired.
func (s *Service) SaveClass(ctx context.Context, actor authz.Actor, c Class) error {
	if !keeps(actor) {
		return errs.ErrForbidden
	}
	if err := c.check(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		old, err := findClass(ctx, tx, actor.Tenant, c.List, c.Code)
		there := err == nil
		switch {
		case err != nil && !errors.Is(err, errs.ErrNotFound):
			return err
		case c.Version == 0 && there:
			return errs.Field("code", i18n.CatalogueCodeTaken, c.Code, old.Name)
		case c.Version == 0:
			err = insertClasses(ctx, tx, actor.Tenant, actor.AccountID, []Class{c})
		case !there:
			return errs.ErrNotFound
		case c.Retired && old.Items > 0:
			return errs.Field("retired", i18n.CatalogueClassHolds, old.Items)
		default:
			err = saveClass(ctx, tx, actor, c)
		}
		if db.IsUnique(err) {
			return errs.Field("code", i18n.CatalogueCodeTaken, c.Code, c.Name).Because(err)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "catalogue.class", Permission: PermKeep, SubjectKind: "catalogue_class",
			Detail: map[string]any{"list": c.List, "code": c.Code, "name": c.Name, "retired": c.Retired}})
	})
}
