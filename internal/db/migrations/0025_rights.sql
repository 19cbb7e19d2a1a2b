-- +goose Up
-- What a token asked for has no more rights than the token: the permissions of the API token, '' if it was no token.
ALTER TABLE table_schedule ADD COLUMN token_perms TEXT NOT NULL DEFAULT '';
ALTER TABLE table_run ADD COLUMN token_perms TEXT NOT NULL DEFAULT '';

-- Fields kept are the asked less the filled.
ALTER TABLE request_answer DROP COLUMN fields_kept;
