package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/member"
)

// Certificate is a certificate in force with what it says.
type Certificate struct {
	ID           rest.ID   `json:"id" doc:"Paper."`
	Number       string    `json:"number" doc:"Number printed on it."`
	Code         string    `json:"code" doc:"Verification code."`
	MemberID     rest.ID   `json:"member_id" doc:"Member."`
	Kind         string    `json:"kind" doc:"Kind of member."`
	Name         string    `json:"name" doc:"Name."`
	Organisation string    `json:"organisation,omitempty" doc:"Branch or unit."`
	Community    string    `json:"community,omitempty" doc:"Community."`
	Since        rest.Date `json:"since,omitempty" doc:"Registered since."`
	IssuedAt     time.Time `json:"issued_at" doc:"When it was issued."`
	Hash         string    `json:"hash" doc:"SM3 of the content."`
}

// Issued counts certificates.
type Issued struct {
	Count int `json:"count" doc:"How many were issued; who has one that is up to date keeps it."`
}

type certificateQuery struct {
	Members []string `query:"member" required:"true" minItems:"1" maxItems:"200" doc:"Members, separated by commas."`
}

// Plaque is what the public sees of a member who shows it.
type Plaque struct {
	Name      string   `json:"name" doc:"Name."`
	Motto     string   `json:"motto,omitempty" doc:"Motto."`
	Community string   `json:"community" doc:"Community."`
	Kind      string   `json:"kind" doc:"Kind of member."`
	Posts     []string `json:"posts" nullable:"false" doc:"Responsibilities claimed at present."`
}

type plaquePath struct {
	Address string `path:"address" maxLength:"40" doc:"Address on the plaque, like 320902-K7QF2M8P."`
}

func (h *handlers) certificates(k *rest.Kit) {
	const tag = "certificates"
	issue := perms(member.PermCertificate)
	rest.Get(k, rest.Op{ID: "certificate-list", Path: "/certificates", Tag: tag, Title: "Certificates in force of members", Text: "Members without one, or whose certificate is out of date, are refused by name: issue first.", Needs: perms(member.PermCertificate, member.PermSee, member.PermSeeOwn)},
		func(ctx context.Context, a authz.Actor, in *certificateQuery) (rest.All[Certificate], error) {
			ids := make([]rest.ID, len(in.Members))
			for i, m := range in.Members {
				ids[i] = rest.ID(m)
			}
			l, err := h.Member.Certificates(ctx, a, rest.IDs(ids)...)
			return rest.AllOf(l, func(c member.Certificate) Certificate {
				return Certificate{rest.IDOf(c.ID), c.Number, c.Code, rest.IDOf(c.MemberID), string(c.Kind), c.Name, c.Organisation, c.Community, rest.DateOf(c.Since), c.IssuedAt.UTC(), c.ContentHash}
			}), err
		})
	rest.Post(k, rest.Op{ID: "certificate-issue", Path: "/certificates", Tag: tag, Title: "Issue certificates for members of a community; all or none", Needs: issue},
		func(ctx context.Context, a authz.Actor, in *rest.In[IDs]) (Issued, error) {
			n, err := h.Member.IssueCertificates(ctx, a, rest.IDs(in.Body.IDs)...)
			return Issued{n}, err
		})
	rest.Act(k, rest.Op{ID: "certificate-reissue", Path: "/members/{id}/certificate/reissue", Tag: tag, Title: "Take the certificate out of force and issue a new one", Needs: issue},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Reason]) error {
			return h.Member.Reissue(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Act(k, rest.Op{ID: "certificate-revoke", Path: "/members/{id}/certificate/revoke", Tag: tag, Title: "Take the certificate out of force with the reason", Needs: issue},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Reason]) error {
			return h.Member.RevokeCertificate(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Get(k, rest.Op{ID: "plaque", Path: "/plaques/{address}", Tag: "verification", Title: "The plaque of a member who shows it", Public: true},
		func(ctx context.Context, _ authz.Actor, in *plaquePath) (Plaque, error) {
			p, err := h.Member.PublicPlaque(ctx, in.Address)
			return Plaque{p.Name, p.Motto, p.Community, string(p.Kind), append([]string{}, p.Posts...)}, err
		})
}
