package demo

// Report is what was built.
type Report struct {
	Tenant   int64
	Accounts []Account
}
