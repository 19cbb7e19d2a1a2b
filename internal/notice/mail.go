package notice

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	netmail "net/mail"
	"os"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// mailServer sends e-mail by a server of the operator's.
type mailServer struct {
	s    MailSettings
	from *netmail.Address
	tls  *tls.Config
}

func newMail(s MailSettings) (*mailServer, error) {
	m := &mailServer{s: s, tls: &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}}
	var err error
	if m.from, err = netmail.ParseAddress(s.From); err != nil {
		return nil, errors.New("mail.from is no address")
	}
	if s.CA != "" {
		pem, err := os.ReadFile(s.CA)
		if err != nil {
			return nil, err
		}
		m.tls.RootCAs = x509.NewCertPool()
		if !m.tls.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate", s.CA)
		}
	}
	return m, nil
}

func (m *mailServer) options() []gomail.Option {
	o := []gomail.Option{gomail.WithPort(m.s.Port), gomail.WithTimeout(15 * time.Second), gomail.WithTLSConfig(m.tls)}
	switch m.s.TLS {
	case "tls":
		o = append(o, gomail.WithSSL())
	case "none":
		o = append(o, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		o = append(o, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if m.s.User != "" {
		o = append(o, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(m.s.User), gomail.WithPassword(m.s.Password))
	}
	return o
}

func (m *mailServer) Send(ctx context.Context, out Outgoing) error {
	msg := gomail.NewMsg()
	msg.FromMailAddress(m.from)
	if err := msg.To(out.To); err != nil {
		return &Final{"the address cannot be used"}
	}
	msg.Subject(out.Subject)
	msg.SetDateWithValue(out.At)
	msg.SetMessageIDWithValue(out.ID + "@" + m.s.Host) // the same when it goes twice, so that mail programs show it once
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, out.Body)
	c, err := gomail.NewClient(m.s.Host, m.options()...)
	if err != nil {
		return &Final{"the mail server cannot be used"}
	}
	err = c.DialAndSendWithContext(ctx, msg)
	var refused *gomail.SendError
	if errors.As(err, &refused) && refused.ErrorCode()/100 == 5 {
		return &Final{without(refused.Error(), out.To)}
	}
	if err != nil {
		return errors.New(without(err.Error(), out.To))
	}
	return nil
}
