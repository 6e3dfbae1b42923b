//! What people did, and what is counted of it for each lead.
//!
//! `activity` refers to persons and leads without foreign keys: the statement that writes has them read in the same transaction, and the checks
//! would write to each person's row for every activity. Leads that are there already are due: the model scores them soon after. `lead_score` is apart from `lead`, whose many indexes a tally need not pass through.

crate::dialect::migration!("m20261122_000007_activity");

const TABLES: &[&str] = &["lead_score", "activity"];

const UP: &str = "
CREATE TABLE activity (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL,
    lead_id {uuid},
    channel varchar(32) NOT NULL,
    kind varchar(32) NOT NULL,
    campaign_id {uuid},
    occurred_at {ts} NOT NULL,
    recorded_at {ts} NOT NULL,
    recorded_by {uuid},
    source varchar(64),
    external_id varchar(200)
);
CREATE UNIQUE INDEX u_activity__source__external_id ON activity (source, external_id) WHERE source IS NOT NULL;
CREATE INDEX i_activity__person ON activity (person_id, occurred_at, id);

CREATE TABLE lead_score (
    lead_id {uuid} NOT NULL PRIMARY KEY REFERENCES lead (id) ON DELETE CASCADE,
    tally {json} NOT NULL,
    by_hand {json},
    model_id {uuid},
    next_change_at {ts},
    scored_at {ts} NOT NULL
){roomy};
CREATE INDEX i_lead_score__next_change ON lead_score (next_change_at, lead_id) WHERE next_change_at IS NOT NULL;
CREATE INDEX i_lead_score__model ON lead_score (model_id, lead_id) WHERE model_id IS NOT NULL;

INSERT INTO lead_score (lead_id, tally, next_change_at, scored_at)
    SELECT id, '{}', CASE WHEN state IN ('WORKING', 'OFFERED', 'NURTURING') THEN captured_at END, captured_at FROM lead;
";
