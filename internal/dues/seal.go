package dues

import (
	"fmt"
	"strconv"
	"strings"

	"linli/internal/id"
)

// What is sealed has one length whatever it says, so that its size tells nothing.

func (s *Service) sealTerms(base id.ID, t Terms) []byte {
	return s.ring.Seal("dues_base", "terms", base, fmt.Sprintf("%-10s%012d", t.Payer, t.Fen))
}

func (s *Service) openTerms(base id.ID, sealed []byte) (Terms, error) {
	plain, err := s.ring.Open("dues_base", "terms", base, sealed)
	if err != nil || len(plain) != 22 {
		return Terms{}, fmt.Errorf("base %s: %w", base, orBad(err))
	}
	n, err := strconv.ParseInt(plain[10:], 10, 64)
	return Terms{Payer: Payer(strings.TrimSpace(plain[:10])), Fen: n}, err
}

func amount(fen int64) string { return fmt.Sprintf("%+013d", fen) }

func (s *Service) openPaid(payment id.ID, sealed []byte) (int64, error) {
	return fen(s.ring.Open("dues_payment", "amount", payment, sealed))
}

func (s *Service) openEntry(entry id.ID, sealed []byte) (int64, error) {
	return fen(s.ring.Open("dues_entry", "amount", entry, sealed))
}

func fen(plain string, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(plain, 10, 64)
}

func orBad(err error) error {
	if err == nil {
		return errBadTerms
	}
	return err
}
