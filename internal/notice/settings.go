package notice

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/mail"
	"net/url"
	"os"
	"strings"
)

// Settings are the channels as the operator set them up, in a file of its own because it holds secrets.
type Settings struct {
	Mail     *MailSettings     `json:"mail"`
	SMS      *SMSSettings      `json:"sms"`
	WeCom    *WeComSettings    `json:"wecom"`
	DingTalk *DingTalkSettings `json:"dingtalk"`
}

// MailSettings are a mail server. TLS is "starttls" (the default), "tls", or "none" for a server on this machine.
type MailSettings struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	User     string `json:"user"`
	Password string `json:"password"`
	From     string `json:"from"`
	TLS      string `json:"tls"`
	CA       string `json:"ca"` // file with the certificate of an authority of one's own
}

// SMSSettings are a gateway that takes a signed POST.
type SMSSettings struct {
	URL       string `json:"url"`
	Secret    string `json:"secret"`
	Signature string `json:"signature"` // what the networks ask for in front of a text
}

// WeComSettings are an application of an enterprise.
type WeComSettings struct {
	Corp   string `json:"corp"`
	Agent  int64  `json:"agent"`
	Secret string `json:"secret"`
	URL    string `json:"url"`
}

// DingTalkSettings are a robot of a group.
type DingTalkSettings struct {
	Token  string `json:"token"`
	Secret string `json:"secret"`
	URL    string `json:"url"`
}

// The services of WeCom and DingTalk.
const (
	wecomURL    = "https://qyapi.weixin.qq.com"
	dingtalkURL = "https://oapi.dingtalk.com"
)

// ErrOpenToAll means that others may read the file with the secrets.
var ErrOpenToAll = errors.New("others may read the file: chmod 600")

// ReadSettings reads the file of the operator. Only its owner may be able to read it.
func ReadSettings(path string) (Settings, error) {
	var s Settings
	info, err := os.Stat(path)
	if err != nil {
		return s, err
	}
	if info.Mode().Perm()&fs.FileMode(0o077) != 0 {
		return s, fmt.Errorf("%s: %w", path, ErrOpenToAll)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return s, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	if err := s.check(); err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// check names what is missing, never what a secret is.
func (s *Settings) check() error {
	if m := s.Mail; m != nil {
		if m.TLS == "" {
			m.TLS = "starttls"
		}
		if m.Port == 0 {
			m.Port = map[string]int{"starttls": 587, "tls": 465, "none": 25}[m.TLS]
		}
		switch _, err := mail.ParseAddress(m.From); {
		case m.Host == "":
			return errors.New("mail.host is missing")
		case err != nil:
			return errors.New("mail.from is no address")
		case m.TLS != "starttls" && m.TLS != "tls" && m.TLS != "none":
			return errors.New(`mail.tls is "starttls", "tls" or "none"`)
		case m.TLS == "none" && !loopback(m.Host):
			return errors.New(`mail.tls is "none" for a server on this machine only`)
		case (m.User == "") != (m.Password == ""):
			return errors.New("mail.user and mail.password go together")
		}
	}
	if m := s.SMS; m != nil {
		if err := secure("sms.url", m.URL); err != nil {
			return err
		}
		if len(m.Secret) < 16 {
			return errors.New("sms.secret is missing or shorter than 16 characters")
		}
	}
	if m := s.WeCom; m != nil {
		if m.URL == "" {
			m.URL = wecomURL
		}
		if m.Corp == "" || m.Agent == 0 || m.Secret == "" {
			return errors.New("wecom needs corp, agent and secret")
		}
		if err := secure("wecom.url", m.URL); err != nil {
			return err
		}
	}
	if m := s.DingTalk; m != nil {
		if m.URL == "" {
			m.URL = dingtalkURL
		}
		if m.Token == "" || m.Secret == "" {
			return errors.New("dingtalk needs token and secret")
		}
		if err := secure("dingtalk.url", m.URL); err != nil {
			return err
		}
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// secure asks for https, but to this machine.
func secure(name, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return fmt.Errorf("%s is no https address", name)
	}
	return nil
}

// Senders are the channels that are set up.
func (s Settings) Senders() (map[Channel]Sender, error) {
	out := map[Channel]Sender{}
	if s.Mail != nil {
		m, err := newMail(*s.Mail)
		if err != nil {
			return nil, err
		}
		out[Mail] = m
	}
	if s.SMS != nil {
		out[SMS] = &smsGateway{s: *s.SMS}
	}
	if s.WeCom != nil {
		out[WeCom] = &wecom{s: *s.WeCom}
	}
	if s.DingTalk != nil {
		out[DingTalk] = &dingtalk{s: *s.DingTalk}
	}
	return out, nil
}

// Signature is what stands in front of each SMS.
func (s Settings) Signature() string {
	if s.SMS == nil {
		return ""
	}
	return strings.TrimSpace(s.SMS.Signature)
}
