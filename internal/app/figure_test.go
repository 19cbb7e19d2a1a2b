package app_test

import (
	"slices"
	"testing"

	"linli/internal/app"
	"linli/internal/figure"
)

// The permissions by which figures open their records are permissions that there are.
func TestFiguresOpenByKnownPermissions(t *testing.T) {
	known := app.Permissions()
	for subject, perms := range figure.Opening() {
		for _, p := range perms {
			if !slices.Contains(known, p) {
				t.Errorf("%s opens by %s, which is no permission", subject, p)
			}
		}
	}
}
