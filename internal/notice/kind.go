package notice

import (
	"linli/internal/i18n"
)

// The codes of the kinds.
const (
	KindCode      = "code"          // for a log-in
	KindReceived  = "case.received" // to who reported a case and agreed
	KindEnded     = "case.ended"
	KindExtended  = "case.extended"
	KindSuspended = "case.suspended"
	KindAsked     = "case.asked"
	KindResumed   = "case.resumed"
	KindPassed    = "case.passed"
	KindMerged    = "case.merged"
	KindReopened  = "case.reopened"
	KindPressed   = "case.pressed"   // to staff, at once
	KindEscalated = "case.escalated" // to staff, at once
	KindOffered   = "job.offered"    // to a technician
	KindClearance = "volunteer.clearance"
	KindDigest    = "staff.digest" // to staff, once a day
	KindTest      = "test"
	linkField     = "link"
	stopField     = "stop"
	codeField     = "code"
	keptPathField = "_path"
)

// Field is a placeholder that a kind offers.
type Field struct {
	Code   string
	Name   i18n.Text // as it stands in a text of the language
	Sample i18n.Text
	Needed bool // a text without it is useless
}

// words of a kind for a channel.
type words struct{ subject, body i18n.Text }

// Kind is a sort of message.
type Kind struct {
	Code     string
	Title    i18n.Text
	Whom     i18n.Text
	Channels []Channel
	Fields   []Field
	Urgent   bool // does not wait for the morning
	Secret   bool // its values go when it is done, whatever came of it, and nobody can say no to it
	Fixed    bool // cannot be switched off
	standard map[Channel]words
}

var (
	fieldNumber  = Field{Code: "number", Name: i18n.NoticeFieldNumber, Sample: i18n.Verbatim("20260915-482913")}
	fieldCode    = Field{Code: codeField, Name: i18n.NoticeFieldCode, Sample: i18n.Verbatim("440105-7K2M-9QXD")}
	fieldLink    = Field{Code: linkField, Name: i18n.NoticeFieldLink, Sample: i18n.Verbatim("https://linli.example.cn/p/case?c=4401057K2M9QXD")}
	fieldStop    = Field{Code: stopField, Name: i18n.NoticeFieldStop, Sample: i18n.Verbatim("https://linli.example.cn/n/440105ABCDEFGHJK"), Needed: true}
	fieldOrg     = Field{Code: "org", Name: i18n.NoticeFieldOrg, Sample: i18n.NoticeSampleOrg}
	fieldDue     = Field{Code: "due", Name: i18n.NoticeFieldDue, Sample: i18n.Verbatim("2026-09-22")}
	fieldReason  = Field{Code: "reason", Name: i18n.NoticeFieldReason, Sample: i18n.CaseHoldParts}
	fieldInto    = Field{Code: "into", Name: i18n.NoticeFieldInto, Sample: i18n.Verbatim("20260914-104377")}
	fieldCount   = Field{Code: "count", Name: i18n.NoticeFieldCount, Sample: i18n.Verbatim("7"), Needed: true}
	fieldOutcome = Field{Code: "outcome", Name: i18n.NoticeFieldOutcome, Sample: i18n.CaseFulfilled}
)

func needed(f Field) Field { f.Needed = true; return f }

// to is the link with the sample of another page.
func to(sample string) Field {
	f := fieldLink
	f.Sample = i18n.Verbatim("https://linli.example.cn" + sample)
	return f
}

// toReporter is a kind that tells who reported a case of a turn that it takes.
func toReporter(code string, title, subject, body i18n.Text, says ...Field) Kind {
	return Kind{Code: code, Title: title, Whom: i18n.NoticeToReporter, Channels: []Channel{SMS, Mail}, Fields: append(append([]Field{fieldNumber}, says...), needed(fieldLink), fieldStop),
		standard: map[Channel]words{SMS: {body: body}, Mail: {subject, body}}}
}

// toStaff is a kind that tells staff of something at once, by the channel that they chose (StaffTx).
func toStaff(code string, title, subject, body i18n.Text, says ...Field) Kind {
	return Kind{Code: code, Title: title, Whom: i18n.NoticeToStaff, Channels: []Channel{Mail, WeCom, DingTalk}, Fields: says,
		standard: map[Channel]words{Mail: {subject, body}, WeCom: {body: body}, DingTalk: {body: body}}}
}

// kinds are what is told to whom, in the order of the pages.
var kinds = []Kind{
	{Code: KindReceived, Title: i18n.NoticeKindReceived, Whom: i18n.NoticeToReporter, Channels: []Channel{SMS, Mail}, Fields: []Field{fieldNumber, fieldCode, fieldOrg, fieldDue, needed(fieldLink), fieldStop},
		standard: map[Channel]words{SMS: {body: i18n.NoticeTextReceived}, Mail: {i18n.NoticeHeadReceived, i18n.NoticeMailReceived}}},
	{Code: KindExtended, Title: i18n.NoticeKindExtended, Whom: i18n.NoticeToReporter, Channels: []Channel{SMS, Mail}, Fields: []Field{fieldNumber, fieldDue, fieldReason, needed(fieldLink), fieldStop},
		standard: map[Channel]words{SMS: {body: i18n.NoticeTextExtended}, Mail: {i18n.NoticeHeadExtended, i18n.NoticeTextExtended}}},
	toReporter(KindSuspended, i18n.NoticeKindSuspended, i18n.NoticeHeadSuspended, i18n.NoticeTextSuspended, fieldReason, fieldDue),
	toReporter(KindAsked, i18n.NoticeKindAsked, i18n.NoticeHeadAsked, i18n.NoticeTextAsked, fieldDue),
	toReporter(KindResumed, i18n.NoticeKindResumed, i18n.NoticeHeadResumed, i18n.NoticeTextResumed, fieldDue),
	toReporter(KindPassed, i18n.NoticeKindPassed, i18n.NoticeHeadPassed, i18n.NoticeTextPassed, fieldOrg, fieldDue),
	toReporter(KindMerged, i18n.NoticeKindMerged, i18n.NoticeHeadMerged, i18n.NoticeTextMerged, fieldInto),
	toReporter(KindReopened, i18n.NoticeKindReopened, i18n.NoticeHeadReopened, i18n.NoticeTextReopened, fieldOrg, fieldDue),
	{Code: KindEnded, Title: i18n.NoticeKindEnded, Whom: i18n.NoticeToReporter, Channels: []Channel{SMS, Mail}, Fields: []Field{fieldNumber, fieldOutcome, needed(fieldLink), fieldStop},
		standard: map[Channel]words{SMS: {body: i18n.NoticeTextEnded}, Mail: {i18n.NoticeHeadEnded, i18n.NoticeTextEnded}}},
	toStaff(KindPressed, i18n.NoticeKindPressed, i18n.NoticeHeadPressed, i18n.NoticeTextPressed, fieldNumber, to("/cases/252863342757904480")),
	toStaff(KindEscalated, i18n.NoticeKindEscalated, i18n.NoticeHeadEscalated, i18n.NoticeTextEscalated, fieldCount, to("/")),
	{Code: KindOffered, Title: i18n.NoticeKindOffered, Whom: i18n.NoticeToTechnician, Channels: []Channel{SMS}, Fields: []Field{fieldNumber,
		{Code: "item", Name: i18n.NoticeFieldItem, Sample: i18n.NoticeSampleItem}, {Code: "community", Name: i18n.NoticeFieldCommunity, Sample: i18n.NoticeSampleOrg}, fieldDue, needed(to("/m/jobs/252863342757904480")), fieldStop},
		standard: map[Channel]words{SMS: {body: i18n.NoticeTextOffered}}},
	{Code: KindClearance, Title: i18n.NoticeKindClearance, Whom: i18n.NoticeToVolunteer, Channels: []Channel{SMS}, Fields: []Field{{Code: "item", Name: i18n.NoticeFieldClearance, Sample: i18n.VolClearAid}, fieldDue,
		needed(to("/p/me/volunteer")), fieldStop},
		standard: map[Channel]words{SMS: {body: i18n.NoticeTextClearance}}},
	{Code: KindDigest, Title: i18n.NoticeKindDigest, Whom: i18n.NoticeToStaff, Channels: []Channel{Mail, WeCom, DingTalk}, Fields: []Field{fieldCount,
		{Code: "due_count", Name: i18n.NoticeFieldDueCount, Sample: i18n.Verbatim("2")}, to("/")},
		standard: map[Channel]words{Mail: {i18n.NoticeTextDigestHead, i18n.NoticeTextDigest}, WeCom: {body: i18n.NoticeTextDigest}, DingTalk: {body: i18n.NoticeTextDigest}}},
	{Code: KindCode, Title: i18n.NoticeKindCode, Whom: i18n.NoticeToLogin, Channels: []Channel{SMS}, Urgent: true, Secret: true, Fixed: true, Fields: []Field{
		{Code: "secret", Name: i18n.NoticeFieldSecret, Sample: i18n.Verbatim("482913"), Needed: true}, {Code: "minutes", Name: i18n.NoticeFieldMinutes, Sample: i18n.Verbatim("5")}},
		standard: map[Channel]words{SMS: {body: i18n.NoticeTextCode}}},
	{Code: KindTest, Title: i18n.NoticeKindTest, Whom: i18n.NoticeToYou, Channels: Channels(), Urgent: true, Fixed: true,
		standard: map[Channel]words{SMS: {body: i18n.NoticeTextTest}, Mail: {i18n.NoticeKindTest, i18n.NoticeTextTest}, WeCom: {body: i18n.NoticeTextTest}, DingTalk: {body: i18n.NoticeTextTest}}},
}

// Kinds lists the kinds.
func Kinds() []Kind { return append([]Kind(nil), kinds...) }

// KindOf finds a kind by its code.
func KindOf(code string) (Kind, bool) {
	for _, k := range kinds {
		if k.Code == code {
			return k, true
		}
	}
	return Kind{}, false
}

// Has says whether messages of the kind go by a channel.
func (k Kind) Has(c Channel) bool {
	_, ok := k.standard[c]
	return ok
}

// Refusable says whether the text leads to a page where whoever gets it says no.
func (k Kind) Refusable() bool {
	_, ok := k.field(stopField)
	return ok
}

func (k Kind) field(code string) (Field, bool) {
	for _, f := range k.Fields {
		if f.Code == code {
			return f, true
		}
	}
	return Field{}, false
}

// named finds a placeholder by its name in either language, or by its code.
func (k Kind) named(name string) (Field, bool) {
	for _, f := range k.Fields {
		if name == f.Code || name == f.Name.In(i18n.ZH) || name == f.Name.In(i18n.EN) {
			return f, true
		}
	}
	return Field{}, false
}

// Standard is the text that the program brings.
func (k Kind) Standard(c Channel, l i18n.Lang) (subject, body string) {
	w := k.standard[c]
	return w.subject.In(l), w.body.In(l)
}

// Samples are values for a preview.
func (k Kind) Samples() Values {
	v := Values{}
	for _, f := range k.Fields {
		v[f.Code] = f.Sample
	}
	return v
}
