//! Users, teams, companies, persons, and how they are found.

crate::dialect::migration!("m20261122_000001_people");

const TABLES: &[&str] = &["setting", "external_ref", "search_token", "person", "company", "team_member", "team", "user_account"];

const UP: &str = "
CREATE TABLE user_account (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    email varchar(254) NOT NULL,
    email_key varchar(254) NOT NULL,
    name varchar(200) NOT NULL,
    role varchar(32) NOT NULL,
    rank varchar(32),
    language varchar(35) NOT NULL,
    languages {json} NOT NULL,
    country varchar(2),
    seniority varchar(32) NOT NULL,
    status varchar(32) NOT NULL,
    password_hash varchar(256),
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
);
CREATE UNIQUE INDEX u_user_account__email_key ON user_account (email_key);
CREATE INDEX i_user_account__created ON user_account (created_at, id);
CREATE INDEX i_user_account__updated ON user_account (updated_at, id);

CREATE TABLE team (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    key varchar(64) NOT NULL,
    name varchar(200) NOT NULL,
    department varchar(32) NOT NULL,
    countries {json} NOT NULL,
    time_zone varchar(64) NOT NULL,
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
);
CREATE UNIQUE INDEX u_team__key ON team (key);

CREATE TABLE team_member (
    team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES user_account (id),
    rank varchar(32) NOT NULL,
    PRIMARY KEY (team_id, user_id)
);
CREATE INDEX i_team_member__user ON team_member (user_id);

CREATE TABLE company (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    name varchar(200) NOT NULL,
    name_key text NOT NULL,
    country varchar(2),
    subdivision varchar(6),
    postal_code varchar(16),
    city varchar(200),
    industry varchar(64),
    employees integer,
    website varchar(2048),
    register_number varchar(200),
    owner_id {uuid} REFERENCES user_account (id),
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
);
CREATE INDEX i_company__name_key ON company (name_key);
CREATE INDEX i_company__owner ON company (owner_id);
CREATE INDEX i_company__updated ON company (updated_at, id);
CREATE INDEX i_company__created ON company (created_at, id);

CREATE TABLE person (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    given_name varchar(200),
    family_name varchar(200),
    email varchar(254),
    email_key varchar(254),
    phone varchar(32),
    language varchar(35),
    country varchar(2),
    subdivision varchar(6),
    postal_code varchar(16),
    city varchar(200),
    job_title varchar(200),
    company_id {uuid} REFERENCES company (id),
    buying_role varchar(32),
    consents {json} NOT NULL DEFAULT '[]',
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
);
CREATE INDEX i_person__email_key ON person (email_key);
CREATE INDEX i_person__company ON person (company_id);
CREATE INDEX i_person__updated ON person (updated_at, id);
CREATE INDEX i_person__created ON person (created_at, id);

CREATE TABLE search_token (
    token varchar(64){bytewise} NOT NULL,
    kind smallint NOT NULL,
    subject_id {uuid} NOT NULL,
    PRIMARY KEY (token, kind, subject_id)
);
CREATE INDEX i_search_token__subject ON search_token (subject_id);

CREATE TABLE external_ref (
    source varchar(100) NOT NULL,
    external_id varchar(200) NOT NULL,
    kind varchar(16) NOT NULL,
    subject_id {uuid} NOT NULL,
    PRIMARY KEY (source, external_id, kind)
);
CREATE INDEX i_external_ref__subject ON external_ref (subject_id);

CREATE TABLE setting (
    key varchar(64) NOT NULL PRIMARY KEY,
    value {json} NOT NULL
);
";
