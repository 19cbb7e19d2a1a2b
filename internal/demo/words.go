package demo

import "math/rand/v2"

// What belongs to nobody: 83 is no province, no area begins with areaPrefix, and no telephone number with phonePrefix was given out.
const (
	areaPrefix  = "8399"
	phonePrefix = "1640"
	county      = areaPrefix + "01"
)

// surnames are words of the landscape, so that nobody takes a name for somebody's.
var surnames = []rune("云禾舟松溪荷枫桐竹晴星岚汐霁雁鹿鹤羽麦穗萤泉屿枝露杏棠苇鸥")

var (
	givenFirst = []rune("知思晓以清若安嘉明怀景书子雨亦望乐言文念")
	givenLast  = []rune("行远宁和然舒朗川初微澄宜南岳歌宛白悦同新真成恒元")
	rareGiven  = "䶮" // printing must cope with it
)

var (
	placeFirst   = []rune("晴禾松云溪竹荷枫柳兰桐榆")
	placeLast    = []rune("语声影笺韵")
	quarterTails = []string{"苑", "里", "园", "坊", "庭", "居"}
	streetNames  = []string{"和声街道", "晨舟街道", "望晴街道", "听雨街道"}
	roadNames    = []string{"听松路", "问溪路", "数星街", "种荷街"}
)

const (
	provinceName = "示例省"
	cityName     = "和邻市"
	districtName = "邻和区"
)

// system is a committee of a branch of work and what its units are called.
type system struct {
	name   string
	sector string
	units  []string
}

var systems = []system{
	{"教育系统", "教育", []string{"小学", "中学", "幼儿园", "职业学校", "少年宫"}},
	{"卫生健康系统", "卫生和社会工作", []string{"医院", "社区卫生服务中心", "妇幼保健站", "急救站", "口腔诊所"}},
	{"住房建设系统", "建筑业", []string{"建筑公司", "设计院", "房屋服务中心", "物业公司", "燃气公司"}},
	{"市场监管系统", "公共管理", []string{"检验所", "农贸市场", "计量所", "消费服务站", "食品检测站"}},
	{"金融系统", "金融业", []string{"银行支行", "储蓄所", "保险服务部", "信用社", "担保公司"}},
	{"交通运输系统", "交通运输", []string{"公交场站", "客运站", "路桥公司", "货运站", "停车管理所"}},
	{"文化旅游系统", "文化体育", []string{"图书馆", "文化馆", "书店", "剧场", "博物馆"}},
	{"财税系统", "公共管理", []string{"税务所", "财政服务所", "会计服务站", "票据所", "评估所"}},
	{"农业水利系统", "农林水利", []string{"水利站", "农技站", "种苗站", "水文站", "园艺场"}},
	{"商务系统", "批发零售", []string{"商场", "超市", "物流公司", "电商公司", "批发市场"}},
	{"政法系统", "公共管理", []string{"派出所", "司法所", "人民法庭", "公证处", "法律服务所"}},
	{"城市管理系统", "公共设施", []string{"环卫所", "绿化所", "市政所", "路灯所", "公园管理处"}},
	{"民政系统", "社会工作", []string{"养老院", "救助站", "福利院", "社工站", "婚姻登记处"}},
	{"国有资产系统", "综合", []string{"资产公司", "投资公司", "仓储公司", "会展公司", "资源公司"}},
	{"应急管理系统", "公共管理", []string{"消防站", "应急站", "安全服务所", "气象站", "地震台"}},
	{"科技系统", "信息技术", []string{"软件公司", "科技馆", "数据中心", "研究所", "创业园"}},
	{"体育系统", "文化体育", []string{"体育馆", "游泳馆", "体校", "健身中心", "棋院"}},
	{"邮政通信系统", "信息传输", []string{"邮政所", "营业厅", "快递站", "通信公司", "分拣中心"}},
	{"供电供水系统", "能源供应", []string{"供电所", "自来水厂", "供热公司", "水质站", "检修队"}},
	{"工业系统", "制造业", []string{"机械厂", "纺织厂", "电子厂", "印刷厂", "食品厂"}},
	{"区级机关", "公共管理", []string{"机关服务中心", "档案馆", "信访服务站", "信息中心", "培训中心"}},
	{"社会组织", "社会组织", []string{"商会", "志愿者协会", "慈善会", "书画社", "老年大学"}},
}

var skills = []string{"电工", "水暖维修", "法律咨询", "医疗护理", "心理疏导", "书法", "摄影", "乒乓球", "电脑", "厨艺", "理发", "英语", "园艺", "会计", "手工", ""}

// personName makes a name of two or three characters.
func personName(r *rand.Rand, surname rune) string {
	if r.IntN(5) == 0 {
		return string([]rune{surname, givenLast[r.IntN(len(givenLast))]})
	}
	return string([]rune{surname, givenFirst[r.IntN(len(givenFirst))], givenLast[r.IntN(len(givenLast))]})
}

func anySurname(r *rand.Rand) rune { return surnames[r.IntN(len(surnames))] }

// communityName is the name of community i: all pairs differ.
func communityName(i int) string {
	a := placeFirst[i%len(placeFirst)]
	return string([]rune{a, placeLast[(i/len(placeFirst)+i)%len(placeLast)]})
}

// pick chooses one of the values.
func pick[T any](r *rand.Rand, values []T) T { return values[r.IntN(len(values))] }
