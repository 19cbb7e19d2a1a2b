// Command webassets builds what browsers load: it bundles our own styles and scripts with the
// packages named in package.json, and writes them under names that carry their content's hash,
// each with a gzip copy, into internal/web/static, together with manifest.json, the licence texts,
// the icons in use (as Go source) and the accessibility checker of the browser tests.
//
// Only maintainers run it, after a change in src/ or of a version in package.json:
//
//	cd tools/webassets && npm ci --ignore-scripts && go run .
//
// The result is committed, so that building the product needs Go alone.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	modules   = "node_modules"
	staticDir = "../../internal/web/static"
	iconFile  = "../../internal/web/view/icon/set.go"
	axeFile   = "../../internal/web/browsertest/testdata/axe.min.js"
)

// source is one package that goes into an asset.
type source struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Licence string `json:"licence"`
}

// asset is one file that browsers load.
type asset struct {
	Name    string   `json:"name"`
	File    string   `json:"file"`
	SHA256  string   `json:"sha256"`
	Bytes   int      `json:"bytes"`
	Gzip    int      `json:"gzip"`
	Sources []source `json:"sources"`
}

// bundle says how an asset is made: from which entry file, and which packages end up in it.
type bundle struct {
	name, entry string
	packages    []string
	verbatim    bool
	drawn       int // pixels of an icon that is drawn here
}

var bundles = []bundle{
	{name: "htmx.js", entry: modules + "/htmx.org/dist/htmx.min.js", packages: []string{"htmx.org"}, verbatim: true},
	{name: "boot.js", entry: "src/boot.js"},
	{name: "app.js", entry: "src/app.js"},
	{name: "patrol.js", entry: "src/patrol.js"},
	{name: "patrol-worker.js", entry: "src/patrol-worker.js"},
	{name: "hall.js", entry: "src/hall.js"},
	{name: "calls.js", entry: "src/calls.js"},
	{name: "hall.css", entry: "src/hall.css"},
	{name: "desk.css", entry: "src/desk.css"},
	{name: "pocket.css", entry: "src/pocket.css"},
	{name: "public.css", entry: "src/public.css"},
	{name: "paper.css", entry: "src/paper.css"},
	{name: "map.js", entry: "src/map.js", packages: []string{"leaflet"}},
	{name: "map.css", entry: "src/map.css", packages: []string{"leaflet"}},
	{name: "favicon.svg", entry: "src/favicon.svg", verbatim: true},
	{name: "icon-192.png", drawn: 192},
	{name: "icon-512.png", drawn: 512},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "webassets:", err)
		os.Exit(1)
	}
}

func run() error {
	if err := emptyFolder(filepath.Join(staticDir, "assets")); err != nil {
		return err
	}
	assets := make([]asset, 0, len(bundles))
	for _, b := range bundles {
		a, err := b.write()
		if err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		fmt.Printf("%-12s %8d bytes %7d gzip\n", a.Name, a.Bytes, a.Gzip)
		assets = append(assets, a)
	}
	if err := writeManifest(assets); err != nil {
		return err
	}
	if err := writeLicences(); err != nil {
		return err
	}
	if err := writeIcons(); err != nil {
		return err
	}
	return copyFile(modules+"/axe-core/axe.min.js", axeFile)
}

func emptyFolder(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o755)
}

func (b bundle) write() (asset, error) {
	data, err := b.build()
	if err != nil {
		return asset{}, err
	}
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	ext := filepath.Ext(b.name)
	file := strings.TrimSuffix(b.name, ext) + "." + hash[:10] + ext
	packed, err := pack(data)
	if err != nil {
		return asset{}, err
	}
	path := filepath.Join(staticDir, "assets", file)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return asset{}, err
	}
	if err := os.WriteFile(path+".gz", packed, 0o644); err != nil {
		return asset{}, err
	}
	sources, err := b.sources()
	return asset{Name: b.name, File: file, SHA256: hash, Bytes: len(data), Gzip: len(packed), Sources: sources}, err
}

func (b bundle) build() ([]byte, error) {
	if b.drawn > 0 {
		return drawIcon(b.drawn)
	}
	if b.verbatim {
		data, err := os.ReadFile(b.entry)
		return dropSourceMap(data), err
	}
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{b.entry},
		Bundle:            true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsInline,
		Format:            api.FormatIIFE,
		Loader:            map[string]api.Loader{".png": api.LoaderDataURL}, // of a style sheet
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "90"}, {Name: api.EngineSafari, Version: "14"}, {Name: api.EngineFirefox, Version: "90"},
		},
		LogLevel: api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%d errors", len(result.Errors))
	}
	return result.OutputFiles[0].Contents, nil
}

// dropSourceMap removes the pointer to a source map that is not shipped.
func dropSourceMap(data []byte) []byte {
	if i := bytes.LastIndex(data, []byte("\n//# sourceMappingURL=")); i >= 0 {
		return append(bytes.Clone(data[:i]), '\n')
	}
	return data
}

func pack(data []byte) ([]byte, error) {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func (b bundle) sources() ([]source, error) {
	own := source{Name: "linli", Licence: "Apache-2.0"}
	if len(b.packages) == 0 {
		return []source{own}, nil
	}
	var list []source
	for _, name := range b.packages {
		s, err := describe(name)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	if !b.verbatim {
		list = append(list, own)
	}
	return list, nil
}

// describe reads name, version and licence from the package itself.
func describe(name string) (source, error) {
	data, err := os.ReadFile(filepath.Join(modules, name, "package.json"))
	if err != nil {
		return source{}, err
	}
	var p struct{ Version, License string }
	if err := json.Unmarshal(data, &p); err != nil {
		return source{}, err
	}
	if p.License == "BSD-0-Clause" { // htmx names it so; SPDX calls it 0BSD
		p.License = "0BSD"
	}
	return source{Name: name, Version: p.Version, Licence: p.License}, nil
}

func writeManifest(assets []asset) error {
	sort.Slice(assets, func(i, j int) bool { return assets[i].Name < assets[j].Name })
	data, err := json.MarshalIndent(assets, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(staticDir, "manifest.json"), append(data, '\n'), 0o644)
}

// writeLicences keeps the licence text of each shipped package under its name, for the about page.
func writeLicences() error {
	dir := filepath.Join(staticDir, "licences")
	if err := emptyFolder(dir); err != nil {
		return err
	}
	for name, file := range map[string]string{
		"htmx.org": modules + "/htmx.org/LICENSE", "@tabler/icons": modules + "/@tabler/icons/LICENSE", "leaflet": modules + "/leaflet/LICENSE",
	} {
		s, err := describe(name)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		head := fmt.Sprintf("%s %s (%s)\n\n", s.Name, s.Version, s.Licence)
		out := strings.Trim(strings.NewReplacer("@", "", "/", "-").Replace(name), "-") + ".txt"
		if err := os.WriteFile(filepath.Join(dir, out), append([]byte(head), text...), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, dropSourceMap(data), 0o644)
}
