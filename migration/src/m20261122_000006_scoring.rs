//! Score models, and the grade and the tier of each lead as the model in force read them.
//!
//! Leads that are there already get what the shipped model reads from their points. One index stands on the tier, by which lists are asked; the
//! grade has none, because every score that changes writes every index of its lead. The unique index on the state lets one model be in force.

crate::dialect::migration!("m20261122_000006_scoring" undone by DOWN);

const UP: &str = "
CREATE TABLE score_model (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    number integer NOT NULL,
    name varchar(200) NOT NULL,
    note varchar(2000),
    state varchar(16) NOT NULL,
    rules {json} NOT NULL,
    based_on {uuid},
    created_by {uuid},
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL,
    published_at {ts},
    retired_at {ts}
);
CREATE UNIQUE INDEX u_score_model__number ON score_model (number);
CREATE UNIQUE INDEX u_score_model__state ON score_model (state) WHERE state = 'IN_FORCE';

ALTER TABLE lead ADD COLUMN grade varchar(2) NOT NULL DEFAULT 'C3';
ALTER TABLE lead ADD COLUMN tier varchar(16) NOT NULL DEFAULT 'WEAK';
UPDATE lead SET
    grade = CASE WHEN fit >= 70 THEN 'A' WHEN fit >= 40 THEN 'B' ELSE 'C' END
        || CASE WHEN engagement >= 70 THEN '1' WHEN engagement >= 40 THEN '2' ELSE '3' END;
UPDATE lead SET tier = CASE
    WHEN grade = 'A1' THEN 'HOT'
    WHEN grade IN ('A2', 'B1') THEN 'WARM'
    WHEN grade IN ('A3', 'B2', 'C1') THEN 'STANDARD'
    ELSE 'WEAK' END;
CREATE INDEX i_lead__tier_updated ON lead (tier, updated_at, id);
CREATE INDEX i_passage__closed ON passage (closed_at, id) WHERE closed_at IS NOT NULL;
";

const DOWN: &str = "
DROP INDEX i_passage__closed;
DROP INDEX i_lead__tier_updated;
ALTER TABLE lead DROP COLUMN tier;
ALTER TABLE lead DROP COLUMN grade;
DROP TABLE score_model;
";
