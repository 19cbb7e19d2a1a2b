-- +goose Up

-- The form of a Party branch: '' a branch, general a general branch, committee a base committee (PARTY-5).
ALTER TABLE organisation ADD COLUMN form TEXT NOT NULL DEFAULT '';
