package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/platform"
)

func (h *Handler) rolesPage(w http.ResponseWriter, r *http.Request) error {
	roles, err := h.Authn.Roles(r.Context(), actor(r))
	if err != nil {
		return err
	}
	var acts []partial.Act
	if actor(r).Scope(authn.PermRoles).All() {
		acts = append(acts, partial.Act{Text: i18n.RoleNew, Href: "/roles/new", Look: partial.Primary, Icon: icon.Plus})
	}
	return h.show(w, r, view.Roles(h.page(w, r, i18n.RoleTitle), view.ListData{Acts: acts}, roles))
}

// role finds a role by the code in the address or, for a copy, in the query.
func (h *Handler) role(r *http.Request, code string) (authn.Role, error) {
	roles, err := h.Authn.Roles(r.Context(), actor(r))
	if err != nil {
		return authn.Role{}, err
	}
	for _, x := range roles {
		if x.Code == code {
			return x, nil
		}
	}
	return authn.Role{}, errs.ErrNotFound
}

func (h *Handler) roleCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.RoleTitle.In(lang(r)), Href: "/roles"}}
	return p
}

// rolePage shows a standard role, or the form of one of the tenant's own to who may edit it.
func (h *Handler) rolePage(w http.ResponseWriter, r *http.Request) error {
	x, err := h.role(r, r.PathValue("code"))
	if err != nil {
		return err
	}
	edit := actor(r).Scope(authn.PermRoles).All()
	if edit && !x.BuiltIn {
		return h.roleForm(w, r, h.roleCrumbs(w, r, x.Text()), x, roleValues(x), nil)
	}
	var acts []partial.Act
	if edit {
		acts = append(acts, partial.Act{Text: i18n.RoleCopy, Href: "/roles/new?from=" + x.Code, Icon: icon.Copy})
	}
	return h.show(w, r, view.Role(h.roleCrumbs(w, r, x.Text()), x, acts))
}

func roleValues(x authn.Role) field.Form {
	v := url.Values{"code": {x.Code}, "name": {x.Name}, "name_en": {x.NameEN}, "gives": x.Gives}
	for _, p := range x.Permissions {
		v.Add("permissions", string(p))
	}
	if x.Staff {
		v.Set("staff", "1")
	}
	return field.Form{Values: v}
}

func (h *Handler) roleForm(w http.ResponseWriter, r *http.Request, p layout.Page, x authn.Role, f field.Form, cause error) error {
	all, err := h.Authn.Roles(r.Context(), actor(r))
	if err != nil {
		return err
	}
	d := view.RoleForm{Form: f, Action: "/roles", Version: x.Version}
	if x.Version != 0 {
		d.Action += "/" + x.Code
		d.Remove = &partial.Act{Text: i18n.RoleRemove, Href: d.Action + "/remove", Post: true, Look: partial.Danger, Icon: icon.Delete,
			Confirm: &partial.Confirm{ID: "remove-role", Question: i18n.RoleRemoveAsk.In(lang(r), x.Name)}}
	}
	var known []authz.Permission
	for k := range h.Authn.Known() {
		known = append(known, k)
	}
	d.Rights = permissionOptions(known)
	for _, o := range all {
		d.Roles = append(d.Roles, field.Option{Value: o.Code, Text: o.Text()})
	}
	if cause != nil {
		return h.again(w, r, cause, func(*errs.Error) templ.Component { return view.RoleEdit(p, d) })
	}
	return h.show(w, r, view.RoleEdit(p, d))
}

func (h *Handler) roleNewPage(w http.ResponseWriter, r *http.Request) error {
	f := field.Form{Values: url.Values{"staff": {"1"}}}
	if from := r.URL.Query().Get("from"); from != "" {
		x, err := h.role(r, from)
		if err != nil {
			return err
		}
		x.Code, x.Gives = "", nil
		f = roleValues(x)
	}
	return h.roleForm(w, r, h.roleCrumbs(w, r, i18n.RoleNew), authn.Role{}, f, nil)
}

// roleSave makes a role or changes the one in the address.
func (h *Handler) roleSave(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := authn.Role{Code: r.PathValue("code"), Name: f.Text("name", 40), NameEN: f.Text("name_en", 60), Staff: f.Bool("staff"), Gives: f.Strings("gives"), Version: f.Version()}
	if in.Code == "" {
		in.Code, in.Version = strings.ToLower(f.Text("code", 40)), 0
	}
	for _, p := range f.Strings("permissions") {
		in.Permissions = append(in.Permissions, authz.Permission(p))
	}
	if err = f.Err(); err == nil {
		err = h.Authn.SaveRole(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.roleForm(w, r, h.roleCrumbs(w, r, i18n.RoleNew), in, f.Show(errs.As(err)), err)
	}
	return h.done(w, r, "/roles", i18n.RoleSaved)
}

func (h *Handler) roleRemove(w http.ResponseWriter, r *http.Request) error {
	if err := h.Authn.RemoveRole(r.Context(), actor(r), r.PathValue("code")); err != nil {
		return err
	}
	return h.done(w, r, "/roles", i18n.RoleRemoved)
}
