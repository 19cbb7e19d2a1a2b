package bench

import (
	"context"
	"testing"
)

// BenchmarkFill measures a form of ten thousand rows beside the workbook library alone, by turns, and gives the ratio.
func BenchmarkFill(b *testing.B) {
	w, err := newWorld(context.Background(), Options{Scale: Small, Dir: b.TempDir(), Note: b.Logf})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := w.close(); err != nil {
			b.Error(err)
		}
	}()
	if err := w.filled(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for b.Loop() {
		ours, ceiling, err := w.benchFill(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(ours, "ours-ms")
		b.ReportMetric(ceiling, "library-ms")
		b.ReportMetric(ours/ceiling, "ratio")
	}
}
