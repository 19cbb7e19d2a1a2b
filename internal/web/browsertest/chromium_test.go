//go:build browser

package browsertest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

func TestMain(m *testing.M) {
	allAtOnce()
	status := m.Run()
	stopChromium()
	if err := stopDemo(); err != nil {
		os.Stderr.WriteString("browsertest: " + err.Error() + "\n")
		status = 1
	}
	os.Exit(status)
}

// chromium is the one browser of this run.
var chromium struct {
	once sync.Once
	ctx  context.Context
	stop []context.CancelFunc
	err  error
}

// browser starts Chromium once.
func browser(t testing.TB) context.Context {
	t.Helper()
	chromium.once.Do(startChromium)
	if chromium.err != nil {
		t.Fatalf("starting Chromium: %v (install it with ./test, or name it with LINLI_CHROMIUM)", chromium.err)
	}
	return chromium.ctx
}

func startChromium() {
	path, err := findChromium()
	if err != nil {
		chromium.err = err
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.Flag("headless", "new"),
		chromedp.Flag("lang", "zh-CN"),
		chromedp.Flag("accept-lang", "zh-CN,zh"),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Env("LANGUAGE=zh_CN"), // the browser's own words, such as in date fields
		chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(60*time.Second),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // root cannot have the sandbox; the pages are our own
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	quiet := func(string, ...any) {} // the driver logs events it does not know yet
	ctx, stopBrowser := chromedp.NewContext(allocator, chromedp.WithErrorf(quiet), chromedp.WithLogf(quiet))
	chromium.ctx, chromium.stop = ctx, []context.CancelFunc{stopBrowser, stopAllocator}
	chromium.err = chromedp.Run(ctx)
}

func findChromium() (string, error) {
	if path := os.Getenv("LINLI_CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium found")
}

func stopChromium() {
	for _, stop := range chromium.stop {
		stop()
	}
}
