//! Where each field of a person and of a company comes from.

crate::dialect::migration!("m20261122_000013_origin" undone by DOWN);

const UP: &str = "
ALTER TABLE person ADD COLUMN origins {json} NOT NULL DEFAULT '{}';
ALTER TABLE company ADD COLUMN origins {json} NOT NULL DEFAULT '{}';
";

const DOWN: &str = "
ALTER TABLE company DROP COLUMN origins;
ALTER TABLE person DROP COLUMN origins;
";
