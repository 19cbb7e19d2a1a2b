package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
)

// What is committed must be what the maintainers' tool built: nobody edits an asset by hand.
func TestManifestMatchesTheFiles(t *testing.T) {
	listed := map[string]bool{}
	for _, a := range Assets() {
		listed[a.File], listed[a.File+".gz"] = true, true
		for _, fault := range assetFaults(files, a) {
			t.Errorf("%s: %s (run go run . in tools/webassets)", a.File, fault)
		}
	}
	entries, err := fs.ReadDir(files, "assets")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !listed[e.Name()] {
			t.Errorf("assets/%s is not in the manifest", e.Name())
		}
	}
	if len(listed) == 0 {
		t.Error("the manifest is empty")
	}
}

// assetFaults compares an asset with its line in the manifest.
func assetFaults(from fs.FS, a Asset) []string {
	plain, err := fs.ReadFile(from, "assets/"+a.File)
	if err != nil {
		return []string{err.Error()}
	}
	var faults []string
	sum := sha256.Sum256(plain)
	if got := hex.EncodeToString(sum[:]); got != a.SHA256 {
		faults = append(faults, fmt.Sprintf("its SHA-256 is %s, the manifest says %s", got, a.SHA256))
	}
	if len(a.SHA256) < 10 || !strings.Contains(a.File, a.SHA256[:10]) {
		faults = append(faults, "its name does not carry its hash, so browsers would keep an old one")
	}
	if len(plain) != a.Bytes {
		faults = append(faults, fmt.Sprintf("it has %d bytes, the manifest says %d", len(plain), a.Bytes))
	}
	packed, err := fs.ReadFile(from, "assets/"+a.File+".gz")
	if err != nil {
		return append(faults, err.Error())
	}
	if unpacked, err := gunzip(packed); err != nil || !bytes.Equal(unpacked, plain) {
		faults = append(faults, fmt.Sprintf("its gzip copy holds something else (%v)", err))
	}
	if len(a.Sources) == 0 {
		faults = append(faults, "it names no source")
	}
	return faults
}

func gunzip(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func TestTamperedAssetIsSeen(t *testing.T) {
	a := Assets()[0]
	a.SHA256 = strings.Repeat("0", 64)
	if f := assetFaults(files, a); len(f) != 2 {
		t.Errorf("assetFaults of a wrong hash = %q, want the hash and the name", f)
	}
	a = Assets()[0]
	a.File = "gone.js"
	if f := assetFaults(files, a); len(f) != 1 {
		t.Errorf("assetFaults of a missing file = %q, want one", f)
	}
}
