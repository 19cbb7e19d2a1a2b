// Package assess scores organisations by a rubric (EVAL-2, EVAL-3): communities and units, for a month, a quarter or a year.
//
// The words are those of assessment as schools and standards bodies use them: a rubric has indicators with points; an assessment applies
// one edition of a rubric to organisations in a period; a finding is a dated thing that somebody found; the sheet of an organisation holds its
// score; an appeal asks for a sheet to be corrected.
//
// A rubric is data (JSON; its form is in docs/guide/street-district.md). Its rules: deduct_per and add_per count; bands look up a
// measured value; proportional gives the share of the points; zero_if takes them all; formula works a small expression out (formula.go: no loops,
// no calls but min, max and round, a bounded number of nodes, exact decimals). Changing a rubric makes a new edition; assessments stay with theirs.
//
// What a rule needs is read from a figure where it names one, and is otherwise entered once as a finding. Each point opens to that evidence. Score is pure:
// the same evidence in any order gives the same score, within the bounds of the indicator.
//
// States of an assessment: open -> frozen. Freezing keeps a sheet of each organisation: its evidence, its score, and a digest of both. An accepted appeal
// adds a sheet with the next edition; the one before stays. States of an appeal: open -> accepted | declined.
//
// Persons are never assessed: a rubric about persons can be kept and read, and no assessment is opened with it. Nothing is ranked: organisations stand in
// the order of their names.
//
// Tables: rubric, assessment, assessment_party, assessment_finding, assessment_sheet, assessment_appeal. Permissions: PermSee (the sheets of
// organisations in scope), PermRubric (the whole tenant), PermHold (whoever assesses: open, enter findings, freeze, answer), PermAppeal (the organisation assessed).
package assess
