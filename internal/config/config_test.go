package config

import (
	"flag"
	"io"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	cases := []struct {
		name   string
		change func(*Config)
		wrong  string // part of the message, "" if it is right
		key    string
	}{
		{"the defaults work", func(c *Config) {}, "", "linli.keys"},
		{"keys lie beside the database", func(c *Config) { c.DB = "sqlite:/var/lib/linli/linli.db" }, "", "/var/lib/linli/linli.keys"},
		{"a key file that was named stays", func(c *Config) { c.KeyFile = "/etc/linli/keys" }, "", "/etc/linli/keys"},
		{"postgres", func(c *Config) { c.DB = "postgres://linli@/linli?host=/run/postgresql" }, "", "linli.keys"},
		{"another database", func(c *Config) { c.DB = "mysql://x" }, "sqlite:FILE or postgres://", ""},
		{"a bare file name", func(c *Config) { c.DB = "linli.db" }, "sqlite:FILE or postgres://", ""},
		{"a replica of a file", func(c *Config) { c.Replica = "postgres://linli@b/linli" }, "Only a PostgreSQL database has a replica", ""},
		{"a replica that is a file", func(c *Config) { c.DB, c.Replica = "postgres://linli@a/linli", "sqlite:b.db" }, "postgres://", ""},
		{"a replica", func(c *Config) { c.DB, c.Replica = "postgres://linli@a/linli", "postgres://linli@b/linli" }, "", "linli.keys"},
		{"no file", func(c *Config) { c.DB = "sqlite:" }, "Name the database file", ""},
		{"a base address with a path", func(c *Config) { c.BaseURL = "https://a.b/linli" }, "scheme and host", ""},
		{"no scheme", func(c *Config) { c.BaseURL = "a.b" }, "scheme and host", ""},
		{"too few connections", func(c *Config) { c.Conns = 3 }, "at least 6", ""},
		{"no workers", func(c *Config) { c.Workers = 0 }, "1 to 64", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			cfg := Defaults()
			c.change(&cfg)
			err := cfg.Check()
			if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
				t.Fatalf("Check = %v, want %q", err, c.wrong)
			}
			if err == nil && cfg.KeyFile != c.key {
				t.Errorf("key file %q, want %q", cfg.KeyFile, c.key)
			}
		})
	}
}

func TestFlagsWinOverTheEnvironment(t *testing.T) {
	env := map[string]string{"LINLI_DB": "sqlite:a.db", "LINLI_ADDR": ":1", "LINLI_URL": "https://x.cn/"}
	c := FromEnv(func(k string) string { return env[k] })
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	c.DatabaseFlags(fs, func(string) string { return "" })
	c.ServeFlags(fs, func(string) string { return "" })
	if err := fs.Parse([]string{"-addr", ":2", "-proxy", "10.0.0.0/8,192.168.1.1"}); err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	if c.DB != "sqlite:a.db" || c.Addr != ":2" || c.BaseURL != "https://x.cn" || !c.Secure() || len(c.Proxies) != 2 {
		t.Errorf("got %+v", c)
	}
	if fs.Parse([]string{"-proxy", "somewhere"}) == nil {
		t.Error("a proxy that is no address was taken")
	}
}

func TestPasswordsAreNotShown(t *testing.T) {
	c := Config{DB: "postgres://linli:secret@db/linli"}
	if s := c.SafeDB(); strings.Contains(s, "secret") {
		t.Errorf("SafeDB = %s", s)
	}
}
