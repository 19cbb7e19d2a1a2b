// Package browsertest walks through the running product in a real Chromium, the way people use it,
// at desktop and phone width. It has only tests, behind the build tag "browser":
//
//	go test -tags browser ./internal/web/browsertest/...
//
// The binary is built once and started as `linli demo` on a free port with an empty data folder; one
// Chromium serves the whole run and each test gets a tab with its own cookies:
//
//	p := Open(t, Phone)
//	p.Login("secretary")        // an account of the demonstration, by role or user name
//	p.Visit("/members")
//	p.Fill("姓名", "王小明")      // by label
//	p.Click("保存")              // by what the button or link says
//	p.WaitText("已保存")
//	p.Check("member-saved")     // accessibility, width, screenshot
//
// Every page fails its test by itself if there was a console error, an uncaught exception, a violation
// of the Content-Security-Policy, a request to another origin or a failed request. A refusal that the
// test provokes is announced with Expect(403).
//
// Settings: LINLI_SHOTS=DIR keeps screenshots there; LINLI_CHROMIUM names the browser; LINLI_BROWSER_SCALE
// is the scale of the demonstration (small); LINLI_BROWSER_URL, with LINLI_BROWSER_ACCOUNTS (the one line
// that `linli demo -json` prints, or a file holding it), uses a server that is already running.
//
// Accessibility is judged by axe-core (testdata/axe.min.js, MPL-2.0, unmodified, version 4.14.1), which
// is used by tests only and never enters the product.
package browsertest
