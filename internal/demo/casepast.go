package demo

import (
	"context"
	"fmt"

	"linli/internal/authz"
	"linli/internal/casework"
)

// pastSaid is what residents asked for over the year, in their words, so that there is something to learn from and to draw.
var pastSaid = []struct {
	kind, item, result string
	said               []string
}{
	{"service", "水管", "师傅上门换了配件，试水不漏。", []string{"厨房水龙头滴水关不紧", "卫生间水管漏水", "水表旁边的水管渗水", "阳台水龙头断了", "洗脸盆下面漏水"}},
	{"service", "疏通", "已疏通，并提醒不要倒油污。", []string{"厨房下水道堵了水排不下去", "卫生间地漏返水有臭味", "下水管堵住往外冒", "一楼下水道堵了好几天", "马桶下水道堵了"}},
	{"service", "家用电器", "师傅检查后修好，当面试过。", []string{"空调不制冷了想找人修", "洗衣机脱水时响得厉害", "冰箱不制冷菜都坏了", "电视机打开没有图像", "热水器打不着火"}},
	{"service", "开锁", "核对身份后开锁。", []string{"钥匙忘在家里进不了门", "门锁坏了打不开", "钥匙断在锁里了", "想换一把防盗门锁"}},
	{"opinion", "求助", "已联系物业当天处理。", []string{"楼道灯坏了晚上看不见路", "电梯停了两天老人下不了楼", "楼顶漏雨顶楼墙都湿了", "小区大门晚上没有灯"}},
	{"opinion", "咨询", "已电话答复，材料清单发到手机。", []string{"请问老年证怎么办要带什么", "请问低保怎么申请", "请问居住证在哪里办", "请问孩子医保怎么交"}},
	{"event", "暴露垃圾", "环卫当天清走。", []string{"垃圾桶旁边堆满垃圾没人收", "树下丢了几袋垃圾", "河边有一堆垃圾发臭"}},
	{"event", "占道经营", "现场劝离，划了临时摊位。", []string{"小摊占了人行道走不过去", "水果车停在路口占道", "早点摊摆到马路上"}},
}

// pastTails make no two messages the same.
var pastTails = []string{"，麻烦尽快来看看", "，已经两天了", "，家里有老人不方便", "，谢谢", "，什么时候能来", "，请帮忙"}

// pastCases lets residents of the first communities ask for help through the year.
func (b *builder) pastCases(a *agenda) {
	const each = 16
	for i, c := range b.communities[:min(3, len(b.communities))] {
		who := c.worker
		if who.AccountID == 0 {
			who = b.system
		}
		for n := range each * len(pastSaid) {
			if n%3 != i && i > 0 {
				continue
			}
			p := pastSaid[n%len(pastSaid)]
			k := n / len(pastSaid)
			x := &toldCase{builder: b, c: c, who: who, n: 100 + 400*i + n, told: told{kind: p.kind, item: p.item, body: p.said[k%len(p.said)] + pastTails[(k+k/len(p.said))%len(pastTails)] + "。", named: true,
				place: fmt.Sprintf("%d 单元", 1+n%6), channel: []casework.Channel{"", casework.ByPhone, casework.ByHall}[n%3], stands: casework.Closed, outcome: casework.Fulfilled, result: p.result,
				stars: []int64{5, 4, 5, 3, 5, 0, 4, 2}[(n+k)%8]}}
			day := b.today.AddDays(-36 - n*5/2)
			if !day.After(b.start) {
				continue
			}
			hour := 8 + n%7
			a.add(at(day, hour, n%50), x.report)
			taken := at(day, hour, 55)
			if n%7 == 6 { // now and then it takes longer
				taken = at(day, hour+2, n%50)
			}
			a.add(taken, func(ctx context.Context) error { return x.takenBy(ctx, who) })
			done := day.AddDays([]int{0, 0, 1, 0, 0, 2}[(n+k)%6])
			a.add(at(done, 17, n%50), x.finish)
			a.add(at(done.AddDays(1), 19, n%50), x.rate)
		}
	}
}

// takenBy takes the case where it lies: what the sub-district has it gives to the community first.
func (x *toldCase) takenBy(ctx context.Context, who authz.Actor) error {
	d, err := x.Casework.Get(ctx, x.at(), x.id)
	if err != nil {
		return err
	}
	if d.OrgID != x.c.id {
		if err := x.Casework.Dispatch(ctx, x.street, x.id, d.Version, x.c.id, "请社区办理。"); err != nil {
			return err
		}
		d.Version++
	}
	return x.Casework.Take(ctx, who, x.id, d.Version)
}
