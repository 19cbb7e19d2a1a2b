-- +goose Up

-- Why more time is asked for, in words that whoever reported a case may read (casework.Hold); '' where it was asked before there were any.
ALTER TABLE service_case ADD COLUMN extension_reason TEXT NOT NULL DEFAULT '';
