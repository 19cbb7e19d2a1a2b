package webhook

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"
)

// ErrInside means that an address lies where events do not go: on this machine, or in the network inside.
var ErrInside = errors.New("the address lies inside the network")

// Guard connects to addresses outside only. It looks at the address that is really connected to, after names were resolved, so that a name that points inside, or
// does so later, is of no use.
type Guard struct {
	allowed []string // hosts that the operator names, with or without a port
}

// NewGuard allows hosts that would be refused: "receiver.lan", "10.0.0.5:8443".
func NewGuard(allowed []string) *Guard { return &Guard{allowed: allowed} }

// ranges that are not outside, beyond what net/netip knows: shared address space, benchmarks, documentation, protocol assignments, 6to4 and translations of IPv4.
var inside = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"192.88.99.0/24", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10")

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// Outside says whether an address is one of the public network.
func Outside(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.IsUnspecified() || a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsInterfaceLocalMulticast() || a.Zone() != "" {
		return false
	}
	return !slices.ContainsFunc(inside, func(p netip.Prefix) bool { return p.Contains(a) })
}

func (g *Guard) allows(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	return err == nil && slices.ContainsFunc(g.allowed, func(a string) bool { return strings.EqualFold(a, host) || strings.EqualFold(a, hostport) })
}

// dial connects unless the address lies inside.
func (g *Guard) dial(ctx context.Context, network, hostport string) (net.Conn, error) {
	d := net.Dialer{Timeout: 5 * time.Second}
	if !g.allows(hostport) {
		d.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil || !Outside(ap.Addr()) {
				return fmt.Errorf("%w", ErrInside)
			}
			return nil
		}
	}
	return d.DialContext(ctx, network, hostport)
}

// Client sends events. It follows no redirects, asks no proxy, and keeps few connections.
func (g *Guard) Client() *http.Client {
	return &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: g.dial, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 2, MaxConnsPerHost: 4, IdleConnTimeout: 30 * time.Second, TLSHandshakeTimeout: 5 * time.Second,
			ResponseHeaderTimeout: 8 * time.Second, MaxResponseHeaderBytes: 16 << 10}}
}
