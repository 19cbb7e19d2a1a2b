package figure

import "linli/internal/i18n"

// memberFigures are the members (MEM-1, MEM-2, MEM-7).
var memberFigures = []Figure{
	ofMembers("member.total", "", memberDims...),
	ofMembers("member.community", "m.kind = 'community'", dimStanding, dimSex, dimAge),
	ofMembers("member.in_service", "m.kind = 'in_service'", dimStanding, dimSex, dimAge),
	ofMembers("member.floating", "m.kind = 'floating'", dimStanding, dimSex, dimAge),
	ofMembers("member.probationary", "m.standing = 'probationary'", dimMemberKind),
	ofMembers("member.women", "p.sex = '2'", dimMemberKind),
	{ID: "member.women_share", Chapter: Members, Unit: i18n.FigureUnitPercent, When: AsOf, Ratio: &Ratio{"member.women", "member.total", 1000}},
	{ID: "member.mean_age", Chapter: Members, Unit: i18n.FigureUnitYears, When: AsOf, Ratio: &Ratio{"member.ages", "member.age_known", 10}},
	{ID: "member.ages", Chapter: Members, Unit: i18n.FigureUnitYears, When: AsOf, Helper: true, Subject: Member, SQL: members("p.born_on <> ''", ageOf("p.born_on"))},
	helper(ofMembers("member.age_known", "p.born_on <> ''")),
	ofMembers("member.senior_high", "substr(p.schooling, 1, 1) IN ('1', '2', '3', '4', '6')", dimMemberKind),
	{ID: "member.senior_high_share", Chapter: Members, Unit: i18n.FigureUnitPercent, When: AsOf, Ratio: &Ratio{"member.senior_high", "member.schooling_known", 1000}},
	ofMembers("member.college", "substr(p.schooling, 1, 1) IN ('1', '2', '3')", dimMemberKind),
	{ID: "member.college_share", Chapter: Members, Unit: i18n.FigureUnitPercent, When: AsOf, Ratio: &Ratio{"member.college", "member.schooling_known", 1000}},
	helper(ofMembers("member.schooling_known", "p.schooling <> ''")),
	ofMembers("member.plaque", "m.plaque_shown", dimMemberKind),
	ofMembers("member.without_home", "m.home_id = 0", dimMemberKind),
	{ID: "member.joined", Chapter: Members, Unit: i18n.FigureUnitPerson, When: InYear, People: true, Subject: Member,
		SQL: sel{place: "m.community_id", rec: "m.id", on: "m.joined_on"}.from("member m WHERE m.tenant_id = :tenant AND " + on("m.joined_on"))},
	{ID: "member.became_full", Chapter: Members, Unit: i18n.FigureUnitPerson, When: InYear, People: true, Subject: Member,
		SQL: sel{place: "m.community_id", rec: "m.id", on: "m.full_on"}.from("member m WHERE m.tenant_id = :tenant AND " + on("m.full_on"))},
}

func ofMembers(id, condition string, dims ...Dim) Figure {
	return Figure{ID: id, Chapter: Members, Unit: i18n.FigureUnitPerson, When: AsOf, People: true, Subject: Member, Dims: dims, SQL: members(condition, "", dims...)}
}

func helper(f Figure) Figure {
	f.Helper = true
	return f
}

// dutyFigures are the two-way registration and its papers (MEM-1, MEM-6).
var dutyFigures = []Figure{
	ofRegistrations("registration.proposed", InQuarter, "t.proposed_at", within("t.proposed_at"), dimStarter),
	ofRegistrations("registration.accepted", InQuarter, "t.decided_at", "t.state IN ('accepted', 'ended') AND "+within("t.decided_at"), dimStarter),
	ofRegistrations("registration.returned", InQuarter, "t.decided_at", "t.state = 'returned' AND "+within("t.decided_at"), dimStarter),
	ofRegistrations("registration.waiting", AsOf, "t.proposed_at", "t.proposed_at < :day_us AND (t.decided_at = 0 OR t.decided_at >= :day_us)", dimStarter),
	registered(Duty, "member.registered", "m.community_id <> 0 AND m.since <= :day"),
	{ID: "member.registered_share", Chapter: Duty, Unit: i18n.FigureUnitPercent, When: AsOf, Ratio: &Ratio{"member.registered", "member.total", 1000}},
	{ID: "certificate.valid", Chapter: Duty, Unit: i18n.FigureUnitPaper, When: AsOf, People: true, Subject: Member, Dims: []Dim{dimMemberKind},
		SQL: certificates("t.issued_at", "t.issued_at < :day_us AND (t.revoked_at = 0 OR t.revoked_at >= :day_us) AND (t.valid_to = '' OR t.valid_to >= :day)")},
	{ID: "certificate.issued", Chapter: Duty, Unit: i18n.FigureUnitPaper, When: InQuarter, People: true, Subject: Member, Dims: []Dim{dimMemberKind},
		SQL: certificates("t.issued_at", within("t.issued_at"))},
	{ID: "certificate.issued_year", Chapter: Duty, Unit: i18n.FigureUnitPaper, When: InYear, People: true, Subject: Member, Dims: []Dim{dimMemberKind},
		SQL: certificates("t.issued_at", within("t.issued_at"))},
}

func registered(c Chapter, id, condition string) Figure {
	f := ofMembers(id, condition, dimMemberKind)
	f.Chapter = c
	return f
}

func ofRegistrations(id string, w When, at, condition string, dims ...Dim) Figure {
	return Figure{ID: id, Chapter: Duty, Unit: i18n.FigureUnitPerson, When: w, People: true, Subject: Registration, Dims: dims,
		SQL: ofCommunity("registration", condition, sel{at: at, dims: dims, items: []string{"t.started_by"}})}
}

func certificates(at, condition string) string {
	return sel{place: "m.community_id", rec: "t.id", subject: "m.id", at: at, dims: []Dim{dimMemberKind}, items: []string{"m.kind"}}.
		from("paper t JOIN member m ON m.tenant_id = t.tenant_id AND m.id = t.subject_id WHERE t.tenant_id = :tenant AND t.kind = 'certificate' AND " + condition)
}

// contactFigures are contact, promises, reasons and floating members (MEM-3, MEM-7 to MEM-9).
var contactFigures = []Figure{
	{ID: "contact.made", Chapter: Contact, Unit: i18n.FigureUnitTimes, When: InQuarter, Subject: Member, Dims: []Dim{dimContact},
		SQL: ofCommunity("contact", on("t.on_date"), sel{subject: "t.member_id", on: "t.on_date", dims: []Dim{dimContact}, items: []string{"t.kind"}})},
	{ID: "contact.members", Chapter: Contact, Unit: i18n.FigureUnitPerson, When: InQuarter, People: true, Subject: Member, Distinct: true,
		SQL: distinctMembers("contact t", "t.community_id", "t.tenant_id = :tenant AND "+on("t.on_date"))},
	ofPromises("promise.open", AsOf, "t.made_at", "t.made_at < :day_us AND (t.closed_at = 0 OR t.closed_at >= :day_us)"),
	ofPromises("promise.kept", InQuarter, "t.closed_at", "t.state = 'kept' AND "+within("t.closed_at")),
	ofPromises("promise.not_kept", InQuarter, "t.closed_at", "t.state = 'not_kept' AND "+within("t.closed_at")),
	helper(ofPromises("promise.closed", InQuarter, "t.closed_at", "t.state IN ('kept', 'not_kept') AND "+within("t.closed_at"))),
	{ID: "promise.kept_share", Chapter: Contact, Unit: i18n.FigureUnitPercent, When: InQuarter, Ratio: &Ratio{"promise.kept", "promise.closed", 1000}},
	{ID: "absence.reasons", Chapter: Contact, Unit: i18n.FigureUnitPerson, When: AsOf, People: true, Subject: Member, Dims: []Dim{dimReason},
		SQL: ofCommunity("absence_reason", "t.valid_from <= :day AND (t.valid_to = '' OR t.valid_to > :day)",
			sel{subject: "t.member_id", on: "t.valid_from", dims: []Dim{dimReason}, items: []string{"t.reason"}})},
	ofMoves("floating.out", "t.direction = 'out'"),
	ofMoves("floating.in", "t.direction = 'in'"),
	ofMoves("floating.uncontacted", "t.last_contact < :contact_limit"),
}

func ofPromises(id string, w When, at, condition string) Figure {
	return Figure{ID: id, Chapter: Contact, Unit: i18n.FigureUnitItem, When: w, Subject: Member,
		SQL: ofCommunity("promise", condition, sel{subject: "t.member_id", at: at})}
}

func ofMoves(id, condition string) Figure {
	return Figure{ID: id, Chapter: Contact, Unit: i18n.FigureUnitPerson, When: AsOf, People: true, Subject: Member,
		SQL: ofCommunity("floating_move", "t.from_on <= :day AND (t.back_on = '' OR t.back_on > :day) AND "+condition, sel{subject: "t.member_id", on: "t.from_on"})}
}

// distinctMembers are the different members of the rows of a table, each once on the level that is counted.
func distinctMembers(table, community, condition string) string {
	return "SELECT {place} AS place_id, t.member_id AS rec_id, t.member_id AS subject_id, 1 AS amount, '' AS on_date, 0 AS at FROM " + table +
		" LEFT JOIN organisation pl ON pl.tenant_id = t.tenant_id AND pl.id = " + community +
		" WHERE " + condition + " AND t.member_id <> 0 GROUP BY {place}, t.member_id"
}

// claimFigures are areas, posts and agreements (MEM-6).
var claimFigures = []Figure{
	ofOffers("responsibility.areas", i18n.FigureUnitItem, "t.kind = 'area'", ""),
	ofOffers("responsibility.posts", i18n.FigureUnitItem, "t.kind = 'post'", ""),
	ofOffers("responsibility.places", i18n.FigureUnitPlace, "t.open", "t.capacity"),
	ofClaims("claim.in_force", AsOf, "t.agreed_at > 0 AND t.agreed_at < :day_us AND t.from_on <= :day AND t.to_on >= :day AND (t.ended_on = '' OR t.ended_on > :day)"),
	{ID: "claim.members", Chapter: Claims, Unit: i18n.FigureUnitPerson, When: AsOf, People: true, Subject: Member, Distinct: true,
		SQL: distinctMembers("claim t", "t.community_id", "t.tenant_id = :tenant AND t.agreed_at > 0 AND t.agreed_at < :day_us AND t.from_on <= :day AND t.to_on >= :day AND (t.ended_on = '' OR t.ended_on > :day)")},
	{ID: "claim.member_share", Chapter: Claims, Unit: i18n.FigureUnitPercent, When: AsOf, Ratio: &Ratio{"claim.members", "member.registered", 1000}},
	ofClaims("claim.agreed", InQuarter, within("t.agreed_at")),
	ofClaims("claim.agreed_year", InYear, within("t.agreed_at")),
	ofClaims("claim.waiting", AsOf, "t.state = 'proposed' AND t.created_at < :day_us"),
}

func ofOffers(id string, unit i18n.Text, condition, amount string) Figure {
	return Figure{ID: id, Chapter: Claims, Unit: unit, When: AsOf, Subject: Responsibility,
		SQL: ofCommunity("responsibility", "t.created_at < :day_us AND "+condition, sel{amount: amount, at: "t.created_at"})}
}

func ofClaims(id string, w When, condition string) Figure {
	return Figure{ID: id, Chapter: Claims, Unit: i18n.FigureUnitPaper, When: w, Subject: Claim, Dims: []Dim{dimClaimed},
		SQL: sel{place: "t.community_id", rec: "t.id", on: "t.from_on", at: "t.agreed_at", dims: []Dim{dimClaimed}, items: []string{"coalesce(o.kind, '')"}}.
			from("claim t LEFT JOIN responsibility o ON o.tenant_id = t.tenant_id AND o.id = t.responsibility_id WHERE t.tenant_id = :tenant AND " + condition)}
}
