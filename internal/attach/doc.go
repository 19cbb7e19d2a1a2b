// Package attach keeps the files that belong to a record: photographs and documents (docs/adr/0010).
//
// What is handed in is judged by its content, never by its name. A JPEG or PNG picture is decoded, turned upright, made no larger than its
// edge allows and written anew, so that nothing of the original file is left: no place, no camera, no hidden part. A PDF is kept as
// it is and only ever handed out as a file to save. Everything else is refused, with what to do instead.
//
// The content stands in the database, in sealed parts of a table of their own: it is in every backup, any of several server processes can
// serve it, and no list ever reads it.
//
// Who may see, add or remove a file is decided by the owner's service, which finds its own row within the actor's scope first and calls this
// package in the same transaction. An Owner names that row; a file is found under its owner only, so that an ID alone opens nothing. A
// file about one person is kept as Personal: its content comes through Look alone, which records who looked and what for.
//
// Tables: attachment, attachment_part.
package attach
