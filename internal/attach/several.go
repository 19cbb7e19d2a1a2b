package attach

import (
	"context"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// MostAtOnce is how many files can be handed in at once.
const MostAtOnce = 10

// CheckAll judges several files, all of them or none; of several it says which one is meant.
func (s *Store) CheckAll(ctx context.Context, in []New, k Kinds, l Limits) ([]Checked, error) {
	if len(in) == 0 {
		return nil, errs.Field("file", i18n.AttachChooseFile)
	}
	if len(in) > MostAtOnce {
		return nil, errs.Field("file", i18n.AttachTooMany, MostAtOnce, 0)
	}
	out := make([]Checked, 0, len(in))
	for _, n := range in {
		c, err := s.Check(ctx, n, k, l)
		if e := errs.As(err); err != nil && len(in) > 1 && e != nil && len(e.Fields) > 0 {
			return nil, errs.Field("file", i18n.PhotoWhich, n.Name, e.Fields["file"]).Because(err)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}
