//! What leads run by: campaigns, tracks, price bands, agreements.

crate::dialect::migration!("m20261122_000003_rules");

const TABLES: &[&str] = &["agreement", "price_band", "track", "campaign"];

const UP: &str = "
CREATE TABLE campaign (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    key varchar(64) NOT NULL,
    name varchar(200) NOT NULL,
    channel varchar(32) NOT NULL,
    targeting varchar(32) NOT NULL,
    starts_on {date},
    ends_on {date},
    goal_marketing_leads integer NOT NULL,
    goal_sales_leads integer NOT NULL,
    cost_minor bigint,
    cost_currency varchar(3),
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
);
CREATE UNIQUE INDEX u_campaign__key ON campaign (key);
CREATE INDEX i_campaign__updated ON campaign (updated_at, id);
CREATE INDEX i_campaign__created ON campaign (created_at, id);

CREATE TABLE track (
    id {uuid} NOT NULL PRIMARY KEY,
    key varchar(64) NOT NULL,
    version integer NOT NULL,
    labels {json} NOT NULL,
    steps {json} NOT NULL,
    closing varchar(32) NOT NULL,
    created_at {ts} NOT NULL
);
CREATE UNIQUE INDEX u_track__key__version ON track (key, version);

CREATE TABLE price_band (
    id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
    definition {json} NOT NULL
);

CREATE TABLE agreement (
    id {uuid} NOT NULL PRIMARY KEY,
    key varchar(64) NOT NULL,
    version integer NOT NULL,
    giving varchar(32) NOT NULL,
    taking varchar(32) NOT NULL,
    state varchar(32) NOT NULL,
    in_force_from {ts},
    definition {json} NOT NULL,
    created_at {ts} NOT NULL
);
CREATE UNIQUE INDEX u_agreement__key__version ON agreement (key, version);
";
