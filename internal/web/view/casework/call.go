package casework

import (
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// CallsPath is where calls are taken down, CallPath the desk for one.
const (
	CallsPath = "/calls"
	CallPath  = CallsPath + "/new"
)

// Call is the desk where a call is taken.
type Call struct {
	New
	Caller   casework.Caller
	Problem  string // what is wrong with the number
	Proposed []casework.Proposed
	Doubles  []casework.Double
	Asked    bool // doubles were looked for
	Now      time.Time
}

// Taken is a call that was entered.
type Taken struct {
	casework.Receipt
	Sees  bool   // the operator sees the case
	Board string // where somebody is sent; "" where nobody is
}

func (c Call) kinds() []field.Option {
	var out []field.Option
	for _, k := range c.Kinds {
		out = append(out, field.Option{Value: k.Code, Text: k.Text()})
	}
	return out
}

func (c Call) lastName(ctx context.Context) string {
	if c.Caller.Last.Name == "" {
		return i18n.T(ctx, i18n.CallLastNobody)
	}
	return c.Caller.Last.Name
}

func lastPlace(l casework.LastCall) string {
	s := l.Community
	for _, p := range []string{l.Building, l.Place} {
		if p != "" {
			s += " " + p
		}
	}
	return s
}

// idValue is a record as the value of a field; none is empty.
func idValue(n id.ID) string {
	if n == 0 {
		return ""
	}
	return n.String()
}

type shortcut struct {
	key  string
	text i18n.Text
}

// keys are what Alt does on the page of a call.
func keys() []shortcut {
	return []shortcut{{"1", i18n.CallKeyNumber}, {"2", i18n.CallKeyWhat}, {"3", i18n.CallKeyPlace}, {"4", i18n.CallKeyItem}, {"L", i18n.CallKeyLast}, {"K", i18n.CallKeyPropose},
		{"J", i18n.CallKeyJoin}, {"S", i18n.CallKeySave}, {"N", i18n.CallKeyNext}}
}

func (d Taken) facts(ctx context.Context) []partial.Fact {
	out := []partial.Fact{partial.F(i18n.CallReadWho, d.Org)}
	if !d.DueAt.IsZero() {
		due := i18n.DateTime(d.DueAt)
		if d.Provisional {
			due += i18n.T(ctx, i18n.CaseProvisional)
		}
		out = append(out, partial.F(i18n.CallReadDue, due))
	}
	return out
}
