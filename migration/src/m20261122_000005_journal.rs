//! The journal, the audit trail, and what makes a request sent twice harmless.

crate::dialect::migration!("m20261122_000005_journal");

const TABLES: &[&str] = &["import_run", "idempotency", "audit", "journal"];

const UP: &str = "
CREATE TABLE journal (
    seq {counted},
    position bigint,
    event_id {uuid} NOT NULL,
    occurred_at {ts} NOT NULL,
    kind varchar(64) NOT NULL,
    subject_kind varchar(32) NOT NULL,
    subject_id {uuid} NOT NULL,
    subject_version integer NOT NULL,
    lead_id {uuid},
    actor_id {uuid},
    payload {json} NOT NULL
);
CREATE UNIQUE INDEX u_journal__position ON journal (position);
CREATE UNIQUE INDEX u_journal__event_id ON journal (event_id);
CREATE INDEX i_journal__waiting ON journal (seq) WHERE position IS NULL;
CREATE INDEX i_journal__subject ON journal (subject_id, position);

CREATE TABLE audit (
    id {uuid} NOT NULL PRIMARY KEY,
    at {ts} NOT NULL,
    actor_id {uuid},
    action varchar(64) NOT NULL,
    subject_kind varchar(32) NOT NULL,
    subject_id {uuid},
    request_id varchar(64),
    outcome varchar(16) NOT NULL,
    detail {json}
);
CREATE INDEX i_audit__subject ON audit (subject_id, at);
CREATE INDEX i_audit__actor ON audit (actor_id, at);
CREATE INDEX i_audit__at ON audit (at, id);

CREATE TABLE idempotency (
    actor_id {uuid} NOT NULL,
    key varchar(200) NOT NULL,
    operation varchar(64) NOT NULL,
    fingerprint varchar(64) NOT NULL,
    result {json},
    created_at {ts} NOT NULL,
    PRIMARY KEY (actor_id, key)
);
CREATE INDEX i_idempotency__created ON idempotency (created_at);

CREATE TABLE import_run (
    id {uuid} NOT NULL PRIMARY KEY,
    source varchar(100) NOT NULL,
    fingerprint varchar(64) NOT NULL,
    rows_done bigint NOT NULL,
    accepted bigint NOT NULL,
    rejected bigint NOT NULL,
    state varchar(16) NOT NULL,
    started_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
);
CREATE UNIQUE INDEX u_import_run__source__fingerprint ON import_run (source, fingerprint);
";
