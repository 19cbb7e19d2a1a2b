package load

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"linli/internal/code"
	"linli/internal/i18n"
)

// act is one request as somebody makes it. Sent again it is the very same: the keys in it let the server do it once.
type act struct {
	method, path string
	form         url.Values
	json         []byte
	key          string // of a write through the API
	cookie       string
	token        string
	address      string // of who asks
	writes       kind   // what is written, "" for reading
	subject      string // what is looked for at the end: a title, an ID, an ID number
	instead      string // the visit that it is, where there was nothing left to do for the one that came
	once         bool   // sent again after it was done, it is refused (409), and that is as good as an answer
}

// kind is what a write leaves behind.
type kind string

const (
	aCase     kind = "case"
	anAccept  kind = "accept"
	aResident kind = "resident"
	aSignIn   kind = "sign-in"
)

func pick[T any](list []T) T { return list[rand.IntN(len(list))] }

// somewhere is the address of somebody at home.
func somewhere() string {
	n := rand.Uint32()
	return fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, 1+n%254)
}

func (w *world) desk(path string) act {
	s := pick(w.staff)
	return act{method: "GET", path: path, cookie: s.cookie, address: s.address}
}

func firstPage(w *world) act    { return w.desk("/") }
func residentList(w *world) act { return w.desk("/residents") }
func caseList(w *world) act     { return w.desk("/cases") }

func residentSearch(w *world) act {
	return w.desk("/residents?" + url.Values{"q": {pick(w.people).name}}.Encode())
}

// residentPage opens a file with somebody who may see it.
func residentPage(w *world) act {
	p := pick(w.people)
	s := pick(w.at[p.community])
	return act{method: "GET", path: "/residents/" + p.id.String(), cookie: s.cookie, address: s.address}
}

func casePage(w *world) act {
	c := pick(w.cases)
	s := pick(w.at[c.community])
	return act{method: "GET", path: "/cases/" + c.id.String(), cookie: s.cookie, address: s.address}
}

func logIn(w *world) act {
	s := pick(w.staff)
	return act{method: "POST", path: "/login", form: url.Values{"login": {s.login}, "password": {w.password}, "next": {"/"}}, address: s.address}
}

func publicPage(*world) act { return act{method: "GET", path: "/p", address: somewhere()} }

func reportForm(*world) act {
	return act{method: "GET", path: "/p/report?kind=opinion", address: somewhere()}
}

func memberPage(w *world) act {
	return act{method: "GET", path: "/m", cookie: pick(w.members).cookie, address: somewhere()}
}

func unitPage(w *world) act {
	s := pick(w.liaisons)
	return act{method: "GET", path: pick([]string{"/", "/slips", "/cases"}), cookie: s.cookie, address: s.address}
}

// report is a resident's, with the key that the form brought.
func report(w *world) act {
	n := w.number.Add(1)
	words := i18n.LoadWords.In(i18n.ZH, n)
	return act{method: "POST", path: "/p/report", address: somewhere(), writes: aCase, subject: words, form: url.Values{
		"kind": {"opinion"}, "community": {pick(w.communities).String()}, "body": {words}, "place": {"3-501"}, "key": {fmt.Sprintf("%s-%d", w.run, n)}}}
}

// accept takes the next case that nobody has accepted. When they are all accepted, somebody only looks at one.
func accept(w *world) act {
	n := int(w.accepted.Add(1)) - 1
	if n >= len(w.waiting) {
		a := casePage(w)
		a.instead = "case"
		return a
	}
	c := w.waiting[n]
	s := pick(w.at[c.community])
	return act{method: "POST", path: "/cases/" + c.id.String() + "/accept", cookie: s.cookie, address: s.address, writes: anAccept, subject: c.id.String(),
		form: url.Values{"version": {fmt.Sprint(c.version)}}, once: true}
}

// create enters a resident through the API, as a system that is connected does.
func create(w *world) act {
	n := w.number.Add(1)
	born := time.Date(1830, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n%3000))
	number := code.WithCheck(fmt.Sprintf("329902%s%03d", born.Format("20060102"), n/3000%1000))
	body, err := json.Marshal(map[string]string{"community_id": w.communities[0].String(), "name": i18n.LoadName.In(i18n.ZH), "id_number": number})
	if err != nil {
		panic(err) // a map of strings
	}
	return act{method: "POST", path: "/api/v1/residents", json: body, key: fmt.Sprintf("%s-%d", w.run, n), token: w.token, address: "10.0.0.1", writes: aResident, subject: number, once: true}
}

// signIn signs the next member in with the digits on the screen.
func signIn(w *world) act {
	n := int(w.signed.Add(1)) - 1
	if n >= len(w.members) {
		a := memberPage(w)
		a.instead = "member"
		return a
	}
	m := w.members[n]
	return act{method: "POST", path: "/m/sign/in", cookie: m.cookie, address: somewhere(), writes: aSignIn, subject: m.person.String(),
		form: url.Values{"activity": {w.activity.String()}, "digits": {*w.digits.Load()}}}
}

// body is what is sent, and its type.
func (a act) body() (text, mime string) {
	switch {
	case a.json != nil:
		return string(a.json), "application/json"
	case a.form != nil:
		return a.form.Encode(), "application/x-www-form-urlencoded"
	}
	return "", ""
}

// took says whether an answer acknowledges the act. A page that asks for the log-in is no answer to somebody who has entered.
func (a act) took(code int, location string) bool {
	return (code >= 200 && code < 300) || (code == 303 && (a.path == "/login" || !strings.HasPrefix(location, "/login")))
}
