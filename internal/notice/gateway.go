package notice

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"linli/internal/outbox"
)

// client sends to gateways. Redirects are not followed: a signed message goes to the address that the operator named.
var client = &http.Client{Timeout: 15 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// maxAnswer is how much of an answer is read.
const maxAnswer = 64 << 10

// post sends JSON and gives the answer. Its errors name no address: those of WeCom and DingTalk carry secrets.
func post(ctx context.Context, address string, body []byte, head func(http.Header)) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, nil, &Final{"the address cannot be used"}
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	if head != nil {
		head(r.Header)
	}
	return answer(r)
}

func answer(r *http.Request) (int, []byte, error) {
	res, err := client.Do(r)
	if err != nil {
		if u, ok := err.(*url.Error); ok {
			err = u.Err // without the address
		}
		return 0, nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return res.StatusCode, b, err
}

// byStatus says what an HTTP status means: too many and faults of the server pass, anything else that is no success stays.
func byStatus(status int, said string) error {
	switch {
	case status/100 == 2:
		return nil
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status/100 == 5:
		return fmt.Errorf("HTTP %d %s", status, said)
	}
	return &Final{strings.TrimSpace(fmt.Sprintf("HTTP %d %s", status, said))}
}

// smsGateway posts a signed message to a gateway (docs/operator.md has the form): what it signs and how is Standard Webhooks, the ID is the message's.
type smsGateway struct{ s SMSSettings }

func (g *smsGateway) Send(ctx context.Context, m Outgoing) error {
	body, err := json.Marshal(map[string]any{"id": m.ID, "to": m.To, "text": m.Body, "signature": strings.TrimSpace(g.s.Signature), "template": m.Kind, "language": m.Language, "values": m.Values})
	if err != nil {
		return err
	}
	status, _, err := post(ctx, g.s.URL, body, func(h http.Header) { outbox.Sign(h, m.ID, m.At, body, g.s.Secret) })
	if err != nil {
		return err
	}
	return byStatus(status, "") // what it answers may repeat the text, with its codes
}

func firstLine(b []byte) string {
	s, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	return head(s, 120)
}

// said is what WeCom and DingTalk answer.
type said struct {
	Code        int64  `json:"errcode"`
	Message     string `json:"errmsg"`
	Token       string `json:"access_token"`
	Expires     int64  `json:"expires_in"`
	InvalidUser string `json:"invaliduser"`
}

func (a said) String() string { return fmt.Sprintf("%d %s", a.Code, head(a.Message, 120)) }

func read(status int, b []byte) (said, error) {
	var a said
	if err := byStatus(status, ""); err != nil {
		return a, err
	}
	if err := json.Unmarshal(b, &a); err != nil {
		return a, fmt.Errorf("the answer is no JSON")
	}
	return a, nil
}

// wecom sends messages of an application to a member.
type wecom struct {
	s     WeComSettings
	mu    sync.Mutex
	token string
	until time.Time
}

// The codes of WeCom after which a token is fetched anew, and those that pass.
var (
	wecomToken  = map[int64]bool{40014: true, 42001: true, 40001: true}
	wecomPasses = map[int64]bool{-1: true, 45009: true, 45033: true}
)

func (w *wecom) access(ctx context.Context, now time.Time) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.token != "" && now.Before(w.until) {
		return w.token, nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.s.URL+"/cgi-bin/gettoken?"+url.Values{"corpid": {w.s.Corp}, "corpsecret": {w.s.Secret}}.Encode(), nil)
	if err != nil {
		return "", &Final{"the address cannot be used"}
	}
	status, b, err := answer(r)
	if err != nil {
		return "", err
	}
	a, err := read(status, b)
	switch {
	case err != nil:
		return "", err
	case wecomPasses[a.Code]:
		return "", fmt.Errorf("%v", a)
	case a.Code != 0 || a.Token == "":
		return "", &Final{a.String()}
	}
	w.token, w.until = a.Token, now.Add(time.Duration(max(60, a.Expires-300))*time.Second)
	return w.token, nil
}

func (w *wecom) forget(token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.token == token {
		w.token = ""
	}
}

func (w *wecom) Send(ctx context.Context, m Outgoing) error {
	// WeCom itself drops the same request within the interval: what goes twice after a crash arrives once.
	body, err := json.Marshal(map[string]any{"touser": m.To, "msgtype": "text", "agentid": w.s.Agent, "text": map[string]string{"content": m.Body}, "safe": 0, "enable_duplicate_check": 1, "duplicate_check_interval": 1800})
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		token, err := w.access(ctx, m.At)
		if err != nil {
			return err
		}
		status, b, err := post(ctx, w.s.URL+"/cgi-bin/message/send?"+url.Values{"access_token": {token}}.Encode(), body, nil)
		if err != nil {
			return err
		}
		a, err := read(status, b)
		switch {
		case err != nil:
			return err
		case a.Code == 0 && a.InvalidUser == "":
			return nil
		case a.Code == 0:
			return &Final{"invaliduser"}
		case wecomToken[a.Code] && try == 0:
			w.forget(token)
			continue
		case wecomPasses[a.Code] || wecomToken[a.Code]:
			return fmt.Errorf("%s", without(a.String(), m.To))
		}
		return &Final{without(a.String(), m.To)}
	}
}

// dingtalk sends to the group of a robot and names who is meant.
type dingtalk struct{ s DingTalkSettings }

// dingtalkPasses are the codes of DingTalk that pass: busy, and too many in a minute.
var dingtalkPasses = map[int64]bool{-1: true, 130101: true, 130102: true}

// dingtalkSign is the robot's signature: HMAC-SHA256 with the secret over the milliseconds, a line break and the secret.
func dingtalkSign(secret string, at time.Time) (timestamp, sign string) {
	timestamp = strconv.FormatInt(at.UnixMilli(), 10)
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(timestamp + "\n" + secret))
	return timestamp, base64.StdEncoding.EncodeToString(m.Sum(nil))
}

func (d *dingtalk) Send(ctx context.Context, m Outgoing) error {
	body, err := json.Marshal(map[string]any{"msgtype": "text", "text": map[string]string{"content": m.Body + "\n@" + strings.TrimPrefix(m.To, "+86")},
		"at": map[string]any{"atMobiles": []string{strings.TrimPrefix(m.To, "+86")}, "isAtAll": false}})
	if err != nil {
		return err
	}
	timestamp, sign := dingtalkSign(d.s.Secret, m.At)
	status, b, err := post(ctx, d.s.URL+"/robot/send?"+url.Values{"access_token": {d.s.Token}, "timestamp": {timestamp}, "sign": {sign}}.Encode(), body, nil)
	if err != nil {
		return err
	}
	a, err := read(status, b)
	switch {
	case err != nil:
		return err
	case a.Code == 0:
		return nil
	case dingtalkPasses[a.Code]:
		return fmt.Errorf("%s", without(a.String(), m.To))
	}
	return &Final{without(a.String(), m.To)}
}
