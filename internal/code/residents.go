package code

import "linli/internal/i18n"

// HeadRelations are the values of relation to the head of the household, the ones in use of GB/T 4761-2008.
var HeadRelations = newList(i18n.CodeHeadRelationList, "GB/T 4761-2008", []Item{
	{Code: "02", Label: i18n.Both("户主", "Head"), Also: []string{"本人", "本人或户主", "01", "1"}},
	{Code: "10", Label: i18n.Both("配偶", "Spouse"), Also: []string{"妻子", "丈夫", "夫", "妻", "爱人"}},
	{Code: "20", Label: i18n.Both("子", "Son"), Also: []string{"儿子", "长子", "次子", "独生子", "子女"}},
	{Code: "30", Label: i18n.Both("女", "Daughter"), Also: []string{"女儿", "长女", "次女", "独生女"}},
	{Code: "28", Label: i18n.Both("女婿", "Son-in-law")},
	{Code: "38", Label: i18n.Both("儿媳", "Daughter-in-law"), Also: []string{"媳妇", "儿媳妇"}},
	{Code: "40", Label: i18n.Both("孙子女、外孙子女", "Grandchild"), Also: []string{"孙子", "孙女", "外孙", "外孙子", "外孙女"}},
	{Code: "50", Label: i18n.Both("父母", "Parent"), Also: []string{"父亲", "母亲", "父", "母"}},
	{Code: "55", Label: i18n.Both("配偶的父母", "Parent-in-law"), Also: []string{"岳父", "岳母", "公公", "婆婆"}},
	{Code: "60", Label: i18n.Both("祖父母、外祖父母", "Grandparent"), Also: []string{"祖父", "祖母", "爷爷", "奶奶", "外祖父", "外祖母"}},
	{Code: "70", Label: i18n.Both("兄弟姐妹", "Sibling"), Also: []string{"兄", "弟", "姐", "妹", "哥哥", "弟弟", "姐姐", "妹妹"}},
	{Code: "97", Label: i18n.Both("其他亲属", "Other relative"), Also: []string{"其他", "亲属"}},
	{Code: "99", Label: i18n.Both("非亲属", "Not related"), Also: []string{"租客", "保姆", "合租"}},
})

// ResidenceKinds say how somebody lives where they live.
var ResidenceKinds = newList(i18n.CodeResidenceList, "", []Item{
	{Code: "1", Label: i18n.Both("人户一致", "Registered and living here"), Also: []string{"常住", "户籍", "户籍人口", "常住户籍", "人在户在", "本地"}},
	{Code: "2", Label: i18n.Both("人在户不在", "Living here, registered elsewhere"), Also: []string{"常住非户籍", "人户分离", "非户籍"}},
	{Code: "3", Label: i18n.Both("户在人不在", "Registered here, living elsewhere"), Also: []string{"空挂", "空挂户", "外出"}},
	{Code: "4", Label: i18n.Both("流动人口", "Passing through"), Also: []string{"流动", "租住", "租户", "暂住", "外来人口"}},
	{Code: "5", Label: i18n.Both("港澳台和境外人员", "From abroad, Hong Kong, Macao or Taiwan"), Also: []string{"境外", "境外人员", "外籍"}},
})

// ResidentCategories are the groups by which residents are served (SRV-9). Several may hold at once.
var ResidentCategories = newList(i18n.CodeCategoryList, "", []Item{
	{Code: "01", Label: i18n.Both("在职人员", "Employed"), Also: []string{"在职", "在职职工", "就业"}},
	{Code: "02", Label: i18n.Both("离退休人员", "Retired"), Also: []string{"退休", "离退休", "退休人员", "离休", "企业退休人员"}},
	{Code: "03", Label: i18n.Both("下岗人员", "Laid off"), Also: []string{"下岗", "下岗职工"}},
	{Code: "04", Label: i18n.Both("失业人员", "Unemployed"), Also: []string{"失业", "待业", "无业"}},
	{Code: "05", Label: i18n.Both("外资企业从业人员", "Staff of foreign firms"), Also: []string{"外企", "外企员工", "三资企业从业人员"}},
	{Code: "06", Label: i18n.Both("进城务工人员", "Migrant workers"), Also: []string{"务工", "外来务工", "务工人员", "外来务工人员", "农民工"}},
	{Code: "07", Label: i18n.Both("新就业群体", "New forms of employment"), Also: []string{"快递员", "外卖员", "网约车司机", "灵活就业"}},
	{Code: "08", Label: i18n.Both("个体工商户", "Self-employed"), Also: []string{"个体", "个体户"}},
	{Code: "09", Label: i18n.Both("学生", "Students"), Also: []string{"在校学生", "在读"}},
	{Code: "10", Label: i18n.Both("退役军人", "Veterans"), Also: []string{"退伍军人", "复员军人", "军转干部"}},
	{Code: "11", Label: i18n.Both("军属、烈属", "Families of soldiers and martyrs"), Also: []string{"军属", "烈属"}},
	{Code: "12", Label: i18n.Both("独居老人", "Elderly living alone"), Also: []string{"独居", "空巢老人", "空巢"}},
	{Code: "13", Label: i18n.Both("低保户", "Minimum living allowance"), Also: []string{"低保", "低保对象", "最低生活保障"}},
	{Code: "14", Label: i18n.Both("特困人员", "In special need"), Also: []string{"特困", "五保", "三无人员"}},
	{Code: "15", Label: i18n.Both("残疾人", "Disabled"), Also: []string{"残疾"}},
	{Code: "16", Label: i18n.Both("困境和留守儿童", "Children in need or left behind"), Also: []string{"困境儿童", "留守儿童", "孤儿"}},
	{Code: "17", Label: i18n.Both("楼栋长、志愿者骨干", "Building heads and volunteers"), Also: []string{"楼栋长", "志愿者", "单元长"}},
	{Code: "99", Label: i18n.Both("其他", "Other"), Also: []string{"其它"}},
})
