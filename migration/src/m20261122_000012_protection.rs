//! Erasure: who was erased, who must not come back by a list, who must not be erased, and what retention did.

crate::dialect::migration!("m20261122_000012_protection" undone by DOWN);

const UP: &str = "
ALTER TABLE person ADD COLUMN erased_at {ts};
CREATE INDEX i_person__erased ON person (erased_at) WHERE erased_at IS NOT NULL;

CREATE TABLE suppression (
    digest varchar(64) NOT NULL PRIMARY KEY,
    kind varchar(16) NOT NULL,
    since {ts} NOT NULL
);

CREATE TABLE legal_hold (
    person_id {uuid} NOT NULL PRIMARY KEY REFERENCES person (id),
    reason varchar(2000) NOT NULL,
    held_by {uuid},
    held_at {ts} NOT NULL
);

CREATE TABLE retention_run (
    id {uuid} NOT NULL PRIMARY KEY,
    policy_version integer NOT NULL,
    is_rehearsal smallint NOT NULL,
    due integer NOT NULL,
    erased integer NOT NULL,
    held integer NOT NULL,
    started_by {uuid},
    started_at {ts} NOT NULL,
    finished_at {ts}
);
CREATE INDEX i_retention_run__started ON retention_run (started_at, id);
";

const DOWN: &str = "
DROP TABLE retention_run;
DROP TABLE legal_hold;
DROP TABLE suppression;
DROP INDEX i_person__erased;
ALTER TABLE person DROP COLUMN erased_at;
";
