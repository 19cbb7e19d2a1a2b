package font

// Made is a small TrueType font for tests outside the package.
var Made = made
