package figure

import (
	"strconv"
	"strings"

	"linli/internal/figure"
)

// The size of a sparkline.
const (
	sparkWidth  = 88
	sparkHeight = 22
)

// points lays the history of a figure out as the points of a line.
func points(list []figure.Point) string {
	var most int64 = 1
	for _, p := range list {
		most = max(most, p.Value.Amount)
	}
	var b strings.Builder
	for i, p := range list {
		x := 2 + float64(i)*(sparkWidth-4)/float64(max(1, len(list)-1))
		y := sparkHeight - 3 - float64(max(p.Value.Amount, 0))*(sparkHeight-6)/float64(most)
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatFloat(x, 'f', 1, 64) + "," + strconv.FormatFloat(y, 'f', 1, 64))
	}
	return b.String()
}

// told is the history in words, for screen readers and on hover.
func told(f *figure.Figure, name string, list []figure.Point) string {
	var parts []string
	for _, p := range list {
		parts = append(parts, p.Period.String()+" "+f.Show(p.Value))
	}
	return name + ": " + strings.Join(parts, ", ")
}
