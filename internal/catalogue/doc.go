// Package catalogue keeps what people can ask for and what can be found on the ground, as versioned lists (SRV-1, SRV-3, SRV-4, GRD-10 to GRD-14, CASE-2):
//
//	matter   matters of the ten windows of the one-stop hall: who can apply, what to bring, forms, how long, what it costs
//	service  services of the hotline "community service 110", with their price: free, low, paid
//	event    what a grid worker reports: parts and matters of the published code lists, and local additions
//	opinion  kinds of opinions of residents (CASE-2), with their limits (CASE-4)
//	dispute  kinds of dispute among neighbours
//	need     kinds of need found on a visit to a home
//
// Items stand in classes: a window, a class of the hotline, a major class of events. Every change of an item or a class makes a new edition; the former ones stay as
// they were, with who changed them, when and why, and an item can be read as of a day. An item or a class that is no longer used is retired and can be
// brought back; nothing is removed, because cases refer to it.
//
// Code lists are data. Published lists are bought from their publisher, so the program brings a small sample (GRD-14) and an importer; an item of a list is
// known by standard, part and code (GRD-11).
//
// Blank forms are files of an item (package attach), open to residents where the item is.
//
// A tenant that has no catalogue gets the standard one (standard.csv, classes.csv) from PrepareTx.
//
// Permissions: PermSee (read; everybody), PermKeep (write; the whole district). What is marked public is read by residents without an account.
//
// Tables: catalogue_class, catalogue_item, catalogue_edition, catalogue_class_edition. It reads the names of accounts and of tenants.
package catalogue
