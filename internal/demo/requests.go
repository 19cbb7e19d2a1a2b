package demo

import (
	"bytes"
	"context"

	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/request"
	"linli/internal/tabular"
)

// asks is a request of the demonstration: who asks, on what ground, which columns, and how many days from today it first falls due.
type asks struct {
	office, ground, number, title string
	columns                       []string
	every                         request.Every
	first                         int
	parties                       int // so many communities are asked; 0 for all
	answered                      int // so many of them answer what falls due before today
	partly                        bool
}

var asked = []asks{
	{"区委组织部（示例）", "关于按月报送在职党员报到情况的通知（示例）", "亭组通〔示例〕8号", "在职党员报到情况月报表", []string{"序号", "姓名", "性别", "工作单位", "报到社区"}, request.Monthly, -50, 2, 1, true},
	{"区住房和城乡建设局（示例）", "关于核对楼栋信息的通知（示例）", "亭建发〔示例〕21号", "楼栋信息季度统计表", []string{"序号", "楼栋名称", "所属小区", "所属网格", "户数"}, request.Quarterly, -95, 2, 1, true},
	{"区民政局（示例）", "关于开展高龄老人核对的通知（示例）", "亭民发〔示例〕12号", "80周岁以上老年人花名册", []string{"序号", "姓名", "性别", "出生日期", "现住址", "是否独居", "高龄津贴发放账号"}, request.Monthly, 4, 0, 0, false},
	{"区应急管理局（示例）", "", "", "单位信息登记表", []string{"序号", "单位名称", "单位地址", "联系人", "消防负责人姓名", "灭火器数量"}, request.Once, -2, 3, 0, false},
}

// blank draws the form of a request as an office would send it.
func (x asks) blank() ([]byte, error) {
	columns := make([]tabular.Column, len(x.columns))
	for i, c := range x.columns {
		columns[i].Title = i18n.Verbatim(c)
	}
	var out bytes.Buffer
	err := tabular.WriteTitledXLSX(&out, i18n.ZH, "Sheet1", x.title, columns, func(func([]any, error) bool) {})
	return out.Bytes(), err
}

// requests puts on the agenda what offices above ask of the communities of the first street: some of it answered month by month, some waiting,
// one late and without a ground.
func (b *builder) requests(a *agenda) {
	var here []*community
	var ids []id.ID
	for _, c := range b.communities {
		if c.street == b.communities[0].street && c.secretary.AccountID != 0 {
			here, ids = append(here, c), append(ids, c.id)
		}
	}
	for _, x := range asked {
		first := b.today.AddDays(x.first)
		begins := min(-1, x.first-10)
		var made id.ID
		parties := ids
		if x.parties > 0 {
			parties = ids[:min(x.parties, len(ids))]
		}
		a.add(at(b.today.AddDays(begins), 9, 20), func(ctx context.Context) error {
			form, err := x.blank()
			if err != nil {
				return err
			}
			made, err = b.Request.Register(ctx, b.street, request.NewRequest{OwnerID: here[0].street, Office: x.office, Ground: x.ground, GroundNo: x.number, Title: x.title, Every: x.every,
				FirstDue: first, OrganisationIDs: parties, FormName: x.title + ".xlsx", Form: form})
			return err
		})
		for _, o := range x.every.Occurrences(first, b.today.AddDays(-1), b.today) {
			if x.answered > 0 {
				a.add(at(o.On.AddDays(-1), 2, 0), func(ctx context.Context) error { return b.Request.Keep(ctx, b.tenant) }) // the night's work
			}
			for n, c := range here[:min(x.answered, len(here))] {
				a.add(at(o.On.AddDays(-1), 10, 5+10*n), func(ctx context.Context) error { return b.handIn(ctx, c, made, o, x.partly, n) })
			}
		}
	}
}

func (b *builder) handIn(ctx context.Context, c *community, made id.ID, o request.Occurrence, partly bool, n int) error {
	_, err := b.Request.Answer(ctx, c.secretary, request.NewAnswer{RequestID: made, OrganisationID: c.id, Period: o.Period, Partly: partly, Seconds: int64(45 + 70*n)})
	return err
}
