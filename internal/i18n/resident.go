package i18n

import "strings"

// The list of residents as a table: headings, other headings under which people keep them, hints.
var (
	ResidentTitle            = text("居民", "Residents")
	ResidentImportHint       = text("一人一行。身份证号是认人的依据：同一个人再次导入只更新变化的内容，不会重复。姓名以外的项可以空着。", "One person a row. People are recognised by their ID number: importing somebody again changes only what is new. Everything but the name may stay empty.")
	ResidentImportTakeIn     = text("表中居民已在本区其他社区登记的，按迁入办理", "Take in people who are registered in another community of the district")
	ResidentImportTakeInHint = text("不勾选时，这些行会列出来，由您核对。", "Otherwise those rows are listed for you to check.")

	ResidentName          = text("姓名", "Name")
	ResidentNameExample   = text("张三示例", "Zhang San (example)")
	ResidentIDHint        = text("18 位；请把这一列设为文本格式。", "18 characters; format the column as text.")
	ResidentBorn          = text("出生日期", "Date of birth")
	ResidentPhone         = text("手机号", "Phone")
	ResidentEthnicHint    = text("只有“用途登记”中写明需要时才保存。", "Kept only where the register of purposes needs it.")
	ResidentCommunity     = text("社区", "Community")
	ResidentCommunityHint = text("整张表属于一个社区时不用填，导入时选择即可。", "Not needed if the whole table belongs to one community that you choose when importing.")
	ResidentQuarter       = text("小区", "Residential quarter")
	ResidentBuilding      = text("楼栋", "Building")
	ResidentStairwell     = text("单元", "Stairwell")
	ResidentRoom          = text("房号", "Room")
	ResidentAddress       = text("住址", "Address")
	ResidentAddressHint   = text("没有分开的小区、楼栋、房号时填写。同一住址的人归为一户。", "If quarter, building and room are not kept apart. People of one address are one household.")
	ResidentCategoryHint  = text("可填多个，用顿号分开，例如：离退休人员、独居老人。", "Several are separated by commas.")
	ResidentWorkUnit      = text("工作单位", "Work unit")
	ResidentMovedIn       = text("迁入日期", "Moved in on")

	ResidentNameAlso       = []string{"居民姓名", "人员姓名", "名字", "户主姓名或成员姓名", "成员姓名"}
	ResidentIDAlso         = []string{"身份证", "身份证号码", "公民身份号码", "证件号码", "证件号", "居民身份证号码"}
	ResidentBornAlso       = []string{"出生年月日", "生日", "出生年月", "出生时间"}
	ResidentPhoneAlso      = []string{"手机", "手机号码", "联系电话", "电话", "联系方式", "电话号码", "本人电话"}
	ResidentSchoolingAlso  = []string{"文化程度", "学历层次", "最高学历", "受教育程度"}
	ResidentCommunityAlso  = []string{"所属社区", "所在社区", "村（社区）", "社区名称", "村居", "居委会"}
	ResidentQuarterAlso    = []string{"小区名称", "所在小区", "居住小区", "院落"}
	ResidentBuildingAlso   = []string{"楼号", "楼栋号", "栋", "幢", "楼幢", "幢号", "栋号"}
	ResidentStairwellAlso  = []string{"单元号"}
	ResidentRoomAlso       = []string{"室", "门牌号", "房间号", "室号", "房屋号"}
	ResidentAddressAlso    = []string{"地址", "家庭住址", "现住址", "居住地址", "现居住地址", "详细地址", "居住地", "家庭地址"}
	ResidentHeadAlso       = []string{"与户主的关系", "户主关系", "家庭关系", "与户主"}
	ResidentResidenceAlso  = []string{"居住状况", "居住情况", "人户情况", "居住状态", "户口性质"}
	ResidentCategoryAlso   = []string{"类别", "人群类别", "居民类别", "人员类型", "人群分类", "标签"}
	ResidentWorkUnitAlso   = []string{"单位", "服务处所", "就业单位", "工作单位及职务"}
	ResidentMovedInAlso    = []string{"入住日期", "入住时间", "迁入时间", "来本地日期"}
	residentCommunityTails = []string{"居民委员会", "村民委员会", "居委会", "村委会", "委员会", "党总支", "党支部", "党委", "总支部", "支部", "社区", "村"}
)

// CommunityKey is what the names of one community have in common: "朝阳社区居委会", "朝阳社区党委" and "朝阳" are the same.
func CommunityKey(name string) string {
	for again := true; again; {
		again = false
		for _, tail := range residentCommunityTails {
			if rest := strings.TrimSuffix(name, tail); rest != name && rest != "" {
				name, again = rest, true
			}
		}
	}
	return name
}

// What is wrong with a row of the list of residents.
var (
	ResidentNoCommunity          = text("请选择这张表属于哪个社区，或者在表中加上“社区”一列。", "Choose the community to which the table belongs, or add a column with the community.")
	ResidentCommunityUnknown     = text("没有叫这个名字的社区。", "There is no community of that name.")
	ResidentCommunityAmbiguous   = text("有几个社区都叫这个名字。", "Several communities have that name.")
	ResidentCommunityAdvice      = text("请按“组织”中登记的名称或 12 位代码填写。", "Use the name as registered, or its 12-digit code.")
	ResidentCommunityOther       = text("这一行属于另一个社区。", "This row belongs to another community.")
	ResidentCommunityForeign     = text("这个社区不在您负责的范围内。", "You are not responsible for this community.")
	ResidentCommunityOtherAdvice = text("请把这些行交给那个社区导入。", "Give these rows to that community to import.")
	ResidentNotCollected         = text("没有登记的用途需要这一项，没有保存。", "No registered purpose needs this; it was not kept.")
	ResidentNotCollectedAdvice   = text("如确有需要，请先在“用途登记”中写明用途和依据。", "If it is needed, register the purpose and its basis first.")
	ResidentDiffers              = text("与身份证号推算的不一致，已按表中内容保存并标出。", "Differs from the ID number; kept as stated and flagged.")
	ResidentDiffersAdvice        = text("请核对身份证；写错的请在居民页面改正。", "Check the card, and correct the record if it is wrong.")
	ResidentElsewhere            = text("这个身份证号已在{0}登记。", "This ID number is registered in {0}.")
	ResidentElsewhereAdvice      = text("如已搬来，请勾选“按迁入办理”后重新导入。", "If the person has moved here, tick “take in” and import again.")
	ResidentOtherNameAdvice      = text("请核对是否抄错了号码；改过名的，请先在居民页面改名。", "See whether the number was copied wrongly; if the name has changed, change it on the person's page first.")
)
