package casework

import (
	"context"
	"encoding/json"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
)

// Opening is what other systems may do with cases of a kind over Open311.
type Opening string

// The openings.
const (
	NotOpen Opening = ""
	SentIn  Opening = "sent"   // they send them in, and each reads those that it sent
	Public  Opening = "public" // that, and anybody reads how far each case of the kind is
)

// Openings lists the openings.
func Openings() []Opening { return []Opening{NotOpen, SentIn, Public} }

// Text says what the opening means.
func (o Opening) Text() i18n.Text {
	return map[Opening]i18n.Text{NotOpen: i18n.GeoreportNot, SentIn: i18n.GeoreportSent, Public: i18n.GeoreportPublic}[o]
}

// MaxSent is how much another system may say of a case, by the specification.
const MaxSent = 4000

// Bounds of what else is taken.
const (
	maxLink    = 500
	maxWho     = 80
	maxEmail   = 100
	maxAddress = 200
	// repeated is how long the same content from the same system is the same sending, where the system names none.
	repeated = 10 * time.Minute
)

// Spots says where a position lies.
type Spots interface {
	// Spot gives the community and the grid of a position in micro-degrees; ok is false outside the district.
	Spot(ctx context.Context, tenant, x, y int64) (community, grid id.ID, ok bool, err error)
}

// WithSpots connects the outlines of places. The composition root calls it once.
func (s *Service) WithSpots(p Spots) *Service {
	s.spots = p
	return s
}

// Offer is something that other systems send cases about: a category of a kind, or the kind alone where no category is known.
type Offer struct {
	Code   string // of the kind, and of the category behind it
	Kind   Kind
	ItemID id.ID
	Name   i18n.Text
	Note   i18n.Text
	Class  i18n.Text
}

// mostOffers bounds the list.
const mostOffers = 2000

// offerCode names an offer: kinds have no dash in their code.
func offerCode(kind string, item id.ID) string {
	if item == 0 {
		return kind
	}
	return kind + "-" + item.String()
}

// parseOffer takes the code of an offer apart.
func parseOffer(s string) (kind string, item id.ID, ok bool) {
	kind, rest, cut := strings.Cut(s, "-")
	if !cut {
		return kind, 0, kind != ""
	}
	item, err := id.Parse(rest)
	return kind, item, err == nil
}

// Offers gives what other systems may send cases about. It reveals nothing, so it needs no permission.
func (s *Service) Offers(ctx context.Context, tenant int64) ([]Offer, error) {
	return s.offers(ctx, tenant, "", nil)
}

// Offer gives one offer by its code.
func (s *Service) Offer(ctx context.Context, tenant int64, code string) (Offer, error) {
	kind, item, ok := parseOffer(code)
	if !ok {
		return Offer{}, errs.New(errs.NotFound, i18n.GeoreportNoService)
	}
	list, err := s.offers(ctx, tenant, kind, &item)
	if err == nil && len(list) != 1 {
		err = errs.New(errs.NotFound, i18n.GeoreportNoService)
	}
	if err != nil {
		return Offer{}, err
	}
	return list[0], nil
}

func (s *Service) offers(ctx context.Context, tenant int64, only string, item *id.ID) ([]Offer, error) {
	all, err := kinds(ctx, s.db, tenant)
	if err != nil {
		return nil, err
	}
	open := map[string]Kind{}
	var out []Offer
	for _, k := range all {
		if k.Retired || !bySystem.open(k) || only != "" && k.Code != only {
			continue
		}
		open[k.Code] = k
		if item == nil || *item == 0 {
			name := k.Text()
			if k.List != "" {
				name = i18n.Both(i18n.GeoreportGeneral.In(i18n.ZH, k.Text().In(i18n.ZH)), i18n.GeoreportGeneral.In(i18n.EN, k.Text().In(i18n.EN)))
			}
			out = append(out, Offer{Code: k.Code, Kind: k, Name: name, Note: name, Class: k.Text()})
		}
	}
	if len(open) == 0 || item != nil && *item == 0 {
		return out, nil
	}
	rows, err := offered(ctx, s.db, tenant, item)
	for _, r := range rows {
		k, ok := open[r.kind]
		if !ok {
			continue
		}
		o := Offer{Code: offerCode(r.kind, r.id), Kind: k, ItemID: r.id, Name: i18n.Both(r.name, r.nameEN), Note: i18n.Both(r.note, r.noteEN), Class: i18n.Both(r.class, r.classEN)}
		if r.note == "" {
			o.Note = o.Name
		}
		if r.class == "" {
			o.Class = k.Text()
		}
		out = append(out, o)
	}
	slices.SortStableFunc(out, func(a, b Offer) int { return int(a.Kind.Rank - b.Kind.Rank) })
	return out, err
}

// Incoming is a case as another system sends it.
type Incoming struct {
	Offer       string // code of an offer
	Placed      bool   // X and Y are given
	X, Y        int64  // micro-degrees
	Address     string
	AddressID   string // of a building, or of a community
	Body        string // "" takes the name of the offer
	Answers     map[string]string
	First, Last string // of who reports it
	Phone       string
	Email       string
	MediaURL    string // kept as words; nothing is fetched from it
	Files       []attach.New
	Key         string // names the sending; "" where the system names none
}

// sent is what another system says of a case beyond what people say.
type sent struct {
	x, y    int64
	grid    id.ID
	who     string
	link    string
	sending sending
}

// Receive takes a case from another system (PermConnect at the community). Sent again with the same key within a day, or with the same content within ten minutes
// where it names no key, it gives the first receipt. A position outside the district is refused.
func (s *Service) Receive(ctx context.Context, actor authz.Actor, in Incoming) (Receipt, error) {
	if !actor.Can(PermConnect) {
		return Receipt{}, errs.ErrForbidden
	}
	o, err := s.Offer(ctx, actor.Tenant, in.Offer)
	if err != nil {
		return Receipt{}, err
	}
	n := Report{Kind: o.Kind.Code, ItemID: o.ItemID, Body: in.Body, Answers: in.Answers, Channel: ByOther, Files: in.Files, from: &sent{sending: sendingOf(in)}}
	if strings.TrimSpace(n.Body) == "" {
		n.Body = o.Name.In(i18n.ZH)
	}
	if e := n.reporterOf(in); e != nil {
		return Receipt{}, e
	}
	if err := s.placeOf(ctx, actor.Tenant, in, &n); err != nil {
		return Receipt{}, err
	}
	if err := actor.Scope(PermConnect).Require(n.CommunityID); err != nil {
		return Receipt{}, errs.New(errs.Forbidden, i18n.GeoreportOtherPlace)
	}
	return s.enter(ctx, actor, n, bySystem)
}

// sendingOf names a sending by its key, or else by all that is in it.
func sendingOf(in Incoming) sending {
	key := in.Key
	in.Key = ""
	files := in.Files
	in.Files = nil
	plain, err := json.Marshal(in)
	if err != nil {
		return sending{} // texts and numbers always encode
	}
	for _, f := range files {
		plain = append(plain, seal.Hash(f.Content)...)
	}
	hash := seal.Hash(plain)
	if key == "" {
		return sending{key: "open311-" + hash, hash: hash, keep: repeated}
	}
	return sending{key: "open311:" + key, hash: hash, keep: keepKeys}
}

// reporterOf puts who reports it together. A telephone number that is none of this country is kept as it was written.
func (n *Report) reporterOf(in Incoming) error {
	var e *errs.Error
	e = errs.Words(e, "first_name", &in.First, MaxPlace, false)
	e = errs.Words(e, "last_name", &in.Last, MaxPlace, false)
	e = errs.Words(e, "phone", &in.Phone, 40, false)
	e = errs.Words(e, "email", &in.Email, maxEmail, false)
	e = errs.Words(e, "address_string", &in.Address, maxAddress, false)
	who := strings.TrimSpace(in.First + " " + in.Last)
	if strings.IndexFunc(who, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0 {
		who = in.Last + in.First
	}
	e = errs.Words(e, "first_name", &who, maxWho, false)
	if in.Email != "" {
		a, err := mail.ParseAddress(in.Email)
		if err != nil || a.Address != in.Email {
			e = e.With("email", i18n.GeoreportBadEmail)
		}
		who += " <" + in.Email + ">"
	}
	if _, problem := code.ParsePhone(in.Phone); in.Phone != "" && !problem.Blocks() {
		n.Phone = in.Phone
	} else {
		who += " " + in.Phone
	}
	if in.MediaURL != "" {
		u, err := url.Parse(in.MediaURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(in.MediaURL) > maxLink {
			e = e.With("media_url", i18n.GeoreportBadLink, maxLink)
		}
		n.from.link = in.MediaURL
	}
	n.from.who, n.Place = strings.TrimSpace(who), in.Address
	return e.OrNil()
}

// placeOf finds where it is: by the position, by the address ID, or by the community that the address names.
func (s *Service) placeOf(ctx context.Context, tenant int64, in Incoming, n *Report) error {
	var ok bool
	var err error
	if in.AddressID != "" {
		if n.CommunityID, n.BuildingID, ok, err = addressOf(ctx, s.db, tenant, in.AddressID); err != nil {
			return err
		}
		if !ok {
			return errs.Field("address_id", i18n.GeoreportNoAddress)
		}
	}
	switch {
	case in.Placed:
		community, grid, ok, err := s.spots.Spot(ctx, tenant, in.X, in.Y)
		if err != nil {
			return err
		}
		if !ok {
			return errs.Field("lat", i18n.GeoreportOutside)
		}
		if community != n.CommunityID { // the position is the surer one
			n.CommunityID, n.BuildingID = community, 0
		}
		n.from.x, n.from.y, n.from.grid = in.X, in.Y, grid
	case n.CommunityID != 0:
	case strings.TrimSpace(in.Address) == "":
		return errs.Field("lat", i18n.GeoreportNoPosition)
	default:
		if n.CommunityID, err = s.namedIn(ctx, tenant, in.Address); err != nil {
			return err
		}
		if n.CommunityID == 0 {
			return errs.Field("address_string", i18n.GeoreportNoPlace)
		}
	}
	return nil
}

// namedIn is the community whose name stands in an address, the longest one; 0 for none.
func (s *Service) namedIn(ctx context.Context, tenant int64, address string) (found id.ID, err error) {
	list, err := s.Communities(ctx, tenant)
	longest, address := 0, strings.ToLower(address)
	for _, c := range list {
		if name := strings.ToLower(c.Name); len(name) > longest && strings.Contains(address, name) {
			found, longest = c.ID, len(name)
		}
	}
	return found, err
}

// addressOf finds the building or the community of an address ID.
func addressOf(ctx context.Context, q db.Querier, tenant int64, address string) (community, building id.ID, ok bool, err error) {
	at, perr := id.Parse(address)
	if perr != nil {
		return 0, 0, false, nil
	}
	community, err = db.Value[id.ID](ctx, q, `SELECT b.community_id FROM building b WHERE b.tenant_id = $1 AND b.id = $2 AND b.ended_on = ''`, tenant, at)
	if err != nil || community != 0 {
		return community, at, community != 0, err
	}
	community, err = db.Value[id.ID](ctx, q, `SELECT o.id FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.kind = 'community_party' AND o.dissolved_on = ''`, tenant, at)
	return community, 0, community != 0, err
}
