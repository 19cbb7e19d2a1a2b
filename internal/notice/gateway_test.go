package notice

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

var now = time.Date(2026, 9, 15, 2, 0, 0, 0, time.UTC)

func message(c Channel, to string) Outgoing {
	return Outgoing{ID: "123456789", Tenant: 440105, Kind: KindEnded, Channel: c, Language: "zh", To: to, Subject: "今天有7件事等您办", Body: "【邻里】有了结果", Values: map[string]string{"number": "1"}, At: now}
}

// wants checks an error: whether there is one, and whether it is final.
func wants(t *testing.T, name string, err error, fails, final bool) {
	t.Helper()
	var f *Final
	if (err != nil) != fails || errors.As(err, &f) != final {
		t.Errorf("%s: %v, want failing %v, final %v", name, err, fails, final)
	}
}

func TestSMSGatewayGetsASignedMessage(t *testing.T) {
	secret := "whsec_" + base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))
	status := 200
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		// As Standard Webhooks prescribes it, worked out here.
		mac := hmac.New(sha256.New, []byte("0123456789abcdef0123456789abcdef"))
		mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "."))
		mac.Write(body)
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); r.Header.Get("webhook-signature") != want {
			t.Errorf("signature %q, want %q", r.Header.Get("webhook-signature"), want)
		}
		if r.Header.Get("webhook-timestamp") != strconv.FormatInt(now.Unix(), 10) || r.Header.Get("webhook-id") != "123456789" {
			t.Errorf("headers %v", r.Header)
		}
		var got map[string]any
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		if got["to"] != "13900139000" || got["text"] != "【邻里】有了结果" || got["template"] != KindEnded || got["id"] != "123456789" {
			t.Errorf("body %v", got)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "no such number 13900139000\nmore")
	}))
	defer srv.Close()
	g := &smsGateway{s: SMSSettings{URL: srv.URL, Secret: secret, Signature: "邻里"}}
	wants(t, "taken", g.Send(t.Context(), message(SMS, "13900139000")), false, false)
	status = 503
	wants(t, "busy", g.Send(t.Context(), message(SMS, "13900139000")), true, false)
	status = 429
	wants(t, "too many", g.Send(t.Context(), message(SMS, "13900139000")), true, false)
	status = 400
	err := g.Send(t.Context(), message(SMS, "13900139000"))
	wants(t, "refused", err, true, true)
	if strings.Contains(err.Error(), "13900139000") || strings.Contains(err.Error(), "more") {
		t.Errorf("the reason keeps %q", err)
	}
	status = 302
	wants(t, "sent elsewhere", g.Send(t.Context(), message(SMS, "13900139000")), true, true)
	srv.Close()
	wants(t, "gone", g.Send(t.Context(), message(SMS, "13900139000")), true, false)
}

func TestDingTalkRobotIsSigned(t *testing.T) {
	answer := `{"errcode":0,"errmsg":"ok"}`
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		mac := hmac.New(sha256.New, []byte("SECabc"))
		mac.Write([]byte(q.Get("timestamp") + "\nSECabc"))
		if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); r.URL.Path != "/robot/send" || q.Get("sign") != want || q.Get("access_token") != "tok" {
			t.Errorf("%s: sign %q, want %q", r.URL.Path, q.Get("sign"), want)
		}
		if q.Get("timestamp") != strconv.FormatInt(now.UnixMilli(), 10) {
			t.Errorf("timestamp %s is not in milliseconds", q.Get("timestamp"))
		}
		var got struct {
			Msgtype string
			Text    struct{ Content string }
			At      struct{ AtMobiles []string }
		}
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil || got.Msgtype != "text" || !strings.Contains(got.Text.Content, "有了结果") || len(got.At.AtMobiles) != 1 || got.At.AtMobiles[0] != "13900139000" {
			t.Errorf("body %+v, %v", got, err)
		}
		_, _ = io.WriteString(w, answer)
	}))
	defer srv.Close()
	d := &dingtalk{s: DingTalkSettings{Token: "tok", Secret: "SECabc", URL: srv.URL}}
	wants(t, "taken", d.Send(t.Context(), message(DingTalk, "13900139000")), false, false)
	answer = `{"errcode":310000,"errmsg":"sign not match"}`
	wants(t, "wrong sign", d.Send(t.Context(), message(DingTalk, "13900139000")), true, true)
	answer = `{"errcode":130101,"errmsg":"send too fast"}`
	wants(t, "too many in a minute", d.Send(t.Context(), message(DingTalk, "13900139000")), true, false)
	answer = `<html>`
	wants(t, "no JSON", d.Send(t.Context(), message(DingTalk, "13900139000")), true, false)
	srv.Close()
	if err := d.Send(t.Context(), message(DingTalk, "13900139000")); err == nil || strings.Contains(err.Error(), "tok") {
		t.Errorf("the error keeps the token: %v", err)
	}
}

func TestWeComFetchesItsTokenAnew(t *testing.T) {
	var mu sync.Mutex
	tokens, sent, invalid := 0, 0, ""
	code := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		q := r.URL.Query()
		switch r.URL.Path {
		case "/cgi-bin/gettoken":
			if q.Get("corpid") != "ww1" || q.Get("corpsecret") != "s3" {
				_, _ = io.WriteString(w, `{"errcode":40001,"errmsg":"invalid credential"}`)
				return
			}
			tokens++
			_, _ = io.WriteString(w, `{"errcode":0,"errmsg":"ok","access_token":"t`+strconv.Itoa(tokens)+`","expires_in":7200}`)
		case "/cgi-bin/message/send":
			var got struct {
				Touser  string
				Agentid int64
				Msgtype string
				Text    struct{ Content string }
				Check   int `json:"enable_duplicate_check"`
			}
			if err := json.NewDecoder(r.Body).Decode(&got); err != nil || got.Touser != "WangFang" || got.Agentid != 1000002 || got.Msgtype != "text" || got.Text.Content == "" || got.Check != 1 {
				t.Errorf("body %+v, %v", got, err)
			}
			switch {
			case q.Get("access_token") != "t"+strconv.Itoa(tokens):
				_, _ = io.WriteString(w, `{"errcode":40014,"errmsg":"invalid access_token"}`)
			case code != 0:
				_, _ = io.WriteString(w, `{"errcode":`+strconv.Itoa(code)+`,"errmsg":"x"}`)
			default:
				sent++
				_, _ = io.WriteString(w, `{"errcode":0,"errmsg":"ok","invaliduser":"`+invalid+`"}`)
			}
		}
	}))
	defer srv.Close()
	w := &wecom{s: WeComSettings{Corp: "ww1", Agent: 1000002, Secret: "s3", URL: srv.URL}}
	for range 3 {
		wants(t, "taken", w.Send(t.Context(), message(WeCom, "WangFang")), false, false)
	}
	if tokens != 1 || sent != 3 {
		t.Errorf("%d tokens for %d messages", tokens, sent)
	}
	mu.Lock()
	tokens++ // the enterprise made a new one: ours holds no more
	mu.Unlock()
	wants(t, "after the token was withdrawn", w.Send(t.Context(), message(WeCom, "WangFang")), false, false)
	invalid = "wangfang"
	wants(t, "nobody of that name", w.Send(t.Context(), message(WeCom, "WangFang")), true, true)
	invalid, code = "", 81013
	wants(t, "not allowed", w.Send(t.Context(), message(WeCom, "WangFang")), true, true)
	code = 45009
	wants(t, "too often", w.Send(t.Context(), message(WeCom, "WangFang")), true, false)
	w = &wecom{s: WeComSettings{Corp: "ww1", Agent: 1, Secret: "wrong", URL: srv.URL}}
	wants(t, "a wrong secret", w.Send(t.Context(), message(WeCom, "WangFang")), true, true)
}

// mailbox is a mail server for tests.
type mailbox struct {
	mu     sync.Mutex
	mails  []string
	to     []string
	refuse *smtp.SMTPError
}

type mailSession struct {
	box  *mailbox
	to   string
	auth bool
}

func (b *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailSession{box: b}, nil }
func (s *mailSession) AuthMechanisms() []string                { return []string{sasl.Plain} }
func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "linli" || password != "secret" {
			return errors.New("wrong password")
		}
		s.auth = true
		return nil
	}), nil
}
func (s *mailSession) Mail(string, *smtp.MailOptions) error {
	if !s.auth {
		return smtp.ErrAuthRequired
	}
	return nil
}
func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if s.box.refuse != nil {
		return s.box.refuse
	}
	s.to = to
	return nil
}
func (s *mailSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.mails, s.box.to = append(s.box.mails, string(b)), append(s.box.to, s.to)
	return err
}
func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }

// mailServing starts a mail server with STARTTLS and gives its port and the file with its certificate.
func mailServing(t *testing.T, b *mailbox) (port int, ca string) {
	t.Helper()
	web := httptest.NewUnstartedServer(nil)
	web.StartTLS() // for its certificate, which holds for 127.0.0.1
	cert := web.TLS.Certificates[0]
	web.Close()
	parsed, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	ca = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: parsed.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(b)
	srv.Domain, srv.TLSConfig = "localhost", &tls.Config{Certificates: []tls.Certificate{cert}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	return l.Addr().(*net.TCPAddr).Port, ca
}

func TestMailGoesByAServerWithSTARTTLS(t *testing.T) {
	b := &mailbox{}
	port, ca := mailServing(t, b)
	settings := Settings{Mail: &MailSettings{Host: "127.0.0.1", Port: port, User: "linli", Password: "secret", From: "邻里 <notice@example.cn>", CA: ca}}
	if err := settings.check(); err != nil {
		t.Fatal(err)
	}
	senders, err := settings.Senders()
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "taken", senders[Mail].Send(t.Context(), message(Mail, "wang@example.cn")), false, false)
	if len(b.mails) != 1 || b.to[0] != "wang@example.cn" {
		t.Fatalf("got %d mails to %v", len(b.mails), b.to)
	}
	m, err := netmail.ReadMessage(strings.NewReader(b.mails[0]))
	if err != nil {
		t.Fatal(err)
	}
	words := &mime.WordDecoder{}
	if subject, err := words.DecodeHeader(m.Header.Get("Subject")); err != nil || subject != "今天有7件事等您办" {
		t.Errorf("subject %q, %v", subject, err)
	}
	if got := m.Header.Get("Message-Id"); got != "<123456789@127.0.0.1>" {
		t.Errorf("Message-ID %q: a double must have the same", got)
	}
	b.refuse = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no mailbox wang@example.cn"}
	err = senders[Mail].Send(t.Context(), message(Mail, "wang@example.cn"))
	wants(t, "no such mailbox", err, true, true)
	if strings.Contains(err.Error(), "wang@") {
		t.Errorf("the reason keeps the address: %v", err)
	}
	b.refuse = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again"}
	wants(t, "busy", senders[Mail].Send(t.Context(), message(Mail, "wang@example.cn")), true, false)
	b.refuse = nil
	wrong := *settings.Mail
	wrong.Password = "other"
	m2, err := newMail(wrong)
	if err != nil {
		t.Fatal(err)
	}
	if err := m2.Send(t.Context(), message(Mail, "wang@example.cn")); err == nil || strings.Contains(err.Error(), "other") {
		t.Errorf("a wrong password: %v", err)
	}
	wrong = *settings.Mail
	wrong.CA = ""
	if m2, err = newMail(wrong); err != nil {
		t.Fatal(err)
	}
	wants(t, "a certificate that nobody vouches for", m2.Send(t.Context(), message(Mail, "wang@example.cn")), true, false)
}

func TestSettingsAreRead(t *testing.T) {
	cases := []struct {
		name, text, says string
	}{
		{"everything", `{"mail":{"host":"smtp.example.cn","from":"a@b.cn"},"sms":{"url":"https://sms.example.cn/send","secret":"0123456789abcdef","signature":"邻里"},"wecom":{"corp":"w","agent":1,"secret":"s"},"dingtalk":{"token":"t","secret":"s"}}`, ""},
		{"nothing", `{}`, ""},
		{"a word that is none", `{"smtp":{}}`, "smtp"},
		{"no host", `{"mail":{"from":"a@b.cn"}}`, "mail.host"},
		{"mail without TLS to another machine", `{"mail":{"host":"smtp.example.cn","from":"a@b.cn","tls":"none"}}`, "mail.tls"},
		{"plain http", `{"sms":{"url":"http://sms.example.cn","secret":"0123456789abcdef"}}`, "sms.url"},
		{"a short secret", `{"sms":{"url":"https://sms.example.cn","secret":"short"}}`, "sms.secret"},
		{"half of WeCom", `{"wecom":{"corp":"w"}}`, "wecom"},
		{"half of DingTalk", `{"dingtalk":{"token":"t"}}`, "dingtalk"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "notices.json")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := ReadSettings(path)
			if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "short\"")) {
				t.Errorf("ReadSettings = %v, want %q", err, c.says)
			}
			if c.name == "everything" {
				if senders, err := s.Senders(); err != nil || len(senders) != 4 || s.Signature() != "邻里" {
					t.Errorf("%d senders, %v", len(senders), err)
				}
			}
		})
	}
	path := filepath.Join(t.TempDir(), "open.json")
	if err := os.WriteFile(path, []byte(`{}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSettings(path); !errors.Is(err, ErrOpenToAll) {
		t.Errorf("a file that all may read: %v", err)
	}
}
