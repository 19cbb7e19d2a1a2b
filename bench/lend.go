package bench

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/activity"
	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
)

// Member is a member of a district that was laid out: their file, who they are, where they live and where they belong.
type Member struct{ ID, Person, Community, Unit id.ID }

// Laid is a district in a database of its own, closed, for whoever starts a server on it.
type Laid struct {
	Address     string // of the database
	Keys        string // the key file
	Tenant      int64
	Root        id.ID
	Communities []id.ID
	Units       []id.ID
	Members     []Member
	Drop        func() error // removes the database
}

// Lay makes a district with its residents and members and closes its database. Of the options it takes Scale, Server, Dir and Progress; Dir must be there.
func Lay(ctx context.Context, o Options) (*Laid, error) {
	w := &world{o: o, dir: o.Dir}
	d, err := w.found(ctx)
	if err != nil {
		if d != nil {
			err = errors.Join(err, d.close())
		}
		return nil, err
	}
	w.ours = d
	w.say(i18n.BenchFilling)
	err = d.bring(ctx, w.residents(), o.Scale.Residents)
	var members []served
	if err == nil {
		members, err = w.members(ctx)
	}
	if err = errors.Join(err, d.app.Close()); err != nil {
		return nil, errors.Join(err, d.drop())
	}
	l := &Laid{Address: d.address, Keys: w.keys(), Tenant: d.tenant, Root: d.root, Communities: d.communities, Units: d.units, Drop: d.drop}
	for _, m := range members {
		l.Members = append(l.Members, Member{m.member, m.person, m.community, m.unit})
	}
	return l, nil
}

// Enter makes accounts that share a password and gives each a session of twelve hours: their cookies, and the accounts.
func Enter(ctx context.Context, a *app.App, actor authz.Actor, password string, list []authn.NewAccount) (cookies []string, made []authn.Account, err error) {
	if made, err = a.Authn.CreateMany(ctx, actor, password, list); err != nil {
		return nil, nil, err
	}
	cookies = make([]string, len(made))
	for i := range cookies {
		secret := make([]byte, 32)
		_, _ = rand.Read(secret) // never fails since Go 1.24
		cookies[i] = strconv.FormatInt(actor.Tenant, 10) + "." + base64.RawURLEncoding.EncodeToString(secret)
	}
	now := a.DB.Now()
	return cookies, made, a.DB.WithTx(ctx, func(tx *db.Tx) error {
		return tx.InsertMany(ctx, "session", []string{"tenant_id", "token_hash", "id", "account_id", "stage", "created_at", "last_seen_at", "expires_at", "ip", "user_agent"}, len(made), func(i int) []any {
			return []any{actor.Tenant, seal.Hash([]byte(cookies[i])), id.New(), made[i].ID, string(authn.StageFull), db.Micros(now), db.Micros(now), db.Micros(now.Add(12 * time.Hour)), "10.0.0.1", "bench"}
		})
	})
}

// Hold publishes an activity of a community that began ten minutes ago and goes on for some time; its kind asks for nothing.
func Hold(ctx context.Context, a *app.App, actor authz.Actor, community id.ID, long time.Duration) (id.ID, error) {
	kinds, err := a.Activity.Kinds(ctx, actor, false)
	if err != nil {
		return 0, err
	}
	kind := ""
	for _, k := range kinds {
		if kind == "" && len(k.Fields) == 0 {
			kind = k.Code
		}
	}
	now := a.DB.Now()
	made, err := a.Activity.Create(ctx, actor, activity.Plan{CommunityID: community, KindCode: kind, Title: i18n.LoadActivity.In(i18n.ZH), Place: i18n.LoadPlace.In(i18n.ZH),
		StartsAt: now.Add(-10 * time.Minute), EndsAt: now.Add(long), GivesHours: true})
	if err == nil {
		err = a.Activity.Publish(ctx, actor, made)
	}
	return made, err
}

// Plain is the environment without the operator's own settings: a server that is measured takes no snapshots into their folder and sends nothing through their gateway.
func Plain() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "LINLI_") })
}

// Median is the middle of some numbers, 0 of none.
func Median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	return median(v)
}

// Resident is the resident memory of a process in megabytes.
func Resident(pid int) (float64, error) { return resident(pid) }

// FreeAddress is an address of this machine on which nobody listens.
func FreeAddress() (string, error) { return freeAddress() }
