package api

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"linli/internal/activity"
	"linli/internal/api/rest"
	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Photo is a photograph of an activity. No figure, slip or hour depends on there being any.
type Photo struct {
	ID     rest.ID   `json:"id" doc:"Identifier."`
	Name   string    `json:"name" doc:"Name of the file."`
	Alt    string    `json:"alt" doc:"What it shows, in words."`
	Type   string    `json:"type" doc:"Type found in the content; pictures are kept as image/jpeg."`
	Size   int64     `json:"size" doc:"Bytes."`
	Width  int       `json:"width" doc:"Pixels."`
	Height int       `json:"height" doc:"Pixels."`
	By     string    `json:"by,omitempty" doc:"Who added it."`
	At     time.Time `json:"at" doc:"When it was added."`
}

func photoOf(f attach.File) Photo {
	return Photo{ID: rest.IDOf(f.ID), Name: f.Name, Alt: f.Alt, Type: string(f.Type), Size: f.Size, Width: f.Width, Height: f.Height, By: f.By, At: f.CreatedAt.UTC()}
}

type photoInput struct {
	rest.Path
	FileName string `query:"file_name" maxLength:"200" doc:"Name of the file."`
	Alt      string `query:"alt" maxLength:"200" doc:"What it shows; the title of the activity if absent."`
	RawBody  []byte `contentType:"application/octet-stream"`
}

type photoPath struct {
	rest.Path
	Photo rest.ID `path:"photo" doc:"The photograph."`
}

type photoFile struct {
	rest.Path
	Photo rest.ID `path:"photo" doc:"The photograph."`
	Small bool    `query:"small" doc:"The small picture that pages show."`
}

func (h *handlers) photos(k *rest.Kit) {
	const tag = "activities"
	add := perms(activity.PermHold, activity.PermHost, activity.PermPlan, activity.PermSignOwn)
	see := perms(activity.PermSee, activity.PermBrowse)
	rest.Get(k, rest.Op{ID: "photo-list", Path: "/activities/{id}/photos", Tag: tag, Title: "Photographs of an activity, the oldest first", Needs: see},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (rest.All[Photo], error) {
			p, err := h.Activity.Photos(ctx, a, in.ID.ID())
			return rest.AllOf(p.Files, photoOf), err
		})
	rest.Post(k, rest.Op{ID: "photo-create", Path: "/activities/{id}/photos", Tag: tag, Title: "Add a photograph", Needs: add, Upload: true, Status: 201,
		Text: "The body is a JPEG or PNG picture. It is written anew: turned upright, made no larger than the district allows, without place or camera. Photographs are always optional."},
		func(ctx context.Context, a authz.Actor, in *photoInput) (Photo, error) {
			if len(in.RawBody) == 0 {
				return Photo{}, errs.New(errs.Invalid, i18n.APIFileNeeded)
			}
			files, err := h.Activity.AddPhotos(ctx, a, in.ID.ID(), []attach.New{{Name: in.FileName, Alt: in.Alt, Content: bytes.Clone(in.RawBody)}})
			if err != nil {
				return Photo{}, err
			}
			return photoOf(files[0]), nil
		})
	rest.Download(k, rest.Op{ID: "photo-file", Path: "/activities/{id}/photos/{photo}/file", Tag: tag, Title: "The picture", Needs: see}, string(attach.JPEG),
		func(ctx context.Context, a authz.Actor, in *photoFile) ([]byte, error) {
			_, content, err := h.Activity.Photo(ctx, a, in.ID.ID(), in.Photo.ID(), in.Small)
			return content, err
		})
	rest.Act(k, rest.Op{ID: "photo-remove", Method: http.MethodDelete, Path: "/activities/{id}/photos/{photo}", Tag: tag, Title: "Remove a photograph for good", Needs: add},
		func(ctx context.Context, a authz.Actor, in *photoPath) error {
			return h.Activity.RemovePhoto(ctx, a, in.ID.ID(), in.Photo.ID())
		})
}
