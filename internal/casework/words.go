package casework

import (
	"bytes"
	"context"
	"sync"
	"time"

	"linli/internal/classify"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// Learnt says how well categories of a list are proposed from words.
type Learnt struct {
	List       string
	Cases      int64 // learnt from
	Categories int64 // that can be proposed
	MacroF1    int64 // in thousandths, on a fifth of the cases that was kept back
	Accuracy   int64 // in thousandths, on the same
	At         time.Time
}

// Bounds of what is learnt from: the latest cases, of categories that have enough of them for a fifth to be kept back.
const (
	mostLearnt = 20_000
	leastOf    = classify.Fewest*5/4 + 1
	keptBack   = 5 // one part in so many
)

// relearn is after how long it is learnt again although the numbers are the same: categories may have been corrected.
const relearn = 7 * 24 * time.Hour

// Learn learns from the cases of a district for which people chose a category, list by list: from their titles, in which numbers are masked. Confidential kinds and
// merged cases are left out. A list with fewer than two categories of 13 cases has nothing to propose. What did not change since is not learnt again. It is the
// work of a night; `linli train -own` does it at once.
func (s *Service) Learn(ctx context.Context, tenant int64) ([]Learnt, error) {
	lists, err := db.Column[string](ctx, s.db, "SELECT DISTINCT k.list FROM case_kind k WHERE k.tenant_id = $1 AND k.confidential = FALSE AND k.list <> '' ORDER BY k.list", tenant)
	if err != nil {
		return nil, err
	}
	var out []Learnt
	for _, list := range lists { // six at most of the catalogue's
		l, err := s.learn(ctx, tenant, list)
		if err != nil {
			return out, err
		}
		if l.Cases > 0 {
			out = append(out, l)
		}
	}
	return out, nil
}

// learn learns one list.
func (s *Service) learn(ctx context.Context, tenant int64, list string) (Learnt, error) {
	l := Learnt{List: list, At: s.db.Now()}
	type row struct {
		item       id.ID
		title, who string
	}
	rows, err := db.All(ctx, s.db, func(r *row) []any { return []any{&r.item, &r.title, &r.who} }, `SELECT c.item_id, c.title, CASE WHEN c.phone_key <> '' THEN c.phone_key WHEN c.person_id <> 0 THEN CAST(c.person_id AS TEXT)
		WHEN c.channel IN ('patrol', 'visit', 'talk', 'other') THEN CAST(c.entered_by AS TEXT) ELSE '' END FROM service_case c
		JOIN case_kind k ON k.tenant_id = c.tenant_id AND k.code = c.kind_code
		WHERE c.tenant_id = $1 AND k.list = $2 AND c.confidential = FALSE AND c.item_id <> 0 AND c.state <> 'merged' AND c.title <> '' AND c.title <> $3 AND c.about_id = 0 ORDER BY c.id DESC LIMIT $4`, tenant, list, retention.Gone(), mostLearnt)
	if err != nil {
		return l, err
	}
	per := map[id.ID]int{}
	for _, r := range rows {
		per[r.item]++
	}
	var examples []classify.Example
	for _, r := range rows {
		if per[r.item] >= leastOf {
			examples = append(examples, classify.Example{Text: r.title, Label: r.item.String(), From: r.who})
		}
	}
	for _, n := range per {
		if n >= leastOf {
			l.Categories++
		}
	}
	l.Cases = int64(len(examples))
	if l.Categories < 2 {
		l.Cases = 0
		return l, s.db.WithTx(ctx, func(tx *db.Tx) error { return forgetWords(ctx, tx, tenant, list) })
	}
	if was, err := findWords(ctx, s.db, tenant, list); err != nil || was.Cases == l.Cases && was.Categories == l.Categories && l.At.Sub(was.At) < relearn {
		return was, err
	}
	train, kept := classify.Split(examples, keptBack, 1)
	m, err := classify.Train(ctx, train, classify.Options{})
	if err != nil {
		return l, err
	}
	rep := m.Evaluate(kept)
	l.MacroF1, l.Accuracy = int64(rep.MacroF1*1000+.5), int64(rep.Accuracy*1000+.5)
	if m, err = classify.Train(ctx, examples, classify.Options{}); err != nil { // what is used learns from all
		return l, err
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return l, err
	}
	return l, s.db.WithTx(ctx, func(tx *db.Tx) error { return saveWords(ctx, tx, tenant, l, b.Bytes()) })
}

// Learnt says what has been learnt of each list.
func (s *Service) Learnt(ctx context.Context, tenant int64) ([]Learnt, error) {
	return db.All(ctx, s.db, (*Learnt).dest, "SELECT "+learntColumns+" FROM case_words w WHERE w.tenant_id = $1 ORDER BY w.list", tenant)
}

// Proposed is a category that a message may have.
type Proposed struct {
	ItemID  id.ID
	Item    i18n.Text
	Percent int      // of a hundred such proposals so many are right
	Words   []string // what speaks for it, as it stands in the message
}

// Propose gives the categories of a kind that a message may have, the likeliest first, three at most; none where too little is known. It decides nothing and keeps
// nothing of the message.
func (s *Service) Propose(ctx context.Context, tenant int64, kind, message string) ([]Proposed, error) {
	k, err := findKind(ctx, s.db, tenant, kind)
	if err != nil || k.Confidential || k.List == "" {
		return nil, err
	}
	m, err := s.model(ctx, tenant, k.List)
	if err != nil || m == nil {
		return nil, err
	}
	found := m.Propose("", message)
	if len(found) == 0 {
		return nil, nil
	}
	var ids []id.ID
	for _, p := range found {
		item, err := id.Parse(p.Label)
		if err != nil {
			return nil, err
		}
		ids = append(ids, item)
	}
	type named struct {
		item   id.ID
		zh, en string
	}
	a := &db.Args{}
	names, err := db.All(ctx, s.db, func(n *named) []any { return []any{&n.item, &n.zh, &n.en} }, "SELECT i.id, i.name, i.name_en FROM catalogue_item i WHERE i.tenant_id = "+a.Add(tenant)+
		" AND i.retired = FALSE AND "+db.In(a, "i.id", ids), a.Values()...)
	if err != nil {
		return nil, err
	}
	var out []Proposed
	for i, p := range found {
		for _, n := range names {
			if n.item == ids[i] {
				out = append(out, Proposed{ItemID: n.item, Item: i18n.Both(n.zh, n.en), Percent: int(p.Probability*100 + .5), Words: p.Words})
			}
		}
	}
	return out, nil
}

// models keeps models that were read, until something newer was learnt.
type models struct {
	mu   sync.Mutex
	kept map[wordsKey]keptModel
}

type wordsKey struct {
	tenant int64
	list   string
}

type keptModel struct {
	at    time.Time
	model *classify.Model
}

// model gives the model of a list, nil where nothing has been learnt.
func (s *Service) model(ctx context.Context, tenant int64, list string) (*classify.Model, error) {
	w, err := findWords(ctx, s.db, tenant, list)
	if err != nil || w.Cases == 0 {
		return nil, err
	}
	key := wordsKey{tenant, list}
	s.words.mu.Lock()
	defer s.words.mu.Unlock()
	if k, ok := s.words.kept[key]; ok && k.at.Equal(w.At) {
		return k.model, nil
	}
	file, err := db.Value[[]byte](ctx, s.db, "SELECT w.model FROM case_words w WHERE w.tenant_id = $1 AND w.list = $2", tenant, list)
	if err != nil {
		return nil, err
	}
	m, err := classify.Read(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	if s.words.kept == nil {
		s.words.kept = map[wordsKey]keptModel{}
	}
	s.words.kept[key] = keptModel{w.At, m}
	return m, nil
}

const learntColumns = "w.list, w.cases, w.categories, w.macro_f1, w.accuracy, w.learnt_at"

func (l *Learnt) dest() []any {
	return []any{&l.List, &l.Cases, &l.Categories, &l.MacroF1, &l.Accuracy, db.Instant(&l.At)}
}

// findWords gives what was learnt of a list; without cases, nothing.
func findWords(ctx context.Context, q db.Querier, tenant int64, list string) (l Learnt, err error) {
	rows, err := db.All(ctx, q, (*Learnt).dest, "SELECT "+learntColumns+" FROM case_words w WHERE w.tenant_id = $1 AND w.list = $2", tenant, list)
	if err != nil || len(rows) == 0 {
		return l, err
	}
	return rows[0], nil
}

func saveWords(ctx context.Context, tx *db.Tx, tenant int64, l Learnt, model []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO case_words (tenant_id, list, model, cases, categories, macro_f1, accuracy, learnt_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)
		ON CONFLICT (tenant_id, list) DO UPDATE SET model = excluded.model, cases = excluded.cases, categories = excluded.categories, macro_f1 = excluded.macro_f1, accuracy = excluded.accuracy,
		learnt_at = excluded.learnt_at`, tenant, l.List, model, l.Cases, l.Categories, l.MacroF1, l.Accuracy, db.Micros(l.At))
	return err
}

func forgetWords(ctx context.Context, tx *db.Tx, tenant int64, list string) error {
	_, err := tx.Exec(ctx, "DELETE FROM case_words WHERE tenant_id = $1 AND list = $2", tenant, list)
	return err
}
