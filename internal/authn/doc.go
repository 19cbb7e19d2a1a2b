// Package authn knows who is calling: accounts, log-in, sessions, API tokens, and the roles that an account holds.
//
// Log-in takes a password (argon2id), then a one-time code (TOTP) if the account has one, then a new password if it was set by
// somebody else. A session stands at one of these stages and carries no rights before the last one; its cookie is renewed at
// every step, when the password changes and when rights change. Cookies and tokens name their tenant and are stored as
// SM3 digests only. Five failures lock an account for a quarter of an hour, and a name that nobody has behaves and takes time just as
// one that somebody has (SEC-1).
//
// Roles are data: a set of permissions and the roles that their holders may give to others. A grant is a role held by an account
// at an organisation, with dates (SEC-2). Nobody gives a role to themselves, and nobody manages an account that holds a role
// they could not give. Authenticate puts account, grants and roles together into an authz.Actor; what it knows is at most
// two seconds old.
//
// Tables: account, session, api_token, role, role_grant. Rules: SEC-1, SEC-2, section 6.2's default numbers as policy values.
package authn
