// Package demo makes the demonstration district: plainly invented people, a year of work, and something waiting for every
// role today. Everything comes about through the services, as it would in a real district: lists are imported, activities are
// held, quarters are closed. Nothing is written past them, so what holds for real data holds here, and "linli verify" is clean.
//
// Build is the same for the same scale and the same day: names, numbers and counts come from a fixed seed (identifiers and keys
// do not). The database's clock is moved through the year that lies behind, so that what happened in March carries a date in March.
//
// The people belong to nobody: the area code of their ID numbers (Area) was never given out, neither were their telephone numbers,
// and the district lies in the open sea. Surnames are words that hardly anybody bears. Passwords are the same for all accounts and
// stand on the log-in page.
package demo
