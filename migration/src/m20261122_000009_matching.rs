//! Blocking keys, under which records that may be the same one are looked for, and the pairs that were found.
//!
//! A key is a number from which no name can be read. Records that were there before this step get theirs from a worker.

crate::dialect::migration!("m20261122_000009_matching");

const TABLES: &[&str] = &["duplicate", "match_key"];

const UP: &str = "
CREATE TABLE match_key (
    kind smallint NOT NULL,
    key bigint NOT NULL,
    subject_id {uuid} NOT NULL,
    PRIMARY KEY (kind, key, subject_id)
);
CREATE INDEX i_match_key__subject ON match_key (subject_id);

CREATE TABLE duplicate (
    id {uuid} NOT NULL PRIMARY KEY,
    kind varchar(16) NOT NULL,
    left_id {uuid} NOT NULL,
    right_id {uuid} NOT NULL,
    band varchar(16) NOT NULL,
    score integer NOT NULL,
    explanation {json} NOT NULL,
    state varchar(16) NOT NULL,
    found_at {ts} NOT NULL,
    settled_by {uuid} REFERENCES user_account (id),
    settled_at {ts}
);
CREATE UNIQUE INDEX u_duplicate__left_id__right_id ON duplicate (left_id, right_id);
CREATE INDEX i_duplicate__right ON duplicate (right_id);
CREATE INDEX i_duplicate__score ON duplicate (state, score, id);
";
