// Package font holds the faces in which papers are printed and knows, for every character, which
// of them has it, how wide it is there, and when none has it.
//
// Two faces are used: Text (Noto Sans SC) and Title (Noto Serif SC, bold). Each is a short list of
// fonts, asked in turn, so that a rare character of a name falls to the next font instead of
// being lost: the common characters, the rare ones, and last the font of the institution, a
// TrueType file which the operator may add for characters that no free font has.
//
// A PDF writer embeds an empty box for a character that is in no font and says nothing. This package is
// asked first, so that a missing character is always known: see Set.Find and Set.Missing.
//
// The files in this folder are WOFF 1.0 (zlib inside); a font is unpacked when it is first needed and kept in
// the Set. Where they come from and how they were made is in README.md, their licence in OFL.txt.
package font
