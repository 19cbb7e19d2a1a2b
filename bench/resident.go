package bench

import "context"

const listPath = "/api/v1/residents"

func (w *world) benchList(ctx context.Context) (float64, float64, error)   { return 0, 1, nil }
func (w *world) benchRecord(ctx context.Context) (float64, float64, error) { return 0, 1, nil }
func (w *world) benchCreate(ctx context.Context) (float64, float64, error) { return 0, 1, nil }
func (w *world) token(ctx context.Context) (string, error)                 { return "", nil }
