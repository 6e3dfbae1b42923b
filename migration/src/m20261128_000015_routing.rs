//! Routing: territories, pools with their ledgers, what is known of members, the account of each decision, drafts, reference data of places.

crate::dialect::migration!("m20261128_000015_routing" undone by DOWN);

/// `routing_decision.counts_for` is whose turn a decision counts as in the ledger; `settled` tells that this changed since: MOVED to a colleague of
/// the pool, or UNDONE.
const UP: &str = "
CREATE INDEX i_lead__open_owner ON lead (owner_id) WHERE state = 'WORKING' AND owner_id IS NOT NULL;

CREATE TABLE territory (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    key varchar(64) NOT NULL,
    name varchar(200) NOT NULL,
    parent_id {uuid} REFERENCES territory (id),
    rank integer NOT NULL,
    rules {json} NOT NULL,
    teams {json} NOT NULL,
    status varchar(16) NOT NULL,
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
);
CREATE UNIQUE INDEX u_territory__key ON territory (key);

CREATE TABLE pool (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    key varchar(64) NOT NULL,
    name varchar(200) NOT NULL,
    team_id {uuid} NOT NULL REFERENCES team (id),
    config {json} NOT NULL,
    status varchar(16) NOT NULL,
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
);
CREATE UNIQUE INDEX u_pool__key ON pool (key);
CREATE INDEX i_pool__team ON pool (team_id);

CREATE TABLE pool_ledger (
    pool_id {uuid} NOT NULL PRIMARY KEY REFERENCES pool (id),
    state {json} NOT NULL,
    updated_at {ts} NOT NULL
){roomy};

CREATE TABLE pool_ledger_day (
    pool_id {uuid} NOT NULL REFERENCES pool (id),
    day {date} NOT NULL,
    state {json} NOT NULL,
    PRIMARY KEY (pool_id, day)
){roomy};

CREATE TABLE member_profile (
    user_id {uuid} NOT NULL PRIMARY KEY REFERENCES user_account (id),
    version integer NOT NULL,
    profile {json} NOT NULL,
    updated_at {ts} NOT NULL
);

CREATE TABLE routing_decision (
    id {uuid} NOT NULL PRIMARY KEY,
    lead_id {uuid} NOT NULL REFERENCES lead (id),
    passage_id {uuid} NOT NULL,
    at {ts} NOT NULL,
    cause varchar(32) NOT NULL,
    department varchar(32) NOT NULL,
    tier varchar(16) NOT NULL,
    territory_id {uuid},
    team_id {uuid},
    pool_id {uuid},
    user_id {uuid},
    chosen_by varchar(16),
    queue_reason varchar(32),
    worth_minor bigint,
    counts_for {uuid},
    settled varchar(16),
    misrouted_at {ts},
    detail {json} NOT NULL
);
CREATE INDEX i_routing_decision__lead ON routing_decision (lead_id, at, id);
CREATE INDEX i_routing_decision__at ON routing_decision (at, id);

CREATE TABLE routing_draft (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    name varchar(200) NOT NULL,
    content {json} NOT NULL,
    state varchar(16) NOT NULL,
    created_by {uuid},
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL,
    published_at {ts}
);
CREATE INDEX i_routing_draft__created ON routing_draft (created_at, id);

CREATE TABLE postal_region (
    country varchar(2) NOT NULL,
    code varchar(12) NOT NULL,
    states varchar(80) NOT NULL,
    PRIMARY KEY (country, code)
);

CREATE TABLE country_language (
    country varchar(2) NOT NULL,
    language varchar(35) NOT NULL,
    share_millionths integer NOT NULL,
    PRIMARY KEY (country, language)
);

CREATE TABLE reference_set (
    key varchar(64) NOT NULL PRIMARY KEY,
    source varchar(500) NOT NULL,
    licence varchar(200) NOT NULL,
    notice varchar(4000) NOT NULL,
    rows_loaded bigint NOT NULL,
    loaded_at {ts} NOT NULL
);
";

const DOWN: &str = "
DROP TABLE reference_set;
DROP TABLE country_language;
DROP TABLE postal_region;
DROP TABLE routing_draft;
DROP TABLE routing_decision;
DROP TABLE member_profile;
DROP TABLE pool_ledger_day;
DROP TABLE pool_ledger;
DROP TABLE pool;
DROP TABLE territory;
DROP INDEX i_lead__open_owner;
";
