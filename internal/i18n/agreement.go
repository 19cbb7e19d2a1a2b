package i18n

// Responsibility areas, posts and claims.
var (
	ResponsibilityTitle    = text("责任区与岗位", "Responsibilities")
	ResponsibilityArea     = text("责任区", "Area")
	ResponsibilityPost     = text("岗位", "Post")
	ResponsibilityCapacity = text("名额填 1 至 1000。", "The number of places is 1 to 1000.")
	ResponsibilityTooSmall = text("名额不能少于已认领的人数。", "There cannot be fewer places than are taken.")

	ClaimTitle         = text("认领", "Claims")
	ClaimProposed      = text("待签字", "To be signed")
	ClaimAgreed        = text("已签订", "Agreed")
	ClaimDeclined      = text("未同意", "Declined")
	ClaimWithdrawn     = text("已撤回", "Withdrawn")
	ClaimEnded         = text("已结束", "Ended")
	ClaimRenewed       = text("已续签", "Renewed")
	ClaimSideMember    = text("党员", "Member")
	ClaimSideCommunity = text("社区", "Community")

	ClaimFull        = text("“{0}”的 {1} 个名额已满，没有认领。请选别的责任区或岗位，或请社区增加名额。", "All {1} places of “{0}” are taken; nothing was claimed. Choose another, or ask the community for more places.")
	ClaimTwice       = text("已认领过这个责任区或岗位，不必重复认领。", "It is claimed already.")
	ClaimClosed      = text("“{0}”已停止认领。", "“{0}” is no longer offered.")
	ClaimElsewhere   = text("{0}还没有在这个社区报到，不能认领这里的责任区或岗位。", "{0} is not registered in this community and cannot claim here.")
	ClaimNotProposed = text("这份认领现在是“{0}”，不能再这样处理。请刷新后看最新情况。", "This claim is now “{0}”; reload to see how it stands.")
	ClaimNotAgreed   = text("这份认领现在是“{0}”，只有已签订的协议可以这样处理。", "This claim is now “{0}”; only an agreed one can be treated so.")
	ClaimOtherTerms  = text("您看到的条款与要签的不一致，没有签字。请重新打开协议，看过后再签。", "The terms you saw are not those to be signed; nothing was signed. Open the agreement again.")
	ClaimSigned      = text("{0}一方已经签过字。", "This side has signed already: {0}.")
	ClaimEndEarly    = text("结束日期不能早于开始日期 {0}。", "The end cannot be before the start on {0}.")
	ClaimToPast      = text("到期日已经过去，请改为今天或以后。", "The last day is over; choose today or later.")
	ClaimTooLong     = text("一次最多认领五年。", "Five years at most.")
	ClaimExpired     = text("协议到期", "the agreement ran out")

	ClaimPolicyMonths     = text("认领协议默认期限", "Usual length of a claim")
	ClaimPolicyMonthsUnit = text("个月", "months")
	ClaimPolicyRenew      = text("到期前多少天提醒续签", "Days before its end on which a claim is listed for renewal")
)
