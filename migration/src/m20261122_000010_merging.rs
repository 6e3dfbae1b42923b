//! Records merged into one, and what was moved for it.
//!
//! A record that was merged away stays as it was, with the id of the record that its own leads to: always the one that lives, however many merges
//! lie between. What was moved is kept row by row, so that it can be moved back in a few statements however much it was.

crate::dialect::migration!("m20261122_000010_merging" undone by DOWN);

const UP: &str = "
ALTER TABLE person ADD COLUMN merged_into {uuid};
CREATE INDEX i_person__merged_into ON person (merged_into) WHERE merged_into IS NOT NULL;
ALTER TABLE company ADD COLUMN merged_into {uuid};
CREATE INDEX i_company__merged_into ON company (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX i_opportunity__person ON opportunity (person_id);
CREATE INDEX i_opportunity__company ON opportunity (company_id);
CREATE INDEX i_customer__person ON customer (person_id);
CREATE INDEX i_customer__company ON customer (company_id);

CREATE TABLE merge (
    id {uuid} NOT NULL PRIMARY KEY,
    kind varchar(16) NOT NULL,
    survivor_id {uuid} NOT NULL,
    loser_id {uuid} NOT NULL,
    survivor_version integer NOT NULL,
    merged_at {ts} NOT NULL,
    actor_id {uuid},
    undone_at {ts},
    undone_by {uuid},
    given_up_key text,
    snapshot {json}
);
CREATE INDEX i_merge__given_up ON merge (given_up_key) WHERE undone_at IS NULL AND given_up_key IS NOT NULL;
CREATE INDEX i_merge__survivor ON merge (survivor_id, survivor_version);
CREATE UNIQUE INDEX u_merge__loser_id ON merge (loser_id) WHERE undone_at IS NULL;
CREATE INDEX i_merge__loser ON merge (loser_id);
CREATE INDEX i_merge__merged ON merge (merged_at, id);

CREATE TABLE merge_moved (
    merge_id {uuid} NOT NULL REFERENCES merge (id),
    relation varchar(32) NOT NULL,
    row_id {uuid} NOT NULL,
    PRIMARY KEY (merge_id, relation, row_id)
);
CREATE INDEX i_merge_moved__row ON merge_moved (row_id, relation);

CREATE TABLE merge_moved_name (
    merge_id {uuid} NOT NULL REFERENCES merge (id),
    source varchar(100) NOT NULL,
    external_id varchar(200) NOT NULL,
    PRIMARY KEY (merge_id, source, external_id)
);

CREATE TABLE merge_moved_role (
    merge_id {uuid} NOT NULL REFERENCES merge (id),
    company_id {uuid} NOT NULL,
    person_id {uuid} NOT NULL,
    product_area varchar(64) NOT NULL,
    role varchar(32) NOT NULL,
    noted_by {uuid},
    noted_at {ts} NOT NULL,
    added smallint NOT NULL,
    PRIMARY KEY (merge_id, company_id, person_id, product_area, role)
);
";

const DOWN: &str = "
DROP TABLE merge_moved_role;
DROP TABLE merge_moved_name;
DROP TABLE merge_moved;
DROP TABLE merge;
DROP INDEX i_customer__company;
DROP INDEX i_customer__person;
DROP INDEX i_opportunity__company;
DROP INDEX i_opportunity__person;
DROP INDEX i_company__merged_into;
ALTER TABLE company DROP COLUMN merged_into;
DROP INDEX i_person__merged_into;
ALTER TABLE person DROP COLUMN merged_into;
";
