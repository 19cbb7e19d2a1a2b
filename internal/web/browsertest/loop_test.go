//go:build browser

package browsertest

import (
	"bytes"
	"context"
	"encoding/base64"
	"image/png"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
)

// TestTheWholeLoop walks the main job from a fresh installation to a slip that was verified and answered, at both widths, and then
// reads on the burden page how much of it people had to type.
func TestTheWholeLoop(t *testing.T) {
	together(t)
	for _, view := range []Viewport{Desktop, Phone} {
		t.Run(view.Name, func(t *testing.T) {
			t.Parallel()
			l := &loop{installation: install(t, beijing(time.September, 14, 9, 0)), t: t, view: view}
			l.people()
			l.units()
			l.members()
			l.registrations()
			l.claim()
			l.activity()
			l.ledger()
			l.quarter()
			l.answer()
			l.verify()
			l.burden()
		})
	}
}

// The people of the loop, one tab each. The first two have accounts on the first day; the others get theirs on the way.
type loop struct {
	*installation
	t    *testing.T
	view Viewport

	district, secretary, liaison, member, second, public *Page

	typed []string // what was typed on the way, in order
	event string   // address of the activity
	slip  string   // address
	hours string   // of the whole slip
	code  string
}

const (
	unitName   = "临江区第一中学"
	memberName = "王建国"
	secondName = "李秀英"
	thirdName  = "赵铁柱"
)

func (l *loop) open() *Page {
	p := openAt(l.t, l.url, l.view)
	l.t.Cleanup(p.reportFaults)
	return p
}

// enter logs in; who is logged in already stays so.
func (l *loop) enter(p *Page, login string) {
	l.t.Helper()
	p.LoginWith(login, newcomerPassword)
	p.until("the log-in of "+login, func() string { return unless(!strings.HasPrefix(p.Path(), "/login"), "the log-in page is still there") })
}

// fill types into a field and remembers it.
func (l *loop) fill(p *Page, label i18n.Text, value string) {
	l.t.Helper()
	if d := digitsIn(value); len(d) > 1 && slices.ContainsFunc(l.typed, func(s string) bool { return strings.Contains(s, d) }) {
		l.t.Errorf("the number %s is typed twice (%q)", d, l.typed)
	}
	l.typed = append(l.typed, value)
	p.Fill(zh(label), value)
}

// known fails if a field did not arrive filled in.
func (l *loop) known(p *Page, labels ...i18n.Text) {
	l.t.Helper()
	for _, label := range labels {
		if p.Value(zh(label)) == "" {
			l.t.Errorf("%s: the field %q is empty; the program could have filled it in", p.Path(), zh(label))
		}
	}
}

func (l *loop) people() {
	l.district, l.secretary, l.liaison, l.member, l.second, l.public = l.open(), l.open(), l.open(), l.open(), l.open(), l.open()
	l.enter(l.district, "quwei")
	l.enter(l.secretary, "shuji")
	l.secretary.Check("home-first-day")
}

// upload brings a table in through the page: upload, dry run, then the import.
func (l *loop) upload(p *Page, kind, file string, rows int, choose func()) {
	l.t.Helper()
	p.Upload(zh(i18n.IntakeFile), file)
	p.Check("import-upload-" + kind)
	p.Click(zh(i18n.IntakeUpload))
	p.WaitPath("/imports/*")
	p.Check("import-columns-" + kind)
	if choose != nil {
		choose()
	}
	p.Click(zh(i18n.IntakeDry))
	p.WaitText(zh(i18n.IntakeTried, rows, 0, 0, 0))
	p.Check("import-tried-" + kind)
	p.Click(zh(i18n.IntakeAll))
	p.WaitText(zh(i18n.IntakeDone, rows, 0, 0, 0))
	p.Check("import-done-" + kind)
}

// units: the secretary brings in the list of units, and opens the account of the liaison that it names.
func (l *loop) units() {
	p := l.secretary
	p.Visit("/imports")
	p.Check("imports")
	p.ClickOn(`a[href="/imports/new?kind=units"]`)
	l.upload(p, "units", workbook(l.t, "驻区单位",
		[]string{"单位名称", "统一社会信用代码", "所属社区", "地址", "联系人", "联系电话", "行业"},
		[]string{unitName, code.WithUSCCCheck("12830102X0000001"), "先锋社区", "东风路8号", "孙联络", "16400000001", "教育"},
		[]string{"临江区人民医院", code.WithUSCCCheck("12830102X0000011"), "先锋社区", "东风路18号", "周联络", "16400000002", "卫生"}), 2, nil)
	p.Visit("/units")
	p.Check("units")
	p.Click(unitName)
	p.Check("unit")
	p.Click(zh(i18n.PartialMore))
	p.Click(zh(i18n.AccountOpenLiaison))
	l.account(p, l.liaison)
	l.liaison.Check("home-liaison")
}

// account opens an account whose form must arrive filled in, and lets its holder in: the password is shown once and changed.
func (l *loop) account(p, holder *Page) {
	l.t.Helper()
	p.WaitPath("/accounts/new")
	l.known(p, i18n.AccountName, i18n.AccountLogin, i18n.AccountRole, i18n.AccountRoleAt, i18n.AccountFrom)
	p.Check("account-new")
	login := p.Value(zh(i18n.AccountLogin))
	p.Click(zh(i18n.AccountCreate))
	p.WaitText(zh(i18n.AccountPasswordIs))
	p.Check("account-secret")
	holder.LoginWith(login, p.Text("main code"))
	holder.WaitPath("/login/password")
	holder.Check("login-password")
	holder.Fill(zh(i18n.LoginNewPassword), newcomerPassword)
	holder.Fill(zh(i18n.LoginPasswordAgain), newcomerPassword)
	holder.Click(zh(i18n.LoginSave))
	holder.until("the first page of "+login, func() string { return unless(!strings.HasPrefix(holder.Path(), "/login"), holder.Path()) })
}

func idNumber(born string, n string) string { return code.WithCheck("830102" + born + n) }

// members: the liaison brings in the unit's members. They are not registered by the import, so that the walk can do it.
func (l *loop) members() {
	p := l.liaison
	p.Visit("/members")
	p.Check("members-empty")
	p.Click(zh(i18n.MemberImport))
	l.upload(p, "members", workbook(l.t, "党员名册",
		[]string{"姓名", "身份证号", "手机号", "所在单位", "居住社区", "入党日期", "特长"},
		[]string{memberName, idNumber("19800314", "011"), "16400000011", unitName, "先锋社区", "2005-07-01", "木工"},
		[]string{thirdName, idNumber("19760520", "013"), "16400000013", unitName, "先锋社区", "2001-07-01", ""},
		[]string{secondName, idNumber("19851102", "024"), "16400000012", unitName, "先锋社区", "2010-07-01", "书法"}), 3,
		func() { p.Tick(zh(i18n.MemberImportRegister), false) })
	p.Visit("/members")
	p.WaitText(secondName)
	p.Check("members")
}

// registrations: the liaison starts two, one member starts their own on the phone; the community accepts all three at one press.
func (l *loop) registrations() {
	p := l.liaison
	for _, name := range []string{memberName, thirdName} {
		p.ClickOn(`[data-pick][aria-label*="` + name + `"]`)
	}
	p.Click(zh(i18n.RegistrationStart))
	p.WaitPath("/registrations/new")
	p.Check("registration-start")
	p.Click(zh(i18n.RegistrationStartN, 2))
	p.WaitText(zh(i18n.RegistrationDone, 2))
	p.Check("registrations-liaison")

	l.district.Visit("/members?q=" + url.QueryEscape(secondName))
	l.district.Click(secondName)
	l.district.Check("member-district")
	l.district.Click(zh(i18n.PartialMore))
	l.district.Click(zh(i18n.AccountOpen))
	l.account(l.district, l.second)
	l.second.Check("home-member-new")
	l.second.Visit("/m/member")
	l.known(l.second, i18n.RegistrationTo, i18n.MemberSkills)
	l.second.Check("mine-before")
	l.second.Click(zh(i18n.RegistrationStart))
	l.second.WaitText(zh(i18n.RegistrationDone, 1))
	l.second.Check("mine-waiting")

	s := l.secretary
	s.Visit("/")
	s.Check("home-secretary-waiting")
	s.Visit("/registrations?state=proposed")
	s.Check("registrations-inbox")
	for _, name := range []string{memberName, secondName, thirdName} {
		s.ClickOn(`[data-pick][aria-label*="` + name + `"]`)
	}
	s.Click(zh(i18n.RegistrationAcceptN))
	s.WaitText(zh(i18n.RegistrationTaken, 3))
	s.Check("registrations-accepted")
	s.Visit("/members?q=" + url.QueryEscape(memberName))
	s.Click(memberName)
	s.Check("member-secretary")
	s.Click(zh(i18n.PartialMore))
	s.Click(zh(i18n.AccountOpen))
	l.account(s, l.member)
	l.second.Visit("/m/member")
	l.second.Check("mine-registered")
}

// claim: the community offers an area, a member claims it on the phone and signs, the community signs.
func (l *loop) claim() {
	s, m := l.secretary, l.member
	s.Visit("/responsibilities")
	s.Check("responsibilities-empty")
	s.Click(zh(i18n.ResponsibilityNew))
	l.known(s, i18n.ResponsibilityName, i18n.ResponsibilityDuties, i18n.ResponsibilityPlaces)
	s.Check("responsibility-new")
	area := s.Value(zh(i18n.ResponsibilityName))
	s.Click(zh(i18n.PartialSave))
	s.WaitText(zh(i18n.ResponsibilitySaved, area))
	s.Check("responsibility")

	m.Visit("/m/claims")
	m.Check("mine-claims")
	m.WaitText(area)
	m.ClickIn("form[action='/m/claims']", zh(i18n.ClaimNew))
	m.WaitText(zh(i18n.ClaimMineDone))
	m.Check("mine-claim")

	s.Visit("/claims")
	s.Check("claims")
	s.Click(area)
	s.Check("claim")
	s.Click(zh(i18n.ClaimSignAct))
	s.WaitText(zh(i18n.ClaimSignDone))
	s.Check("claim-signed")
	claim := strings.TrimPrefix(s.Path(), "/claims/")
	m.Visit("/m/claims/" + claim)
	m.WaitText(zh(i18n.ClaimAgreed))
	m.Check("mine-claim-agreed")
	if f := m.Fetch("/m/claims/" + claim + "/pdf"); fileFault(f) != "" {
		l.t.Errorf("the agreement %s", fileFault(f))
	}
}

// activity: planned, published, enrolled on the phone; signed in and out by the rotating code while the clock moves.
func (l *loop) activity() {
	s, m, o := l.secretary, l.member, l.second
	s.Visit("/activities")
	s.Check("activities-empty")
	s.Click(zh(i18n.ActivityPlan))
	s.Click(zh(i18n.ActivityKindCleaning))
	l.known(s, i18n.ActivityName, i18n.ActivityPlace, i18n.ActivityStarts, i18n.ActivityEnds, i18n.ActivityDeedTitle)
	s.Check("activity-new")
	title := s.Value(zh(i18n.ActivityName))
	s.Click(zh(i18n.ActivitySaveDraft))
	s.WaitText(zh(i18n.ActivitySaved))
	l.event = s.Path()
	s.Click(zh(i18n.ActivityPublish))
	s.WaitText(zh(i18n.ActivityPublishDone))
	s.Check("activity-published")

	for _, p := range []*Page{m, o} {
		p.Visit("/m/activities")
		p.WaitText(title)
		p.Click(title)
		p.Click(zh(i18n.ActivityEnrol))
		p.WaitText(zh(i18n.ActivityEnrolDone))
	}
	m.Visit("/m/activities")
	m.Check("mine-activities")
	m.Click(title)
	m.Check("mine-activity-enrolled")
	s.Visit(l.event + "/enrolments")
	s.WaitText(secondName)
	s.Check("enrolments")

	l.clock.To(beijing(time.September, 19, 8, 55))
	l.enter(s, "shuji")
	for _, p := range []*Page{m, o} {
		l.enter(p, l.loginOf(p))
	}
	s.Visit(l.event + "/screen")
	s.Check("screen")
	m.Visit("/m/sign")
	m.Check("mine-digits")
	l.fill(m, i18n.ActivityDigits, digitsIn(s.Text(".qr-code")))
	m.Click(zh(i18n.ActivityGoOn))
	m.WaitText(zh(i18n.ActivityFieldBags))
	m.Check("mine-sign-in")
	m.Click(zh(i18n.ActivitySignIn))
	m.WaitPath("/m/activities/*")
	m.Check("mine-signed-in")
	l.scan(o)
	o.Click(zh(i18n.ActivitySignIn))
	o.WaitPath("/m/activities/*")

	l.clock.To(beijing(time.September, 19, 11, 0))
	l.enter(s, "shuji")
	for _, p := range []*Page{m, o} {
		l.enter(p, l.loginOf(p))
		l.scan(p)
		p.Check("mine-sign-out")
		p.Click(zh(i18n.ActivitySignOut))
		p.WaitPath("/m/activities/*")
	}
	m.Check("mine-signed-out")
	s.Visit(l.event + "/sheet")
	s.Check("sheet")
	s.Click(zh(i18n.ActivityClose))
	s.ClickIn("dialog[open]", zh(i18n.ActivityClose))
	s.WaitText(zh(i18n.ActivityCloseDone))
}

// scan goes where the code on the screen leads. The picture on the screen is compared with that of the address.
func (l *loop) scan(p *Page) {
	l.t.Helper()
	event, err := id.Parse(strings.TrimPrefix(l.event, "/activities/"))
	if err != nil {
		l.t.Fatal(err)
	}
	address := ""
	l.secretary.until("the code of now on the screen", func() string {
		l.secretary.Visit(l.event + "/screen")
		screen, err := l.Activity.Screen(context.Background(), l.actorOf(l.t, "shuji"), event)
		if err != nil {
			return err.Error()
		}
		address = "/m/sign?c=" + screen.Code.String()
		return shownCode(l.secretary.Attribute(".qr img", "src"), l.url+address)
	})
	p.Visit(address)
}

// shownCode says why a picture in a page is not the QR code of a text; nothing if it is.
func shownCode(src, text string) string {
	packed, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(src, "data:image/png;base64,"))
	if err != nil {
		return err.Error()
	}
	picture, err := png.Decode(bytes.NewReader(packed))
	if err != nil {
		return err.Error()
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return err.Error()
	}
	read, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	if err != nil {
		return err.Error()
	}
	if read.GetText() != text {
		return "it shows " + read.GetText()
	}
	return ""
}

// loginOf is the log-in name that a member's tab uses.
func (l *loop) loginOf(p *Page) string {
	if p == l.member {
		return "wangjianguo"
	}
	return "lixiuying"
}

// ledger: hours and a deed stand in the ledger, each with its source.
func (l *loop) ledger() {
	s, m := l.secretary, l.member
	s.Visit("/deeds?state=proposed")
	s.Check("deeds-proposed")
	for _, name := range []string{memberName, secondName} {
		s.ClickOn(`[data-pick][aria-label*="` + name + `"]`)
	}
	s.ClickIn(".bulk", zh(i18n.DeedConfirmAct))
	s.WaitText(zh(i18n.DeedConfirmDone, 2))
	s.Visit("/ledger?quarter=2026Q3")
	s.Check("ledger")
	s.Click(memberName)
	s.Check("ledger-member")
	m.Visit("/m/hours")
	m.Check("mine-hours")
	m.Visit("/m/postings?quarter=2026Q3")
	m.Check("mine-postings")
}

// quarter: the clock passes the quarter's end and the job closes it; the community reviews, remarks and sends.
func (l *loop) quarter() {
	s := l.secretary
	l.clock.To(beijing(time.October, 1, 2, 5))
	l.enter(s, "shuji")
	s.until("the slip that the job makes", func() string {
		s.Visit("/slips")
		return unless(s.HasText(unitName), "there is none yet")
	})
	s.Check("slips-draft")
	s.Visit("/")
	s.Check("home-secretary-slip")
	s.Visit("/slips")
	s.Click(unitName)
	l.slip = s.Path()
	l.known(s, i18n.FeedbackRemark)
	s.Check("slip-draft")
	s.Click(zh(i18n.FeedbackSaveRemarks))
	s.WaitText(zh(i18n.FeedbackRemarksSaved))
	l.figures(s)
	s.Visit(l.slip)
	s.Click(zh(i18n.FeedbackSend))
	s.Check("slip-send-asks")
	s.ClickIn("dialog[open]", zh(i18n.FeedbackSend))
	s.WaitText(zh(i18n.FeedbackSendDone, unitName))
	s.Check("slip-sent")
	l.code = s.Text("main code")
}

// figures: each figure above the slip opens to postings whose amounts add up to it.
func (l *loop) figures(p *Page) {
	l.t.Helper()
	for _, account := range []string{"hours", "deeds"} {
		p.Visit(l.slip)
		link := `main a[href*="/ledger/postings?"][href*="account=` + account + `"][href*="unit="]`
		figure := numberIn(l.t, strings.TrimSpace(p.Text(link+" .num")))
		p.Visit(p.Attribute(link, "href"))
		p.Check("postings-" + account)
		amounts, sum := p.Texts("tbody td:nth-child(5)"), 0.0
		for _, amount := range amounts {
			sum += numberIn(l.t, amount)
		}
		// Minutes are shown as hours with two places, so that each row may be half a hundredth off.
		if figure == 0 || math.Abs(sum-figure) > 0.005*float64(len(amounts)+1) {
			l.t.Errorf("the slip says %v %s, its postings add up to %v", figure, account, sum)
		}
		l.exactly(account)
	}
}

// exactly compares in minutes and pieces: the total of the slip and the sum of its postings.
func (l *loop) exactly(account string) {
	l.t.Helper()
	slip, err := id.Parse(strings.TrimPrefix(l.slip, "/slips/"))
	if err != nil {
		l.t.Fatal(err)
	}
	column := map[string]string{"hours": "minutes", "deeds": "deeds"}[account]
	sums, err := db.Column[int64](context.Background(), l.DB, `SELECT `+column+` FROM slip WHERE tenant_id = $1 AND id = $2
		UNION ALL SELECT sum(p.amount) FROM posting p JOIN slip s ON s.tenant_id = p.tenant_id AND s.id = $2 AND s.community_id = p.community_id AND s.unit_id = p.unit_id
		WHERE p.tenant_id = $1 AND p.account = $3`, l.tenant, slip, account)
	if err != nil || len(sums) != 2 || sums[0] != sums[1] || sums[0] == 0 {
		l.t.Errorf("%s of the slip and of its postings = %v, %v; want the same", account, sums, err)
	}
}

// answer: the unit sees the slip, prints and answers it; the member sees their own line.
func (l *loop) answer() {
	p := l.liaison
	l.enter(p, "sunlianluo")
	p.Visit("/")
	p.Check("home-liaison-slip")
	p.Visit("/slips")
	p.Click(unitName)
	l.known(p, i18n.FeedbackAnswer)
	p.Check("slip-liaison")
	if f := p.Fetch(p.Attribute(`a[href$="/pdf"]`, "href")); fileFault(f) != "" || !strings.HasPrefix(f.Type, "application/pdf") {
		l.t.Errorf("the slip on paper %s (%s)", fileFault(f), f.Type)
	}
	p.Click(zh(i18n.FeedbackAnswerAct))
	p.WaitText(zh(i18n.FeedbackAnswerDone, unitName))
	p.Check("slip-answered")
	l.enter(l.member, l.loginOf(l.member))
	l.member.Visit("/m/slips")
	l.member.Check("mine-slips")
}

// verify: whoever holds the paper can check it, without an account; a wrong code and changed content are refused.
func (l *loop) verify() {
	p := l.public
	p.Visit("/p/check/" + l.code)
	p.WaitText(zh(i18n.FeedbackGenuine))
	p.Check("check-genuine")
	wrong := "2" + l.code[1:]
	if wrong == l.code {
		wrong = "3" + l.code[1:]
	}
	p.Expect(404)
	if status := p.Visit("/p/check/" + wrong); status != 404 || p.HasText(zh(i18n.FeedbackGenuine)) {
		l.t.Errorf("a changed code answers %d and says %q", status, p.Text("main"))
	}
	p.Check("check-wrong-code")
	l.tamper(`"minutes":`, `"minutes":9`)
	p.Visit("/p/check/" + l.code)
	p.WaitText(zh(i18n.FeedbackTampered))
	p.Check("check-tampered")
	l.tamper(`"minutes":9`, `"minutes":`)
	p.Visit("/p/check/" + l.code)
	p.WaitText(zh(i18n.FeedbackGenuine))
}

// tamper changes what was sent behind the product's back.
func (l *loop) tamper(from, to string) {
	l.t.Helper()
	err := l.DB.WithTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), `UPDATE slip_version SET content = replace(content, $1, $2) WHERE tenant_id = $3`, from, to, l.tenant)
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// burden: the product's own ledger says how much of what the loop asked the program had filled in.
func (l *loop) burden() {
	if err := l.Burden.Flush(context.Background()); err != nil { // what the clock does every few seconds
		l.t.Fatal(err)
	}
	p := l.district
	l.enter(p, "quwei")
	p.Visit("/burden")
	p.Check("burden")
	var asked, filled, typed float64
	for i, form := range p.Texts("tbody th, tbody td:nth-child(1)") {
		cell := func(n string) float64 { return numberIn(l.t, p.Texts("tbody td:nth-child(" + n + ")")[i]) }
		a, f, y := cell("3"), cell("4"), cell("5")
		l.t.Logf("%-24s asked %3.0f filled %3.0f typed %3.0f", form, a, f, y)
		if strings.Contains(form, ".") || a != f+y {
			l.t.Errorf("%q: asked %v, filled %v, typed %v", form, a, f, y)
		}
		asked, filled, typed = asked+a, filled+f, typed+y
	}
	l.t.Logf("the whole loop: asked %.0f, filled %.0f, typed %.0f: %.0f %%; typed: %q", asked, filled, typed, 100*filled/asked, l.typed)
	if asked < 40 || filled < 0.9*asked {
		l.t.Errorf("%v of %v fields were filled in by the program, want 90 %%", filled, asked)
	}
	p.Click(zh(i18n.BurdenForms["activity.plan"]))
	p.Check("burden-form")
}
