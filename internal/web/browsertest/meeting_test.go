//go:build browser

package browsertest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/internal/i18n"
)

// TestAJointConferenceIsWalked lets a unit raise a topic; it is put on the agenda, decided, given to the unit, reported done, accepted and shown.
func TestAJointConferenceIsWalked(t *testing.T) {
	inTurn(t)
	const topic, title, task = "电动车充电桩不够", "充电桩专题联席会议", "勘察可以装充电桩的地方"
	unit := Open(t, Desktop)
	unit.Login("liaison")
	unit.Visit("/bodies")
	unit.Check("bodies")
	var body string
	unit.must("the body", script(`document.querySelector('a.row-link').getAttribute('href')`, &body))
	unit.Visit(body)
	unit.Check("body-unit")
	unit.ClickIn("#rules", "确认已阅")
	unit.WaitText(zh(i18n.BodyReadDone))
	unit.ClickIn("#raise", zh(i18n.TopicRaise)) // nothing was said
	unit.Fill(zh(i18n.TopicTitle), topic)
	unit.Fill(zh(i18n.TopicDetail), "下班以后排队，有人往楼上拉线。")
	unit.ClickIn("#raise", zh(i18n.TopicRaise))
	unit.WaitText(zh(i18n.TopicRaisedOK))
	unit.WaitText(topic)
	unit.Check("topics-unit")

	desk := Open(t, Desktop)
	desk.Login("secretary")
	desk.Visit(body)
	desk.Check("body")
	desk.Visit("/meetings/new?holder=b" + body[strings.LastIndex(body, "/")+1:])
	desk.Check("meeting-new")
	yesterday := time.Now().In(i18n.Zone).AddDate(0, 0, -1).Format("2006-01-02")
	desk.Fill(zh(i18n.MeetingName), title)
	desk.Fill(zh(i18n.MeetingStarts), yesterday+"T09:00")
	desk.Fill(zh(i18n.MeetingEnds), yesterday+"T10:00")
	desk.Click(zh(i18n.MeetingNew))
	desk.WaitText(zh(i18n.MeetingSaved))
	address := desk.Path()
	desk.ClickRow(topic, zh(i18n.MeetingPut))
	desk.WaitText(zh(i18n.MeetingPutDone))
	desk.ClickIn("#notice", zh(i18n.MeetingNotify))
	desk.WaitText(zh(i18n.MeetingNotify))
	desk.ClickIn("#sign-in", zh(i18n.MeetingSignInOpen))
	desk.WaitText(zh(i18n.MeetingSignInMade))
	desk.Check("meeting-planned")

	unit.Visit(address)
	unit.WaitText(topic)
	unit.Tick(zh(i18n.MeetingComing), true)
	unit.Click(zh(i18n.MeetingReply))
	unit.WaitText(zh(i18n.MeetingReplied, i18n.MeetingComing))
	unit.Check("meeting-unit")

	desk.Visit(address)
	desk.Fill(zh(i18n.MeetingResText), "由学校牵头勘察，社区联系供电公司。")
	desk.Fill(zh(i18n.TaskTitle), task)
	desk.must("the organisation", script(`(() => { const s = document.querySelector('#decide-f-task_organisation'); s.value = s.options[2].value; return s.value })()`, new(string)))
	desk.Fill(zh(i18n.TaskDue), time.Now().AddDate(0, 0, 10).Format("2006-01-02"))
	desk.ClickIn("#resolutions", zh(i18n.MeetingDecide))
	desk.WaitText(zh(i18n.MeetingDecideDone))
	desk.WaitText(task)
	desk.Fill(zh(i18n.MeetingMinutes), "到会各方讨论了充电桩的问题。")
	desk.WaitText("已自动保存") // by itself, while somebody writes
	desk.ClickIn("#minutes", zh(i18n.MeetingMinutesSave))
	desk.WaitText(zh(i18n.MeetingMinutesDone))
	desk.Check("meeting-minutes")
	desk.Click(zh(i18n.MeetingClose))
	desk.ClickIn("dialog[open]", zh(i18n.MeetingClose))
	desk.WaitText(zh(i18n.MeetingCloseDone))
	desk.Check("meeting-held")
	desk.Resize(Phone)
	desk.Check("meeting-held")
	desk.Resize(Desktop)

	unit.Visit("/tasks?show=open")
	unit.Check("tasks-unit")
	desk.Visit("/tasks")
	desk.Click(task)
	desk.WaitText(zh(i18n.TaskSettle))
	taskPath := desk.Path()
	desk.Check("task")
	if unit.Visit(taskPath); unit.HasText(zh(i18n.TaskReport)) { // the task may have gone to another unit
		unit.Fill(zh(i18n.TaskSays), "勘察了三处，见勘察单 3 号。")
		unit.Tick(zh(i18n.TaskIsDone), true)
		unit.Click(zh(i18n.TaskReport))
		unit.WaitText(zh(i18n.TaskReportOK))
	} else {
		t.Error("the unit does not see its task")
	}
	desk.Visit(taskPath)
	desk.WaitText("勘察了三处")
	desk.Tick(zh(i18n.TaskAccept), true)
	desk.Click(zh(i18n.TaskSettle))
	desk.WaitText(zh(i18n.TaskDone))
	desk.Visit(address)
	desk.WaitText(zh(i18n.TaskDone))

	keeper := Open(t, Desktop)
	keeper.Login("district")
	for path, name := range map[string]string{"/meeting-kinds": "kinds", "/meeting-kinds/new": "kind-new", "/meeting-kinds/members_meeting": "kind", "/meetings/due": "due-district", "/bodies/new": "body-new"} {
		keeper.Visit(path)
		keeper.Check(name)
	}
	mine := Open(t, Phone)
	mine.Login("member")
	mine.Visit("/m/meetings")
	mine.Check("my-meetings")
	p := Open(t, Desktop)
	p.Login("secretary")
	p.Visit("/meetings/year")
	p.Check("year")
	p.Visit("/calendars")
	p.Click(zh(i18n.FeedMake))
	p.WaitText(zh(i18n.FeedMade))
	var feed string
	p.must("the address", script(`document.querySelector('code').textContent`, &feed))
	got := p.Fetch(feed[strings.Index(feed, "/feeds/"):])
	if got.Status != http.StatusOK || !strings.Contains(string(got.Body), "BEGIN:VCALENDAR") || !strings.Contains(string(got.Body), title) {
		t.Errorf("the feed: %d, %.400s", got.Status, got.Body)
	}
}
