package db

import "time"

// Hasten makes d wait for its replica, and let it alone, for less long than a server does.
func Hasten(d *DB, wait, rest time.Duration) { d.replica.wait, d.replica.rest = wait, rest }
