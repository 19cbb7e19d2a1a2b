package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"

	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/outlet"
)

// outletSort is a sort of outlet of the demonstration.
type outletSort struct{ element, name, about, weekdays, weekend, terms, price string }

var outletSorts = []outletSort{
	{"吃", "社区食堂", "早中晚三餐，60 岁以上优惠", "06:30-09:00 11:00-13:00 17:00-19:00", "06:30-09:00 11:00-13:00", "低偿", "一荤两素 12 元"},
	{"吃", "早餐店", "豆浆、包子、馄饨", "05:30-10:00", "05:30-10:00", "有偿", ""},
	{"吃", "面馆", "手擀面、家常小菜", "10:00-21:00", "10:00-21:00", "有偿", ""},
	{"吃", "蛋糕房", "可以订生日蛋糕", "08:00-21:00", "08:00-21:00", "有偿", ""},
	{"住", "家政服务部", "保洁、钟点工、月嫂", "08:00-20:00", "08:00-20:00", "有偿", "保洁 40 元一小时"},
	{"住", "水电维修点", "水管、电路、开锁", "00:00-24:00", "00:00-24:00", "低偿", "上门 20 元，材料另算"},
	{"住", "缝补裁剪铺", "改衣服、换拉链", "09:00-18:00", "09:00-17:00", "低偿", "5 元起"},
	{"住", "洗衣店", "水洗、干洗、上门取送", "08:00-20:00", "08:00-20:00", "有偿", ""},
	{"行", "公共停车场", "前 30 分钟免费", "00:00-24:00", "00:00-24:00", "有偿", "每小时 3 元"},
	{"行", "电动车充电点", "扫码充电，带雨棚", "00:00-24:00", "00:00-24:00", "低偿", "1 元充 4 小时"},
	{"行", "修车铺", "自行车、电动车", "08:00-18:00", "08:00-18:00", "有偿", ""},
	{"游", "街心公园", "有健身步道和凉亭", "05:00-22:00", "05:00-22:00", "免费", ""},
	{"游", "文化广场", "晚上有广场舞", "00:00-24:00", "00:00-24:00", "免费", ""},
	{"购", "便民菜店", "平价菜，可代送", "06:00-20:00", "06:00-20:00", "有偿", ""},
	{"购", "社区超市", "米面油、日用品", "07:00-22:00", "07:00-22:00", "有偿", ""},
	{"购", "水果店", "可以拼单送到楼下", "08:00-22:00", "08:00-22:00", "有偿", ""},
	{"购", "五金店", "灯泡、水龙头、工具", "08:00-19:00", "08:00-19:00", "有偿", ""},
	{"娱", "图书角", "借阅不收费", "09:00-17:00", "09:00-17:00", "免费", ""},
	{"娱", "棋牌室", "象棋、围棋，不带彩头", "13:00-21:00", "09:00-21:00", "免费", ""},
	{"娱", "书画室", "每周二有老师教", "09:00-17:00", "", "免费", ""},
	{"娱", "排练厅", "合唱、舞蹈，先约后用", "08:00-21:00", "08:00-21:00", "免费", ""},
	{"健", "卫生服务点", "量血压、打针、家庭医生签约", "08:00-12:00 14:00-17:30", "08:00-12:00", "低偿", "按医保"},
	{"健", "药店", "可用医保卡", "08:00-22:00", "08:00-22:00", "有偿", ""},
	{"健", "健身点", "乒乓球、跑步机", "07:00-21:00", "07:00-21:00", "低偿", "月卡 30 元"},
	{"健", "理发店", "老人半价，可上门", "08:30-20:00", "08:30-20:00", "低偿", "老人 10 元"},
}

// eachCommunity is how many outlets a community has besides its station: the district of the records had over 3,000 (SRV-2).
const eachCommunity = 50

// outlets brings in the directory as a table: the centres of sub-districts, the stations of communities, and the outlets around.
func (b *builder) outlets(ctx context.Context) error {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	lines := [][]string{{"名称", "要素", "层级", "社区", "地址", "电话", "工作日", "周末", "收费方式", "价格", "服务内容", "无障碍", "推荐单位", "推荐理由"}}
	streets := map[id.ID]string{}
	if err := b.Organisation.Export(ctx, b.system, organisation.Filter{Kinds: []organisation.Kind{organisation.Working}}, func(o organisation.Item) error {
		streets[o.ID] = o.Label()
		return nil
	}); err != nil {
		return err
	}
	for i, c := range b.communities {
		r := b.random("outlets", i)
		if street := streets[c.street]; street != "" {
			delete(streets, c.street) // one centre each
			lines = append(lines, []string{street + "服务中心", "住", "中心", street, "中心路 1 号", "", "08:30-12:00 14:00-17:30", "09:00-16:00", "免费", "", "窗口、热线、志愿服务、心理咨询", "是", "", ""})
		}
		lines = append(lines, []string{c.name + "服务站", "住", "服务站", c.name, "和平路 2 号", "", "08:30-12:00 14:00-17:30", "09:00-12:00", "免费", "", "办事、代办、场地预约", "是", "", ""})
		for n := range share(b.Scale.aims().Outlets, len(b.communities), i) {
			s := outletSorts[(n+i)%len(outletSorts)]
			by, why := "", ""
			if n%3 == 0 {
				by, why = c.name, []string{"居民常去，价格实在", "老人说好", "态度好，不乱收费"}[n/3%3]
			}
			free := ""
			if n%4 == 0 {
				free = "是"
			}
			lines = append(lines, []string{string(anySurname(r)) + "记" + s.name, s.element, "网点", c.name, fmt.Sprintf("%s %d 号", [...]string{"民主路", "幸福街", "新华路", "建设巷"}[n%4], 3+2*n), fmt.Sprintf("%s%07d", phonePrefix, 9_400_000+i*eachCommunity+n),
				s.weekdays, s.weekend, s.terms, s.price, s.about, free, by, why})
		}
	}
	if err := w.WriteAll(lines); err != nil {
		return err
	}
	return b.table(ctx, outlet.ImportName, "服务网点.csv", b.root, out.Bytes(), nil)
}
