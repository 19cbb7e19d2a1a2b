package static

import (
	"embed"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// Prefix is where Handler is mounted.
const Prefix = "/static/"

//go:embed manifest.json assets licences
var files embed.FS

// Asset is one file that browsers load.
type Asset struct {
	Name    string   `json:"name"`   // plain name: desk.css
	File    string   `json:"file"`   // name with hash, under assets/
	SHA256  string   `json:"sha256"` // of the file, hexadecimal
	Bytes   int      `json:"bytes"`
	Gzip    int      `json:"gzip"` // bytes of the gzip copy
	Sources []Source `json:"sources"`
}

// Source is a package that goes into an asset.
type Source struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Licence string `json:"licence"`
}

// Licence is the licence text of one package.
type Licence struct {
	Name string // name of the file without its end
	Text string
}

var (
	manifest = readManifest()
	byName   = index(manifest)
)

func readManifest() []Asset {
	data, err := files.ReadFile("manifest.json")
	if err != nil {
		panic("static: the manifest is embedded: " + err.Error())
	}
	var list []Asset
	if err := json.Unmarshal(data, &list); err != nil {
		panic("static: the embedded manifest is JSON: " + err.Error())
	}
	return list
}

func index(list []Asset) map[string]Asset {
	m := make(map[string]Asset, len(list))
	for _, a := range list {
		m[a.Name] = a
	}
	return m
}

// Assets lists what is shipped, by name.
func Assets() []Asset { return append([]Asset(nil), manifest...) }

// URL is the address of the asset with this plain name. It panics for a name that is not in the
// manifest: that is a mistake in a template, and any test that renders it finds it.
func URL(name string) string {
	a, ok := byName[name]
	if !ok {
		panic("static: no asset " + name)
	}
	return Prefix + a.File
}

// Content is what the asset with this plain name holds. Like URL it panics for a name that is not there.
func Content(name string) []byte {
	a, ok := byName[name]
	if !ok {
		panic("static: no asset " + name)
	}
	data, err := files.ReadFile("assets/" + a.File)
	if err != nil {
		panic("static: the asset is embedded: " + err.Error())
	}
	return data
}

// Licences gives the licence texts of the shipped packages, by name.
func Licences() ([]Licence, error) {
	entries, err := fs.ReadDir(files, "licences")
	if err != nil {
		return nil, err
	}
	list := make([]Licence, 0, len(entries))
	for _, e := range entries {
		text, err := files.ReadFile(path.Join("licences", e.Name()))
		if err != nil {
			return nil, err
		}
		list = append(list, Licence{Name: strings.TrimSuffix(e.Name(), ".txt"), Text: string(text)})
	}
	return list, nil
}

// Handler serves the assets under Prefix, compressed where the browser takes it, to be kept for ever.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	file, ok := strings.CutPrefix(r.URL.Path, Prefix)
	if !ok || strings.Contains(file, "/") || strings.HasSuffix(file, ".gz") {
		http.NotFound(w, r)
		return
	}
	name := "assets/" + file
	packed := acceptsGzip(r.Header.Get("Accept-Encoding"))
	if packed {
		name += ".gz"
	}
	data, err := files.ReadFile(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentType(file))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	if packed {
		h.Set("Content-Encoding", "gzip")
	}
	_, _ = w.Write(data) // the browser has gone: nobody to tell
}

func contentType(file string) string {
	switch path.Ext(file) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(path.Ext(file))
}

// acceptsGzip reads an Accept-Encoding header; "gzip;q=0" declines it.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		weight, weighted := strings.CutPrefix(strings.ReplaceAll(q, " ", ""), "q=")
		return !weighted || strings.Trim(weight, "0.") != ""
	}
	return false
}
