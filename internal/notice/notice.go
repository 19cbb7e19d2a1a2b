package notice

import (
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode/utf16"

	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/outbox"
	"linli/internal/policy"
)

// The permissions of this package.
const (
	PermSee  authz.Permission = "notice.see"
	PermKeep authz.Permission = "notice.keep"
)

// What a district may set.
var (
	QuietFrom  = policy.Value{Name: "notice.quiet_from", Title: i18n.NoticePolicyFrom, Unit: i18n.CasePolicyHour, Default: 21, Min: 0, Max: 24}
	QuietUntil = policy.Value{Name: "notice.quiet_until", Title: i18n.NoticePolicyUntil, Unit: i18n.CasePolicyHour, Default: 8, Min: 0, Max: 24}
	DailyMost  = policy.Value{Name: "notice.daily_most", Title: i18n.NoticePolicyMost, Unit: i18n.NoticePolicyMessages, Default: 10, Min: 1, Max: 200}
)

// Policies are the values that a district may set.
func Policies() []policy.Value { return []policy.Value{QuietFrom, QuietUntil, DailyMost} }

// Channel is a way by which messages go.
type Channel string

// The channels.
const (
	SMS      Channel = "sms"
	Mail     Channel = "mail"
	WeCom    Channel = "wecom"
	DingTalk Channel = "dingtalk"
)

// Channels lists the channels.
func Channels() []Channel { return []Channel{SMS, Mail, WeCom, DingTalk} }

// Text names the channel.
func (c Channel) Text() i18n.Text {
	return map[Channel]i18n.Text{SMS: i18n.NoticeSMS, Mail: i18n.NoticeMail, WeCom: i18n.NoticeWeCom, DingTalk: i18n.NoticeDingTalk}[c]
}

// StateText names a state of a message.
func StateText(s outbox.State) i18n.Text {
	return map[outbox.State]i18n.Text{outbox.Waiting: i18n.NoticeWaiting, outbox.Sending: i18n.NoticeSending, outbox.Sent: i18n.NoticeSent, outbox.Failed: i18n.NoticeFailed,
		outbox.Dropped: i18n.NoticeDropped}[s]
}

// States lists the states of a message.
func States() []outbox.State {
	return []outbox.State{outbox.Waiting, outbox.Sending, outbox.Sent, outbox.Failed, outbox.Dropped}
}

// Why a message was not sent, or waits. What a gateway says stands as it is.
const (
	WhyOff    = "off"        // the district does not send the kind
	WhyNo     = "refused"    // whoever has the number said no
	WhyMost   = "limit"      // enough today
	WhyLate   = "late"       // it has lapsed
	WhyNotSet = "not_set_up" // no such channel here
	WhyUnsure = "unsure"     // may have gone; nobody knows
	WhyQuiet  = "quiet"      // waits for the morning
	WhyGone   = "gone"       // no address any more
)

// ReasonText says why; what a gateway said stands as it is.
func ReasonText(why string) i18n.Text {
	known := map[string]i18n.Text{WhyOff: i18n.NoticeWhyOff, WhyNo: i18n.NoticeWhyNo, WhyMost: i18n.NoticeWhyMost, WhyLate: i18n.NoticeWhyLate, WhyNotSet: i18n.NoticeWhyNotSet,
		WhyUnsure: i18n.NoticeWhyUnsure, WhyQuiet: i18n.NoticeWhyQuiet, WhyGone: i18n.NoticeWhyGone}
	if t, ok := known[why]; ok {
		return t
	}
	return i18n.Verbatim(why)
}

// Values fill the placeholders of a kind, by the code of the placeholder; in both languages where they are words.
type Values map[string]i18n.Text

// Message is what a package wants to have told.
type Message struct {
	Tenant      int64
	Kind        string
	Channel     Channel // the kind's first where it is ""
	Language    i18n.Lang
	To          string // telephone number, e-mail address, WeCom user
	SubjectKind string // the record that it is about
	SubjectID   id.ID
	AccountID   id.ID // who gets it, where that is an account
	Values      Values
	Each        map[id.ID]Values // what differs by subject (TellTx) or account (StaffTx)
	Path        string           // of the page that the link leads to
	Urgent      bool             // does not wait for the morning
	Expires     time.Time
}

// Contact is where who left a number is told of a record.
type Contact struct {
	Tenant      int64
	SubjectKind string
	SubjectID   id.ID
	Channel     Channel
	Language    i18n.Lang
	To          string
	Code        string // opens the record to them; it is part of the link
}

// Mobile says whether a number can take an SMS.
func Mobile(number string) bool {
	return len(number) == 11 && number[0] == '1' && !strings.Contains(number, "-")
}

// wecomUser is what WeCom takes as the ID of a member.
var wecomUser = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_\-@.]{0,63}$`)

// Address reads an address of a channel as it is kept, or says under field what is wrong with it.
func Address(c Channel, typed, field string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", errs.Field(field, i18n.ErrRequired)
	}
	switch c {
	case SMS, DingTalk:
		number, problem := code.ParsePhone(typed)
		if problem.Blocks() {
			return "", problem.Err(field)
		}
		if !Mobile(number.String()) {
			return "", errs.Field(field, i18n.NoticeNotMobile)
		}
		return number.String(), nil
	case Mail:
		a, err := mail.ParseAddress(typed)
		if err != nil || a.Name != "" || len(typed) > 254 {
			return "", errs.Field(field, i18n.NoticeBadMail)
		}
		return strings.ToLower(a.Address), nil
	case WeCom:
		if !wecomUser.MatchString(typed) {
			return "", errs.Field(field, i18n.NoticeBadWeCom)
		}
		return typed, nil
	}
	return "", errs.Field("channel", i18n.ErrBadChoice)
}

// Masked is an address as the log shows it.
func Masked(c Channel, address string) string {
	name, host, isMail := strings.Cut(address, "@")
	switch {
	case address == "":
		return ""
	case c == Mail && isMail:
		return head(name, 1) + "***@" + host
	case c == WeCom:
		return head(address, 2) + "***"
	case len(address) >= 11:
		return address[:3] + "****" + address[len(address)-4:]
	}
	return head(address, 2) + "***"
}

func head(s string, n int) string { return string([]rune(s)[:min(n, len([]rune(s)))]) }

// The length of a message that is one part, and of each part of a longer one.
const (
	onePart   = 70
	eachOfAll = 67
)

// Parts counts the characters of an SMS and the parts in which it is sent and paid for.
func Parts(text string) (characters, parts int) {
	n := len(utf16.Encode([]rune(text)))
	switch {
	case n == 0:
		return 0, 0
	case n <= onePart:
		return n, 1
	}
	return n, (n + eachOfAll - 1) / eachOfAll
}

// Quiet says whether an instant lies in the quiet hours of Beijing, and when they end. Hours that are the same are none.
func Quiet(now time.Time, from, until int64) (end time.Time, quiet bool) {
	t := now.In(i18n.Zone)
	h := int64(t.Hour())
	if from < until {
		quiet = h >= from && h < until
	} else if from > until {
		quiet = h >= from || h < until
	}
	if !quiet {
		return time.Time{}, false
	}
	end = time.Date(t.Year(), t.Month(), t.Day(), int(until), 0, 0, 0, i18n.Zone)
	if !end.After(t) {
		end = end.AddDate(0, 0, 1)
	}
	return end.UTC(), true
}
