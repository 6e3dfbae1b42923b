//! Who plays which role when a company buys.

crate::dialect::migration!("m20261122_000014_buying_center");

const TABLES: &[&str] = &["buying_role"];

/// `product_area` is empty for a role that counts for every area: a key cannot hold a null.
const UP: &str = "
CREATE TABLE buying_role (
    company_id {uuid} NOT NULL REFERENCES company (id),
    person_id {uuid} NOT NULL REFERENCES person (id),
    product_area varchar(64) NOT NULL,
    role varchar(32) NOT NULL,
    noted_by {uuid},
    noted_at {ts} NOT NULL,
    PRIMARY KEY (company_id, person_id, product_area, role)
);
CREATE INDEX i_buying_role__person ON buying_role (person_id);
";
