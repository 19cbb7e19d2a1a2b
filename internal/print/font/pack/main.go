// Command pack joins fonts into one WOFF 1.0 file that holds only what a paper needs: outlines, widths and
// the table of characters. It makes the font files in the folder above; README.md there has the commands.
//
//	go run ./internal/print/font/pack -out rare.woff -without sans.woff slice-*.woff
//
// Of each character the first font that has it wins; characters of the fonts named by -without are left
// out. Only TrueType outlines without hints and characters of the basic plane are taken.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"linli/internal/print/font"
)

func main() {
	out := flag.String("out", "", "file to write")
	without := flag.String("without", "", "fonts whose characters are left out, separated by commas")
	flag.Parse()
	if err := run(*out, *without, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func run(out, without string, files []string) error {
	j := font.NewJoin()
	if without != "" {
		for _, f := range strings.Split(without, ",") {
			if err := with(f, j.LeaveOut); err != nil {
				return err
			}
		}
	}
	for _, f := range files {
		if err := with(f, j.Take); err != nil {
			return err
		}
	}
	b, err := j.WOFF()
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d characters, %d bytes\n", out, j.Len(), len(b))
	return os.WriteFile(out, b, 0o644)
}

// with opens a font file and hands its TrueType form to use.
func with(file string, use func([]byte) error) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	ttf, err := font.Decode(b)
	if err == nil {
		err = use(ttf)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
