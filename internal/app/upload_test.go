package app_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/i18n"
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
			if got := k.drop(path, make([]byte, 22<<20)); got.status != 413 {
				t.Errorf("%s took 22 MB: %d", path, got.status)
			}
		}
	})
}

// zeros is a body of so many bytes that nobody keeps in memory.
type zeros struct{ left int64 }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), z.left)
	z.left -= n
	return int(n), nil
}

// sendHeavy posts 200 MB in the field of a form; with told the request says so before it begins.
func (k *desk) sendHeavy(path string, told bool) answer {
	k.t.Helper()
	const head, tail, size = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n", "\r\n--b--\r\n", 200 << 20
	body := io.MultiReader(strings.NewReader(head), &zeros{size}, strings.NewReader(tail))
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodPost, k.server.URL+path, body)
	if err != nil {
		k.t.Fatal(err)
	}
	if told {
		r.ContentLength = int64(len(head)) + size + int64(len(tail))
	}
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return k.do(r)
}

// TestWhatIsTooLargeIsRefusedInPlainWords sends 200 MB to every address that takes files.
func TestWhatIsTooLargeIsRefusedInPlainWords(t *testing.T) {
	k := newDesk(t, testkit.SQLite(t, time.Now), app.RoleSecretary, "雅和社区")
	uploads := 0
	for _, rt := range k.a.Routes() {
		method, path, _ := strings.Cut(rt.Pattern, " ")
		if !rt.Upload || method != http.MethodPost {
			continue
		}
		uploads++
		if got := k.sendHeavy(inPath.ReplaceAllString(path, "1"), true); got.status != 413 || !strings.Contains(got.body, "64 MB") {
			t.Errorf("%s: %d, %.200s", rt.Pattern, got.status, got.body)
		}
	}
	if uploads < 15 {
		t.Errorf("%d addresses take files; the search misses some", uploads)
	}
	for _, path := range []string{"/cases", "/forms", "/imports", "/requests/drop", "/tables/header", "/p/report", "/p/case/add", "/m/patrol/event"} { // not told before
		if got := k.sendHeavy(path, false); got.status != 413 || !strings.Contains(got.body, " MB") && !strings.Contains(got.body, i18n.CasePublicTooBig.In(i18n.ZH)) {
			t.Errorf("%s without a length: %d, %.300s", path, got.status, got.body)
		}
	}
	for _, path := range []string{"/calls", "/cases/1/note"} { // forms without files take a megabyte
		if got := k.sendHeavy(path, true); got.status != 413 || !strings.Contains(got.body, "1 MB") {
			t.Errorf("%s: %d, %.200s", path, got.status, got.body)
		}
	}
}
