package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/config"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/organisation"
)

// Scale says how large the district is and how long is measured.
type Scale struct {
	Name        string
	Communities int
	Units       int
	Residents   int
	Members     int
	Postings    int
	Rounds      int           // turns of each job
	Slice       time.Duration // of a job that goes on until it is stopped
	Settle      time.Duration // longest wait for a server at rest
	Neighbours  int           // other districts in the same database, each with
	Beside      int           // so many residents; what is measured is the first district
}

// All is how many residents there are, those of the neighbours too.
func (s Scale) All() int { return s.Residents + s.Neighbours*s.Beside }

// The scales that can be asked for.
var (
	Small    = Scale{"small", 6, 40, 20_000, 1_500, 50_000, 3, 150 * time.Millisecond, 4 * time.Second, 0, 0}
	District = Scale{"district", 60, 400, 410_000, 30_000, 1_000_000, 3, 4 * time.Second, 30 * time.Second, 0, 0}
	City     = Scale{"city", 60, 400, 410_000, 30_000, 1_000_000, 3, 4 * time.Second, 30 * time.Second, 29, 89_320} // 30 districts, 3,000,280 residents
	tiny     = Scale{"tiny", 2, 4, 400, 40, 600, 1, 100 * time.Millisecond, time.Second, 0, 0}                      // for tests
)

// ScaleNamed finds a scale by its name.
func ScaleNamed(name string) (Scale, bool) {
	for _, s := range []Scale{Small, District, City, tiny} {
		if s.Name == name {
			return s, true
		}
	}
	return Scale{}, false
}

// tenantCode belongs to no real district.
const tenantCode = "329901"

// firstNeighbour is the code of the first of the other districts.
const firstNeighbour = 329902

// world is everything that a run has made.
type world struct {
	o      Options
	dir    string
	remove func() error

	list []byte // of residents, as a CSV file

	ours     *district // filled with residents, nil as long as no job needed them
	bare     *bare     // the same rows in a database of its own
	bareAt   string    // its address
	dropBare func() error

	peak float64 // the most memory that a turn of ours took so far, in megabytes
}

// district is a database of the platform with a tenant and its organisations.
type district struct {
	app         *app.App
	address     string
	drop        func() error
	tenant      int64
	root        id.ID
	communities []id.ID
	units       []id.ID
	posting     bool             // they are being made
	posted      bool             // members and their postings are there
	entered     int64            // turns of entering residents so far: their numbers go on from there
	neighbours  []int64          // tenants of the other districts
	tokens      map[id.ID]string // of the communities' secretaries, made when one is needed
}

func newWorld(ctx context.Context, o Options) (*world, error) {
	if o.Scale.Rounds == 0 {
		o.Scale = Small
	}
	dir, remove, err := o.folder()
	if err != nil {
		return nil, err
	}
	w := &world{o: o, dir: dir, remove: remove}
	if o.Keep {
		err = w.resume(ctx)
	}
	return w, err
}

func (w *world) close() error {
	if w.o.Keep {
		return w.keep()
	}
	return errors.Join(w.forget(), w.remove())
}

// forget removes the databases.
func (w *world) forget() error {
	var err error
	if w.o.Keep {
		err = os.RemoveAll(w.keptFile())
	}
	if w.ours != nil {
		err = errors.Join(err, w.ours.close())
		w.ours = nil
	}
	if w.bare != nil {
		err = errors.Join(err, w.bare.close(), w.dropBare())
		w.bare = nil
	}
	return err
}

func (d *district) close() error { return errors.Join(d.app.Close(), d.drop()) }

func (w *world) keys() string { return filepath.Join(w.dir, "linli.keys") }

// found makes a database with a tenant, communities and units.
func (w *world) found(ctx context.Context) (*district, error) {
	address, drop, err := w.place(ctx, "ours")
	if err != nil {
		return nil, err
	}
	d := &district{address: address, drop: drop}
	if err := w.open(ctx, d); err != nil {
		return nil, errors.Join(err, drop())
	}
	if d.tenant, d.root, err = d.app.CreateTenant(ctx, tenantCode, i18n.BenchDistrict.In(i18n.ZH)); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, d.organise(ctx, w.o.Scale)
}

func (w *world) open(ctx context.Context, d *district) (err error) {
	cfg := config.Defaults()
	cfg.DB, cfg.KeyFile = d.address, w.keys()
	cfg.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} // callers say where they call from
	d.app, err = app.Open(ctx, cfg, app.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	return err
}

// actor is the platform itself, in the whole district.
func (d *district) actor() authz.Actor { return authz.System(d.tenant, "bench") }

func (d *district) organise(ctx context.Context, s Scale) error {
	make := func(n organisation.NewOrganisation) (id.ID, error) {
		saved, err := d.app.Organisation.Create(ctx, d.actor(), n)
		return saved.ID, err
	}
	for i := range s.Communities {
		c, err := make(organisation.NewOrganisation{Kind: organisation.Community, Name: communityName(i), ParentID: d.root})
		if err != nil {
			return err
		}
		d.communities = append(d.communities, c)
	}
	for i := range s.Units {
		u, err := make(organisation.NewOrganisation{Kind: organisation.Unit, Name: fmt.Sprintf("%s%03d", i18n.BenchUnit.In(i18n.ZH), i+1),
			ParentID: d.root, CommunityID: d.communities[i%len(d.communities)]})
		if err != nil {
			return err
		}
		d.units = append(d.units, u)
	}
	return nil
}

func communityName(i int) string { return fmt.Sprintf("%s%02d", i18n.BenchCommunity.In(i18n.ZH), i+1) }

// token makes an account with a role at an organisation and gives a token of the JSON API.
func (d *district) token(ctx context.Context, role string, org id.ID) (string, error) {
	a, _, err := d.app.Authn.Create(ctx, d.actor(), authn.NewAccount{Login: "bench-" + id.New().String(), Name: "Bench", Password: authn.TemporaryPassword(), Keep: true,
		Grants: []authn.NewGrant{{Role: role, OrgID: org}}})
	if err != nil {
		return "", err
	}
	actor, err := d.app.Authn.ActorFor(ctx, d.tenant, a.ID)
	if err != nil {
		return "", err
	}
	text, _, err := d.app.Authn.CreateToken(ctx, actor, authn.NewToken{Name: "bench"})
	return text, err
}

// residents is the list of residents, made once.
func (w *world) residents() []byte {
	if w.list == nil {
		w.list = residentList(w.o.Scale)
	}
	return w.list
}

// bring imports the list of residents.
func (d *district) bring(ctx context.Context, list []byte, rows int) error {
	return d.take(ctx, intake.NewImport{Kind: "residents", FileName: "residents.csv", Content: list}, rows)
}

// take imports a file of residents.
func (d *district) take(ctx context.Context, file intake.NewImport, rows int) error {
	sum, problems, err := d.app.Intake.Direct(ctx, d.actor(), file, intake.Choice{}, nil)
	if err == nil && sum.Inserted != int64(rows) {
		err = fmt.Errorf("bench: %d of %d residents were taken (%d problems)", sum.Inserted, rows, len(problems))
	}
	return err
}

// filled makes the district with its residents and the same rows in a bare database, once.
func (w *world) filled(ctx context.Context) error {
	if err := w.peopled(ctx); err != nil || w.bare != nil {
		return err
	}
	_, err := w.importBare(ctx)
	return err
}

// peopled makes the district with its residents, and its neighbours with theirs, once.
func (w *world) peopled(ctx context.Context) error {
	if w.ours == nil {
		w.say(i18n.BenchFilling)
		if _, err := w.importOurs(ctx); err != nil {
			return err
		}
	}
	if len(w.ours.neighbours) == w.o.Scale.Neighbours {
		return nil
	}
	w.ours.posting = true // not whole until all are there
	s := w.o.Scale
	s.Communities, s.Units, s.Residents = max(1, s.Communities*s.Beside/s.Residents), 1, s.Beside
	list := residentList(s)
	for i := len(w.ours.neighbours); i < s.Neighbours; i++ {
		n := &district{app: w.ours.app}
		var err error
		if n.tenant, n.root, err = n.app.CreateTenant(ctx, strconv.Itoa(firstNeighbour+i), i18n.BenchDistrict.In(i18n.ZH)); err != nil {
			return err
		}
		w.note("neighbour %d of %d", i+1, s.Neighbours)
		if err := errors.Join(n.organise(ctx, s), n.bring(ctx, list, s.Residents)); err != nil {
			return err
		}
		w.ours.neighbours = append(w.ours.neighbours, n.tenant)
	}
	w.ours.posting = false
	if w.bare == nil {
		return nil
	}
	err := errors.Join(w.bare.close(), w.dropBare()) // it has the rows of the first district only
	w.bare = nil
	return err
}

// nobodyBefore is the birthday of the oldest invented resident: nobody alive has such an ID number.
var nobodyBefore = time.Date(1820, 1, 1, 0, 0, 0, 0, time.UTC)

// nameAt makes the name of resident i.
func nameAt(i int) string {
	surnames, given := []rune(i18n.BenchSurnames), []rune(i18n.BenchGiven)
	name := string(surnames[i*7919%len(surnames)]) + string(given[i*104729%len(given)])
	if i%5 > 0 {
		name += string(given[i*1299709/7%len(given)])
	}
	return name
}

// residentList writes the residents of the district as people keep them: a CSV file with Chinese headers.
func residentList(s Scale) []byte {
	var b bytes.Buffer
	b.Grow(s.Residents * 150)
	var header []string
	for _, t := range []i18n.Text{i18n.ResidentName, i18n.CodeIDName, i18n.CodeSexList, i18n.ResidentBorn, i18n.ResidentPhone, i18n.CodePoliticalList,
		i18n.CodeSchoolingList, i18n.ResidentCommunity, i18n.ResidentQuarter, i18n.ResidentBuilding, i18n.ResidentStairwell, i18n.ResidentRoom,
		i18n.CodeHeadRelationList, i18n.CodeResidenceList, i18n.CodeCategoryList} {
		header = append(header, t.In(i18n.ZH))
	}
	b.WriteString(strings.Join(header, ",") + "\n")
	label := func(l *code.List, at int) string { return l.Items()[at].Label.In(i18n.ZH) }
	relation := []string{label(code.HeadRelations, 0), label(code.HeadRelations, 1), label(code.HeadRelations, 2)}
	category := []string{"", label(code.ResidentCategories, 0), "", label(code.ResidentCategories, 1)}
	politics, schooling, residence := label(code.PoliticalStatuses, len(code.PoliticalStatuses.Items())-1), label(code.Schoolings, 0), label(code.ResidenceKinds, 0)
	sexes := []string{code.Female.Text().In(i18n.ZH), code.Male.Text().In(i18n.ZH)}
	for i := range s.Residents {
		born := nobodyBefore.AddDate(0, 0, i%30_000)
		number := code.WithCheck(fmt.Sprintf("%s%s%03d", tenantCode, born.Format("20060102"), i/30_000*20+i%2))
		home := i / 3
		fmt.Fprintf(&b, "%s,%s,%s,%s,13%09d,%s,%s,%s,%s%d,%d,%d,%d,%s,%s,%s\n", nameAt(i), number, sexes[i%2], born.Format(time.DateOnly), i, politics, schooling,
			communityName(i*s.Communities/s.Residents), i18n.ResidentQuarter.In(i18n.ZH), home%7, home/48%30+1, home/16%3+1, 101+home%4*100,
			relation[i%3], residence, category[i%4])
	}
	return b.Bytes()
}

func removeFiles(file string) error {
	var err error
	for _, f := range []string{file, file + "-wal", file + "-shm"} {
		if e := os.Remove(f); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = e
		}
	}
	return err
}
