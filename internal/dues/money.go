package dues

import (
	"strings"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// maxYuanDigits keeps what is typed within what can be reckoned with.
const maxYuanDigits = 12

// ParseYuan reads an amount as people write it (1234.5, 1,234.50, ￥12, 12元) as fen. More than two decimals, anything that is no number and
// nothing at all are Invalid; a minus sign is read, so that whoever asks can say that it may not be.
func ParseYuan(s string) (int64, error) {
	bad := errs.New(errs.Invalid, i18n.DuesBadAmount)
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '．':
			return '.'
		case r == '－':
			return '-'
		case r == ',' || r == '，' || r == ' ' || r == '\u00a0' || r == '\u3000' || r == '¥' || r == '￥' || r == '\t':
			return -1
		}
		return r
	}, s)
	s = strings.TrimSuffix(s, i18n.DuesYuanWord.In(i18n.ZH))
	rest, negative := strings.CutPrefix(s, "-")
	whole, cents, point := strings.Cut(rest, ".")
	if whole == "" || len(whole) > maxYuanDigits || len(cents) > 2 || point && cents == "" || strings.Trim(whole+cents, "0123456789") != "" {
		return 0, bad
	}
	var fen int64
	for _, c := range whole + (cents + "00")[:2] {
		fen = fen*10 + int64(c-'0')
	}
	if negative {
		fen = -fen
	}
	return fen, nil
}

// fieldsOf are the messages of an error by field.
func fieldsOf(err error) map[string]errs.Message {
	if e := errs.As(err); e != nil {
		return e.Fields
	}
	return nil
}
