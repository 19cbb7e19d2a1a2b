package assess

import (
	"math"
	"math/big"
	"strings"

	"linli/internal/i18n"
)

// Decimal is an exact number of four decimals: 10000 is 1. It is stored as it is.
type Decimal int64

const (
	scale             = 10_000
	places            = 4
	hundredth         = scale / 100
	greatest  Decimal = 1_000_000_000 * scale // of what is entered
)

// Whole is n as a decimal.
func Whole(n int64) Decimal { return Decimal(n * scale) }

// ParseDecimal reads a number such as 94.99 or -3; at most four decimals, not above a thousand million.
func ParseDecimal(s string) (Decimal, bool) {
	s = strings.TrimSpace(s)
	digits, neg := strings.CutPrefix(s, "-")
	whole, part, _ := strings.Cut(digits, ".")
	if len(whole) == 0 || len(whole) > 10 || len(part) > places || strings.HasSuffix(digits, ".") {
		return 0, false
	}
	n := int64(0)
	for _, c := range whole + part + strings.Repeat("0", places-len(part)) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	if neg {
		n = -n
	}
	d := Decimal(n)
	return d, d <= greatest && d >= -greatest
}

// String is the number in plain digits: 8.5.
func (d Decimal) String() string {
	s := d.show()
	return strings.ReplaceAll(s, ",", "")
}

// Show is the number as people read it: 1,234.5.
func (d Decimal) Show() string { return d.show() }

func (d Decimal) show() string {
	sign := ""
	if d < 0 {
		sign = "-"
		d = -d
	}
	s := sign + i18n.Number(int64(d/scale))
	if part := int64(d % scale); part != 0 {
		digits := []byte("0000")
		for i := places - 1; i >= 0; i-- {
			digits[i] = byte('0' + part%10)
			part /= 10
		}
		s += "." + strings.TrimRight(string(digits), "0")
	}
	return s
}

// Float is the number for a cell of a workbook; nothing is reckoned with it.
func (d Decimal) Float() float64 { return float64(d) / scale }

// MarshalText writes plain digits.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads plain digits.
func (d *Decimal) UnmarshalText(b []byte) error {
	v, ok := new(big.Rat).SetString(string(b))
	if !ok {
		return errNumber
	}
	*d = nearest(v, 1)
	return nil
}

func (d Decimal) rat() *big.Rat { return big.NewRat(int64(d), scale) }

// nearest rounds r half away from zero to a multiple of step ten-thousandths. What would not fit becomes the greatest that does.
func nearest(r *big.Rat, step int64) Decimal {
	x := new(big.Rat).Mul(r, big.NewRat(scale, step))
	num, den := new(big.Int).Abs(x.Num()), x.Denom()
	q := new(big.Int).Div(new(big.Int).Add(new(big.Int).Mul(num, big.NewInt(2)), den), new(big.Int).Mul(den, big.NewInt(2)))
	n := int64(math.MaxInt64 / 4 / step)
	if q.IsInt64() && q.Int64() < n {
		n = q.Int64()
	}
	if x.Sign() < 0 {
		n = -n
	}
	return Decimal(n * step)
}
