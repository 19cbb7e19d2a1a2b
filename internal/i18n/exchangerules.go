package i18n

// Needs and wishes: who may confirm what, numbers in public texts, and who gives a resource.
var (
	ExchangeNumberStays = text("这里有电话、证件号、邮箱或微信号，请删掉后再提交。", "A telephone, identity or account number, an address for mail or a name at WeChat stands here; take it out and send again.")
	ExchangeCaseHasNeed = text("这件事已经转为需求了，请在事项页面上打开它。", "A need was made from this case already; open it from the page of the case.")
	ExchangeOften       = text("同一条需求最多认领 {0} 次，请联系社区。", "One need can be taken {0} times at most; please ask the community.")
	PledgeOwnAgree      = text("自己的认领，请由别的同志确认。", "Somebody else has to agree to your own pledge.")
	ExchangeUnnamed     = text("{0} · {1}", "{0} · {1}")

	RetentionResource    = text("停用或到期资源的提供人", "Who gave resources that are over")
	RetentionActResource = text("删除提供人和电话，保留资源的名称、类别和数量", "who gave it and their number go; name, kind and amount of the resource stay")

	WishHours     = text("要您确认的", "What you confirm")
	WishHoursHelp = text("不对的，请选“还没办”，在下面写上实际的。", "If it is wrong, choose “Not yet” and write below what is right.")

	ResourceReveal      = text("查看提供人电话", "See the number of who gives it")
	ResourceRevealTitle = text("资源“{0}”的提供人", "Who gives “{0}”")
	ResourceRevealed    = text("这次查看已经记录。", "This look is recorded.")
	ResourceBack        = text("回到资源", "Back to the resource")
	ResourceNoNumber    = text("没有留电话。", "No number was left.")
	ResourcePhoneHelp   = text("加密保存；社区写明用途才能查看，每次都记录", "Sealed; staff see it for a stated purpose, and each look is recorded")
)

// HanDigits are the digits from zero to nine as Chinese characters: as they are written, as they are said on the telephone, and as they stand on bills.
var HanDigits = []string{"零一二三四五六七八九", "〇幺二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"}
