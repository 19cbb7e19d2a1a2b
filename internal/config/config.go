// Package config reads the program's settings once, at the start: flags first, then environment variables LINLI_*, then
// defaults. The values travel on as parameters. A secret never stands in a flag or a variable: keys come from a file.
package config

import (
	"flag"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Config is everything that an operator may set.
type Config struct {
	DB            string         // sqlite:FILE or postgres://…
	Replica       string         // postgres://… of a replica that follows DB, for roll-ups, figures and exports; "" for none
	Conns         int            // connections to PostgreSQL at most; 0 for 8 × cores, at least 32
	KeyFile       string         // keys of sealed fields; beside the database file, or linli.keys
	Addr          string         // address to serve on
	MetricsAddr   string         // address of the metrics, "" for none
	BaseURL       string         // scheme and host that papers and QR codes name
	Proxies       []netip.Prefix // reverse proxies whose X-Forwarded-For is believed
	FontFile      string         // TrueType font with rare characters of names, "" for none
	Workers       int            // background jobs at once
	SnapshotDir   string         // folder of snapshots while serving, "" for none
	SnapshotEvery time.Duration  // between two snapshots
	SnapshotKeep  int            // newest snapshots kept; besides one of each day
	NoticeFile    string         // settings of e-mail, SMS, WeCom and DingTalk, with their secrets; "" for none
	WebhookHosts  []string       // hosts inside the network to which events may go
	SnapshotKey   string         // key file for encrypting snapshots, "" for none
	LogText       bool           // logs for people instead of JSON
	LogDebug      bool
}

// Defaults are the settings of a machine that nobody has set up.
func Defaults() Config {
	return Config{DB: "sqlite:linli.db", Addr: "127.0.0.1:8080", Workers: 2, SnapshotEvery: 5 * time.Minute, SnapshotKeep: 12}
}

// FromEnv gives the defaults changed by the environment.
func FromEnv(getenv func(string) string) Config {
	c := Defaults()
	for name, to := range map[string]*string{
		"LINLI_DB": &c.DB, "LINLI_REPLICA": &c.Replica, "LINLI_KEYS": &c.KeyFile, "LINLI_ADDR": &c.Addr, "LINLI_METRICS": &c.MetricsAddr, "LINLI_URL": &c.BaseURL,
		"LINLI_FONT": &c.FontFile, "LINLI_SNAPSHOTS": &c.SnapshotDir, "LINLI_SNAPSHOT_KEY": &c.SnapshotKey, "LINLI_NOTICES": &c.NoticeFile,
	} {
		if v := strings.TrimSpace(getenv(name)); v != "" {
			*to = v
		}
	}
	c.WebhookHosts = hosts(getenv("LINLI_WEBHOOK_HOSTS"))
	c.LogText = getenv("LINLI_LOG") == "text"
	c.LogDebug = getenv("LINLI_DEBUG") == "1"
	return c
}

// DatabaseFlags adds the flags that every command on a database takes.
func (c *Config) DatabaseFlags(fs *flag.FlagSet, text func(name string) string) {
	fs.StringVar(&c.DB, "db", c.DB, text("db"))
	fs.StringVar(&c.KeyFile, "keys", c.KeyFile, text("keys"))
}

// ServeFlags adds the flags of the commands that serve; proxies are read by Check.
func (c *Config) ServeFlags(fs *flag.FlagSet, text func(name string) string) {
	fs.StringVar(&c.Addr, "addr", c.Addr, text("addr"))
	fs.StringVar(&c.MetricsAddr, "metrics", c.MetricsAddr, text("metrics"))
	fs.StringVar(&c.BaseURL, "url", c.BaseURL, text("url"))
	fs.IntVar(&c.Conns, "connections", c.Conns, text("connections"))
	fs.StringVar(&c.Replica, "replica", c.Replica, text("replica"))
	fs.StringVar(&c.FontFile, "font", c.FontFile, text("font"))
	fs.IntVar(&c.Workers, "workers", c.Workers, text("workers"))
	fs.StringVar(&c.SnapshotDir, "snapshots", c.SnapshotDir, text("snapshots"))
	fs.DurationVar(&c.SnapshotEvery, "snapshot-every", c.SnapshotEvery, text("snapshot-every"))
	fs.IntVar(&c.SnapshotKeep, "snapshot-keep", c.SnapshotKeep, text("snapshot-keep"))
	fs.StringVar(&c.SnapshotKey, "snapshot-key", c.SnapshotKey, text("snapshot-key"))
	fs.BoolVar(&c.LogText, "log-text", c.LogText, text("log-text"))
	fs.StringVar(&c.NoticeFile, "notices", c.NoticeFile, text("notices"))
	fs.Func("webhook-host", text("webhook-host"), func(v string) error {
		c.WebhookHosts = append(c.WebhookHosts, hosts(v)...)
		return nil
	})
	fs.Func("proxy", text("proxy"), func(v string) error {
		p, err := parseProxies(v)
		c.Proxies = append(c.Proxies, p...)
		return err
	})
}

// hosts reads names of hosts, with or without a port.
func hosts(v string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
}

func parseProxies(v string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for f := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ',' || r == ' ' }) {
		if a, err := netip.ParseAddr(f); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(f)
		if err != nil {
			return nil, errs.New(errs.Invalid, i18n.AppProxy, f)
		}
		out = append(out, p)
	}
	return out, nil
}

// Check refuses what cannot work and fills in what follows from the rest.
func (c *Config) Check() error {
	file, isFile := strings.CutPrefix(c.DB, "sqlite:")
	switch {
	case isFile && strings.TrimSpace(file) == "":
		return errs.New(errs.Invalid, i18n.AppDBFile)
	case isFile:
	case strings.HasPrefix(c.DB, "postgres://"), strings.HasPrefix(c.DB, "postgresql://"):
		if _, err := url.Parse(c.DB); err != nil {
			return errs.New(errs.Invalid, i18n.AppDBAddress) // the cause would show the password
		}
	default:
		return errs.New(errs.Invalid, i18n.AppDBName)
	}
	if c.Replica != "" {
		if isFile {
			return errs.New(errs.Invalid, i18n.AppReplicaFile)
		}
		if u, err := url.Parse(c.Replica); err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
			return errs.New(errs.Invalid, i18n.AppReplicaAddress) // the cause would show the password
		}
	}
	if c.KeyFile == "" {
		c.KeyFile = "linli.keys"
		if isFile {
			c.KeyFile = filepath.Join(filepath.Dir(file), strings.TrimSuffix(filepath.Base(file), ".db")+".keys")
		}
	}
	if c.BaseURL != "" {
		u, err := url.Parse(c.BaseURL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" {
			return errs.New(errs.Invalid, i18n.AppBaseURL)
		}
		c.BaseURL = u.Scheme + "://" + u.Host
	}
	if c.Conns < 0 || c.Conns > 0 && c.Conns < c.Workers+4 {
		return errs.New(errs.Invalid, i18n.AppConnections, c.Workers+4)
	}
	if c.Workers < 1 || c.Workers > 64 {
		return errs.New(errs.Invalid, i18n.AppWorkers)
	}
	if c.SnapshotDir != "" && (c.SnapshotEvery < time.Minute || c.SnapshotKeep < 1) {
		return errs.New(errs.Invalid, i18n.AppSnapshots)
	}
	return nil
}

// Secure says that people reach the platform over TLS, so that cookies are marked Secure.
func (c Config) Secure() bool { return strings.HasPrefix(c.BaseURL, "https://") }

// SafeDB is the database URL without a password, for messages.
func (c Config) SafeDB() string {
	u, err := url.Parse(c.DB)
	if err != nil || u.User == nil {
		return c.DB
	}
	return u.Redacted()
}

// Env is the real environment.
func Env() Config { return FromEnv(os.Getenv) }
