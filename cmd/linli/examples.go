package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"

	"linli/internal/classify"
	"linli/internal/errs"
	"linli/internal/i18n"
)

const (
	longestLine  = 1 << 20 // bytes of one message
	longestLabel = 200     // bytes
)

// readExamples reads labelled messages from a file of JSON lines, which may be gzipped. What is wrong with a line is said with its
// number and what to do; blank lines do not matter.
func readExamples(l i18n.Lang, name string) (out []classify.Example, err error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, errs.New(errs.Invalid, i18n.CLIFileRead, name, reason(err))
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	content, err := unzipped(file)
	if err != nil {
		return nil, errs.New(errs.Invalid, i18n.CLIFileRead, name, reason(err))
	}
	lines := bufio.NewScanner(content)
	lines.Buffer(nil, longestLine)
	at := 0
	for lines.Scan() {
		at++
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		var x struct{ Title, Text, Label, User string }
		if err := json.Unmarshal(line, &x); err != nil {
			return nil, errs.New(errs.Invalid, i18n.CLITrainLine, name, at, err.Error(), sampleLine(l))
		}
		switch {
		case x.Label == "" || len(x.Label) > longestLabel:
			return nil, errs.New(errs.Invalid, i18n.CLITrainLineLabel, name, at)
		case x.Text == "" && x.Title == "":
			return nil, errs.New(errs.Invalid, i18n.CLITrainLineText, name, at)
		}
		out = append(out, classify.Example{Title: x.Title, Text: x.Text, Label: x.Label, From: x.User})
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, errs.New(errs.Invalid, i18n.CLITrainLong, name, at+1, longestLine>>20)
	case err != nil:
		return nil, errs.New(errs.Invalid, i18n.CLIFileRead, name, reason(err))
	case len(out) == 0:
		return nil, errs.New(errs.Invalid, i18n.CLITrainEmpty, name)
	}
	return out, nil
}

// unzipped unpacks what is gzipped, which its first bytes tell.
func unzipped(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	if head, err := b.Peek(2); err == nil && head[0] == 0x1f && head[1] == 0x8b {
		return gzip.NewReader(b)
	}
	return b, nil
}

// sampleLine is a line as it should be.
func sampleLine(l i18n.Lang) string {
	return `{"text": "` + i18n.CLITrainExample.In(l) + `", "label": "` + i18n.CLITrainKind.In(l) + `"}`
}
