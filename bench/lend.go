package bench

import (
	"context"
	"errors"

	"linli/internal/i18n"
	"linli/internal/id"
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

// Resident is the resident memory of a process in megabytes.
func Resident(pid int) (float64, error) { return resident(pid) }

// FreeAddress is an address of this machine on which nobody listens.
func FreeAddress() (string, error) { return freeAddress() }
