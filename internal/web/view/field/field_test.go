package field_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/web/view/field"
	"linli/internal/web/viewtest"
)

var (
	label   = i18n.Both("姓名", "Name")
	hint    = i18n.Both("与证件一致", "As on the card")
	options = []field.Option{{Value: "a", Text: i18n.Verbatim("A")}, {Value: "b", Text: i18n.Verbatim("B"), Note: "second"}}
)

// drawings is every kind of field, drawn from the same Field.
func drawings(d field.Field) map[string]templ.Component {
	return map[string]templ.Component{
		"text": field.Text(d), "phone": field.Phone(d), "email": field.Email(d), "password": field.Password(d), "date": field.Date(d),
		"time": field.Time(d), "datetime": field.DateTime(d), "number": field.Number(d, i18n.Both("小时", "h")), "textarea": field.Textarea(d, 3),
		"select": field.Select(d, options), "radios": field.Radios(d, options), "checks": field.Checks(d, options), "check": field.Check(d),
		"file": field.File(d, ".csv", "20 MB"), "typeahead": field.Typeahead(d, "/match", "shown"),
	}
}

func TestEveryFieldIsNamedAndExplained(t *testing.T) {
	form := field.Form{Values: url.Values{"name": {"a"}}, Err: errs.Field("name", i18n.ErrRequired), Filled: map[string]bool{"name": true}}
	for kind, c := range drawings(form.In("name", label).Help(hint).Need()) {
		root := viewtest.Render(t, i18n.EN, c)
		for _, fault := range viewtest.Faults(root) {
			t.Errorf("%s: %s", kind, fault)
		}
		invalid := viewtest.Find(root, "", "aria-invalid=true")
		if len(invalid) != 1 || viewtest.Attr(invalid[0], "aria-describedby") != "f-name-hint f-name-error" {
			t.Errorf("%s: hint and error are not tied to the input", kind)
		}
		if text := viewtest.Text(root); !strings.Contains(text, "Please fill this in.") || !strings.Contains(text, "Name") {
			t.Errorf("%s: shows %q, want label and error", kind, text)
		}
		if len(viewtest.Find(root, "input", "name="+field.AskedKey, "value=name")) != 1 {
			t.Errorf("%s: the burden ledger does not learn that the field was asked", kind)
		}
		if len(viewtest.Find(root, "input", "name="+field.FilledKey, "value=name")) != 1 {
			t.Errorf("%s: the burden ledger does not learn that the value was filled in", kind)
		}
	}
}

func TestFieldWithoutErrorIsNotInvalid(t *testing.T) {
	for kind, c := range drawings(field.Form{}.In("name", label)) {
		root := viewtest.Render(t, i18n.ZH, c)
		viewtest.Check(t, root)
		if len(viewtest.Find(root, "", "aria-invalid")) != 0 || len(viewtest.Find(root, "", "class=error")) != 0 {
			t.Errorf("%s: marked wrong without an error", kind)
		}
		if len(viewtest.Find(root, "input", "name="+field.FilledKey)) != 0 {
			t.Errorf("%s: counted as filled in, but nobody filled it in", kind)
		}
	}
}

func TestPasswordNeverComesBack(t *testing.T) {
	form := field.Form{Values: url.Values{"password": {"geheim"}}}
	root := viewtest.Render(t, i18n.ZH, field.Password(form.In("password", label)))
	if v := viewtest.Attr(viewtest.One(t, root, "input", "type=password"), "value"); v != "" {
		t.Errorf("the password field carries %q back, want nothing", v)
	}
}

func TestChoicesKeepWhatWasChosen(t *testing.T) {
	d := field.Form{Values: url.Values{"x": {"b"}}}.In("x", label)
	if got := viewtest.Find(viewtest.Render(t, i18n.ZH, field.Select(d, options)), "option", "selected"); len(got) != 1 || viewtest.Attr(got[0], "value") != "b" {
		t.Error("Select does not keep the chosen option")
	}
	if got := viewtest.Find(viewtest.Render(t, i18n.ZH, field.Radios(d, options)), "input", "checked"); len(got) != 1 || viewtest.Attr(got[0], "value") != "b" {
		t.Error("Radios do not keep the chosen option")
	}
	many := field.Form{Values: url.Values{"x": {"a", "b"}}}.In("x", label)
	if got := viewtest.Find(viewtest.Render(t, i18n.ZH, field.Checks(many, options)), "input", "checked"); len(got) != 2 {
		t.Errorf("Checks keep %d of 2 choices", len(got))
	}
}

func TestErrorsLeadToTheirFields(t *testing.T) {
	form := field.Form{ID: "m-", Err: errs.Field("org.name", i18n.ErrRequired).With("phone", i18n.ErrBadNumber)}
	root := viewtest.Render(t, i18n.ZH, templ.Join(field.Errors(form), field.Text(form.In("org.name", label)), field.Radios(form.In("phone", label), options)))
	viewtest.Check(t, root)
	links := viewtest.Find(root, "a")
	if len(links) != 2 {
		t.Fatalf("the summary has %d lines, want 2", len(links))
	}
	for _, a := range links {
		id := strings.TrimPrefix(viewtest.Attr(a, "href"), "#")
		if len(viewtest.Find(root, "input", "id="+id)) != 1 {
			t.Errorf("the line %q leads to %q, where there is no input", viewtest.Text(a), id)
		}
	}
}

func TestErrorsOfARightFormSayNothing(t *testing.T) {
	root := viewtest.Render(t, i18n.ZH, field.Errors(field.Form{}))
	if text := viewtest.Text(root); text != "" {
		t.Errorf("Errors(no error) shows %q", text)
	}
}

func TestTypeaheadPostsIDAndText(t *testing.T) {
	d := field.Form{Values: url.Values{"org": {"17"}}}.In("org", label)
	root := viewtest.Render(t, i18n.ZH, field.Typeahead(d, "/orgs/match", "<Unit>"))
	if v := viewtest.Attr(viewtest.One(t, root, "input", "name=org"), "value"); v != "17" {
		t.Errorf("the id field carries %q, want 17", v)
	}
	text := viewtest.One(t, root, "input", "name=org_text")
	if viewtest.Attr(text, "value") != "<Unit>" || viewtest.Attr(text, "hx-get") != "/orgs/match" || viewtest.Attr(text, "role") != "combobox" {
		t.Error("the text field does not show the present value, or does not ask its address")
	}
}

func TestMatchesSayWhenThereAreNone(t *testing.T) {
	if text := viewtest.Text(viewtest.Render(t, i18n.EN, field.Matches(nil))); text != i18n.PartialNoMatch.In(i18n.EN) {
		t.Errorf("Matches(none) shows %q", text)
	}
	root := viewtest.Render(t, i18n.EN, field.Matches(options))
	if got := viewtest.Find(root, "li", "role=option"); len(got) != 2 || viewtest.Attr(got[1], "data-value") != "b" {
		t.Error("Matches do not carry their values")
	}
}
