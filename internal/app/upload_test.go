package app_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/testkit"
)

// heavy is a form of more than a megabyte.
func heavy(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	noise := make([]byte, 3<<19)
	_, _ = rand.Read(noise) // never fails
	var b bytes.Buffer
	for _, err := range []error{f.SetSheetRow("Sheet1", "A1", &[]any{"居民花名册"}), f.SetSheetRow("Sheet1", "A2", &[]any{"序号", "姓名", "出生日期"}),
		f.SetDocProps(&excelize.DocProperties{Description: base64.StdEncoding.EncodeToString(noise)}), f.Write(&b)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if b.Len() < 1<<20 {
		t.Fatalf("the form has %d bytes only", b.Len())
	}
	return b.Bytes()
}

func (k *desk) drop(path string, data []byte) answer {
	k.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", "花名册.xlsx")
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		k.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodPost, k.server.URL+path, &b)
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return k.do(r)
}

// TestFormsMayBeLarge drops a form that is larger than the fields of a page may be, wherever forms are dropped, and one that is too large.
func TestFormsMayBeLarge(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleSecretary, "雅和社区")
		form := heavy(t)
		for _, path := range []string{"/forms", "/requests/drop", "/tables/header"} {
			k.want(k.drop(path, form), 200, "姓名")
			if got := k.drop(path, make([]byte, 22<<20)); got.status != 422 {
				t.Errorf("%s took 22 MB: %d", path, got.status)
			}
		}
	})
}
