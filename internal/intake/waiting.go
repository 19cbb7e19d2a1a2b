package intake

import (
	"context"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/waiting"
)

// The kinds of thing that wait.
const (
	WaitFinish  = "import.finish"  // the owner began an import and did not bring it to its end: to be imported after a dry run, or with rows to mend
	WaitStopped = "import.stopped" // somebody else's import stopped with errors, in the part of the tree that the actor answers for
)

// Waiting gives the actor's own imports whose file is still kept because something is left to do, and the imports of others that
// stopped with errors where the actor may import.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if actor.AccountID == 0 {
		return nil, nil
	}
	var out []waiting.Item
	for _, w := range []struct{ kind, and string }{
		{WaitFinish, " AND account_id = $me AND file_id <> 0 AND state IN ('ready', 'checked', 'refused', 'failed', 'done')"},
		{WaitStopped, " AND account_id <> $me" + stopped},
	} {
		a := &db.Args{}
		where := s.reach(a, actor) + strings.Replace(w.and, "$me", a.Add(actor.AccountID), 1)
		it := waiting.Item{Kind: w.kind}
		err := s.db.QueryRow(ctx, "SELECT count(*), coalesce(min(id), 0), coalesce(min(created_at), 0) FROM import WHERE "+where, a.Values()...).
			Scan(&it.Count, &it.Subject, db.Instant(&it.Since))
		if err != nil {
			return nil, err
		}
		if it.Count > 0 {
			out = append(out, it)
		}
	}
	return out, nil
}
