package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"linli/internal/app"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/telemetry"
)

// BenchmarkReportOverHTTP lets 32 callers report a case over HTTP. "ours" is the residents' page: the form, every check, the case with its step and audit in one commit, the receipt
// with its code and picture. "bare" is a handler of net/http that reads the same form and writes the same three rows, ready made, one durable transaction for each request. Both
// databases stand on the disk beside the package, at full durability.
func BenchmarkReportOverHTTP(b *testing.B) {
	for _, side := range []string{"ours", "bare"} {
		b.Run(side, func(b *testing.B) {
			ctx := context.Background()
			dir, err := os.MkdirTemp(".", "bench-")
			if err != nil {
				b.Fatal(err)
			}
			defer os.RemoveAll(dir)
			cfg := config.Defaults()
			cfg.DB, cfg.KeyFile, cfg.Addr = "sqlite:"+filepath.Join(dir, "db"), filepath.Join(dir, "keys"), "127.0.0.1:0"
			a, err := app.Open(ctx, cfg, app.Options{Log: telemetry.NewLogger(io.Discard, true, false)})
			if err != nil {
				b.Fatal(err)
			}
			defer a.Close()
			tenant, root, err := a.CreateTenant(ctx, "320902", "亭湖区")
			if err != nil {
				b.Fatal(err)
			}
			community := id.New()
			if err := a.DB.WithTx(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, parent_id, created_at, updated_at) VALUES ($1,$2,'community_party','文港社区','文港社区',$3,$4,1,1)`,
					tenant, community, "/"+root.String()+"/"+community.String()+"/", root)
				return err
			}); err != nil {
				b.Fatal(err)
			}
			var form bytes.Buffer
			w := multipart.NewWriter(&form)
			for name, value := range map[string]string{"kind": "opinion", "community": community.String(), "body": "楼道的灯不亮了，晚上看不见。", "place": "3 单元", "name": "王女士", "phone": "13800138000"} {
				if err := w.WriteField(name, value); err != nil {
					b.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
			handler := a.Handler(app.Serving{})
			if side == "bare" {
				handler = bareReports(a.DB, tenant, community)
			}
			var callers atomic.Uint32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // each from an address of its own: one may send thirty a minute
				n := callers.Add(1)
				r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1", n>>16&255, n>>8&255, n&255)
				handler.ServeHTTP(w, r)
			}))
			defer server.Close()
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
			b.SetParallelism(16) // 32 callers on two cores
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					got, err := client.Post(server.URL+"/p/report", w.FormDataContentType(), bytes.NewReader(form.Bytes()))
					if err != nil {
						b.Error(err)
						return
					}
					_, err = io.Copy(io.Discard, got.Body)
					got.Body.Close()
					if err != nil || got.StatusCode != http.StatusOK {
						b.Errorf("%s: %v", got.Status, err)
						return
					}
				}
			})
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cases/s")
			n, err := db.Value[int64](ctx, a.DB, `SELECT count(*) FROM service_case WHERE tenant_id = $1`, tenant)
			if err != nil || n < int64(b.N) {
				b.Errorf("%d cases are there, %v, want %d", n, err, b.N)
			}
		})
	}
}

// bareReports writes what comes in with nothing around it.
func bareReports(d *db.DB, tenant int64, community id.ID) http.Handler {
	var one sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		c, now := id.New(), db.Micros(d.Now())
		one.Lock()
		defer one.Unlock()
		err := d.WithTx(r.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(r.Context(), `INSERT INTO service_case (tenant_id, id, no, kind_code, community_id, place, title, title_key, body, channel, reporter, phone, phone_key, code_key, state, org_id, received_at, clock_at,
				limit_days, due_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$7,$8,'web',$9,$10,$11,$3,'received',$5,$12,$12,5,$12,$12)`, tenant, c, c.String(), r.FormValue("kind"), community,
				[]byte(r.FormValue("place")), r.FormValue("body"), []byte(r.FormValue("body")), []byte(r.FormValue("name")), []byte(r.FormValue("phone")), r.FormValue("phone"), now); err != nil {
				return err
			}
			if _, err := tx.Exec(r.Context(), `INSERT INTO case_entry (tenant_id, id, case_id, act, state, from_id, to_id, words, open_to_all, source_id, account_id, at) VALUES ($1,$2,$3,'report','received',0,$4,NULL,FALSE,0,0,$5)`,
				tenant, id.New(), c, community, now); err != nil {
				return err
			}
			_, err := tx.Exec(r.Context(), `INSERT INTO audit_entry (tenant_id, id, at, account_id, actor_name, actor_role, action, subject_kind, subject_id, person_id, organisation_id, purpose, detail, request_id, digest)
				VALUES ($1,$2,$3,0,'x','','casework.report','service_case',$4,0,$5,'','{}','','x')`, tenant, id.New(), now, c, community)
			return err
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, `{"no":%q}`, c.String())
	})
}
