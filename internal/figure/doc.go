// Package figure holds every number that the platform shows about a district, a sub-district or a community (EVAL-8, ORG-7, ORG-8).
//
// A figure is one statement that yields its records: each with an amount, the place it counts for, and the thing it opens to. The
// figure is the sum of their amounts and nothing else. Shares and means are one figure divided by another. Words, definition and
// synonyms of each stand in i18n.Figures; a figure whose records another part of the product will keep is declared with its definition
// and Pending, and shows "not yet recorded".
//
// The same statement is used in three ways: summed for one place (Value), listed page by page (Records), and grouped for all places of the
// tenant at once (roll), which fills the table figure_value every night and on demand. All three agree; tests hold them to it.
// Most figures add up: a sub-district is the sum of its communities. One that counts different people (Distinct) is counted apart on
// each level, because somebody may appear in two communities.
//
// Some days after its end a quarter is frozen: its values stay as they are, with the settings that went in. Reopening is an act with a
// reason. States of a period: open -> frozen -> reopened -> frozen.
//
// A figure never is about one person, and nothing here ranks anybody: places stand in the order of their names. What leaves the house
// (Outside) hides counts of people below five.
//
// Tables: figure_value, figure_period. Permissions: PermSee (at a place: its figures and their records), PermKeep (the whole
// tenant: roll up now, freeze, reopen).
package figure
