package partial

import (
	"strconv"

	"linli/internal/attach"
	"linli/internal/i18n"
	"linli/internal/web/view/icon"
)

// KeptFiles are the files of a record whose addresses begin with base; with may, each can be removed.
func KeptFiles(l i18n.Lang, base string, files []attach.File, may bool) []KeptFile {
	var out []KeptFile
	for _, f := range files {
		n := f.ID.String()
		k := KeptFile{Name: f.Name, Href: base + "/" + n, About: i18n.FileAbout.In(l, strconv.FormatInt((f.Size+1023)>>10, 10), f.By, i18n.DateTime(f.CreatedAt))}
		if f.By == "" { // of a resident, whose own pages know no account
			k.About = i18n.FileAboutOwn.In(l, strconv.FormatInt((f.Size+1023)>>10, 10), i18n.DateTime(f.CreatedAt))
		}
		if may {
			k.Remove = &Act{Text: i18n.FileRemove, Href: base + "/" + n + "/remove", Post: true, Look: Danger, Icon: icon.Delete, Small: true,
				Confirm: &Confirm{ID: "file-" + n, Question: i18n.FileRemoveAsk.In(l, f.Name)}}
		}
		out = append(out, k)
	}
	return out
}
