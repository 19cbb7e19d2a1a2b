package project

import (
	"fmt"

	"linli/internal/i18n"
)

// Yuan shows fen as yuan with two decimals: 1250 is 12.50.
func Yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%s.%02d", sign, i18n.Number(fen/100), fen%100)
}
