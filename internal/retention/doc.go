// Package retention takes out what is past its purpose (PRIV-7, PRIV-8): each night it deletes or anonymises, kind by kind, what is older
// than the period that the district has set for the kind. Where no period is set, nothing is removed.
//
// The packages that own the records declare their kinds (Kind): what is past, and how to take it out. The composition root lists them all in
// one place (internal/app/retention.go), together with what is kept under lock because the law or the books demand it (Kept), and what
// goes at once when its time is over (Fixed).
//
// Work goes in small transactions; each writes its count, and an audit entry with the count. Neither names anybody. What is counted and
// what is removed are the same question to the database.
//
// Permissions: retention.see. Setting a period is setting a policy value. Table: retention_run.
package retention
